import { randomUUID } from 'node:crypto'
import type { NumberPrefix } from '../../domain/ids.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { Transaction } from '../engine/store.ts'
import { takePushSeqs } from '../outbox/outbox.ts'
import { addAudit } from '../staff/audit.ts'

/** What was waiting in the store when it was copied, and now waits for a word of staff. */
export interface Waiting {
  messages: number
  announcements: number
}

const PREFIXES: readonly NumberPrefix[] = ['SR', 'VL', 'YL']
const DAY_MS = 24 * 60 * 60 * 1000
/** Days for which numbers are kept free, at most: a clock that is years off makes no millions of rows. */
const MOST_DAYS = 400
/** Numbers of a day that may have been given since the backup, at least; else twice what the busiest day had. */
const LEAST_NUMBERS = 1_000
/** Places in the order of what was pushed, which programs count by. */
const PUSHES = 1_000_000

const INTERRUPTED = 'unknown: It was being sent when the backup was made that this store was brought back from.'

/**
 * Makes a restored store safe to start: what happened since the backup is not known here, but outside. No number that somebody may hold is
 * given again, nothing that may have been sent is sent again by itself, and nobody is logged in.
 */
export async function settleRestored(transaction: Transaction, { backupAt, file, now, isSqlite }: { backupAt: Date; file: string; now: Date; isSqlite: boolean }): Promise<Waiting> {
  await transaction.staffSession.deleteMany()
  await transaction.oneTimeCode.updateMany({ where: { purpose: { in: ['staff', 'room'] }, usedAt: null, expiresAt: { gt: now } }, data: { expiresAt: now } })
  await transaction.channelAccount.updateMany({ data: { leaseOwner: null, leaseUntil: null } })
  await jumpNumbers(transaction, backupAt, now)
  await jumpSeqs(transaction, isSqlite)
  const waiting = await hold(transaction)
  await transaction.restoration.createMany({ data: [{ id: randomUUID(), backupAt, restoredAt: now }] })
  await addAudit(transaction, { at: now, actor: '', action: 'restore', subject: file, detail: backupAt.toISOString() })
  return waiting
}

async function hold(transaction: Transaction): Promise<Waiting> {
  await transaction.outboxMessage.updateMany({ where: { status: 'sending' }, data: { status: 'unknown', error: INTERRUPTED, leaseOwner: null, leaseUntil: null } })
  const messages = await transaction.outboxMessage.updateMany({ where: { status: 'queued', announcementId: null }, data: { status: 'held' } })
  const announcements = await transaction.announcement.updateMany({ where: { status: { in: ['scheduled', 'sending'] } }, data: { status: 'paused' } })
  // An alert that nobody has answered stands on the desk; who was told of it since the backup is not known.
  await transaction.alert.updateMany({ where: { acknowledgedAt: null, endedAt: null }, data: { dueAt: null } })
  return { messages: messages.count, announcements: announcements.count }
}

async function jumpNumbers(transaction: Transaction, backupAt: Date, now: Date): Promise<void> {
  const [from, until] = [Math.min(backupAt.getTime(), now.getTime()), Math.max(backupAt.getTime(), now.getTime())]
  const days = new Set<string>()
  for (let at = until; at > from - DAY_MS && days.size < MOST_DAYS; at -= DAY_MS) days.add(toLocalDay(new Date(Math.max(at, from))))
  for (const prefix of PREFIXES) {
    const busiest = await transaction.counter.aggregate({ where: { key: { startsWith: `${prefix}-` } }, _max: { value: true } })
    const jump = Math.max(LEAST_NUMBERS, 2 * (busiest._max.value ?? 0))
    for (const day of days) {
      const key = `${prefix}-${day}`
      const { value = 0 } = (await transaction.counter.findUnique({ where: { key }, select: { value: true } })) ?? {}
      // To a round number, so that people see that some are missing.
      const jumped = { value: Math.ceil((value + jump) / 100) * 100 }
      await transaction.counter.upsert({ where: { key }, create: { key, ...jumped }, update: jumped })
    }
  }
}

/** Readers ask for what comes after the last they saw, which may be later than the backup. */
async function jumpSeqs(transaction: Transaction, isSqlite: boolean): Promise<void> {
  await takePushSeqs(transaction, PUSHES)
  const { _max } = await transaction.outboxMessage.aggregate({ _max: { seq: true } })
  const seq = (_max.seq ?? 0) + PUSHES
  if (isSqlite) {
    await transaction.$executeRaw`DELETE FROM sqlite_sequence WHERE name = 'OutboxMessage'`
    await transaction.$executeRaw`INSERT INTO sqlite_sequence (name, seq) VALUES ('OutboxMessage', ${seq})`
  } else await transaction.$queryRaw`SELECT setval(pg_get_serial_sequence('"OutboxMessage"', 'seq'), ${seq}::int)`
}
