import type { Move, MoveName } from '../../domain/messages/moves.ts'
import { findCommand } from '../commands.ts'
import { locateTimes } from '../values/times/times.ts'
import { readVisitTopics } from '../values/times/visit-questions.ts'
import { VERY_LIKELY, type Part } from './part.ts'

/** What is said about a request that is there already. */
const ABOUT_REQUEST: ReadonlySet<MoveName> = new Set<MoveName>(['add', 'correct', 'urge', 'ask_visit', 'withdraw', 'mended', 'unsolved', 'status'])
/** What one message may say besides. */
const BESIDES: readonly MoveName[] = ['report', 'ask', 'add', 'correct', 'urge', 'ask_visit', 'withdraw', 'mended', 'thank']
/** A message that does two things is read as half of each. */
const SHARE = 0.3

const second = (part: Part, but: MoveName): Move[] => BESIDES.filter((name) => name !== but && part.probabilityOf(name) >= SHARE).map((name) => part.move(name))

/** What one message is about a request, all ways of it together. */
const shareAboutRequest = (part: Part): number => [...ABOUT_REQUEST].reduce((sum, name) => sum + part.probabilityOf(name), 0)
const MOSTLY = 0.5
/** 好的 and 知道了 say no more; what is longer, or names a time (明天下午我在家), tells something. */
const LONGEST_NOD = 8
const lettersOf = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
const tellsWithNod = ({ likeliest, text, context }: Part): boolean => likeliest === 'acknowledge' && (lettersOf(text) > LONGEST_NOD || locateTimes(text, context.now).length > 0)

/**
 * What it does was learnt beside something filed, what it wants without: here the first counts, where all that is said of a request is together
 * more likely than anything else.
 */
function isAboutRequest(part: Part): boolean {
  if (asksOfVisit(part) || tellsWithNod(part)) return true
  const share = shareAboutRequest(part)
  return (share >= MOSTLY || (share >= part.likelihood && part.probabilityOf('report') < SHARE)) && !isWholeReport(part)
}

const CERTAIN = 0.9
const SURELY_REPORT = 0.95
/** A trouble told with who it is, or with where and of which service, is a report of its own: it joins what is open only where it is of the same. */
export function isWholeReport(part: Part): boolean {
  const { moves, slots } = part.readAlone(part.text)
  const isTold = slots.description !== undefined && slots.category !== undefined && (slots.phone !== undefined || (slots.address !== undefined && (slots.name !== undefined || isLedIn(part.text))))
  return isTold && Math.max(moves.get('report') ?? 0, part.read.gist.probabilities.get('service_request') ?? 0) >= SURELY_REPORT
}

/** "报修：暖气不热": the command, and what it is about. */
const isLedIn = (text: string): boolean => findCommand(text.split(/[:：,，\s]/u, 1)[0] ?? '')?.type === 'report'

/** Whether it is plainly about a request that is there. */
export const speaksOfRequest = (part: Part): boolean => part.context.asked === 'staff_question' || (part.context.asked === 'receipt' && isAboutRequest(part))

/** What is said while a request of this person is open; undefined where it reads as something else. */
export function readAboutRequest(part: Part): Move[] | undefined {
  if (!isAboutRequest(part)) return undefined
  if (asksOfVisit(part)) return [part.move('ask_visit')]
  if (tellsWithNod(part)) return [part.move('add'), ...second(part, 'add')]
  const best = part.best([...ABOUT_REQUEST] as [MoveName, ...MoveName[]])
  // "明天上午别来" puts right nothing that is known.
  const likeliest = best === 'correct' && part.likelihood < CERTAIN && part.wished().time === undefined && part.read.slots.phone === undefined && part.read.slots.address === undefined ? 'add' : best
  if (mayCallOff(part, likeliest)) return [{ ...part.move('withdraw'), type: 'withdraw', isGuess: true }]
  return [part.move(likeliest), ...second(part, likeliest)]
}

/** What reads as a remark by what it does, and as calling off by what it wants, or hardly as calling off: they are asked which. */
function mayCallOff({ likelihood, read: { gist } }: Part, likeliest: MoveName): boolean {
  if (likeliest === 'withdraw') return likelihood < VERY_LIKELY
  return likeliest === 'add' && gist.intents[0] === 'cancel' && (gist.probabilities.get('cancel') ?? 0) >= VERY_LIKELY
}

const TALK: readonly MoveName[] = ['greet', 'thank', 'bye', 'chat', 'acknowledge']
/** A matter of its own is more likely than that. */
const MAY_BE_MATTER = 0.35
const MATTERS: readonly MoveName[] = ['report', 'ask', 'offer_help', 'person', 'complain', 'praise', 'emergency']

/** What is talk, said while something is filed: undefined where it may be a matter. */
export const readTalkBeside = (part: Part): Move[] | undefined =>
  TALK.includes(part.likeliest) && MATTERS.every((name) => part.probabilityOf(name) < MAY_BE_MATTER) ? [part.move(part.likeliest), ...(part.read.gist.intents[0] === 'ask_policy' ? [part.ask(false)] : [])] : undefined

/** "这个收费吗": who has a request open asks of that, where the words say nothing else. */
function asksOfVisit(part: Part): boolean {
  if (asksOfRecord(part)) return true
  const isShort = part.text.length <= LONGEST_QUESTION
  return isShort && part.likeliest === 'ask' && part.probabilityOf('ask_visit') >= MAY_ASK_OF_VISIT && readVisitTopics(part.text).length > 0
}
const LONGEST_QUESTION = 16

const ASKS: ReadonlySet<MoveName> = new Set<MoveName>(['status', 'ask_visit', 'my_data', 'ask'])
/** "我登记的是哪个电话": what stands in the request is told, whichever question it reads as. */
const asksOfRecord = ({ text, likeliest, read: { gist } }: Part): boolean => readVisitTopics(text).includes('record') && (ASKS.has(likeliest) || gist.intents[0] === 'request_status')
const MAY_ASK_OF_VISIT = 0.2

/** What is no answer, whatever staff asked, where it surely is that. */
const NO_ANSWER: ReadonlySet<MoveName> = new Set<MoveName>([
  'withdraw', 'mended', 'cancel', 'ask', 'report', 'person', 'status', 'urge', 'ask_visit', 'complain', 'unsolved', 'praise', 'announce', 'offer_help', 'my_data', 'delete_data', 'withdraw_consent', 'unsubscribe', 'thank', 'greet', 'bye', 'help', 'emergency',
])

const CLAUSE = /^[^。！!；;\n]{1,40}?(?:[。！!；;\n]+|(?=对了|另外|还有个?事|顺便))/

/** "十四度。对了，单元门也关不上了": what answers, before a matter of its own. */
function answerBefore(part: Part): { answer: Move; rest: string } | undefined {
  const [lead] = CLAUSE.exec(part.text) ?? []
  if (lead === undefined || lead.length === part.text.length) return undefined
  const first = part.of(lead.trim())
  if (NO_ANSWER.has(first.likeliest) && first.likelihood >= VERY_LIKELY) return undefined
  return { answer: { type: 'add', text: lead.trim(), isAnswer: true, slots: first.read.slots }, rest: part.text.slice(lead.length).trim() }
}

/** What is said after staff asked something: the answer, unless it surely is something else; then that, and the answer too where it may hold one. */
export function readAnswerToStaff(part: Part): Move[] {
  const { likeliest, likelihood, text } = part
  const { slots } = part.read
  if (likeliest === 'correct') return [{ ...part.move('correct') }, { type: 'add', text, isAnswer: true, slots }]
  const answer: Move = { type: 'add', text, isAnswer: true, slots }
  if (!NO_ANSWER.has(likeliest) || likelihood < VERY_LIKELY) return [answer, ...second(part, 'add').filter(({ type }) => type === 'report' || type === 'ask')]
  const before = answerBefore(part)
  if (before !== undefined) return [before.answer, part.of(before.rest).move(likeliest)]
  const other = part.move(likeliest === 'cancel' ? 'withdraw' : likeliest)
  return part.probabilityOf('add') >= SHARE ? [answer, other] : [other]
}
