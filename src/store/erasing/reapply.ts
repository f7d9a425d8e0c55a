import type { Store } from '../engine/store.ts'
import { erasePerson } from '../people/erasure.ts'
import { findErasedSince, type Erasure } from './logins.ts'

/**
 * After a backup was brought back: erases anew who had everything deleted since it was made, by the marks of a later state (`listErasures`),
 * and keeps the marks. The key must be the same. Photos and the write-ahead log are the caller's to clear.
 * @returns how many people were erased
 */
export async function reapplyErasures(store: Store, erasures: readonly Erasure[], now: Date): Promise<number> {
  const people = new Set((await findErasedSince(store, erasures)).map(({ personId }) => personId))
  for (const personId of people) await store.write((transaction) => erasePerson(transaction, { personId, digestOf: store.digestOf, now }))
  await store.write(async (transaction) => {
    for (const { digest, ...values } of erasures) await transaction.erasedLogin.upsert({ where: { digest }, create: { digest, ...values }, update: values })
  })
  return people.size
}
