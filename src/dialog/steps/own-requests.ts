import type { Move } from '../../domain/moves.ts'
import type { RequestSummary } from '../../domain/facts.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { isFinished } from '../../domain/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import { JUST_FILED_MS, leaveToStaff } from '../staff-requests.ts'
import { button, describeRequest, text } from '../text.ts'
import { findMove, hasMove, say, sayPrivately, type Step, type Turn } from '../turn.ts'
import { isOpenRequest } from './follow-ups.ts'
import { staleButton } from './stale-buttons.ts'

const MOST_LISTED = 5

/** Only of one's own requests, and never in front of a group. */
export const statusStep: Step = {
  name: 'status',
  why: 'Who asks after a request says so in words that would also open a new one.',
  takes: ['status'],
  applies: (turn) => hasMove(turn, 'status'),
  needs: ['requests'],
  decide: showStatus,
}

function showStatus(turn: Turn): Outcome {
  const number = findMove(turn, 'status')?.number
  const requests = turn.facts.requests ?? []
  const shown = number === undefined ? requests.slice(0, MOST_LISTED) : requests.filter((request) => request.number === number)
  const words = shown.length > 0 ? shown.map(describeRequest).join('\n') : number === undefined ? text.noRequests : text.notYours
  return { intent: 'request_status', replies: sayPrivately(turn, 'text', words, [], text.privateOnly), changes: [] }
}

export const withdrawStep: Step = {
  name: 'withdraw',
  why: 'With a number no open form is meant; without one it is what was filed, where no form is open.',
  takes: ['withdraw'],
  applies: (turn) => hasMove(turn, 'withdraw'),
  needs: ['requests'],
  decide: withdraw,
}

function withdraw(turn: Turn): Outcome | undefined {
  const move = findMove(turn, 'withdraw')
  if (move === undefined || (move.number === undefined && turn.draft !== null)) return undefined
  const open = turn.facts.requests?.filter(isOpenRequest) ?? []
  if (move.number === undefined && open.length > 1 && !isJustFiled(turn, open)) return withdrawWhich(turn, open)
  const number = move.number ?? open[0]?.number
  if (number === undefined) return { intent: 'cancel', replies: [say(turn, 'text', text.nothingToCancel)], changes: [] }
  const request = turn.facts.requests?.find((candidate) => candidate.number === number)
  if (!request) return { intent: 'cancel', replies: sayPrivately(turn, 'text', text.notYours, [], text.privateOnly), changes: [] }
  if (isFinished(request.status)) return { intent: 'cancel', replies: sayPrivately(turn, 'text', text.cannotWithdraw(number, request.status), [], text.privateOnly), changes: [] }
  const { waitingFor, ...others } = turn.state
  return {
    intent: 'cancel',
    replies: sayPrivately(turn, 'receipt', text.withdrawn(number), [], text.privateOnly),
    state: waitingFor?.type === 'subscription' ? others : turn.state,
    changes: [{ type: 'change_request', requestId: request.id, status: 'cancelled', note: move.number === undefined ? `居民撤回：${cleanTyped(move.text, { longest: LONGEST_NOTE })}` : '居民撤回' }],
  }
}

const LONGEST_NOTE = 200

/** Right after a receipt the newest is meant. */
const isJustFiled = ({ now }: Turn, [newest, second]: readonly RequestSummary[]): boolean =>
  newest !== undefined && now.getTime() - newest.createdAt.getTime() < JUST_FILED_MS && (second === undefined || newest.createdAt > second.createdAt)

/** Buttons that say what each is about, not its number. */
function withdrawWhich(turn: Turn, open: readonly RequestSummary[]): Outcome {
  const buttons = open.slice(0, MOST_LISTED).map(({ number, description }) => button(cleanTyped(description, { longest: LONGEST_BUTTON }), `撤回 ${number}`))
  return { intent: 'cancel', replies: sayPrivately(turn, 'question', text.withdrawWhich, buttons, text.privateOnly), changes: [] }
}

const LONGEST_BUTTON = 16

const canBeRated = (request: RequestSummary): boolean => request.status === 'resolved' || request.status === 'closed'

/** What a rating is about: the request whose notice's button it is, the one that was named, whose rating was asked for, or that was finished last. */
function findRated(turn: Turn, number: string | undefined, canBeRatedAgain: boolean): RequestSummary | undefined {
  const requests = turn.facts.requests ?? []
  const { button } = turn.facts
  const { waitingFor } = turn.state
  if (button?.requestId) return requests.find((request) => request.id === button.requestId && canBeRated(request))
  if (number !== undefined) return requests.find((request) => request.number === number && canBeRated(request))
  const awaited = waitingFor?.type === 'rating' ? requests.find((request) => request.id === waitingFor.requestId && canBeRated(request)) : undefined
  return awaited ?? requests.find((request) => canBeRated(request) && (canBeRatedAgain || request.rating === null))
}

/** A button under the notice of a request that was rated so already, or is being worked on again; or under a question for a score that nobody asks any more. */
function answerSettledNotice(turn: Turn): Outcome | undefined {
  const { button, requests = [] } = turn.facts
  if (button === undefined) return undefined
  if (button.requestId === null) return button.kind === 'question' && button.question !== turn.state.waitingFor?.question ? staleButton(turn) : undefined
  const request = requests.find(({ id }) => id === button.requestId)
  if (request === undefined) return staleButton(turn)
  const answer = (sentence: string): Outcome => ({ intent: 'rate_feedback', replies: [say(turn, 'text', sentence)], changes: [] })
  if (!canBeRated(request)) return answer(hasMove(turn, 'unsolved') ? text.reopenedAlready(request.number) : text.rateLater(request.number))
  const score = scored(turn)?.score
  return score !== undefined && score === request.rating ? answer(text.ratedAlready) : undefined
}

const scored = (turn: Turn) => findMove(turn, 'praise') ?? findMove(turn, 'complain')

/** A rating after a request is resolved; "没解决" opens it again. */
export const ratingStep: Step = {
  name: 'rating',
  why: 'After the open question of a form, which a digit or 没修好 may answer; before a new request, which an old trouble would open.',
  takes: ['unsolved', 'praise', 'complain'],
  applies: (turn) => hasMove(turn, 'unsolved', 'praise', 'complain'),
  needs: ['requests', 'button'],
  decide: rate,
}

function rate(turn: Turn): Outcome | undefined {
  const unsolved = findMove(turn, 'unsolved')
  const given = scored(turn)
  const settled = answerSettledNotice(turn)
  if (settled) return settled
  const request = findRated(turn, unsolved?.number ?? given?.number, unsolved !== undefined)
  if (!request) return given ? notRated(turn, given) : undefined
  const { waitingFor, ...others } = turn.state
  const state = waitingFor?.type === 'rating' ? others : turn.state
  if (unsolved || (given?.type === 'complain' && given.score === undefined)) {
    return {
      intent: 'rate_feedback',
      replies: sayPrivately(turn, 'receipt', text.reopened(request.number), [], text.privateOnly),
      state,
      changes: [{ type: 'change_request', requestId: request.id, status: 'reopened', note: turn.message.text }],
    }
  }
  if (given?.score === undefined) return askForScore(turn, request)
  const { score, comment = '' } = given
  return {
    intent: 'rate_feedback',
    replies: sayPrivately(turn, 'receipt', text.rated(score), [], text.privateOnly),
    state,
    changes: [{ type: 'rate_request', requestId: request.id, score, comment }],
  }
}

/** Praise without anything to rate is thanked; a complaint goes to staff as it is. */
function notRated(turn: Turn, { type, score }: Pick<Move, 'type'> & { score?: number }): Outcome {
  if (type === 'complain' && score === undefined) return leaveToStaff(turn, 'rate_feedback', text.complaintNoted)
  return { intent: 'rate_feedback', replies: [say(turn, 'text', text.rateWhich)], changes: [] }
}

function askForScore(turn: Turn, request: RequestSummary): Outcome {
  const question = `rating:${turn.context.inboundId}`
  const replies = sayPrivately(turn, 'question', text.rateHow, [5, 4, 3, 2, 1].map((score) => button(`${score} 分`, `${score}分`)), text.privateOnly)
  return {
    intent: 'rate_feedback',
    replies: replies.map((reply) => (reply.kind === 'question' ? { ...reply, question } : reply)),
    state: { ...turn.state, waitingFor: { type: 'rating', question, at: turn.now.toISOString(), requestId: request.id } },
    changes: [],
  }
}
