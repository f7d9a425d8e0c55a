import type { Store } from './store.ts'

/** No two clocks of one community's machines differ by so much while both are right. */
const AHEAD_MS = 60 * 60_000

/**
 * What was written in the future was written by a clock that was wrong: what it waits for is counted anew from `now`, so that
 * nothing and nobody waits until that future. Nothing else is touched. @returns how many rows were put right
 */
export function settleWrittenAhead(store: Store, now: Date): Promise<number> {
  const ahead = { gt: new Date(now.getTime() + AHEAD_MS) }
  const from = (writtenAt: Date, until: Date) => new Date(now.getTime() + Math.max(0, until.getTime() - writtenAt.getTime()))
  return store.write(async (transaction) => {
    let count = 0
    // Announcements that are not under way wait for the day that staff have chosen.
    const queued = await transaction.outboxMessage.findMany({ where: { status: 'queued', createdAt: ahead, notBefore: { gt: now }, OR: [{ announcementId: null }, { announcement: { status: 'sending' } }] }, select: { seq: true, createdAt: true, notBefore: true } })
    for (const { seq, createdAt, notBefore } of queued) await transaction.outboxMessage.update({ where: { seq }, data: { notBefore: from(createdAt, notBefore) } })
    count += queued.length
    count += (await transaction.outboxMessage.updateMany({ where: { status: 'sending', leaseUntil: ahead }, data: { leaseUntil: now } })).count
    const accounts = await transaction.channelAccount.findMany({ where: { updatedAt: ahead } })
    for (const { channel, account, updatedAt, leaseUntil, pausedUntil } of accounts) {
      const data = { updatedAt: now, leaseUntil: leaseUntil && from(updatedAt, leaseUntil), pausedUntil: pausedUntil && from(updatedAt, pausedUntil) }
      await transaction.channelAccount.update({ where: { channel_account: { channel, account } }, data })
    }
    const attempts = await transaction.failedAttempt.findMany({ where: { updatedAt: ahead } })
    for (const { key, updatedAt, lockedUntil } of attempts) await transaction.failedAttempt.update({ where: { key }, data: { updatedAt: now, lockedUntil: lockedUntil && from(updatedAt, lockedUntil) } })
    const codes = await transaction.oneTimeCode.findMany({ where: { createdAt: ahead, usedAt: null }, select: { id: true, createdAt: true, expiresAt: true } })
    for (const { id, createdAt, expiresAt } of codes) await transaction.oneTimeCode.update({ where: { id }, data: { createdAt: now, expiresAt: from(createdAt, expiresAt) } })
    const alerts = await transaction.alert.updateMany({ where: { saidAt: ahead, dueAt: ahead }, data: { dueAt: now } })
    return count + accounts.length + attempts.length + codes.length + alerts.count
  })
}
