import type { Outcome } from '../../domain/messages/outcome.ts'
import { noteCorrection, requestForStaff } from '../staff-requests.ts'
import { isInGroup, type ReadTurn } from '../turn.ts'

/** Whether a message is still worth an answer: one that waited longer on its way is left to staff. */
export const OLDEST_ANSWERED_MS = 10 * 60 * 1000
export const isLate = (turn: Pick<ReadTurn, 'message' | 'now' | 'steadyNow'>): boolean => ageOf(turn) > OLDEST_ANSWERED_MS
/** By the clock that agrees best with the platform's: one that was set wrong makes no message old. */
const ageOf = ({ message, now, steadyNow = now }: Pick<ReadTurn, 'message' | 'now' | 'steadyNow'>): number => Math.min(now.getTime(), steadyNow.getTime()) - message.sentAt.getTime()
/** Whether it is a new version of a message that is as old as that itself. */
export const correctsOld = ({ message, now }: Pick<ReadTurn, 'message' | 'now'>): boolean => message.firstSentAt !== undefined && now.getTime() - message.firstSentAt.getTime() > OLDEST_ANSWERED_MS

/**
 * A message that arrived too late to be answered, or a new version of an old one: an emergency or a request still reaches
 * staff; nobody is written to.
 */
export function decideLate(turn: ReadTurn): Outcome {
  const { intent } = turn.reading
  const silent: Outcome = { intent, replies: [], changes: [] }
  if (turn.earlier?.request) return { ...silent, changes: [noteCorrection(turn, turn.earlier.text, turn.earlier.request)] }
  // Its first words are erased because the resident did not want them kept: then nor are these passed on.
  if (turn.isInSilentRoom || (isInGroup(turn) && turn.earlier) || turn.earlier?.text === '') return silent
  const kind = intent === 'emergency' ? 'emergency' : intent === 'service_request' || intent === 'human_handoff' ? 'handoff' : intent === 'ask_policy' && turn.earlier ? 'question' : null
  // What staff answer to it later is for the resident's own eyes.
  return kind === null ? silent : { ...silent, draftIn: 'private', changes: [{ type: 'create_request', request: requestForStaff(turn, kind, turn.message.text) }] }
}
