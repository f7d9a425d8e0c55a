/** A conversation that a member of staff has taken over goes back to the assistant when nobody has said anything for so long. */
export const TAKEOVER_IDLE_MS = 30 * 60 * 1000
