import type { Answer } from '../domain/answers.ts'
import type { Reply } from '../domain/messages.ts'
import type { NewRequest, Outcome } from '../domain/outcome.ts'
import { isFinished } from '../domain/requests.ts'
import { cleanTyped } from '../language/clean.ts'
import { plain } from '../language/normalize.ts'
import { withoutParticulars } from '../language/particulars.ts'
import { asksForInformation, isQuestion } from '../language/questions.ts'
import { requestForStaff } from './staff-requests.ts'
import { staleButton } from './stale-buttons.ts'
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
      lastAnswerIn: turn.context.inboundId,
      ...(isRefused && { refused: { question: cut(answer.question), document: nearest?.document ?? null, clause: nearest?.clause ?? null, inboundId: turn.context.inboundId } }),
    },
    changes: isRefused ? [{ type: 'note_unanswered', question: listed, answer }] : [],
  }
}

/** A mood or a remark is not met with a clause, however near one is. */
const asksSomething = (turn: Turn): boolean => isQuestion(plain(turn.message.text)) || asksForInformation(plain(turn.message.text))

/** A question is answered from the text or refused. What is hardly a question and finds nothing falls through to "not understood". */
export function answerQuestion(turn: Turn): Outcome | undefined {
  const { answer } = turn.facts
  if (!answer) return undefined
  if (turn.understanding.intent !== 'ask_policy' && (answer.kind === 'refusal' || !asksSomething(turn))) return undefined
  return { intent: 'ask_policy', replies: [toReply(turn, answer)], ...rememberAnswer(turn, answer) }
}

/** 详细: the whole clause behind the last answer. */
export function showDetails(turn: Turn): Outcome | undefined {
  if (turn.command?.type !== 'details') return undefined
  const { button } = turn.facts
  if (button && button.inboundId !== turn.state.lastAnswerIn) return { intent: 'ask_policy', replies: [say(turn, 'text', text.detailsGone)], isStaleButton: true, changes: [] }
  return { intent: 'ask_policy', replies: [say(turn, 'answer', turn.state.lastDetails || text.noDetails)], changes: [] }
}

/**
 * 转给工作人员: the question that was refused becomes a request that somebody answers, once. Typed it means the last question;
 * a button means the one that it stands under.
 */
export function passOn(turn: Turn): Outcome | undefined {
  if (turn.command?.type !== 'pass_on') return undefined
  const { button } = turn.facts
  const { refused, lastQuestion } = turn.state
  if (button?.recordNumber?.startsWith('SR-') === true) return passedOnAlready(turn, button.recordNumber)
  const isOfLast = button === undefined || button.inboundId === refused?.inboundId || button.inboundId === refused?.offeredIn
  if (refused && isOfLast) return passOnQuestion(turn, refused.question, [refused.inboundId, refused.offeredIn])
  if (button?.answered) return passOnQuestion(turn, button.answered.question, [button.inboundId])
  if (button) return staleButton(turn)
  return lastQuestion === undefined ? { intent: 'human_handoff', replies: [say(turn, 'text', text.nothingToPassOn)], changes: [] } : passOnQuestion(turn, lastQuestion, [turn.state.lastAnswerIn])
}

const passedOnAlready = (turn: Turn, number: string): Outcome => ({ intent: 'human_handoff', replies: [say(turn, 'receipt', text.passedOnAlready(number))], changes: [] })

/** `saidIn`: the messages that asked it. */
function passOnQuestion(turn: Turn, question: string, saidIn: readonly (string | null | undefined)[]): Outcome {
  const request = requestForStaff(turn, 'question', question)
  const before = turn.facts.requests?.find((one) => one.kind === 'question' && !isFinished(one.status) && one.description === request.description)
  if (before) return passedOnAlready(turn, before.number)
  const { refused, ...others } = turn.state
  return newQuestion(turn, request, refused?.question === question ? others : turn.state, saidIn.filter((id) => id != null))
}

const newQuestion = (turn: Turn, request: NewRequest, state: Turn['state'], fedBy: string[]): Outcome => ({
  intent: 'human_handoff',
  replies: [say(turn, 'receipt', text.passedOn)],
  state,
  changes: [{ type: 'create_request', request, fedBy }],
})
