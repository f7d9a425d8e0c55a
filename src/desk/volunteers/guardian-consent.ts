import { LONGEST_HOW, needsGuardiansWord } from '../../domain/volunteers/guardians.ts'
import { cleanTyped } from '../../language/clean.ts'
import { addGuardianCode } from '../../store/staff/codes.ts'
import { addGuardianConsent } from '../../store/volunteers/guardian-consents.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'

type Refusal = { outcome: 'not_found' } | { outcome: 'not_needed' | 'no_guardian' }
export type NoteGuardianResult = { outcome: 'noted' } | { outcome: 'empty' } | { outcome: 'too_long'; longest: number } | Refusal
export type GuardianCodeResult = { outcome: 'made'; code: string } | Refusal

/** Staff write down how the guardian of a child gave their own word: by telephone, here in the office, on paper. What was written before stays. */
export async function noteGuardianConsent(services: DeskServices, actor: Actor, { id, how: typed }: { id: string; how: string }): Promise<NoteGuardianResult> {
  const how = cleanTyped(typed)
  if (how === '') return { outcome: 'empty' }
  if (Array.from(how).length > LONGEST_HOW) return { outcome: 'too_long', longest: LONGEST_HOW }
  return services.store.write(async (transaction): Promise<NoteGuardianResult> => {
    const volunteer = await transaction.volunteer.findUnique({ where: { id } })
    if (volunteer === null) return { outcome: 'not_found' }
    if (!needsGuardiansWord(volunteer)) return { outcome: 'not_needed' }
    const isNoted = await addGuardianConsent(transaction, volunteer, { how, by: actor.user, personId: null, now: services.now() })
    return isNoted ? { outcome: 'noted' } : { outcome: 'no_guardian' }
  })
}

/** A code that staff tell the guardian, who gives their word by writing it from a chat of their own. */
export function makeGuardianCode(services: DeskServices, actor: Actor, { id }: { id: string }): Promise<GuardianCodeResult> {
  return services.store.write(async (transaction): Promise<GuardianCodeResult> => {
    const volunteer = await transaction.volunteer.findUnique({ where: { id } })
    if (volunteer === null) return { outcome: 'not_found' }
    if (!needsGuardiansWord(volunteer)) return { outcome: 'not_needed' }
    if (volunteer.guardianName === null || volunteer.guardianPhone === null) return { outcome: 'no_guardian' }
    return { outcome: 'made', code: await addGuardianCode(transaction, { volunteerId: id, number: volunteer.number, by: actor.user, now: services.now() }) }
  })
}
