import { isFinished } from '../domain/requests.ts'
import type { RequestSummary } from '../domain/facts.ts'
import type { Outcome } from '../domain/outcome.ts'
import { findRequestNumber } from '../language/commands.ts'
import { isUnsolved } from '../language/ratings.ts'
import { staleButton } from './stale-buttons.ts'
import { button, describeRequest, text } from './text.ts'
import { say, sayPrivately, type Turn } from './turn.ts'

const MOST_LISTED = 5

/** 查进度 and 撤回: only of one's own requests, and never in front of a group. */
export function handleStatus(turn: Turn): Outcome | undefined {
  const number = findRequestNumber(turn.message.text)
  const isWithdrawal = number !== undefined && /撤回|撤销|撤单|取消|不用(?:修|办|来)/.test(turn.message.text)
  if (isWithdrawal) return withdraw(turn, number)
  if (turn.command?.type !== 'status' && turn.understanding.intent !== 'request_status') return undefined
  const requests = turn.facts.requests ?? []
  const shown = number === undefined ? requests.slice(0, MOST_LISTED) : requests.filter((request) => request.number === number)
  const words = shown.length > 0 ? shown.map(describeRequest).join('\n') : number === undefined ? text.noRequests : text.notYours
  return { intent: 'request_status', replies: sayPrivately(turn, 'text', words, [], text.privateOnly), changes: [] }
}

function withdraw(turn: Turn, number: string): Outcome {
  const request = turn.facts.requests?.find((candidate) => candidate.number === number)
  if (!request) return { intent: 'cancel', replies: sayPrivately(turn, 'text', text.notYours, [], text.privateOnly), changes: [] }
  if (isFinished(request.status)) return { intent: 'cancel', replies: sayPrivately(turn, 'text', text.cannotWithdraw(number, request.status), [], text.privateOnly), changes: [] }
  return {
    intent: 'cancel',
    replies: sayPrivately(turn, 'receipt', text.withdrawn(number), [], text.privateOnly),
    changes: [{ type: 'change_request', requestId: request.id, status: 'cancelled', note: '居民撤回' }],
  }
}

const canBeRated = (request: RequestSummary): boolean => request.status === 'resolved' || request.status === 'closed'

/** What a rating is about: the request whose notice's button it is, the one that was named, whose rating was asked for, or that was finished last. */
function findRated(turn: Turn, canBeRatedAgain: boolean): RequestSummary | undefined {
  const requests = turn.facts.requests ?? []
  const number = findRequestNumber(turn.message.text)
  const { button } = turn.facts
  if (button?.requestId) return requests.find((request) => request.id === button.requestId && canBeRated(request))
  if (number !== undefined) return requests.find((request) => request.number === number && canBeRated(request))
  return requests.find((request) => request.id === turn.state.ratingRequestId && canBeRated(request)) ?? requests.find((request) => canBeRated(request) && (canBeRatedAgain || request.rating === null))
}

/** A button under the notice of a request that was rated so already, or is being worked on again; or under a question for a score that nobody asks any more. */
function answerSettledNotice(turn: Turn): Outcome | undefined {
  const { button, requests = [] } = turn.facts
  if (button === undefined) return undefined
  if (button.requestId === null) return button.kind === 'question' && button.inboundId !== turn.state.ratingAskedIn ? staleButton(turn) : undefined
  const request = requests.find(({ id }) => id === button.requestId)
  if (request === undefined) return staleButton(turn)
  const answer = (sentence: string): Outcome => ({ intent: 'rate_feedback', replies: [say(turn, 'text', sentence)], changes: [] })
  if (!canBeRated(request)) return answer(isUnsolved(turn.message.text) ? text.reopenedAlready(request.number) : text.rateLater(request.number))
  return turn.command?.type === 'rate' && turn.command.score !== undefined && turn.command.score === request.rating ? answer(text.ratedAlready) : undefined
}

/** A rating after a request is resolved; "没解决" opens it again. */
export function handleRating(turn: Turn): Outcome | undefined {
  const isRating = turn.command?.type === 'rate' || turn.understanding.intent === 'rate_feedback'
  const saysUnsolved = isUnsolved(turn.message.text)
  if (!isRating && !saysUnsolved) return undefined
  const settled = answerSettledNotice(turn)
  if (settled) return settled
  const request = findRated(turn, saysUnsolved)
  if (!request) return isRating ? { intent: 'rate_feedback', replies: [say(turn, 'text', text.rateWhich)], changes: [] } : undefined
  const { ratingRequestId: _done, ratingAskedIn: _asked, ...state } = turn.state
  if (saysUnsolved) {
    return {
      intent: 'rate_feedback',
      replies: sayPrivately(turn, 'receipt', text.reopened(request.number), [], text.privateOnly),
      state,
      changes: [{ type: 'change_request', requestId: request.id, status: 'reopened', note: turn.message.text }],
    }
  }
  if (turn.command?.type !== 'rate' || turn.command.score === undefined) {
    return { intent: 'rate_feedback', replies: sayPrivately(turn, 'question', text.rateHow, [5, 4, 3, 2, 1].map((score) => button(`${score} 分`, `${score}分`)), text.privateOnly), state: { ...turn.state, ratingRequestId: request.id, ratingAskedIn: turn.context.inboundId }, changes: [] }
  }
  const { score, comment } = turn.command
  return {
    intent: 'rate_feedback',
    replies: sayPrivately(turn, 'receipt', text.rated(score), [], text.privateOnly),
    state,
    changes: [{ type: 'rate_request', requestId: request.id, score, comment: comment ?? '' }],
  }
}
