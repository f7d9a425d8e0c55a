import { holdsKind, isStrictKind } from './asked-kind.ts'
import type { AskedKind } from './asked-kind.ts'
import { tokenize } from './tokens.ts'
import { splitClauses, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

export const LONGEST_QUOTE = 160
/** A sentence up to this long is quoted whole. */
const WHOLE_SENTENCE = 110

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
 * The run of a passage's own words that answers: the best sentence when it is short enough, otherwise the best run of its parts.
 * At most 160 characters, and always `text.slice(start, end)`.
 */
export function extractQuote(input: ExtractInput): Span {
  const sentences = answeringSentences(input.text, input.title)
  const scored = sentences.map((sentence) => ({ sentence, score: scoreSentence(input, sentence) }))
  const best = scored.reduce((left, right) => (right.score > left.score ? right : left))
  const { sentence } = best
  return sentence.end - sentence.start <= WHOLE_SENTENCE ? sentence : bestRun(input, sentence)
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
  return strict.some((kind) => holdsKind(kind, text.slice(span.start, span.end))) ? 0.45 : 0
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
