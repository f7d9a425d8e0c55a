import type { Store } from '../engine/store.ts'

/** Whether a claim would have anything to do. */
export async function isAnythingDue(store: Store, now: Date): Promise<boolean> {
  const [found] = await store.read.$queryRaw<{ due: number | bigint }[]>`
    SELECT EXISTS (SELECT 1 FROM "OutboxMessage" WHERE "status" = 'queued' AND "notBefore" <= ${now})
        OR EXISTS (SELECT 1 FROM "OutboxMessage" WHERE "status" = 'sending' AND "leaseUntil" <= ${now})
        OR EXISTS (SELECT 1 FROM "Announcement" WHERE "status" = 'sending' OR ("status" = 'scheduled' AND "sendAt" <= ${now}) OR ("status" IN ('scheduled', 'paused') AND "expiresAt" <= ${now})) AS "due"`
  return Number(found?.due ?? 0) === 1
}

/** How many messages could go out now, those of announcements that are not under way left out. */
export const countWaiting = (store: Store, now: Date): Promise<number> =>
  store.read.outboxMessage.count({ where: { status: 'queued', notBefore: { lte: now }, OR: [{ announcementId: null }, { announcement: { status: 'sending' } }] } })

/** The next instant at which something falls due by itself; null = none is known. */
export async function nextDueAt(store: Store, now: Date): Promise<Date | null> {
  const [queued, sending, scheduled, ending] = await Promise.all([
    store.read.outboxMessage.aggregate({ where: { status: 'queued', notBefore: { gt: now } }, _min: { notBefore: true } }),
    store.read.outboxMessage.aggregate({ where: { status: 'sending' }, _min: { leaseUntil: true } }),
    store.read.announcement.aggregate({ where: { status: 'scheduled' }, _min: { sendAt: true } }),
    store.read.announcement.aggregate({ where: { status: { in: ['scheduled', 'sending', 'paused'] }, expiresAt: { not: null } }, _min: { expiresAt: true } }),
  ])
  const instants = [queued._min.notBefore, sending._min.leaseUntil, scheduled._min.sendAt, ending._min.expiresAt].filter((instant) => instant !== null)
  return instants.length === 0 ? null : new Date(Math.min(...instants.map((instant) => instant.getTime())))
}
