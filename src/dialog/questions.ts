import type { Answer } from '../domain/answers.ts'
import type { Reply } from '../domain/messages.ts'
import type { Outcome } from '../domain/outcome.ts'
import { cleanTyped } from '../language/clean.ts'
import { withoutParticulars } from '../language/particulars.ts'
import { plain } from '../language/normalize.ts'
import { requestForStaff } from './staff-requests.ts'
import { asksForInformation, isQuestion } from '../language/questions.ts'
import { button, text } from './text.ts'
import { isInGroup, say, type Turn } from './turn.ts'
import { voteButtons } from './votes.ts'

const cut = (question: string): string => cleanTyped(question, { longest: 500 })

/** How an answer reads in this conversation: with the way on (详细, 转给工作人员) where buttons make sense. */
export function toReply(turn: Turn, answer: Answer): Reply {
  const ways = answer.kind === 'refusal' ? [button('转给工作人员')] : answer.details !== '' ? [button('详细')] : []
  return { ...say(turn, answer.kind, answer.text, [...(isInGroup(turn) ? [] : ways), ...voteButtons(turn.context.inboundId)]), citations: answer.citations }
}

/** What a turn with an answer leaves behind for the next one, and on the list of unanswered questions. */
export function rememberAnswer(turn: Turn, answer: Answer): Pick<Outcome, 'state' | 'changes' | 'answered'> {
  const nearest = answer.ranked[0]
  const { refused: _forgotten, ...state } = turn.state
  const isRefused = answer.kind === 'refusal'
  const listed = cut(withoutParticulars(answer.question))
  return {
    answered: { question: listed, kind: answer.kind, document: nearest?.document ?? null, clause: nearest?.clause ?? null, score: nearest?.score ?? 0 },
    state: {
      ...state,
      lastQuestion: cut(answer.question),
      lastDetails: answer.details,
      ...(isRefused && { refused: { question: cut(answer.question), document: nearest?.document ?? null, clause: nearest?.clause ?? null, inboundId: turn.context.inboundId } }),
    },
    changes: isRefused ? [{ type: 'note_unanswered', question: listed, answer }] : [],
  }
}

/** A question is answered from the text or refused. What is hardly a question and finds nothing falls through to "not understood". */
export function answerQuestion(turn: Turn): Outcome | undefined {
  const { answer } = turn.facts
/** A mood or a remark is not met with a clause, however near one is. */
const asksSomething = (turn: Turn): boolean => isQuestion(plain(turn.message.text)) || asksForInformation(plain(turn.message.text))

  if (!answer) return undefined
  if (turn.understanding.intent !== 'ask_policy' && (answer.kind === 'refusal' || !asksSomething(turn))) return undefined
  return { intent: 'ask_policy', replies: [toReply(turn, answer)], ...rememberAnswer(turn, answer) }
}

/** 详细: the whole clause behind the last answer. */
export function showDetails(turn: Turn): Outcome | undefined {
  if (turn.command?.type !== 'details') return undefined
  return { intent: 'ask_policy', replies: [say(turn, 'answer', turn.state.lastDetails || text.noDetails)], changes: [] }
}

/** 转给工作人员: the question that was refused becomes a request that somebody answers. */
export function passOn(turn: Turn): Outcome | undefined {
  if (turn.command?.type !== 'pass_on') return undefined
  const { refused, ...state } = turn.state
  if (!refused) return turn.state.lastQuestion === undefined ? { intent: 'human_handoff', replies: [say(turn, 'text', text.nothingToPassOn)], changes: [] } : passOnQuestion(turn, turn.state.lastQuestion, state)
  return passOnQuestion(turn, refused.question, state, refused.inboundId)
}

/** `askedIn`: the message that asked it. */
const passOnQuestion = (turn: Turn, question: string, state: Turn['state'], askedIn?: string): Outcome => ({
  intent: 'human_handoff',
  replies: [say(turn, 'receipt', text.passedOn)],
  state,
  changes: [{ type: 'create_request', request: requestForStaff(turn, 'question', question), ...(askedIn !== undefined && { fedBy: [askedIn] }) }],
})
