import type { Store } from './store.ts'

/** Rows of the outbox by status, for the figures. */
export async function countOutbox(store: Store): Promise<Record<string, number>> {
  const rows = await store.read.outboxMessage.groupBy({ by: ['status'], _count: { _all: true } })
  return Object.fromEntries(rows.map((row) => [row.status, row._count._all]))
}

/** Whether the database answers. */
export async function isStoreAlive(store: Store): Promise<boolean> {
  try {
    await store.read.counter.findFirst({ select: { key: true } })
    return true
  } catch {
    return false
  }
}
