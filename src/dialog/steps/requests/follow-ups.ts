import { isCalled, type RequestSummary } from '../../../domain/office/facts.ts'
import type { RequestCorrection, SaidCorrection, WaitingFor } from '../../../domain/kept-state.ts'
import type { Move, MoveOf, VisitTopic } from '../../../domain/messages/moves.ts'
import type { Change, Outcome } from '../../../domain/messages/outcome.ts'
import { isDone, isEmergency, isOpen, LONGEST_NOTE, takesFollowUps, type RequestStatus } from '../../../domain/requests/requests.ts'
import { toLocalIso } from '../../../domain/time.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { OTHER_CATEGORY } from '../../../language/reader/read-message.ts'
import { JUST_FILED_MS } from '../../staff-requests.ts'
import { isElsewhere } from '../../../language/values/places/same-place.ts'
import { whatIsBehind } from '../../asked.ts'
import { button, text } from '../../text.ts'
import { answerVisitQuestion } from '../../visits.ts'
import { amend } from './amend.ts'
import { findMove, firstMove, hasMove, sayPrivately, type ReadTurn, type Step, type Turn } from '../../turn.ts'

/** What may be said about a request, an emergency excepted, which has steps of its own. */
const FOLLOW_UPS = ['add', 'correct', 'urge', 'ask_visit', 'mended', 'unsolved'] as const
type FollowUp = Extract<Move, { type: (typeof FOLLOW_UPS)[number] }>

/** "卫生间": what staff asked, and wait for. */
export const answerStaffStep: Step = {
  name: 'answer to staff',
  why: 'What staff asked is the question that is open; after the forms and the confirmations of their own, before all that the same words might begin.',
  takes: ['add', 'correct', 'give'],
  applies: (turn) => turn.draft === null && turn.asked === 'staff_question' && turn.moves.some((move) => move.type === 'add' && move.isAnswer === true),
  needs: ['requests', 'button'],
  decide: (turn) => {
    const waiting = (turn.facts.requests ?? []).filter(({ waitingSince }) => waitingSince !== null)
    const request = waiting.find(isReplied(turn)) ?? latestAsked(waiting)
    if (request === undefined) return undefined
    const correct = findMove(turn, 'correct')
    const { correction } = correct === undefined ? {} : amend(turn, request, correct.text, correct, true)
    return {
      intent: turn.reading.intent,
      replies: sayPrivately(turn, 'receipt', text.answerPassedOn(request.category), [], text.privateOnly),
      changes: [note(request, turn.message.text, { to: 'in_progress', ...(correction && { correction }) })],
    }
  },
}

const latestAsked = (waiting: readonly RequestSummary[]): RequestSummary | undefined => [...waiting].sort((one, other) => (other.waitingSince?.getTime() ?? 0) - (one.waitingSince?.getTime() ?? 0))[0]

/** "现在都漏到楼下去了", "我电话换了", "催一下", "几点来": said of what was filed, it stands in its history. */
export const followUpStep: Step = {
  name: 'follow-up of a request',
  why: 'After the forms, to which a remark may belong; before a new request, which an addition would open, and before questions, which would quote a clause at somebody who speaks of his lamp.',
  takes: [...FOLLOW_UPS, 'report'],
  applies: (turn) => turn.draft === null && (hasMove(turn, ...FOLLOW_UPS) || isMoreOfIt(turn)),
  needs: ['requests', 'button'],
  decide: (turn) => {
    const candidates = mayBeMeant(turn)
    const said = firstMove(turn, FOLLOW_UPS)
    if (said === undefined) return moreOfIt(turn, candidates)
    if (candidates.length === 0) return undefined
    const request = whichIsMeant(turn, candidates)
    return request === undefined ? askWhichRequest(turn, { ...saidOf(said), said: turn.message.text }, { sentence: text.aboutWhich, says: '关于', among: candidates }) : followUp(turn, request, saidOf(said))
  },
}

/** A trouble told while something is open. */
const isMoreOfIt = (turn: ReadTurn): boolean => isAfterReceipt(turn) && turn.moves.every(({ type, text: said }) => (type === 'report' || type === 'offer_help') && said === turn.moves[0]?.text) && findMove(turn, 'report')?.isNameless === undefined && hasMove(turn, 'report')

/** Whether what is said may be about what was filed, whatever else was asked after that. */
export const isAfterReceipt = ({ asked, context }: ReadTurn): boolean => asked === 'receipt' || whatIsBehind(asked, context.person) === 'receipt'

/** "合页掉了" after the door: more of the open request where service and place are the same, or where it names no service and no other place. */
function moreOfIt(turn: Turn, candidates: readonly RequestSummary[]): Outcome | undefined {
  const report = findMove(turn, 'report')
  if (report === undefined) return undefined
  const open = candidates.filter((request) => isOpen(request) && !isEmergency(request) && isThere(report, request))
  const alike = open.filter((request) => request.category === report.slots.category)
  if (alike.length > 1) return undefined
  const request = alike[0] ?? (isOfNoOther(report) ? whichIsMeant(turn, open) : undefined)
  return request && followUp(turn, request, { ...saidOf({ type: 'add', text: report.text, slots: {} }), ...(alike.length === 0 && { isGuess: true }) })
}

/** Whether a trouble told while something is filed is of no service of its own, and not led in as another. Who only says that they want to report tells none. */
export const isOfNoOther = ({ slots: { category, description, name, phone }, isFurther }: MoveOf<'report'>): boolean =>
  description !== undefined && isFurther !== true && (name === undefined || phone === undefined) && (category === undefined || category === OTHER_CATEGORY)

/** Which of several was meant: the button, or its number; of the only one, yes or no. */
export const whichRequestStep: Step = {
  name: 'which request',
  why: 'It answers the question that is open; before the number asks after its request.',
  takes: 'all',
  applies: (turn) => turn.state.waitingFor?.type === 'which_request' && turn.draft === null && (turn.reading.number !== undefined || (turn.asked === 'withdraw_sure' && hasMove(turn, 'agree', 'confirm', 'refuse'))),
  needs: ['requests'],
  decide: (turn) => {
    const { waitingFor, ...others } = turn.state
    if (waitingFor?.type !== 'which_request') return undefined
    const number = turn.reading.number ?? waitingFor.sole
    const request = turn.facts.requests?.find((one) => isCalled(one, number))
    if (request === undefined) return undefined
    if (turn.reading.number === undefined && firstMove(turn, ['agree', 'refuse'])?.type === 'refuse') {
      return { intent: 'request_status', replies: sayPrivately(turn, 'receipt', text.notWithdrawn(request.category, request.number), [], text.privateOnly), changes: [note(request, turn.message.text, {})], state: others }
    }
    const { move, text: said, topics, correct } = waitingFor
    return { ...followUp(turn, request, { move, said, ...(topics && { topics }), ...(correct && { correct }) }), state: others }
  },
}

/** What an earlier message says of a request: a move, its words, and what they put right. */
interface Said {
  move: Extract<WaitingFor, { type: 'which_request' }>['move']
  said: string
  topics?: VisitTopic[]
  correct?: SaidCorrection
  /** It may be a matter of its own. */
  isGuess?: boolean
}

function saidOf(move: FollowUp): Said {
  // Of what nobody has called done it says that it be done.
  if (move.type === 'unsolved') return { move: 'urge', said: move.text }
  const said = { move: move.type, said: move.text } as const
  const wish = 'time' in move && move.time !== undefined ? { correct: { field: '', slots: { time: move.time } } } : {}
  if (move.type === 'ask_visit') return { ...said, topics: move.topics, ...wish }
  if (move.type === 'urge') return { ...said, ...wish }
  if (move.type === 'add') {
    const { phone, address } = move.slots
    return { ...said, ...(move.isGuess && { isGuess: true }), correct: { field: '', slots: { ...(phone !== undefined && { phone }), ...(address !== undefined && { address }) } } }
  }
  if (move.type !== 'correct') return said
  const { field, value, instead, slots } = move
  const { name, phone, address, time } = slots
  const told = { ...(name !== undefined && { name }), ...(phone !== undefined && { phone }), ...(address !== undefined && { address }), ...(time !== undefined && { time }) }
  return { ...said, correct: { field, ...(value !== undefined && { value }), ...(instead !== undefined && { instead }), slots: told } }
}

/** Whether no other place is named than that of the request: "四楼的" is in it. */
export function isThere({ slots }: MoveOf<'report'>, { address }: Pick<RequestSummary, 'address'>): boolean {
  const place = slots.address ?? slots.community
  return place === undefined || !isElsewhere(place, address ?? '')
}

const isReplied = ({ facts: { repliedTo } }: Turn) => (request: RequestSummary): boolean => isCalled(request, repliedTo)

/** A request that may be spoken of: their own or one that they follow, open or ended lately; an emergency where there is no other. */
export function mayBeMeant(turn: Turn): RequestSummary[] {
  const candidates = (turn.facts.requests ?? []).filter((request) => takesFollowUps(request, turn.now))
  const others = candidates.filter((request) => !isEmergency(request))
  return others.length > 0 ? others : candidates
}

/** What was replied to, the only one, the one about such a thing, or what was filed just now; undefined where it may be any of several. */
export function whichIsMeant(turn: Turn, candidates: readonly RequestSummary[]): RequestSummary | undefined {
  const replied = candidates.find(isReplied(turn)) ?? candidates.find((one) => isCalled(one, turn.reading.number))
  if (replied !== undefined) return replied
  const open = candidates.filter(isOpen)
  const likely = open.length > 0 ? open : candidates
  if (likely.length === 1) return likely[0]
  const service = turn.form.read.category(turn.message.text)
  const ofService = likely.filter(({ category }) => category === service)
  if (ofService.length === 1) return ofService[0]
  const nearest = turn.form.read.nearest(turn.message.text, likely.map(({ category, description, address }) => `${category} ${description} ${address ?? ''}`))
  if (nearest !== undefined) return likely[nearest]
  const [newest] = likely
  return newest !== undefined && turn.state.just === 'receipt' && turn.now.getTime() - newest.createdAt.getTime() < JUST_FILED_MS ? newest : undefined
}

const MOST_LISTED = 5
const LONGEST_BUTTON = 16

/** What a request is about, in a button: its service, and what was said but for the place. */
function labelOf({ category, description, address }: RequestSummary): string {
  const told = address === null ? description : description.replace(address, '')
  return cleanTyped(told === '' || told === category ? category : `${category}：${told}`, { longest: LONGEST_BUTTON })
}

/** Buttons that say what each is about; `says` and its number is what they answer with. */
export function askWhichRequest(turn: Turn, { move, said, topics, correct }: Said, ask: { sentence: string; says: string; among: readonly RequestSummary[] }): Outcome {
  const question = `which-request:${turn.context.inboundId}`
  const [sole, ...others] = ask.among
  const buttons = ask.among.slice(0, MOST_LISTED).map((request) => button(labelOf(request), `${ask.says} ${request.number}`))
  return {
    intent: move === 'withdraw' ? 'cancel' : 'request_status',
    replies: sayPrivately(turn, 'question', ask.sentence, buttons, text.privateOnly).map((reply) => (reply.kind === 'question' ? { ...reply, question } : reply)),
    state: { ...turn.state, waitingFor: { type: 'which_request', question, at: turn.now.toISOString(), text: said, move, ...(move === 'withdraw' && sole !== undefined && others.length === 0 && { sole: sole.number }), ...(topics && { topics }), ...(correct && { correct }) } },
    stateIn: 'both',
    changes: [],
  }
}

export function followUp(turn: Turn, request: RequestSummary, { move, said, topics = [], correct, isGuess = false }: Said): Outcome {
  const amended = move === 'withdraw' ? undefined : amend(turn, request, said, correct ?? { field: '', slots: {} }, move === 'correct')
  const correction = amended?.correction
  // Who asks what is recorded has put nothing right.
  const asksOnly = move === 'ask_visit' && topics.includes('record') && amended?.buttons.length === 0
  const [doubt, asks] = amended === undefined || !isOpen(request) || asksOnly ? ['', []] : [amended.doubt, amended.buttons]
  const noted = (more: Omit<Parameters<typeof note>[2], 'correction'> = {}): Change => note(request, said, { ...more, ...(correction && { correction }) })
  const reply = (sentence: string, changes: Change[]): Outcome => ({ intent: move === 'add' || move === 'correct' ? 'service_request' : 'request_status', replies: sayPrivately(turn, 'receipt', [sentence, doubt].filter((part) => part !== '').join('\n'), asks, text.privateOnly), changes })
  const wished = correction?.wantedTime ?? correct?.slots.time
  if ((move === 'urge' || move === 'ask_visit') && wished !== undefined && isOpen(request)) return reply(text.visitWished(request.category, request.assignee, wished), [noted()])
  const corrected = correction && text.correctedInRequest(request.category, request.number, correction)
  switch (move) {
    case 'add':
    case 'correct':
      return reply(corrected ?? text.addedToRequest(request, isGuess), [noted()])
    case 'urge': {
      const isAgain = request.urgedAt !== null && toLocalIso(request.urgedAt).slice(0, 10) === toLocalIso(turn.now).slice(0, 10)
      const reopens = isDone(request)
      return reply([text.urged(request, isAgain), corrected].filter((part) => part !== undefined).join('\n'), [noted({ ...(!isAgain && { urges: true }), ...(reopens && { to: 'reopened' }) })])
    }
    case 'mended':
      return isOpen(request) && request.isOwn ? askIfWithdrawn(turn, request, said) : reply(text.addedToRequest(request), [note(request, said, {})])
    case 'complain': {
      const isAgain = request.urgedAt !== null
      return reply(text.complaintJoined(request.category, request.number, isDone(request)), [noted({ ...(!isAgain && isOpen(request) && { urges: true }) })])
    }
    case 'ask_visit':
      return reply([answerVisitQuestion(turn, request, topics), corrected].filter((part) => part !== undefined).join('\n'), [noted()])
    case 'withdraw':
      return reply(text.withdrawn(request.number), [{ type: 'change_request', requestId: request.id, status: 'cancelled', note: cleanTyped(said, { longest: LONGEST_NOTE }), otherwise: sayPrivately(turn, 'receipt', text.cannotWithdraw(request.number, request.status), [], text.privateOnly) }])
    default:
      return move satisfies never
  }
}

/** What got well is noted at once; whether anybody is still to come, they say: with a button, or with yes or no. */
function askIfWithdrawn(turn: Turn, request: RequestSummary, said: string): Outcome {
  const ask = { sentence: text.mended(request.category, request.number), says: '撤回', among: [request] }
  const asked = askWhichRequest(turn, { move: 'withdraw', said }, ask)
  const buttons = [button('撤回', `撤回 ${request.number}`), button(text.stillCome)]
  return { ...asked, replies: asked.replies.map((one) => (one.kind === 'question' ? { ...one, buttons } : one)), changes: [note(request, said, {})] }
}

const note = (request: RequestSummary, said: string, more: { to?: RequestStatus; correction?: RequestCorrection; urges?: true }): Change => ({ type: 'note_on_request', requestId: request.id, note: cleanTyped(said, { longest: LONGEST_NOTE }), ...more })
