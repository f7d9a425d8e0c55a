import type { Actor } from '../../src/desk/actor.ts'

/** A member of staff who only has to have a name. */
export const staffNamed = (user: string): Actor => ({ staffId: null, user, name: user })
