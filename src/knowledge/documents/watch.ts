import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { describeError } from '../../domain/faults.ts'
import { SetupError } from '../../domain/errors.ts'
import { settleFolder } from './identity/settle.ts'
import { loadKnowledge, OFFICE_FILE } from './load.ts'
import type { Knowledge } from './load.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { fillOfficePrints } from './write-office.ts'

/** Files below the knowledge folder that answers come from. */
const FOLDERS = ['documents', 'questions', 'gaps']
const FILES = ['services.yaml', 'areas.yaml', 'deadlines.yaml', 'holidays.yaml', OFFICE_FILE]
/** A question looks at the files at most this often; what the system reports between is looked at at once. */
const LOOK_AGAIN_MS = 1_000
/** An editor writes a file in several steps: it is read when nothing has moved for so long. */
const SETTLED_MS = 150
/** A question waits so long for a new index; a larger one is swapped in as soon as it is finished. */
const LONGEST_WAIT_MS = 3_000

export interface KnowledgeFolder {
  /** What was read last without a fault. */
  current(): Knowledge
  /** Why what stands in the folder now is not used; null when it is. */
  problem(): string | null
  /** Resolves when what stands in the folder counts, or when waiting longer would keep a resident waiting. Never rejects. */
  refresh(): Promise<void>
  /** Looks at once, after something was written here. Resolves when that counts; `problem` says when it does not. */
  look(): Promise<void>
  close(): void
}

export interface WatchOptions {
  directory: string
  /** Read already, so that a start reads once. */
  knowledge: Knowledge
  /** Makes new knowledge count: resolves when the finished index was swapped in. */
  onChange: (knowledge: Knowledge) => Promise<void>
  log: Logger
  now: () => Date
}

/** Keeps the knowledge as it stands in its folder, without a restart. A faulty file leaves what was read before in place. */
export async function watchKnowledge(options: WatchOptions): Promise<KnowledgeFolder> {
  const folder = new WatchedFolder(options, await signatureOf(options.directory))
  await folder.settle()
  folder.watch()
  return folder
}

class WatchedFolder implements KnowledgeFolder {
  readonly #options: WatchOptions
  readonly #watchers: FSWatcher[] = []
  #knowledge: Knowledge
  #signature: string
  #problem: string | null = null
  #lookedAt: number
  #isReported = false
  #looking: Promise<void> | null = null
  #settling: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: WatchOptions, signature: string) {
    this.#options = options
    this.#knowledge = options.knowledge
    this.#signature = signature
    this.#lookedAt = options.now().getTime()
  }

  /** Reports are only for speed: a folder that cannot be watched (a network drive) is still looked at with the questions. */
  watch(): void {
    for (const name of ['', ...FOLDERS]) {
      try {
        const watcher = watch(path.join(this.#options.directory, name), { persistent: false }, () => this.#report())
        watcher.on('error', () => watcher.close())
        this.#watchers.push(watcher)
      } catch (error) {
        this.#options.log.debug({ err: error, folder: name }, 'The folder cannot be watched: it is looked at when a question comes')
      }
    }
  }

  current(): Knowledge {
    return this.#knowledge
  }

  problem(): string | null {
    return this.#problem
  }

  async refresh(): Promise<void> {
    if (this.#looking === null && !this.#isReported && this.#options.now().getTime() - this.#lookedAt < LOOK_AGAIN_MS) return
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, LONGEST_WAIT_MS)))
    await Promise.race([this.#lookAfresh(), tooLong])
    clearTimeout(timer)
  }

  /** One turn, with settling: it may be part of a change that is being made, which must not wait for looks that wait for it. */
  look(): Promise<void> {
    return oneAtATime(this.#options.directory, async () => {
      if (await this.#lookOnce()) await this.settle()
    })
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#settling)
    for (const watcher of this.#watchers) watcher.close()
  }

  /** Writes the numbers of questions anew where their clauses have others now. Where nothing can be written they are followed at each reading. */
  settle(): Promise<void> {
    return oneAtATime(this.#options.directory, () => this.#settleOnce())
  }

  async #settleOnce(): Promise<void> {
    const { directory, log } = this.#options
    const { held } = this.#knowledge
    if (this.#isClosed) return
    if (held.length > 0) log.warn({ questions: held.length }, 'Questions belong to clauses that are others now, or are no more: nothing is answered with them until staff have said where they belong, on the page of the document')
    try {
      const files = [...(await settleFolder(directory, this.#knowledge)), ...((await fillOfficePrints(directory, this.#knowledge)) ? [OFFICE_FILE] : [])]
      if (files.length > 0) log.info({ files }, 'The numbers of questions and gaps were set to those of the documents as they are')
    } catch (error) {
      log.warn({ ...describeError(error) }, 'The numbers of questions and gaps could not be written: they are followed at each reading')
    }
  }

  #report(): void {
    this.#isReported = true
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => void this.#look(), SETTLED_MS)
    this.#settling.unref()
  }

  /** What is being looked at now may have been read before something was written. */
  async #lookAfresh(): Promise<void> {
    await this.#looking
    await this.#look()
  }

  /** One look at a time; one that is asked for meanwhile is the same. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookAndSettle().finally(() => (this.#looking = null))
    return this.#looking
  }

  async #lookAndSettle(): Promise<void> {
    const isNew = await oneAtATime(this.#options.directory, () => this.#lookOnce())
    // No question waits for that: it is answered from what was read.
    if (isNew) void this.settle()
  }

  /** @returns whether something new counts */
  async #lookOnce(): Promise<boolean> {
    const { directory, log, now, onChange } = this.#options
    this.#isReported = false
    this.#lookedAt = now().getTime()
    const signature = await signatureOf(directory)
    if (signature === this.#signature) return false
    try {
      const knowledge = await loadKnowledge(directory)
      await onChange(knowledge)
      this.#knowledge = knowledge
      this.#signature = signature
      this.#problem = null
      log.info({ documents: knowledge.documents.length, clauses: knowledge.documents.reduce((sum, document) => sum + document.passages.length, 0) }, 'The knowledge files have changed: answering from them')
      return true
    } catch (error) {
      // Files with faults stay so until they are saved; anything else (a store that is busy) may be over at the next look.
      if (error instanceof SetupError) this.#signature = signature
      const reason = error instanceof Error ? error.message : String(error)
      if (reason !== this.#problem || error instanceof SetupError) log.error({ reason }, 'The knowledge files have changed and cannot be used: answers come from what was read before. Mend what the reason names; the files are read again by themselves when they are saved.')
      this.#problem = reason
      return false
    }
  }
}

/** Names, sizes and times of all files that are read; a folder that is missing has none. */
async function signatureOf(directory: string): Promise<string> {
  const names = await Promise.all(FOLDERS.map(async (folder) => (await readdir(path.join(directory, folder)).catch(() => [])).filter((name) => !name.startsWith('.')).map((name) => path.join(folder, name))))
  const files = [...names.flat(), ...FILES].sort()
  const parts = await Promise.all(
    files.map(async (file) => {
      const found = await stat(path.join(directory, file), { bigint: true }).catch(() => null)
      return found === null ? `${file} -` : `${file} ${found.size} ${found.mtimeNs} ${found.ino}`
    }),
  )
  return parts.join('\n')
}

/** The folder's knowledge for those who keep hold of it: each reading finds what counts at that moment. */
export function liveKnowledge(folder: Pick<KnowledgeFolder, 'current'>): Knowledge {
  return {
    get documents() {
      return folder.current().documents
    },
    get gaps() {
      return folder.current().gaps
    },
    get services() {
      return folder.current().services
    },
    get areas() {
      return folder.current().areas
    },
    get deadlines() {
      return folder.current().deadlines
    },
    get office() {
      return folder.current().office
    },
    get held() {
      return folder.current().held
    },
    get files() {
      return folder.current().files
    },
  }
}
