import type { AccountBudget } from './outbox-sending.ts'
import type { Transaction } from '../engine/store.ts'

/** A row as the checks below see it. */
export interface PacedRow {
  conversationId: string
  conversation: { channel: string; account: string; kind: string }
}

type FindBudget = (row: PacedRow) => AccountBudget | undefined

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How many announcements an account with a limit an hour or a day may still send. What was sent stands in the store, so a restart changes nothing. */
export async function announcementsLeft(transaction: Transaction, { channel, account, announcementLimits }: AccountBudget, now: Date): Promise<number> {
  const { perHour = Infinity, perDay = Infinity } = announcementLimits ?? {}
  const sentSince = (ms: number) => transaction.outboxMessage.count({ where: { announcementId: { not: null }, conversation: { channel, account }, OR: [{ status: 'sending' }, { sentAt: { gt: new Date(now.getTime() - ms) } }] } })
  const ofHour = perHour === Infinity ? Infinity : perHour - (await sentSince(HOUR_MS))
  const ofDay = perDay === Infinity ? Infinity : perDay - (await sentSince(DAY_MS))
  return Math.max(0, Math.min(ofHour, ofDay))
}

/** When a row's conversation may get its next message, where the platform limits that; null = now. Counted from what the store says was sent. */
export async function readConversationPace(transaction: Transaction, rows: readonly PacedRow[], budgetOf: FindBudget, now: Date): Promise<(row: PacedRow) => Date | null> {
  const rateOf = (row: PacedRow) => budgetOf(row)?.conversationRate?.[row.conversation.kind === 'group' ? 'group' : 'private']
  const limited = rows.filter((row) => rateOf(row) !== undefined)
  if (limited.length === 0) return () => null
  const longestMs = Math.max(...limited.map((row) => windowMs(rateOf(row))))
  const sent = await transaction.outboxMessage.findMany({
    where: { conversationId: { in: [...new Set(limited.map(({ conversationId }) => conversationId))] }, sentAt: { gt: new Date(now.getTime() - longestMs) } },
    orderBy: { sentAt: 'asc' },
    select: { conversationId: true, sentAt: true },
  })
  return (row) => {
    const rate = rateOf(row)
    if (rate === undefined) return null
    const since = now.getTime() - windowMs(rate)
    const recent = sent.filter(({ conversationId, sentAt }) => conversationId === row.conversationId && sentAt !== null && sentAt.getTime() > since)
    const oldest = recent[recent.length - rate.burst]?.sentAt
    return recent.length < rate.burst || !oldest ? null : new Date(oldest.getTime() + windowMs(rate))
  }
}

const windowMs = (rate: { perSecond: number; burst: number } | undefined): number => (rate === undefined ? 0 : Math.ceil((rate.burst / rate.perSecond) * 1000))

/** Which rows' conversations are closed to us until the resident writes again: their platform lets nobody write first, or only for a while after a message. */
export async function readClosedWindows(transaction: Transaction, rows: readonly PacedRow[], budgetOf: FindBudget, now: Date): Promise<(row: PacedRow) => boolean> {
  const limited = rows.filter((row) => typeof budgetOf(row)?.proactiveWindowMs === 'number')
  if (limited.length === 0) return () => false
  const heard = await transaction.inboundMessage.groupBy({ by: ['conversationId'], where: { conversationId: { in: [...new Set(limited.map(({ conversationId }) => conversationId))] } }, _max: { receivedAt: true } })
  const lastHeard = new Map(heard.map(({ conversationId, _max }) => [conversationId, _max.receivedAt]))
  return (row) => {
    const window = budgetOf(row)?.proactiveWindowMs
    const at = lastHeard.get(row.conversationId)
    return typeof window === 'number' && (at === undefined || at === null || now.getTime() - at.getTime() > window)
  }
}
