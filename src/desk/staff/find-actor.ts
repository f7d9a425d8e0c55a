import type { Store } from '../../store/engine/store.ts'
import { API_ACTOR, staffActor, type Actor } from '../actor.ts'
import { findColleague, type FoundColleague } from './colleagues.ts'

export type FoundActor = { outcome: 'found'; actor: Actor } | Exclude<FoundColleague, { outcome: 'found' }>

/** Who acts when another program says `by`: that member of staff, or the program itself where it names nobody. */
export async function findActor(store: Store, by: string | undefined): Promise<FoundActor> {
  if (by === undefined) return { outcome: 'found', actor: API_ACTOR }
  const found = await findColleague(store.read, by)
  if (found.outcome === 'found') return { outcome: 'found', actor: staffActor(found.colleague) }
  return found.outcome === 'unknown_user' && by === API_ACTOR.user ? { outcome: 'found', actor: API_ACTOR } : found
}
