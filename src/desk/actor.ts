/** Who does something at the desk: a member of staff, or another program by the API's token. Every operation gets one. */
export interface Actor {
  /** Null = another program that named no member of staff. */
  staffId: string | null
  /** As it stands in histories and in the audit log. */
  user: string
  /** As colleagues read it. */
  name: string
}

/** Who did what is done over HTTP, where no member of staff is named. */
export const API_ACTOR: Actor = { staffId: null, user: 'api', name: 'api' }

export const staffActor = (staff: { id: string; user: string; name: string }): Actor => ({ staffId: staff.id, user: staff.user, name: staff.name })
