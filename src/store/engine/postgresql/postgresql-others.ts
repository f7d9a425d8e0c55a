import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { StoreError } from '../../../domain/errors.ts'
import type { Others, Topic } from '../others.ts'
import { storeErrorOf } from '../store-faults.ts'

/** Numbers of our own, beside those that keep the writers apart. */
const LEAD_LOCK = 1_281_977_422
const KEY_SEED = 1_281_977_423
const CHANNEL = 'linli'
const CONNECT_TIMEOUT_MS = 5_000
/** A server that says nothing for so long is taken for gone, so that nobody waits for its word. */
const ANSWER_WITHIN_MS = 10_000
const RECONNECT_MS = 500
/** Who waits for a turn is told when it is free, and looks now and then besides. */
const LOOK_AGAIN_MS = 250
/** Longest line that PostgreSQL passes on, less what surrounds it. */
const LONGEST_DETAIL = 7_000

type Word = [from: string, topic: Topic | 'wanted' | 'free', detail: string]

/**
 * One connection per process that holds the locks and hears the notices: its end is the end of both. A pooler that shares connections
 * between transactions can't carry it.
 */
export class PostgresqlOthers implements Others {
  readonly #url: string
  readonly #self = randomUUID()
  readonly #listeners = new Map<Topic, ((detail: string) => void)[]>()
  /** Keys held here, and whether somebody waits for them. */
  readonly #held = new Map<string, { isWanted: boolean }>()
  /** Who waits here, by key. */
  readonly #waiting = new Map<string, Set<() => void>>()
  #line: Promise<pg.Client> | null = null
  #client: pg.Client | null = null
  #leads = false
  #said: string[] = []
  #retry: NodeJS.Timeout | undefined
  #isClosed = false
  #wasConnected = false

  constructor(url: string) {
    this.#url = url
  }

  async alone<T>(key: string, job: () => Promise<T>): Promise<T> {
    const line = await this.#take(key)
    try {
      return await job()
    } finally {
      await this.#free(line, key)
    }
  }

  async leads(): Promise<boolean> {
    try {
      const line = await this.#connected()
      if (!this.#leads) this.#leads = await this.#tryLock(line, 'SELECT pg_try_advisory_lock($1::bigint) AS taken', [LEAD_LOCK])
      return this.#leads
    } catch {
      return false
    }
  }

  tell(topic: Topic, detail = ''): void {
    this.#say(topic, detail)
  }

  hear(topic: Topic, listener: (detail: string) => void): void {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener])
  }

  /** Listens from now on; it is tried again by itself while the server is away. */
  start(): void {
    this.#connected().catch(() => undefined)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#retry)
    const line = await this.#line?.catch(() => null)
    if (line) await this.#flush(line).catch(() => undefined)
    await line?.end().catch(() => undefined)
  }

  async #take(key: string): Promise<pg.Client> {
    for (;;) {
      const line = await this.#connected()
      if (await this.#tryLock(line, 'SELECT pg_try_advisory_lock(hashtextextended($1, $2)) AS taken', [key, KEY_SEED])) {
        this.#held.set(key, { isWanted: false })
        return line
      }
      this.#say('wanted', key)
      await this.#untilFree(key)
    }
  }

  /** An answer that did not come may still be yes: the connection ends, so that nobody holds what nobody knows of. */
  async #tryLock(line: pg.Client, statement: string, values: unknown[]): Promise<boolean> {
    try {
      return (await line.query<{ taken: boolean }>(statement, values)).rows[0]?.taken === true
    } catch (error) {
      this.#lose(line)
      throw storeErrorOf('away', error)
    }
  }

  async #free(line: pg.Client, key: string): Promise<void> {
    const isWanted = this.#held.get(key)?.isWanted === true
    this.#held.delete(key)
    // Of a connection that was lost nothing is held any more.
    if (this.#client !== line) return
    await line.query('SELECT pg_advisory_unlock(hashtextextended($1, $2))', [key, KEY_SEED]).catch(() => this.#lose(line))
    if (isWanted) this.#say('free', key)
  }

  #untilFree(key: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? new Set()
      const go = () => {
        clearTimeout(timer)
        waiting.delete(go)
        if (waiting.size === 0) this.#waiting.delete(key)
        resolve()
      }
      const timer = setTimeout(go, LOOK_AGAIN_MS)
      this.#waiting.set(key, waiting.add(go))
    })
  }

  #connected(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new StoreError('The store is closed.'))
    this.#line ??= this.#connect().catch((error: unknown) => {
      this.#line = null
      this.#connectAgain()
      throw storeErrorOf('away', error)
    })
    return this.#line
  }

  async #connect(): Promise<pg.Client> {
    const line = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: ANSWER_WITHIN_MS, keepAlive: true, application_name: 'linli-others' })
    line.on('notification', ({ payload }) => this.#heard(payload ?? ''))
    line.on('error', () => this.#lose(line))
    line.on('end', () => this.#lose(line))
    try {
      await line.connect()
      await line.query(`LISTEN ${CHANNEL}`)
    } catch (error) {
      line.end().catch(() => undefined)
      throw error
    }
    this.#client = line
    if (this.#wasConnected) this.#missed()
    this.#wasConnected = true
    return line
  }

  /** All that was held is free now, for the database too. */
  #lose(line: pg.Client): void {
    line.end().catch(() => undefined)
    if (this.#client !== line) return
    this.#client = null
    this.#line = null
    this.#leads = false
    this.#connectAgain()
  }

  #connectAgain(): void {
    clearTimeout(this.#retry)
    if (!this.#isClosed) this.#retry = setTimeout(() => this.start(), RECONNECT_MS).unref()
  }

  #missed(): void {
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener('')
  }

  #say(topic: Word[1], detail: string): void {
    if (this.#isClosed || detail.length > LONGEST_DETAIL) return
    const word = JSON.stringify([this.#self, topic, detail] satisfies Word)
    if (this.#said.includes(word)) return
    this.#said.push(word)
    // What is said in one go is one statement.
    if (this.#said.length > 1) return
    setImmediate(() => {
      this.#connected().then((line) => this.#flush(line)).catch(() => (this.#said = []))
    })
  }

  async #flush(line: pg.Client): Promise<void> {
    const words = this.#said
    this.#said = []
    if (words.length > 0) await line.query(`SELECT pg_notify('${CHANNEL}', word) FROM unnest($1::text[]) AS word`, [words])
  }

  #heard(payload: string): void {
    const [from, topic, detail] = JSON.parse(payload) as Word
    if (from === this.#self) return
    const held = topic === 'wanted' ? this.#held.get(detail) : undefined
    if (held) held.isWanted = true
    if (topic === 'wanted') return
    if (topic === 'free') for (const go of [...(this.#waiting.get(detail) ?? [])]) go()
    else for (const listener of this.#listeners.get(topic) ?? []) listener(detail)
  }
}
