import { holdsKind, isStrictKind } from '../../find/questions/asked-kind.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'
import { readCounted } from './short-answer.ts'
import { tokenize } from '../../find/words/tokens.ts'
import { splitParts, splitSentences } from '../../find/words/windows.ts'
import type { Span } from '../../find/words/windows.ts'

/** A sentence up to this long is quoted whole, of a longer one a run. */
export const LONGEST_QUOTE = 200
/** Sentences that follow each other are one run up to this length. */
const LONGEST_JOINED = 160
/** All runs together, so that the whole answer stays within 300 characters. */
const LONGEST_TOGETHER = 205
const MOST_SENTENCES = 3
/** Sentences are added until one of them answers with this probability. */
const ENOUGH = 0.9

/** A question in words: terms with their weights. */
export type WeightedTerms = ReadonlyMap<number, number>

export interface ExtractInput {
  text: string
  title: string
  /** What is asked, in the resident's words. */
  question: string
  /** The question's own terms. */
  weights: WeightedTerms
  /** Typical questions of this passage that are like it, 0..1: they say the same in words nearer to the text's. */
  alike: readonly { weights: WeightedTerms; nearness: number }[]
  kinds: readonly AskedKind[]
  /** How near a sentence is in meaning, 0..1; null without a model. */
  meaning: ((sentence: Span) => number) | null
  /** Characters of one run, 200 at most. */
  longest?: number
  /** Sentences at most, 3 unless told. */
  mostSentences?: number
}

/**
 * What makes a sentence the one that answers: log-odds for each measure, fitted by softmax regression on 484 labelled questions of which
 * the answering words are known, cross-validated with whole clauses left out (one sentence .89, the sentences taken here .97).
 */
const LOG_ODDS = {
  lexical: { words: 2.5, alike: 4.9, meaning: 0, kind: 1.2, list: 0.6, rule: 0.5, title: -2.4, length: 0.15 },
  hybrid: { words: 2.3, alike: 3.4, meaning: 15, kind: 0.7, list: 0.6, rule: 0.3, title: -2.7, length: 0.9 },
}

/**
 * The runs of a passage's own words that answer, best first: as many sentences as are needed to be fairly sure, one when it is clearly
 * the best; neighbours as one run. Each is at most 200 characters, and always `text.slice(start, end)`.
 */
export function extractQuotes(input: ExtractInput): Span[] {
  const sentences = splitSentences(input.text)
  if (sentences.length === 0) return [{ start: 0, end: Math.min(input.text.length, LONGEST_QUOTE) }]
  const { longest = LONGEST_QUOTE, mostSentences = MOST_SENTENCES } = input
  const chosen: Span[] = []
  let sure = 0
  for (const { sentence, probability } of rateSentences(input, sentences)) {
    if (chosen.length >= mostSentences || sure >= ENOUGH) break
    if (sentence === sentences[0] && sentences.length > 1 && repeatsTitle(input, sentence) && !holdsAsked(input, textOf(input, sentence))) continue
    const run = length(sentence) <= longest ? sentence : bestRun(input, sentence, longest)
    if (chosen.length > 0 && !makeRoom(input, chosen, length(run))) continue
    chosen.push(run)
    sure += probability
  }
  return joinNeighbours(input.text, chosen)
}

/** Shorter runs say too little. */
const SHORTEST_CUT = 60

/** Whether one more run fits beside those chosen, a single one cut to what matters most where need be. */
function makeRoom(input: ExtractInput, chosen: Span[], added: number): boolean {
  const left = LONGEST_TOGETHER - added
  if (chosen.reduce((sum, span) => sum + length(span), 0) <= left) return true
  const [only] = chosen
  if (only === undefined || chosen.length > 1 || left < SHORTEST_CUT) return false
  chosen[0] = bestRun(input, only, left)
  return true
}

const textOf = ({ text }: Pick<ExtractInput, 'text'>, { start, end }: Span): string => text.slice(start, end)
const length = ({ start, end }: Span): number => end - start

/** Sentences by the probability that they answer, best first. */
function rateSentences(input: ExtractInput, sentences: readonly Span[]): { sentence: Span; probability: number }[] {
  const own = sentences.map(({ start, end }) => new Set(tokenize(input.text.slice(start, end))))
  const words = shareWords(input.weights, own)
  const alike = input.alike.map(({ weights, nearness }) => ({ shares: shareWords(weights, own), nearness }))
  const allNearness = alike.reduce((sum, { nearness }) => sum + nearness, 1e-6)
  const meanings = sentences.map((sentence) => input.meaning?.(sentence) ?? 0)
  const holds = sentences.map((sentence) => holdsAsked(input, textOf(input, sentence)))
  const weights = LOG_ODDS[input.meaning === null ? 'lexical' : 'hybrid']
  const odds = sentences.map(
    (sentence, place) =>
      weights.words * (words[place] ?? 0) +
      weights.alike * (alike.length === 0 ? UNTOLD * (words[place] ?? 0) : alike.reduce((sum, { shares, nearness }) => sum + ((shares[place] ?? 0) * nearness) / allNearness, 0)) +
      weights.meaning * (meanings[place] ?? 0) +
      weights.kind * Number(holds[place] === true && holds.includes(false)) +
      weights.list * Number(input.kinds.includes('list') && /、[^、]+、/.test(textOf(input, sentence))) +
      weights.rule * Number(input.kinds.includes('yesNo') && RULE.test(textOf(input, sentence))) +
      weights.title * Number(place === 0 && repeatsTitle(input, sentence)) +
      (weights.length * Math.min(120, length(sentence))) / 100,
  )
  const most = Math.max(...odds)
  const all = odds.reduce((sum, value) => sum + Math.exp(value - most), 0)
  return sentences.map((sentence, place) => ({ sentence, probability: Math.exp((odds[place] ?? 0) - most) / all })).sort((left, right) => right.probability - left.probability)
}

/** Where nobody wrote down what the passage is asked, the question's own words stand for that by this share. */
const UNTOLD = 0.6
/** What allows, forbids, grants or supports answers whether something may be. */
const RULE = /不得|可以|鼓励|支持|提倡|免|应当?|不纳|给予|开放|优先|允许|禁|严/

/** For each sentence the share of the question's weight that stands in it; what all sentences have tells them apart least. */
function shareWords(weights: WeightedTerms, own: readonly ReadonlySet<number>[]): number[] {
  const shares = own.map(() => 0)
  let all = 1e-6
  for (const [term, weight] of weights) {
    const holders = own.flatMap((terms, place) => (terms.has(term) ? [place] : []))
    if (holders.length === 0) continue
    all += weight / holders.length
    for (const place of holders) shares[place] = (shares[place] ?? 0) + weight / holders.length
  }
  return shares.map((share) => share / all)
}

/** Whether a run holds the figure, date, number of things that is asked for. */
const holdsAsked = ({ kinds, question }: ExtractInput, text: string): boolean =>
  kinds.some((kind) => (kind === 'count' ? readCounted(question)?.test(text) === true : isStrictKind(kind) && holdsKind(kind, text)))

/** A first sentence that only says what the clause is called. */
function repeatsTitle(input: ExtractInput, sentence: Span): boolean {
  const { title } = input
  const bare = textOf(input, sentence).replace(/[。；\s]+$/, '')
  return bare === title || (title.includes(bare) && bare.length < 40)
}

/** Sentences that follow each other become one run where that is not too long; the place is that of the better one. */
function joinNeighbours(text: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const neighbour = joined.find((other) => isBlank(text, other.end, span.start) || isBlank(text, span.end, other.start))
    const start = Math.min(span.start, neighbour?.start ?? span.start)
    const end = Math.max(span.end, neighbour?.end ?? span.end)
    if (neighbour === undefined || end - start > LONGEST_JOINED) joined.push({ ...span })
    else Object.assign(neighbour, { start, end })
  }
  return joined
}

const isBlank = (text: string, from: number, to: number): boolean => from <= to && text.slice(from, to).trim() === ''

/** What a character more in a run is worth: a run that holds equally much is rather too long than too short, at its end rather than before. */
const MORE = 0.002

/** The run of neighbouring parts of a long sentence that holds most of what is asked, within the limit. */
function bestRun(input: ExtractInput, sentence: Span, longest: number): Span {
  const { text, weights, alike } = input
  const parts = splitParts(text, sentence, longest)
  const own = parts.map(({ start, end }) => new Set(tokenize(text.slice(start, end))))
  const shares = [{ weights, nearness: 1 }, ...alike].reduce(
    (sums, question) => shareWords(question.weights, own).map((share, place) => (sums[place] ?? 0) + (share * question.nearness) / (1 + alike.length)),
    parts.map(() => 0),
  )
  let best: { span: Span; score: number } | null = null
  for (const [first, { start }] of parts.entries()) {
    let share = 0
    let before = 0
    for (const [last, { end }] of parts.entries()) {
      if (last < first || end - start > longest) continue
      share += shares[last] ?? 0
      if (share === 0) before = end - start
      const score = share + Number(holdsAsked(input, text.slice(start, end))) + MORE * (end - start - before)
      if (best === null || score > best.score) best = { span: { start, end }, score }
    }
  }
  return best?.span ?? cutAtLimit(text, sentence, longest)
}

/** A part without any mark that is longer than the limit is cut, never inside a pair of surrogates. */
function cutAtLimit(text: string, span: Span, longest: number): Span {
  const end = Math.min(span.end, span.start + longest)
  return { start: span.start, end: /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end }
}
