import type { Logger } from 'pino'
import type { Channel } from '../domain/messages/channel.ts'
import type { SendResult } from '../domain/messages/messages.ts'
import { settle } from '../store/announcements/announcements.ts'
import { noteResults, type AccountPause, type RowNote } from '../store/outbox/outbox-results.ts'
import { countWaiting, isAnythingDue, nextDueAt } from '../store/outbox/outbox-due.ts'
import { claimRows, renewLeases, type ClaimedRow } from '../store/outbox/outbox-sending.ts'
import type { Store } from '../store/engine/store.ts'
import { PacedAccount } from './account.ts'
import { createAlarm, setRealTimer, type SetTimer } from './sweeps/alarm.ts'
import { createPictureLoader, type PictureSource } from './pictures.ts'
import { endOfQuiet, type QuietHours } from './quiet-hours.ts'
import { retryDelayMs } from './rates.ts'
import { CHANNEL_THREW, createOutboxReport } from './report.ts'
import { toNote } from './results.ts'

export interface OutboxOptions {
  store: Store
  /** Accounts for which this process sends; rows of others are left alone. */
  channels: readonly Channel[]
  log: Logger
  now: () => Date
  /** Calls back once after `ms`; returns what undoes it. */
  setTimer?: SetTimer
  /** Local minutes in which announcements wait, unless they are emergencies. */
  quietHours?: QuietHours
  /** Without it what has a picture goes as text alone. */
  pictures?: PictureSource
  /** Names this process in leases; different for every process and every start. */
  processId: string
  /** What else has its time, done before messages are sent as it may queue some: resolves with the instant of the next; never throws. */
  sweep?: () => Promise<Date | null>
  /** Since when the store is one that was restored and about which staff have not decided; null = it is none. */
  heldSince?: () => Promise<Date | null>
  random?: () => number
  /** Rows that another process queued are seen this late at most, in milliseconds. */
  longestSleepMs?: number
}

export interface Outbox {
  start(): Promise<void>
  /** Something was queued: look at once. */
  wake(): void
  /** The clock was set by so much: what is left to wait stays the same. */
  clockMoved(byMs: number): void
  /** Takes nothing more, waits at most 5 s for sends under way and notes what became of them. */
  stop(): Promise<void>
}

/** Shorter than 30 s, so that after a crash everything goes on within that. */
const LEASE_MS = 20_000
const RENEW_EVERY_MS = 5_000
const LONGEST_SLEEP_MS = 5_000
/** While a channel is away or sends are under way. */
const SHORT_SLEEP_MS = 1_000
/** A send without an end would block its conversation for ever. */
const LONGEST_SEND_MS = 60_000
const LONGEST_STOP_MS = 5_000
/** How long before its time a row is claimed: at least and at most, in between twice what a pass takes. A process that is killed leaves so much unclear. */
const LEAD_MS = { least: 150, most: 500 }
const STORE_FAULT = { firstMs: 500, longestMs: 15_000 }

interface Finished {
  row: ClaimedRow
  note: RowNote
  pause?: AccountPause
}

/** Sends what is queued: each row once, at the platform's pace, in order within a conversation. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store, log, now, processId: owner } = options
  const random = options.random ?? Math.random
  const longestSleepMs = options.longestSleepMs ?? LONGEST_SLEEP_MS
  const accounts = new Map(options.channels.map((channel) => [keyOf(channel.id, channel.account), new PacedAccount(channel, now())]))
  const setTimer = options.setTimer ?? setRealTimer
  const alarm = createAlarm(setTimer)
  const report = createOutboxReport(log, now)
  const withPicture = createPictureLoader(options.pictures, (row) => report.pictureGone(row))
  /** Rows claimed and not yet noted. */
  const held = new Map<number, ClaimedRow>()
  let finished: Finished[] = []
  let renewedAt = 0
  let faults = 0
  let isStopping = false
  let running: Promise<void> = Promise.resolve()
  let sweepAt = 0
  let leadMs = LEAD_MS.least
  let cancelLetGo: (() => void) | undefined

  async function run(): Promise<void> {
    while (!isStopping) {
      const sweepMs = await sweep()
      const sleepMs = Math.min(await guardedPass(), sweepMs)
      if (!isStopping && sleepMs > 0) await alarm.sleep(sleepMs)
    }
  }

  /** At each waking, when its time has come, and as often as what other processes queued is looked for. */
  async function sweep(): Promise<number> {
    if (options.sweep === undefined) return Infinity
    if (now().getTime() >= sweepAt) {
      // Set first, so that whoever wakes it meanwhile is not forgotten.
      sweepAt = now().getTime() + longestSleepMs
      const next = await options.sweep()
      sweepAt = Math.min(sweepAt, next?.getTime() ?? Infinity)
    }
    return Math.max(1, sweepAt - now().getTime())
  }

  /** One pass never ends the worker: what the store can't do now it is asked again later. */
  async function guardedPass(): Promise<number> {
    try {
      const startedAt = now().getTime()
      const sleepMs = await pass()
      leadMs = Math.min(LEAD_MS.most, Math.max(LEAD_MS.least, 2 * (now().getTime() - startedAt), leadMs * 0.95))
      report.pass(null)
      faults = 0
      return sleepMs
    } catch (error) {
      faults += 1
      report.pass(error)
      // Results that arrive meanwhile must not turn the wait into a storm.
      alarm.clear()
      return retryDelayMs(faults, STORE_FAULT, random)
    }
  }

  async function pass(): Promise<number> {
    const startedAt = now()
    const notes = noteFinished()
    const isDue = notes !== null || (await isAnythingDue(store, startedAt))
    if (!isDue && held.size === 0) return untilNextDue(startedAt)
    // Asked for at the same moment, so that they share one transaction.
    const [noted, renewed, claimed] = await Promise.allSettled([notes, renew(startedAt), isDue ? claim(startedAt) : null])
    for (const one of [noted, renewed, claimed]) if (one.status === 'rejected') throw one.reason
    if (claimed.status !== 'fulfilled' || claimed.value === null) return SHORT_SLEEP_MS
    if (claimed.value.hasMore) return 0
    const sleepMs = held.size > 0 ? Math.min(untilReady(startedAt), SHORT_SLEEP_MS) : await untilNextDue(startedAt)
    const { pacedUntil } = claimed.value
    return pacedUntil === null ? sleepMs : Math.min(sleepMs, Math.max(1, pacedUntil.getTime() - startedAt.getTime()))
  }

  function noteFinished(): Promise<void> | null {
    if (finished.length === 0) return null
    const batch = finished
    finished = []
    const pauses = batch.map((one) => one.pause).filter((pause) => pause !== undefined)
    return noteResults(store, { owner, now: now(), rows: batch.map((one) => one.note), pauses }).then(
      () => {
        for (const { row } of batch) held.delete(row.seq)
      },
      (error: unknown) => {
        finished = [...batch, ...finished]
        throw error
      },
    )
  }

  async function renew(at: Date): Promise<void> {
    if (held.size === 0 || at.getTime() - renewedAt < RENEW_EVERY_MS) return
    await renewLeases(store, { owner, seqs: [...held.keys()], leaseUntil: new Date(at.getTime() + LEASE_MS) })
    for (const row of held.values()) row.leaseUntil = new Date(at.getTime() + LEASE_MS)
    renewedAt = at.getTime()
  }

  async function claim(at: Date): Promise<{ hasMore: boolean; pacedUntil: Date | null }> {
    const horizon = new Date(at.getTime() + leadMs)
    const budgets = [...accounts.values()].map((account) => account.budget(at, horizon))
    const isQuiet = [at, horizon].some((instant) => endOfQuiet(options.quietHours, instant) !== null)
    const heldSince = (await options.heldSince?.()) ?? null
    if (held.size === 0) renewedAt = at.getTime()
    const { rows, hasMore, pacedUntil, pauses, notices } = await claimRows(store, { owner, now: at, horizon, leaseUntil: new Date(at.getTime() + LEASE_MS), accounts: budgets, isQuiet, held: new Set(held.keys()), heldSince })
    report.claim(notices)
    for (const pause of pauses) accounts.get(keyOf(pause.channel, pause.account))?.pauseUntil(pause.until)
    for (const row of rows) {
      held.set(row.seq, row)
      accountOf(row).add(row)
    }
    letGo()
    return { hasMore, pacedUntil }
  }

  /** Sends what the clock lets go, and comes back for the next; what may not go after all is put back as it was. */
  function letGo(): void {
    cancelLetGo?.()
    cancelLetGo = undefined
    const at = now()
    const longest = new Date(at.getTime() + LEAD_MS.most)
    const waits: number[] = []
    for (const account of accounts.values()) {
      if (isStopping || account.mustPutBack(longest)) putBack(account)
      for (let row = account.next(at); row !== null; row = account.next(at)) void dispatch(row)
      const wait = account.msUntilNext(at)
      if (wait !== null) waits.push(wait)
    }
    if (waits.length > 0) cancelLetGo = setTimer(letGo, Math.min(...waits))
  }

  function putBack(account: PacedAccount): void {
    const rows = account.putBack()
    for (const row of rows) finished.push({ row, note: { seq: row.seq, status: 'queued', attempts: { decrement: 1 } } })
    if (rows.length > 0) alarm.ring()
  }

  async function dispatch(row: ClaimedRow): Promise<void> {
    const account = accountOf(row)
    const result = await attempt(row, account.channel)
    const at = now()
    account.end(row, result, at, random)
    const one = toNote(row, result, { now: at, isAccountUnwell: account.isUnwell, random })
    if (one.pause) account.pauseUntil(one.pause.until)
    report.attempt(row, account.channel, one, account.isStuck(at))
    finished.push({ row, ...one })
    letGo()
    // While more waits for the clock the next pass is near, and notes it with others.
    if (!account.hasWaiting || !row.isAnnouncement || result.outcome !== 'sent') alarm.ring()
  }

  async function attempt(row: ClaimedRow, channel: Channel): Promise<SendResult> {
    // After a long halt of this process somebody else may have taken the row for lost.
    if (isStopping || now() >= row.leaseUntil) return { outcome: 'retry', reason: 'The process was stopping or held up before anything was sent.' }
    // Its readers see the picture where they read the text.
    const message = channel.capabilities.pulls ? row.message : await withPicture(row).catch(() => undefined)
    if (message === undefined) return { outcome: 'retry', reason: 'The picture could not be read.' }
    if (message === null) return { outcome: 'rejected', reason: 'The picture is gone.' }
    try {
      return await alarm.within(channel.send(message), LONGEST_SEND_MS, () => unclear(channel, `No answer within ${LONGEST_SEND_MS / 1000} s.`))
    } catch (error) {
      report.threw(channel, error)
      return unclear(channel, CHANNEL_THREW)
    }
  }

  function untilReady(at: Date): number {
    const waits = [...accounts.values()].map((account) => account.msUntilReady(at, leadMs)).filter((ms) => ms !== null)
    return Math.min(longestSleepMs, ...waits)
  }

  async function untilNextDue(at: Date): Promise<number> {
    const due = await nextDueAt(store, at)
    const instants = [due, endOfQuiet(options.quietHours, at)].filter((instant) => instant !== null)
    const isAway = [...accounts.values()].some((account) => account.isAway)
    return Math.max(1, Math.min(untilReady(at), isAway ? SHORT_SLEEP_MS : longestSleepMs, ...instants.map((instant) => instant.getTime() - at.getTime())))
  }

  function accountOf(row: ClaimedRow): PacedAccount {
    const account = accounts.get(keyOf(row.channel, row.account))
    if (!account) throw new Error(`Row ${row.seq} was claimed for an account that this process does not have.`)
    return account
  }

  async function finishHeld(): Promise<void> {
    while (held.size > 0) {
      const notes = noteFinished()
      if (notes === null) await alarm.sleep(LONGEST_STOP_MS)
      else await notes
    }
  }

  async function finish(): Promise<void> {
    await alarm.within(finishHeld(), LONGEST_STOP_MS, () => undefined)
    await settle(store, now())
  }

  return {
    async start() {
      isStopping = false
      report.waiting(await countWaiting(store, now()).catch(() => 0))
      running = run()
    },
    wake: () => {
      sweepAt = 0
      alarm.ring()
    },
    clockMoved(byMs) {
      for (const account of accounts.values()) account.clockMoved(byMs)
      for (const row of held.values()) row.leaseUntil = new Date(row.leaseUntil.getTime() + byMs)
      renewedAt = 0
      sweepAt = 0
      alarm.ring()
    },
    async stop() {
      isStopping = true
      letGo()
      alarm.ring()
      await running
      const failure = await finish().then(() => null, (error: unknown) => error)
      report.left(held.size, failure)
    },
  }
}

/** What is not known to have arrived may be repeated only where repeating does no harm. */
const unclear = (channel: Channel, reason: string): SendResult => (channel.capabilities.pulls ? { outcome: 'retry', reason } : { outcome: 'unknown', reason })

const keyOf = (channel: string, account: string): string => JSON.stringify([channel, account])
