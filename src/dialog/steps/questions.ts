import type { Answer } from '../../domain/answers.ts'
import type { Reply } from '../../domain/messages/messages.ts'
import type { NewRequest, Outcome } from '../../domain/messages/outcome.ts'
import { isOpen } from '../../domain/requests/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import { tellAllAtOnce } from '../../forms/service-guide.ts'
import { requestForStaff } from '../staff-requests.ts'
import { followUp, mayBeMeant, whichIsMeant } from './requests/follow-ups.ts'
import { staleButton } from './stale-buttons.ts'
import { button, text } from '../text.ts'
import { findMove, hasMove, isInGroup, say, type Step, type Turn } from '../turn.ts'
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
  const listed = cut(turn.facts.listedQuestion ?? '')
  return {
    answered: { question: listed, kind: answer.kind, document: nearest?.document ?? null, clause: nearest?.clause ?? null, score: nearest?.score ?? 0, ...(nearest?.print !== undefined && { print: nearest.print }) },
    state: {
      ...state,
      lastQuestion: cut(answer.question),
      lastDetails: answer.details,
      lastAnswerIn: turn.context.inboundId,
      just: 'answer',
      ...(isRefused && { refused: { question: cut(answer.question), document: nearest?.document ?? null, clause: nearest?.clause ?? null, inboundId: turn.context.inboundId } }),
    },
    changes: isRefused ? [{ type: 'note_unanswered', question: listed, answer }] : [],
  }
}

/** "这个要钱吗": of what was filed, where the text says nothing of it. */
export const questionOfRequestStep: Step = {
  name: 'question about a request',
  why: 'Before questions to the text, which would be refused: whoever has something with staff and asks what the text does not tell asks them.',
  takes: ['ask'],
  applies: (turn) => turn.draft === null && !isInGroup(turn) && findMove(turn, 'ask')?.topics !== undefined,
  needs: ['answer', 'requests', 'button'],
  decide: (turn) => {
    const { topics, service } = findMove(turn, 'ask') ?? {}
    if (topics === undefined || turn.facts.answer?.kind !== 'refusal') return undefined
    const request = whichIsMeant(turn, mayBeMeant(turn).filter(isOpen))
    return request === undefined || (service !== undefined && service !== request.category) ? undefined : followUp(turn, request, { move: 'ask_visit', said: turn.message.text, topics })
  },
}

export const questionStep: Step = {
  name: 'question',
  why: 'After all that somebody wants done: a clause is near to almost any words.',
  takes: ['ask'],
  applies: (turn) => hasMove(turn, 'ask'),
  needs: ['answer'],
  decide: answerQuestion,
}

/** A question is answered from the text or refused. What is hardly a question and finds nothing falls through to "not understood". */
function answerQuestion(turn: Turn): Outcome | undefined {
  const { answer } = turn.facts
  if (!answer || (turn.draft && answer.question === '')) return undefined
  const service = answer.kind === 'refusal' ? turn.form.services.find(({ name }) => name === findMove(turn, 'ask')?.service) : undefined
  if (findMove(turn, 'ask')?.isSure !== true && answer.kind === 'refusal') return undefined
  const reply = toReply(turn, answer)
  const told = service === undefined ? reply : { ...reply, text: `${reply.text}\n\n${text.inCatalogue}\n${tellAllAtOnce(service)}` }
  return { intent: 'ask_policy', replies: [told], ...rememberAnswer(turn, answer) }
}

export const detailsStep: Step = {
  name: 'details',
  why: 'They belong to the answer before; no question of a form is answered with 详细.',
  takes: ['details'],
  applies: (turn) => hasMove(turn, 'details'),
  needs: ['button'],
  decide: showDetails,
}

/** 详细: the whole clause behind the last answer. */
function showDetails(turn: Turn): Outcome {
  const { button } = turn.facts
  if (button && button.inboundId !== turn.state.lastAnswerIn) return { intent: 'ask_policy', replies: [say(turn, 'text', text.detailsGone)], isStaleButton: true, changes: [] }
  return { intent: 'ask_policy', replies: [say(turn, 'answer', turn.state.lastDetails || text.noDetails)], changes: [] }
}

export const passOnStep: Step = {
  name: 'pass on',
  why: 'It means the question before, and must not be read as a wish for a person.',
  takes: ['pass_on'],
  applies: (turn) => hasMove(turn, 'pass_on'),
  needs: ['button', 'requests'],
  decide: passOn,
}

/**
 * 转给工作人员: the question that was refused becomes a request that somebody answers, once. Typed it means the last question;
 * a button means the one that it stands under.
 */
function passOn(turn: Turn): Outcome {
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
  const before = turn.facts.requests?.find((one) => one.kind === 'question' && isOpen(one) && one.description === request.description)
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
