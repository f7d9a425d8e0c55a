import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { loadConfig } from '../../config.ts'
import { createAlerts } from '../../outbox/sweeps/alerts.ts'
import { addEscalationStage, type StagePerson } from '../../store/duty/bench-duty.ts'
import { answerAlert } from '../../store/duty/alert-answers.ts'
import { raiseAlert } from '../../store/duty/alerts.ts'
import { openStore, type Store } from '../../store/engine/store.ts'

/** One member of staff who was told, or the resident; in seconds after the emergency. */
export interface ToldLine {
  atSeconds: number
  who: string
  channel: string
  text: string
}

interface Scenario {
  name: string
  /** On duty and deputy; null = the roster has a gap. */
  duty: [string | null, string | null]
  /** What happens meanwhile, by the second. `restart`: the store is closed and opened again, as after a kill. */
  events?: readonly { atSeconds: number; does: 'restart' | 'answer' | 'say' }[]
  /** Nobody has bound a login. */
  unbound?: true
}

const PEOPLE: readonly StagePerson[] = [
  { user: 'wangli', name: '王丽', channels: ['telegram', 'wechat'] },
  { user: 'liqiang', name: '李强', channels: ['telegram'] },
  { user: 'zhaomin', name: '赵敏', channels: ['wecom'] },
]

const SCENARIOS: readonly Scenario[] = [
  { name: '没有人回', duty: ['wangli', 'liqiang'] },
  { name: '没有人回，第 100 秒进程被杀，重新打开数据库', duty: ['wangli', 'liqiang'], events: [{ atSeconds: 100, does: 'restart' }] },
  { name: '替班的第 200 秒回“收到”', duty: ['wangli', 'liqiang'], events: [{ atSeconds: 200, does: 'answer' }] },
  { name: '居民第 90 秒说“救护车还没来”', duty: ['wangli', 'liqiang'], events: [{ atSeconds: 90, does: 'say' }] },
  { name: '当天没有排值班', duty: [null, null] },
  { name: '没有一个人绑定聊天账号', duty: ['wangli', 'liqiang'], unbound: true },
]

const START = new Date('2026-11-24T02:00:00Z')
const LONGEST_SECONDS = 15 * 60

/** Who is told of an emergency when, in virtual time, on a real database: the clock jumps from one step to the next. */
export async function playEscalations(): Promise<{ name: string; told: ToldLine[] }[]> {
  const played: { name: string; told: ToldLine[] }[] = []
  for (const scenario of SCENARIOS) played.push({ name: scenario.name, told: await play(scenario) })
  return played
}

async function play(scenario: Scenario): Promise<ToldLine[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-bench-escalation-'))
  const log = pino({ level: 'silent' })
  const open = () => openStore({ url: `file:${path.join(directory, 'linli.db')}`, migrationsDirectory: loadConfig({}).migrationsDirectory, log })
  let store = await open()
  try {
    const requestId = await addEscalationStage(store, { people: PEOPLE.map((person) => (scenario.unbound ? { ...person, channels: [] } : person)), duty: scenario.duty, now: START })
    let now = START
    await store.write((transaction) => raiseAlert(transaction, { requestId, words: '厨房着火了', call: '119', by: '居民', now }))
    const events = [...(scenario.events ?? [])]
    for (;;) {
      const next = await createAlerts({ store, log, now: () => now }).sweep()
      const event = events[0]
      const instants = [next?.getTime() ?? Infinity, event === undefined ? Infinity : START.getTime() + event.atSeconds * 1_000]
      const at = Math.min(...instants)
      if (at > START.getTime() + LONGEST_SECONDS * 1_000) break
      now = new Date(at)
      if (event !== undefined && at === instants[1]) {
        events.shift()
        store = await happen(event.does, { store, requestId, now, open })
      }
    }
    return await readTold(store)
  } finally {
    await store.close()
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

async function happen(does: 'restart' | 'answer' | 'say', world: { store: Store; requestId: string; now: Date; open: () => Promise<Store> }): Promise<Store> {
  const { store, requestId, now, open } = world
  switch (does) {
    case 'restart':
      await store.close()
      return open()
    case 'say':
      await store.write((transaction) => raiseAlert(transaction, { requestId, words: '救护车还没来', by: '居民', now }))
      return store
    case 'answer': {
      const { id } = await store.read.alert.findFirstOrThrow({ where: { requestId } })
      await store.write((transaction) => answerAlert(transaction, { alertId: id, user: 'liqiang', now }))
      return store
    }
    default:
      return does satisfies never
  }
}

async function readTold(store: Store): Promise<ToldLine[]> {
  const [rows, staff] = await Promise.all([
    store.read.outboxMessage.findMany({ orderBy: { seq: 'asc' }, include: { conversation: { select: { channel: true } } } }),
    store.read.identity.findMany({ include: { staff: { select: { name: true } } } }),
  ])
  return rows.map(({ createdAt, personId, conversation, text }) => ({
    atSeconds: (createdAt.getTime() - START.getTime()) / 1_000,
    who: staff.find((identity) => identity.personId === personId)?.staff?.name ?? '居民',
    channel: conversation.channel,
    text: text.split('\n')[0] ?? '',
  }))
}
