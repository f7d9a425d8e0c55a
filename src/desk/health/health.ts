import type { Channel } from '../../domain/messages/channel.ts'
import { createFaultLog, describeError, type Fault, type FaultLogger } from '../../domain/faults.ts'
import { healthy, HEALTH_PARTS, type HealthPart, type HealthReport, type PartHealth } from '../../domain/health.ts'
import type { Store } from '../../store/engine/store.ts'
import { examineDatabase, tellTrouble } from './database-health.ts'
import { examineDisk, examinePictures, isDiskFull, type DiskSpace } from './disk-health.ts'

export interface HealthSources {
  store: Store
  /** Folders whose disks must have room. */
  dataFolders: readonly string[]
  /** Where the database lies; null where that is another machine's business. */
  databaseFolder: string | null
  pictureFolders: readonly string[]
  channels: () => readonly Pick<Channel, 'id' | 'status' | 'capabilities'>[]
  /** How questions are answered: by meaning and words, or by words alone. */
  answersBy: () => 'hybrid' | 'lexical'
  /** Why the knowledge files as they stand are not used; null when they are. */
  knowledgeProblem: () => string | null
  log: FaultLogger
  now: () => Date
  measureDisk?: (folder: string) => Promise<DiskSpace>
}

export interface Health {
  /** Looks at everything; asked several times at once or within two seconds it looks once. Never rejects. */
  examine(): Promise<HealthReport>
  /** What staff are to know at this moment, without waiting for anything. */
  banners(): string[]
  /** Looks by itself now and then, until the returned function is called. */
  watch(): () => void
}

/** Whoever asks how things are, and however often, costs no more than one look in so long. */
const FRESH_MS = 2_000
const EVERY_MS = 30_000

const DISK_LOW: Fault = {
  name: 'disk-low',
  level: 'warn',
  message: 'The disk that holds the data is nearly full, or does not answer, or no file can be opened any more: see what /readyz says of it. Make room on it before nothing can be written.',
  end: 'The disk has room again.',
}
const PICTURES_FAILED: Fault = {
  name: 'pictures-not-writable',
  level: 'warn',
  message: 'The folders of pictures can not be written: photos of residents are not kept, everything else goes on. Check the rights of DATA_DIR/pictures and DATA_DIR/photos.',
  end: 'The folders of pictures can be written again.',
}
const SAID: Partial<Record<HealthPart, Fault>> = { disk: DISK_LOW, pictures: PICTURES_FAILED }

export function createHealth(sources: HealthSources): Health {
  const faults = createFaultLog(sources.log, sources.now)
  let latest: HealthReport | undefined
  let looked = -Infinity
  let looking: Promise<HealthReport> | undefined

  const examine = (): Promise<HealthReport> => {
    // What the store has met since then is no longer fine.
    const isOutrun = latest?.parts.database.state === 'ok' && sources.store.trouble() !== null
    if (latest !== undefined && !isOutrun && performance.now() - looked < FRESH_MS) return Promise.resolve(latest)
    looking ??= lookAt(sources).then((report) => {
      latest = report
      looked = performance.now()
      looking = undefined
      for (const part of HEALTH_PARTS) say(part, report.parts[part])
      return report
    })
    return looking
  }

  /** Of the database the store itself speaks, of channels and knowledge they do. */
  const say = (part: HealthPart, { state, detail }: PartHealth) => {
    const fault = SAID[part]
    if (fault === undefined) return
    if (state === 'ok') faults.over(fault.name)
    else faults.say(fault, {}, { detail })
  }

  return {
    examine,
    banners() {
      // The store knows of its trouble before anybody has looked again.
      const trouble = sources.store.trouble()
      const known = HEALTH_PARTS.map((part) => (part === 'database' && trouble !== null ? tellTrouble(trouble) : latest?.parts[part].banner)).filter((banner) => typeof banner === 'string')
      return known
    },
    watch() {
      const look = () => void examine().catch((error: unknown) => sources.log.error({ fault: 'health-not-known', ...describeError(error) }, 'How the service is could not be found out: report it with this line.'))
      look()
      const timer = setInterval(look, EVERY_MS).unref()
      return () => clearInterval(timer)
    },
  }
}

async function lookAt({ store, dataFolders, databaseFolder, pictureFolders, channels, answersBy, knowledgeProblem, measureDisk }: HealthSources): Promise<HealthReport> {
  const [disk, database, pictures] = await Promise.all([examineDisk(dataFolders, measureDisk), examineDatabase(store, async () => databaseFolder !== null && isDiskFull(databaseFolder, measureDisk)), examinePictures(pictureFolders)])
  const model: PartHealth = answersBy() === 'hybrid' ? healthy('Questions are answered by meaning and words.') : { state: 'warning', detail: 'Questions are answered by words alone, a little worse.', banner: null }
  const knowledge: PartHealth = knowledgeProblem() === null ? healthy() : { state: 'warning', detail: 'The knowledge files have a mistake: questions are answered by what they said before.', banner: '知识文件改过以后有错，现在还按改之前的内容回答。请到“文件”页看错在哪里。' }
  return { parts: { disk, database, pictures, model, channels: describeChannels(channels()), knowledge }, isReady: database.state !== 'failed' }
}

/** Those that platforms reach us by; what reads from the store can't be away. */
function describeChannels(channels: ReturnType<HealthSources['channels']>): PartHealth {
  const away = channels.filter(({ capabilities }) => !capabilities.pulls).map((channel) => ({ id: channel.id, ...channel.status() })).filter(({ state }) => state !== 'online' && state !== 'starting')
  if (away.length === 0) return healthy()
  return {
    state: 'warning',
    detail: away.map(({ id, state }) => `${id}: ${state}`).join(', '),
    banner: `有渠道没有接通，居民在那里可能收不到回复：${away.map(({ id, detail }) => `${id}${detail === '' ? '' : `（${detail}）`}`).join('；')}。请到“渠道”页看看。`,
  }
}
