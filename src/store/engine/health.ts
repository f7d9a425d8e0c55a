import type { Store } from './store.ts'

/** Rows of the outbox by status, for the figures. */
export async function countOutbox(store: Store): Promise<Record<string, number>> {
  const rows = await store.read.outboxMessage.groupBy({ by: ['status'], _count: { _all: true } })
  return Object.fromEntries(rows.map((row) => [row.status, row._count._all]))
}

const PROBE = { key: 'health', value: 1 }

/** Whether the database can be read and written, found out by doing both: a full disk still reads. */
export async function probeStore(store: Store): Promise<boolean> {
  try {
    await store.write((transaction) => transaction.counter.upsert({ where: { key: PROBE.key }, create: PROBE, update: { value: PROBE.value } }))
    await store.read.counter.findUnique({ where: { key: PROBE.key } })
    return true
  } catch {
    return false
  }
}
