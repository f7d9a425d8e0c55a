import { randomUUID } from 'node:crypto'
import type { Reader, Transaction } from '../engine/store.ts'
import type { GuardianConsent, Volunteer } from '../generated/client.ts'

/** The guardian's word that counts: the last one that the guardian gave who is registered now; null = none did. */
export async function findGuardianConsent(reader: Pick<Reader | Transaction, 'guardianConsent'>, { id, guardianName, guardianPhone }: Pick<Volunteer, 'id' | 'guardianName' | 'guardianPhone'>): Promise<GuardianConsent | null> {
  if (guardianName === null || guardianPhone === null) return null
  return reader.guardianConsent.findFirst({ where: { volunteerId: id, guardianName, guardianPhone }, orderBy: [{ at: 'desc' }, { id: 'desc' }] })
}

/** All that guardians of this child have said, newest first. */
export const listGuardianConsents = (reader: Pick<Reader, 'guardianConsent'>, volunteerId: string): Promise<GuardianConsent[]> => reader.guardianConsent.findMany({ where: { volunteerId }, orderBy: [{ at: 'desc' }, { id: 'desc' }] })

/** Writes down the word of the guardian who is registered, with the line of the audit log. @returns false where no guardian is */
export async function addGuardianConsent(transaction: Transaction, volunteer: Volunteer, given: { how: string; by: string; personId: string | null; now: Date }): Promise<boolean> {
  const { id, number, guardianName, guardianPhone } = volunteer
  if (guardianName === null || guardianPhone === null) return false
  const { how, by, personId, now } = given
  await transaction.guardianConsent.createMany({ data: [{ id: randomUUID(), volunteerId: id, guardianName, guardianPhone, how, by, personId, at: now }] })
  await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'guardian_consent', subject: number, detail: personId === null ? 'noted' : 'chat' }] })
  return true
}
