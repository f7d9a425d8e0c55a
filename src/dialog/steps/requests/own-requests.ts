import type { ConversationState } from '../../../domain/kept-state.ts'
import type { Move, MoveOf } from '../../../domain/messages/moves.ts'
import { isCalled, type RequestSummary } from '../../../domain/office/facts.ts'
import type { Change, Outcome } from '../../../domain/messages/outcome.ts'
import { isDone, isFinished, isOpen, LONGEST_NOTE, takesFollowUps } from '../../../domain/requests/requests.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { leaveToStaff } from '../../staff-requests.ts'
import { button, describeRequest, text } from '../../text.ts'
import { findMove, hasMove, say, sayPrivately, type Step, type Turn } from '../../turn.ts'
import { askWhichRequest, followUp, isAfterReceipt, isOfNoOther, isThere, mayBeMeant, whichIsMeant } from './follow-ups.ts'
import { staleButton } from '../stale-buttons.ts'

const MOST_LISTED = 5

/** Only of one's own requests, and never in front of a group. */
export const statusStep: Step = {
  name: 'status',
  why: 'Who asks after a request says so in words that would also open a new one.',
  takes: ['status'],
  // "怎么还没修" of what was called done asks for no state.
  applies: (turn) => hasMove(turn, 'status') && !(turn.asked === 'score' && turn.moves[0]?.type === 'unsolved' && turn.reading.number === undefined),
  needs: ['requests'],
  decide: showStatus,
}

function showStatus(turn: Turn): Outcome {
  const { number, isSaid, text: said = '' } = findMove(turn, 'status') ?? {}
  const requests = turn.facts.requests ?? []
  const shown = number === undefined ? requests.slice(0, MOST_LISTED) : requests.filter((request) => isCalled(request, number))
  const words = shown.length > 0 ? shown.map(describeRequest).join('\n') : number === undefined ? text.noRequests : text.notYours
  return { intent: 'request_status', replies: sayPrivately(turn, 'text', words, [], text.privateOnly), changes: isSaid === true ? noteWords(turn, said) : [] }
}

/** "说好昨天来的，人影都没见着": whoever has the request reads it too, where it is plain which is meant. */
function noteWords(turn: Turn, said: string): Change[] {
  const open = mayBeMeant(turn).filter(isOpen)
  const meant = turn.draft === null ? whichIsMeant(turn, open) : undefined
  return meant === undefined ? [] : [{ type: 'note_on_request', requestId: meant.id, note: cleanTyped(said, { longest: LONGEST_NOTE }) }]
}

export const withdrawStep: Step = {
  name: 'withdraw',
  why: 'With a number no open form is meant; without one it is what was filed, where no form is open.',
  takes: ['withdraw'],
  applies: (turn) => hasMove(turn, 'withdraw'),
  needs: ['requests', 'button'],
  decide: withdraw,
}

function withdraw(turn: Turn): Outcome | undefined {
  const move = findMove(turn, 'withdraw')
  if (move === undefined || (move.number === undefined && turn.draft !== null)) return undefined
  const open = mayBeMeant(turn).filter(isOpen)
  const meant = whichIsMeant(turn, open)
  // Nothing is undone that was perhaps not meant: "顺便把门锁也修了吧" reads like it too.
  const isToBeAsked = meant === undefined ? open.length > 1 : move.isGuess === true || !turn.reading.isSure
  if (move.number === undefined && isToBeAsked) {
    const asked = askWhichRequest(turn, { move: 'withdraw', said: move.text }, { sentence: open.length === 1 ? text.withdrawThis : text.withdrawWhich, says: '撤回', among: open })
    return { ...asked, changes: meant === undefined ? [] : [{ type: 'note_on_request', requestId: meant.id, note: cleanTyped(move.text, { longest: LONGEST_NOTE }) }] }
  }
  const number = move.number ?? meant?.number
  if (number === undefined) return { intent: 'cancel', replies: [say(turn, 'text', text.nothingToCancel)], changes: [] }
  const request = turn.facts.requests?.find((candidate) => isCalled(candidate, number))
  if (!request) return { intent: 'cancel', replies: sayPrivately(turn, 'text', text.notYours, [], text.privateOnly), changes: [] }
  const words = (sentence: string) => sayPrivately(turn, 'receipt', sentence, [], text.privateOnly)
  if (isFinished(request)) return { intent: 'cancel', replies: words(text.cannotWithdraw(request.number, request.status)), changes: [] }
  const { waitingFor, ...others } = turn.state
  const said = waitingFor?.type === 'which_request' ? waitingFor.text : move.text
  const note = cleanTyped(said, { longest: LONGEST_NOTE })
  if (!request.isOwn) return { intent: 'cancel', replies: words(text.notYoursToWithdraw(request.number)), changes: [{ type: 'note_on_request', requestId: request.id, note }] }
  return {
    intent: 'cancel',
    replies: words(text.withdrawn(request.number)),
    state: waitingFor?.type === 'subscription' || waitingFor?.type === 'which_request' ? others : turn.state,
    changes: [{ type: 'change_request', requestId: request.id, status: 'cancelled', note, otherwise: words(text.changedMeanwhile(request.number)) }],
  }
}

const canBeRated = (request: RequestSummary): boolean => request.isOwn && isDone(request)
/** Whoever it was done for may say that it was not, whoever filed it. */
const canBeReopened = (request: RequestSummary, now: Date): boolean => canBeRated(request) || (isDone(request) && takesFollowUps(request, now))

/** What a rating is about: the request whose notice's button it is, the one that was named, whose rating was asked for, or that was finished last. */
function findRated(turn: Turn, number: string | undefined, isUnsolved: boolean): RequestSummary | undefined {
  const fits = (request: RequestSummary): boolean => (isUnsolved ? canBeReopened(request, turn.now) : canBeRated(request))
  const requests = turn.facts.requests ?? []
  const { button } = turn.facts
  const { waitingFor } = turn.state
  if (button?.requestId) return requests.find((request) => isCalled(request, button.requestId) && fits(request))
  if (number !== undefined) return requests.find((request) => isCalled(request, number) && fits(request))
  const awaited = waitingFor?.type === 'rating' ? requests.find((request) => request.id === waitingFor.requestId && fits(request)) : undefined
  return awaited ?? requests.find((request) => fits(request) && (isUnsolved || request.rating === null))
}

/** A button under the notice of a request that was rated so already, or is being worked on again; or under a question for a score that nobody asks any more. */
function answerSettledNotice(turn: Turn): Outcome | undefined {
  const { button, requests = [] } = turn.facts
  if (button === undefined) return undefined
  if (button.requestId === null) return button.kind === 'question' && button.question !== turn.state.waitingFor?.question ? staleButton(turn) : undefined
  const request = requests.find((one) => isCalled(one, button.requestId))
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
  if (unsolved || (given?.type === 'complain' && given.score === undefined)) return reopen(turn, request)
  if (given?.score === undefined) return askForScore(turn, request)
  const { score, comment = '' } = given
  return {
    intent: 'rate_feedback',
    replies: sayPrivately(turn, 'receipt', text.rated(score), [], text.privateOnly),
    state: notWaitingForScore(turn),
    changes: [{ type: 'rate_request', requestId: request.id, score, comment }],
  }
}

function notWaitingForScore({ state }: Turn): ConversationState {
  const { waitingFor, ...others } = state
  return waitingFor?.type === 'rating' ? others : state
}

/** What was called done is not: it is opened again, with the words. */
function reopen(turn: Turn, request: RequestSummary, sentence: string = text.reopened(request.number)): Outcome {
  return {
    intent: 'rate_feedback',
    replies: sayPrivately(turn, 'receipt', sentence, [], text.privateOnly),
    state: notWaitingForScore(turn),
    changes: [{ type: 'change_request', requestId: request.id, status: 'reopened', note: cleanTyped(turn.message.text, { longest: LONGEST_NOTE }), otherwise: sayPrivately(turn, 'receipt', text.addedToRequest(request), [], text.privateOnly) }],
  }
}

/** "灯泡又烧了" about the lamp that was called done just now: no new matter. */
export const brokenAgainStep: Step = {
  name: 'the same trouble again',
  why: 'Where a score is asked for what was done, the same trouble told again says that it was not; before the start of a form, and before an addition to what is over.',
  takes: ['report', 'add'],
  applies: (turn) => turn.draft === null && (turn.asked === 'score' || isAfterReceipt(turn)) && hasMove(turn, 'report'),
  needs: ['requests', 'button'],
  decide: (turn) => {
    const report = findMove(turn, 'report')
    const done = findRated(turn, turn.reading.number, true)
    if (report === undefined || done === undefined || mayBeMeant(turn).some((request) => isOpen(request) && isOfMatter(turn, report, request))) return undefined
    return isOfMatter(turn, report, done) ? reopen(turn, done, text.reopenedAsToldAgain(done.number)) : undefined
  },
}

/** Whether a trouble is that of a request: no other place is named, and its words or its service are. */
const isOfMatter = (turn: Turn, report: MoveOf<'report'>, request: RequestSummary): boolean => isThere(report, request) && (turn.form.read.isAbout(report.text, request) || isOfNoOther(report))

/** What may say that it was done, or that it was not: whoever is asked for a score is asked once more, with a button for either. */
export const scoreAgainStep: Step = {
  name: 'neither a score nor anything else',
  why: 'Before the withdrawal of what is open, since nothing is: "不漏了" is said of what was done. Nothing is thanked that may be a complaint.',
  takes: ['cancel', 'withdraw', 'mended'],
  applies: (turn) => turn.asked === 'score' && turn.draft === null && turn.reading.blank === undefined && turn.reading.number === undefined && (turn.moves.every(({ type }) => type === 'same_contact') || hasMove(turn, 'cancel', 'withdraw', 'mended')),
  needs: ['requests', 'button'],
  decide: (turn) => {
    const request = mayBeMeant(turn).some(isOpen) || answerSettledNotice(turn) ? undefined : findRated(turn, undefined, false)
    return request && askForScore(turn, request)
  },
}

/** So few points are no praise, whatever else was read: 这样的答复我不满意. */
const MOST_OF_COMPLAINT = 2
/** 两分, 给1分: a score and no more. */
const LONGEST_SCORE = 6

/** Praise without anything to rate is thanked; a complaint goes to staff as it is. */
function notRated(turn: Turn, { type, score }: Pick<Move, 'type'> & { score?: number }): Outcome {
  const isBareScore = turn.message.text.length <= LONGEST_SCORE
  if (type === 'complain' ? score === undefined || !isBareScore : score !== undefined && score <= MOST_OF_COMPLAINT && !isBareScore) {
    const meant = whichIsMeant(turn, mayBeMeant(turn))
    return meant === undefined ? leaveToStaff(turn, 'rate_feedback', text.complaintNoted) : { ...followUp(turn, meant, { move: 'complain', said: turn.message.text }), intent: 'rate_feedback' }
  }
  return { intent: 'rate_feedback', replies: [say(turn, 'text', text.rateWhich)], changes: [] }
}

function askForScore(turn: Turn, request: RequestSummary): Outcome {
  const question = `rating:${turn.context.inboundId}`
  const replies = sayPrivately(turn, 'question', text.rateHow, [...[5, 4, 3, 2, 1].map((score) => button(`${score} 分`, `${score}分`)), button('没解决')], text.privateOnly)
  return {
    intent: 'rate_feedback',
    replies: replies.map((reply) => (reply.kind === 'question' ? { ...reply, question } : reply)),
    state: { ...turn.state, waitingFor: { type: 'rating', question, at: turn.now.toISOString(), requestId: request.id } },
    changes: [],
  }
}
