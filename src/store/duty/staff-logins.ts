import type { Transaction } from '../engine/store.ts'
import { findStaffConversations } from '../staff/staff-notices.ts'

/** A private conversation in which a member of staff is themselves: their login there was bound by a code. */
export interface StaffLogin {
  staffId: string
  user: string
  name: string
  channel: string
  conversationId: string
  personId: string
}

type Reading = Pick<Transaction, 'staffMember' | 'identity' | 'conversation'>

/** Every login over which active staff can be told something now. */
export async function readReachable(reading: Reading): Promise<StaffLogin[]> {
  const staff = await reading.staffMember.findMany({ where: { disabledAt: null, identities: { some: {} } }, orderBy: { user: 'asc' }, select: { id: true, user: true, name: true } })
  const conversations = await findStaffConversations(reading, staff.map(({ id }) => id))
  return staff.flatMap(({ id, user, name }) => conversations.filter(({ staffId }) => staffId === id).map((one) => ({ staffId: id, user, name, channel: one.channel, conversationId: one.id, personId: one.personId })))
}

/** The staff of these logins, each once, in their order. */
export const staffOf = (logins: readonly StaffLogin[]): string[] => [...new Set(logins.map(({ staffId }) => staffId))]

/** Names of these staff, each once. */
export const namesOf = (logins: readonly StaffLogin[], staffIds: readonly string[]): string[] => staffIds.flatMap((id) => logins.find(({ staffId }) => staffId === id)?.name ?? [])
