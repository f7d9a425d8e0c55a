import type { Photos } from '../../store/pictures/photos.ts'
import { erasePerson } from '../../store/people/erasure.ts'
import { addAudit } from '../../store/staff/audit.ts'
import type { Actor } from '../actor.ts'
import type { DeskServices } from '../services.ts'

export type EraseResult =
  /** `isWhole`: false = somebody reads the database's file; the rest follows by itself. */
  | { outcome: 'erased'; isWhole: boolean }
  /** Nobody, or everything was deleted before. */
  | { outcome: 'not_found' }

/** Deletes all that is kept of a resident who asks for it by telephone or in person: the same as 删除我的数据. The log says by whom, not whose. */
export async function eraseResident(services: Pick<DeskServices, 'store' | 'now'> & { photos: Pick<Photos, 'clear'> }, actor: Actor, personId: string): Promise<EraseResult> {
  const { store, photos } = services
  const now = services.now()
  const isErased = await store.write(async (transaction) => {
    if ((await transaction.person.count({ where: { id: personId, erasedAt: null } })) === 0) return false
    await erasePerson(transaction, { personId, digestOf: store.digestOf, now })
    await addAudit(transaction, { at: now, actor: actor.user, action: 'erase_person', subject: '', detail: '' })
    return true
  })
  if (!isErased) return { outcome: 'not_found' }
  await photos.clear()
  return { outcome: 'erased', isWhole: await store.forgetErased() }
}
