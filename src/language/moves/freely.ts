import type { Asked, Move, MoveName } from '../../domain/messages/moves.ts'
import type { Intent, Slots } from '../../domain/messages/understanding.ts'
import { withoutRequestNumber } from '../commands.ts'
import { readRating } from '../ratings.ts'
import { isWholeReport, readAboutRequest, readAnswerToStaff, readTalkBeside } from './about-request.ts'
import { isOfIntent, LIKELY, MOVE_OF_INTENT, PLAIN_MOVE, VERY_LIKELY, type Part } from './part.ts'

/** What is said of something that is there already, or of oneself: it is none of the eleven intents, or a finer one. */
const ABOUT_WHAT_IS: ReadonlySet<MoveName> = new Set<MoveName>([
  'add', 'correct', 'urge', 'ask_visit', 'same_contact', 'unsolved', 'withdraw', 'mended', 'change_registration', 'pause_volunteering', 'leave_volunteers', 'my_data', 'delete_data', 'withdraw_consent',
  'subscribe', 'unsubscribe', 'acknowledge', 'details', 'pass_on', 'help', 'agree', 'refuse', 'confirm', 'skip',
])
/** Answers to an offer, to what was answered or done, to a yes or no: few words, said to somebody who asked. */
const MAY_ANSWER = ['accept_offer', 'decline_offer', 'offer_done', 'useful', 'useless', 'agree', 'refuse', 'unsolved'] as const
const LONGEST_ANSWER = 20
const MAY_BE_ANSWER = 0.1
/** Where nobody asked they must be certain to be more than one reading among others. */
const CERTAIN = 0.9
const ANSWERS_TO: Partial<Record<MoveName, readonly (Asked | null)[]>> = {
  accept_offer: ['offer'], decline_offer: ['offer'], offer_done: ['offer'], useful: ['answer'], useless: ['answer'],
}
/** A report in so few characters is one only when it is this likely. */
const LONGEST_WORD = 4
const PLAIN_WORD = 0.95
const RATINGS = ['praise', 'complain', 'unsolved'] as const
const TALK = ['greet', 'thank', 'bye', 'chat', 'help', 'acknowledge'] as const
/** A question is looked up where nothing better is known of a message, if it may be one. */
const MAY_ASK = 0.12
/** Right after an emergency what may be dangerous at all is about it. */
const STILL_DANGER = 0.2

/** What a part does where no form is open: what it may answer, and what it wants of itself. Whether anybody asked, the dialogue knows. */
export function readFreely(part: Part): Move[] {
  const asksAfter = afterNumber(part)
  return [...asAnswer(part), ...asksAfter, ...(asksAfter.length > 0 && withoutRequestNumber(part.text).length <= LONGEST_ASKING ? [] : ofItself(part))]
}

/** 查一下 and a number says no more. */
const LONGEST_ASKING = 6

function asAnswer(part: Part): Move[] {
  if (part.text.length > LONGEST_ANSWER) return []
  const toOffer = part.movesAfter('offer')
  const isRatherPraise = part.context.asked === 'score' && part.probabilityOf('praise') > part.probabilityOf('unsolved')
  return MAY_ANSWER.filter((name) => !(name === 'unsolved' && isRatherPraise)).filter((name) => part.probabilityOf(name) >= MAY_BE_ANSWER || (OFFER_ANSWERS.has(name) && (toOffer.get(name) ?? 0) >= LIKELY)).map((name) => part.move(name))
}

/** Whether a neighbour waits for an answer, the reader does not know: 没空 may be said to that. */
const OFFER_ANSWERS: ReadonlySet<MoveName> = new Set<MoveName>(['accept_offer', 'decline_offer', 'offer_done'])

/** A number asks after its request, where nothing else is clearly wanted of it. */
function afterNumber(part: Part): Move[] {
  // What is kept of a request is told with it.
  const isOther = part.likeliest !== 'my_data' && (ABOUT_WHAT_IS.has(part.likeliest) || RATINGS.some((name) => name === part.likeliest))
  return part.named.number === undefined || (isOther && part.likelihood >= LIKELY) ? [] : [part.move('status')]
}

const WAITED_FOR = ['score', 'delete_sure', 'announcement_sure', 'subscription', 'nameless', 'withdraw_sure'] as const
type WaitedFor = (typeof WAITED_FOR)[number]

function ofItself(part: Part): Move[] {
  const { asked } = part.context
  if (part.isCalledOff()) return [{ type: 'safe', text: part.text }]
  if (isAfterEmergency(part)) return [aboutEmergency(part), ...(waitsForHelp(part) ? [] : ofIntents(part))]
  const aboutRequest = asked === 'staff_question' ? readAnswerToStaff(part) : asked === 'receipt' ? (readAboutRequest(part) ?? readTalkBeside(part)) : undefined
  if (aboutRequest !== undefined) return aboutRequest
  if (asked === 'receipt' && isWholeReport(part)) return ofIntents(part)
  // What it wants alone reads as talk, and what it does as none.
  if (asked === 'receipt' && part.read.gist.intents[0] === 'smalltalk' && !TALK.some((name) => name === part.likeliest)) return []
  const answers = ANSWERS_TO[part.likeliest]
  if (answers !== undefined && part.likelihood >= (answers.includes(asked) ? LIKELY : CERTAIN)) return [part.move(part.likeliest), ...ofIntents(part)]
  const waited = WAITED_FOR.find((one) => one === asked)
  const answer = waited === undefined ? undefined : answerTo(part, waited)
  if (answer !== undefined) return answer
  if (asked !== 'receipt' && mayGoOn(part)) return []
  // What it calls off or chats about, the move says more finely.
  const isCoarse = COARSE.has(part.read.gist.intents[0] ?? 'other')
  return ABOUT_WHAT_IS.has(part.likeliest) && part.likelihood >= (isCoarse ? LIKELY : VERY_LIKELY) ? [part.move(part.likeliest), ...besides(part)] : ofIntents(part)
}

const COARSE: ReadonlySet<Intent> = new Set<Intent>(['cancel', 'smalltalk', 'other'])
/** Matters that one message may hold besides something about what is there already. */
const MATTERS: ReadonlySet<Intent> = new Set<Intent>(['service_request', 'ask_policy', 'human_handoff'])
const besides = (part: Part): Move[] => (part.likelihood >= CERTAIN ? [] : part.read.gist.intents.filter((intent) => MATTERS.has(intent)).flatMap((intent) => ofIntent(part, intent)))

/** A word or two that may be the beginning of more. */
function mayGoOn({ text, read: { gist } }: Part): boolean {
  const [first] = gist.intents
  return text.length <= LONGEST_WORD && (first === 'service_request' || (first === 'other' && gist.intents.includes('service_request'))) && (gist.probabilities.get('service_request') ?? 0) < PLAIN_WORD
}

/** "救护车怎么还没到": what is asked or complained of right after an emergency is that one, where nothing else is named. */
const WAITS_FOR_HELP: readonly MoveName[] = ['status', 'urge', 'ask_visit', 'unsolved', 'complain', 'emergency']
const waitsForHelp = (part: Part): boolean => {
  const { named, read: { slots } } = part
  return named.number === undefined && slots.category === undefined && slots.time === undefined && WAITS_FOR_HELP.reduce((sum, name) => sum + part.probabilityOf(name), 0) >= LIKELY
}

function isAfterEmergency(part: Part): boolean {
  const { context, read: { slots, gist } } = part
  return context.afterEmergency === true && (slots.address !== undefined || slots.phone !== undefined || gist.danger >= STILL_DANGER || waitsForHelp(part))
}

function aboutEmergency(part: Part): Move {
  const { address, phone } = part.read.slots
  const slots: Slots = { ...(address !== undefined && { address }), ...(phone !== undefined && { phone }) }
  return part.read.gist.danger >= STILL_DANGER || waitsForHelp(part) ? { type: 'add', text: part.text, about: 'emergency', slots } : part.give()
}

/** Whether it answers what is asked outside of a form and of what is filed. */
export function answersWhatWaits(part: Part): boolean {
  const waited = WAITED_FOR.find((one) => one === part.context.asked)
  return waited !== undefined && answerTo(part, waited) !== undefined
}

/** Asked at the end of a receipt: what is said next is mostly about what was filed, and an answer only where it clearly is. */
const CLEAR = 0.75
const ASKED_BESIDE: ReadonlySet<WaitedFor> = new Set<WaitedFor>(['subscription', 'nameless'])

/** undefined when it answers something else. */
function answerTo(part: Part, asked: WaitedFor): Move[] | undefined {
  const { text, likeliest, likelihood } = part
  if (asked === 'score') {
    const rating = readRating(text, true)
    return rating.score === undefined && rating.isOutOfRange !== true ? undefined : [part.rating(likeliest === 'complain' ? 'complain' : 'praise'), ...besides(part)]
  }
  // 对，撤了吧: said to the question whether it is called off.
  if (asked === 'withdraw_sure' && (likeliest === 'withdraw' || likeliest === 'cancel') && likelihood >= LIKELY) return [{ type: 'agree', text }]
  const isYes = likeliest === 'agree' || likeliest === 'confirm'
  const isNo = likeliest === 'refuse' || likeliest === 'cancel' || likeliest === 'skip'
  if (likelihood < (ASKED_BESIDE.has(asked) ? CLEAR : LIKELY) || !(isYes || isNo) || (text.length > LONGEST_ANSWER && likelihood < CERTAIN)) return undefined
  switch (asked) {
    case 'delete_sure':
      return [{ type: isYes ? 'confirm' : 'refuse', text, of: 'deletion' }]
    case 'announcement_sure':
      return [{ type: isYes ? 'confirm' : 'cancel', text, of: 'announcement' }]
    case 'subscription':
    case 'nameless':
      return [part.move(isYes ? 'agree' : 'refuse'), ...ofIntents(part)]
    case 'withdraw_sure':
      return [{ type: isYes ? 'agree' : 'refuse', text }]
    default:
      return asked satisfies never
  }
}

/** The moves of what it asks for. What is called off is not also asked for. */
function ofIntents(part: Part): Move[] {
  const { gist, intent } = part.read
  const [first] = gist.intents
  const intents: readonly Intent[] = first === 'cancel' ? ['cancel'] : [...new Set([...(first === 'emergency' ? [intent] : []), ...gist.intents])].filter((one) => one !== 'emergency')
  // "想开证明，要带什么" asks; what is asked for with it is told in the answer.
  const asksOnly = first === 'ask_policy' && (gist.probabilities.get('service_request') ?? 0) < ASKED_FOR_TOO
  // Where the move makes plain what is wanted, the others must be likely too; where it is certain, there are none: 收费不 asks.
  const isPlain = isOfIntent(part.likeliest, first) && part.likelihood >= PLAIN_MOVE
  const wanted = intents.filter((one) => one === first || !((asksOnly && one === 'service_request') || (isPlain && (part.likelihood >= CERTAIN || (gist.probabilities.get(one) ?? 0) < ASKED_FOR_TOO))))
  return wanted.flatMap((one) => ofIntent(part, one))
}

const ASKED_FOR_TOO = 0.45

function ofIntent(part: Part, intent: Intent): Move[] {
  switch (intent) {
    case 'rate_feedback':
      return [part.rating(part.best(RATINGS))]
    case 'smalltalk':
      return [part.move(part.best(TALK))]
    case 'cancel':
      return [part.move(part.named.number === undefined ? part.best(['cancel', 'withdraw']) : 'withdraw')]
    case 'other':
      return (part.read.gist.probabilities.get('ask_policy') ?? 0) >= MAY_ASK ? [part.ask(false)] : []
    default:
      return [part.move(MOVE_OF_INTENT[intent])]
  }
}
