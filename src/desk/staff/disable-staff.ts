import { listOpenRequestsOf, type RequestRecord } from '../../store/requests/requests.ts'
import { setDisabledIn } from '../../store/staff/staff.ts'
import type { Actor } from '../actor.ts'
import { assignIn } from '../requests/assign-request.ts'
import { deskText } from '../requests/text.ts'
import type { DeskServices } from '../services.ts'
import { findColleague, type FoundColleague } from './colleagues.ts'

export interface Disabling {
  user: string
  /** Who gets what they still have, a staff user; null = nobody, until somebody takes it; absent = it was not asked yet. */
  handOverTo?: string | null
}

export type DisablingResult =
  | { outcome: 'disabled'; handedOver: number }
  | { outcome: 'unchanged' | 'not_found' | 'last_admin' | 'to_themselves' }
  /** They still have these, the oldest first: say who gets them. Nothing was written. */
  | { outcome: 'has_requests'; requests: RequestRecord[] }
  | Exclude<FoundColleague, { outcome: 'found' }>

/** Shuts a member of staff out; what they still have goes to a named colleague, who is told of each. */
export async function disableStaff(services: DeskServices, actor: Actor, { user, handOverTo }: Disabling): Promise<DisablingResult> {
  const now = services.now()
  const result = await services.store.write(async (transaction): Promise<DisablingResult> => {
    const leaver = await transaction.staffMember.findUnique({ where: { user }, select: { id: true, name: true, disabledAt: true } })
    if (leaver === null) return { outcome: 'not_found' }
    if (leaver.disabledAt !== null) return { outcome: 'unchanged' }
    if (handOverTo === user) return { outcome: 'to_themselves' }
    const requests = await listOpenRequestsOf(transaction, leaver.id)
    if (requests.length > 0 && handOverTo === undefined) return { outcome: 'has_requests', requests }
    const heir = handOverTo === undefined || handOverTo === null ? null : await findColleague(transaction, handOverTo)
    if (heir !== null && heir.outcome !== 'found') return heir
    const disabled = await setDisabledIn(transaction, { user, isDisabled: true, by: actor.user, now })
    if (disabled !== 'changed') return { outcome: disabled }
    for (const { id } of requests) await assignIn(transaction, actor, { id, to: heir?.colleague.user ?? null, reason: deskText.handedOver(leaver.name), takesOver: true }, now)
    return { outcome: 'disabled', handedOver: requests.length }
  })
  if (result.outcome === 'disabled') services.wakeOutbox()
  return result
}
