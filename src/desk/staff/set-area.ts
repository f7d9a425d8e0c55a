import type { Area } from '../../domain/services.ts'
import { setStaffArea } from '../../store/staff/staff.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'

export type SetAreaResult = 'changed' | 'unchanged' | 'not_found' | 'unknown_area'

/** Says for which area a colleague is answerable: what is overdue there, below their level, climbs to them. '' = none in particular. */
export async function setArea(services: DeskServices & { areas: readonly Area[] }, actor: Actor, input: { user: string; areaCode: string }): Promise<SetAreaResult> {
  const { user, areaCode } = input
  if (areaCode !== '' && !services.areas.some(({ code }) => code === areaCode)) return 'unknown_area'
  return setStaffArea(services.store, { user, areaCode: areaCode === '' ? null : areaCode, by: actor.user, now: services.now() })
}
