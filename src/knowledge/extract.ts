import { holdsKind, isStrictKind } from './asked-kind.ts'
import type { AskedKind } from './asked-kind.ts'
import { tokenize } from './tokens.ts'
import { splitClauses, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

export const LONGEST_QUOTE = 160
/** A sentence up to this long is quoted whole. */
const WHOLE_SENTENCE = 120
/** A best sentence that leads by less is quoted together with the next. */
const CLEAR_LEAD = 0.5
/** Two runs together, so that the whole answer stays within 300 characters. */
const LONGEST_TOGETHER = 205
/** What a sentence gains by holding the kind of thing asked for. */
const KIND_BONUS = 0.7

export interface ExtractInput {
  text: string
  title: string
  /** The question's terms with their weights. */
  weights: ReadonlyMap<number, number>
  kinds: readonly AskedKind[]
  /** How near a sentence is in meaning, 0..1; null without a model. */
  meaning: ((sentence: Span) => number) | null
}

/**
 * The runs of a passage's own words that answer, best first: one when it is clearly the best, else two. A short sentence is quoted
 * whole, a long one by the best run of its parts. Each is at most 160 characters, and always `text.slice(start, end)`.
 */
export function extractQuotes(input: ExtractInput): Span[] {
  const sentences = answeringSentences(input.text, input.title)
  const rarity = weighWithin(input, sentences)
  const scored = sentences.map((sentence) => ({ sentence, score: scoreSentence({ ...input, weights: rarity }, sentence) })).sort((left, right) => right.score - left.score)
  const [best, second] = scored
  if (best === undefined) return []
  const first = toRun(input, best.sentence)
  if (second === undefined || best.score - second.score > CLEAR_LEAD) return [first]
  const next = toRun(input, second.sentence)
  return length(first) + length(next) <= LONGEST_TOGETHER ? [first, next] : [first]
}

const length = ({ start, end }: Span): number => end - start

const toRun = (input: ExtractInput, sentence: Span): Span => (length(sentence) <= WHOLE_SENTENCE ? sentence : bestRun(input, sentence))

/** The question's weights for telling the sentences of one passage apart: what all of them have says nothing. */
function weighWithin({ text, weights }: ExtractInput, sentences: readonly Span[]): Map<number, number> {
  const own = sentences.map(({ start, end }) => new Set(tokenize(text.slice(start, end))))
  return new Map(
    [...weights].flatMap(([term, weight]) => {
      const holders = own.filter((terms) => terms.has(term)).length
      return holders === 0 ? [] : [[term, weight / holders] as const]
    }),
  )
}

/** All sentences but a first one that only repeats the title. */
function answeringSentences(text: string, title: string): Span[] {
  const sentences = splitSentences(text)
  const [first, ...rest] = sentences
  if (first === undefined) return [{ start: 0, end: Math.min(text.length, LONGEST_QUOTE) }]
  const bare = text.slice(first.start, first.end).replace(/[。；\s]+$/, '')
  return rest.length > 0 && (bare === title || (title.includes(bare) && bare.length < 40)) ? rest : sentences
}

function scoreSentence(input: ExtractInput, span: Span): number {
  const words = shareOfWords(input, span) * Math.min(1, 90 / Math.max(60, span.end - span.start) + 0.35)
  const meaning = input.meaning === null ? 0 : 2.5 * input.meaning(span)
  return words + meaning + kindBonus(input, span)
}

function kindBonus({ kinds, text }: ExtractInput, span: Span): number {
  const strict = kinds.filter(isStrictKind)
  return strict.some((kind) => holdsKind(kind, text.slice(span.start, span.end))) ? KIND_BONUS : 0
}

/** The share of the question's weight that stands in a span. */
function shareOfWords({ text, weights }: ExtractInput, span: Span): number {
  const own = new Set(tokenize(text.slice(span.start, span.end)))
  let all = 1e-6
  let shared = 0
  for (const [term, weight] of weights) {
    all += weight
    if (own.has(term)) shared += weight
  }
  return shared / all
}

/** The run of neighbouring parts that holds most of what is asked; of equals the one that holds more around it, within the limit. */
function bestRun(input: ExtractInput, sentence: Span): Span {
  const parts = splitClauses(input.text, sentence)
  let best: { span: Span; score: number } | null = null
  for (let first = 0; first < parts.length; first += 1) {
    for (let last = first; last < parts.length; last += 1) {
      const span = { start: parts[first]?.start ?? sentence.start, end: parts[last]?.end ?? sentence.end }
      if (span.end - span.start > LONGEST_QUOTE) break
      const beginsSentence = first === 0 ? 0.05 : 0
      const score = shareOfWords(input, span) + kindBonus(input, span) + beginsSentence - Math.abs(span.end - span.start - 90) / 1000
      if (best === null || score > best.score) best = { span, score }
    }
  }
  return best?.span ?? cutAtLimit(input.text, sentence)
}

/** A part without any mark that is longer than the limit is cut, never inside a pair of surrogates. */
function cutAtLimit(text: string, span: Span): Span {
  const end = Math.min(span.end, span.start + LONGEST_QUOTE)
  return { start: span.start, end: /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end }
}
