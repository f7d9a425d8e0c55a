import { LONGEST_NOTE } from '../../domain/requests/requests.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { cleanTyped } from '../../language/clean.ts'
import { text } from '../text.ts'
import type { ReadTurn, Step } from '../turn.ts'
import { addToEmergency } from './emergency.ts'

/** Whether a member of staff speaks here in the assistant's place. */
export const isTakenOver = ({ context }: Pick<ReadTurn, 'context'>): boolean => context.conversation.takenFor !== undefined

/** What is said to a member of staff who has taken the conversation over: it joins the request, and nothing is answered. */
export const takenOverStep: Step = {
  name: 'conversation taken over',
  why: 'Two who answer at once confuse: while staff speak here the assistant is silent in everything but danger, which waits for nobody.',
  takes: 'all',
  applies: isTakenOver,
  needs: ['requests'],
  decide: (turn): Outcome | undefined => {
    const { takenFor } = turn.context.conversation
    if (takenFor === undefined) return undefined
    const said = turn.message.text === '' ? text.nothingWritten : turn.message.text
    const note = { type: 'note_on_request', requestId: takenFor, note: cleanTyped(said, { longest: LONGEST_NOTE }) } as const
    const ofDanger = addToEmergency(turn)
    if (ofDanger === undefined) return { intent: turn.reading.intent, replies: [], changes: [note] }
    const isSaidThere = ofDanger.changes.some((change) => 'requestId' in change && change.requestId === takenFor)
    return isSaidThere ? ofDanger : { ...ofDanger, changes: [...ofDanger.changes, note] }
  },
}
