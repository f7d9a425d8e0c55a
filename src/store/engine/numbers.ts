import { formatNumber, type NumberPrefix } from '../../domain/ids.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { Transaction } from './store.ts'

/** The next human-readable number of the local day, taken inside the transaction that writes the record. */
export async function nextNumber(transaction: Transaction, prefix: NumberPrefix, now: Date): Promise<string> {
  const day = toLocalDay(now)
  const key = `${prefix}-${day}`
  const { value } = await transaction.counter.upsert({ where: { key }, create: { key, value: 1 }, update: { value: { increment: 1 } }, select: { value: true } })
  return formatNumber(prefix, day, value)
}
