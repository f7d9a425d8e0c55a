import type { Transaction } from '../engine/store.ts'

/** Where something that staff added hangs: a clause, and its fingerprint. */
export interface Placement {
  clause: string | null
  print: string | null
}

/**
 * Hangs what staff added to one document on another, each where `placeOf` says. What has no place there (null) goes along without one where `isAll`; a
 * typed answer that has none stays where it is: it says what it says.
 */
export async function moveTies(transaction: Transaction, move: { from: string; to: string; placeOf: (tie: Placement) => Placement | null; isAll: boolean }): Promise<void> {
  const { from, to, placeOf, isAll } = move
  const where = { documentId: from, removedAt: null }
  for (const { id, clause, print } of await transaction.typicalQuestion.findMany({ where })) {
    const now = placeOf({ clause, print })
    if (now?.clause != null) await transaction.typicalQuestion.update({ where: { id }, data: { documentId: to, clause: now.clause, print: now.print } })
    else if (isAll) await transaction.typicalQuestion.update({ where: { id }, data: { documentId: to } })
  }
  for (const { id, clause, print } of await transaction.knownGap.findMany({ where })) {
    const now = placeOf({ clause, print })
    if (now !== null || isAll) await transaction.knownGap.update({ where: { id }, data: { documentId: to, ...now } })
  }
  for (const { id, clause, print } of await transaction.officeAnswer.findMany({ where })) {
    const now = placeOf({ clause, print })
    if (now !== null) await transaction.officeAnswer.update({ where: { id }, data: { documentId: to, ...now } })
  }
}
