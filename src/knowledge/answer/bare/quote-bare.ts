import { normalize } from '../../../language/normalize.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'
import { splitParts, splitSentences } from '../../find/words/windows.ts'
import type { Span } from '../../find/words/windows.ts'
import type { QuestionView } from '../question-view.ts'
import { readAskedThing } from './asked-held.ts'
import type { AskedThing } from './asked-held.ts'

/** A whole list may make an answer longer than others. */
export const LONGEST_LIST = 480
/** Of a longer list each thing is cut at a mark after so many characters. */
const SHORT_ITEM = 36
const MOST_ITEMS = 16
/** A run cut out of a sentence is at least so long. */
const SHORTEST_RUN = 40

export interface QuoteInput {
  view: QuestionView
  position: number
  text: string
  /** What stands over the clause. */
  over: string
  /** Characters that all runs together may have. */
  longest: number
}

interface Sentence extends Span {
  nearness: number
  isHolder: boolean
}

const LISTING: readonly AskedKind[] = ['list', 'materials', 'condition', 'procedure', 'definition']
/** Words at the end of a sentence after which its things follow. */
const LEAD_IN = /[:：]\s*$/
const ITEM = /^\s*(?:[(（]?[\d一二三四五六七八九十]+[)）、.．]|[①-⑳●○·•\-—])/

/** The runs of a clause's own words that answer, in the order of the text; neighbours are one run. */
export function quoteBare(input: QuoteInput): Span[] {
  const { view, position, text, longest } = input
  const whole = trimmed(text, 0, text.length)
  if (whole.end - whole.start <= longest) return [whole]
  const thing = readAskedThing(view.kinds, view.asked)
  const windows = view.windowsOf(position)
  const sentences = splitSentences(text).map((span): Sentence => {
    const window = windows.find(({ span: own }) => own.start === span.start && own.end === span.end)
    return { ...span, nearness: (window?.words ?? 0) + (window?.meaning ?? 0), isHolder: thing?.isHeldBy(text.slice(span.start, span.end), input.over) === true }
  })
  const best = [...sentences].sort((left, right) => Number(right.isHolder) - Number(left.isHolder) || right.nearness - left.nearness)[0]
  if (best === undefined) return [{ start: whole.start, end: Math.min(whole.end, whole.start + longest) }]
  const list = listAround(text, sentences, best)
  if (list !== null && thing === null && view.kinds.some((kind) => LISTING.includes(kind))) return quoteList(text, list)
  return joinRuns(text, fill(text, sentences, best, list, thing, longest))
}

interface FoundList {
  lead: Sentence
  items: Sentence[]
}

/** The list that a sentence leads in or belongs to; null where it is in none. */
function listAround(text: string, sentences: readonly Sentence[], sentence: Sentence): FoundList | null {
  const isLead = ({ start, end }: Span): boolean => LEAD_IN.test(text.slice(start, end))
  const isItem = ({ start, end }: Span): boolean => ITEM.test(text.slice(start, end))
  const at = sentences.indexOf(sentence)
  for (let place = at; place >= 0; place -= 1) {
    const lead = sentences[place]
    if (lead === undefined || !isLead(lead) || isItem(lead)) continue
    const rest = sentences.slice(place + 1)
    if (rest[0] === undefined || !isItem(rest[0])) return null
    // What follows the last item on its line belongs to it, what begins a line does not.
    const end = rest.findIndex((candidate, index) => index > 0 && !isItem(candidate) && /\n\s*$/.test(text.slice(0, candidate.start)))
    const items = end === -1 ? rest : rest.slice(0, end)
    return at <= place + items.length ? { lead, items } : null
  }
  return null
}

function quoteList(text: string, { lead, items }: FoundList): Span[] {
  const last = items.at(-1) ?? lead
  const whole = { start: lead.start, end: last.end }
  if (whole.end - whole.start <= LONGEST_LIST) return [whole]
  const cut = (span: Span): Span => {
    const [part] = splitParts(text, span, SHORT_ITEM)
    return part === undefined || ITEM.exec(text.slice(part.start, part.end))?.[0].length === part.end - part.start ? span : part
  }
  return [lead, ...items.slice(0, MOST_ITEMS).map((item) => (item.end - item.start <= SHORT_ITEM ? item : cut(item)))].map(({ start, end }) => ({ start, end }))
}

/** The best sentence, the lead-in of its list, and then whatever is nearest to the question, as much as there is room for. */
function fill(text: string, sentences: readonly Sentence[], best: Sentence, list: FoundList | null, thing: AskedThing | null, longest: number): Span[] {
  const order = [...sentences].sort((left, right) => right.nearness - left.nearness)
  const neighbours = [sentences[sentences.indexOf(best) + 1], sentences[sentences.indexOf(best) - 1]]
  const second = thing === null ? [] : order.slice(0, 1)
  const wanted = [best, ...(list === null || list.lead === best ? [] : [list.lead]), ...second, ...(list?.lead === best ? order.filter((sentence) => list.items.includes(sentence)).slice(0, 1) : []), ...neighbours, ...order]
  const chosen: Span[] = []
  let left = longest
  for (const sentence of wanted) {
    if (sentence === undefined || chosen.some(({ start }) => sentence.start <= start && start < sentence.end)) continue
    const run = sentence.end - sentence.start <= left ? sentence : left >= SHORTEST_RUN ? cutRun(text, sentence, left, chosen.length === 0 ? thing : null) : null
    if (run === null) continue
    chosen.push({ start: run.start, end: run.end })
    left -= run.end - run.start
  }
  return chosen
}

/** Neighbouring parts of a long sentence within the limit: from the first that holds what is asked for, else from its beginning. */
function cutRun(text: string, sentence: Span, longest: number, thing: AskedThing | null): Span | null {
  const parts = splitParts(text, sentence, longest).filter(({ start, end }) => end - start <= longest)
  const held = thing === null ? -1 : parts.findIndex(({ start, end }) => thing.isHeldBy(text.slice(start, end)))
  let [first, last] = [Math.max(0, held), Math.max(0, held)]
  const fits = (from: number, to: number): boolean => (parts[to]?.end ?? 0) - (parts[from]?.start ?? 0) <= longest
  while (first > 0 && fits(first - 1, last)) first -= 1
  while (last + 1 < parts.length && fits(first, last + 1)) last += 1
  const [start, end] = [parts[first]?.start, parts[last]?.end]
  return start === undefined || end === undefined ? (thing === null ? null : { start: sentence.start, end: sentence.start + longest }) : { start, end }
}

function joinRuns(text: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of [...spans].sort((left, right) => left.start - right.start)) {
    const last = joined.at(-1)
    if (last !== undefined && text.slice(last.end, span.start).trim() === '') last.end = span.end
    else joined.push({ ...span })
  }
  return joined.filter(({ start, end }) => normalize(text.slice(start, end)).trim() !== '')
}

function trimmed(text: string, start: number, end: number): Span {
  const own = text.slice(start, end)
  return { start: start + (own.length - own.trimStart().length), end: end - (own.length - own.trimEnd().length) }
}
