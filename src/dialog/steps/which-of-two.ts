import type { ConversationState } from '../../domain/kept-state.ts'
import type { Change } from '../../domain/messages/outcome.ts'
import { button, text, WANTS } from '../text.ts'
import { isInGroup, say, type PutRight, type ReadTurn, type Step } from '../turn.ts'

/** Whether a message says which of two an earlier one meant. */
export function whatWasMeant({ waitingFor }: ConversationState, said: string): PutRight | undefined {
  if (waitingFor?.type !== 'which_of_two') return undefined
  const intent = waitingFor.either.find((one) => WANTS[one] === said.trim())
  return intent && { text: waitingFor.text, intent, inboundId: waitingFor.inboundId }
}

export const whichOfTwoStep: Step = {
  name: 'which of two',
  why: 'After all that may answer a question, before anything is begun or looked up: a guess would open a form or quote a clause.',
  takes: 'all',
  applies: (turn) => turn.reading.either !== undefined && turn.draft === null && !isInGroup(turn) && turn.moves.length > 0 && turn.message.buttonSentAt === undefined,
  needs: [],
  decide: (turn) => {
    const { either } = turn.reading
    if (either === undefined) return undefined
    const { inboundId } = turn.context
    const question = `which:${inboundId}`
    return {
      intent: turn.reading.intent,
      replies: [{ ...say(turn, 'question', text.whichOfTwo, either.map((intent) => button(WANTS[intent]))), question }],
      state: { ...turn.state, waitingFor: { type: 'which_of_two', question, at: turn.now.toISOString(), text: turn.message.text, inboundId, either } },
      changes: [],
    }
  },
}

/** What staff may make an example of: what a button has put right. */
export function notePutRight({ putRight, reading }: ReadTurn): Change[] {
  if (putRight === undefined || reading.doubtful === undefined) return []
  return [{ type: 'note_misread', inboundId: putRight.inboundId, misread: { ...reading.doubtful, cause: 'put_right', chosen: putRight.intent } }]
}
