import { formatNumber, type NumberPrefix } from '../../domain/ids.ts'
import { toLocalDay } from '../../domain/time.ts'
import type { Transaction } from './store.ts'

/** Takes the next `by` of a counter; returns the last of them. */
export async function countUp(transaction: Transaction, key: string, by: number): Promise<number> {
  const [row] = await transaction.$queryRaw<{ value: number }[]>`INSERT INTO "Counter" ("key", "value") VALUES (${key}, ${by}) ON CONFLICT ("key") DO UPDATE SET "value" = "Counter"."value" + excluded."value" RETURNING "value"`
  return row?.value ?? by
}

/** The next human-readable number of the local day, taken inside the transaction that writes the record. */
export async function nextNumber(transaction: Transaction, prefix: NumberPrefix, now: Date): Promise<string> {
  const day = toLocalDay(now)
  const key = `${prefix}-${day}`
  return formatNumber(prefix, day, await countUp(transaction, key, 1))
}
