import { normalize } from '../../language/normalize.ts'
import { readAskedKinds } from '../find/questions/asked-kind.ts'
import type { AskedKind } from '../find/questions/asked-kind.ts'
import { LONGEST_QUESTION } from '../find/embed-question.ts'
import type { KnownQuestion, QuestionNearness } from '../find/questions/question-index.ts'
import { calibrate, sigmoid } from '../find/numbers/logistic.ts'
import { oddsOf } from '../find/numbers/plain-sum.ts'
import type { LogisticModel } from '../find/numbers/logistic.ts'
import type { Measures } from '../find/numbers/features.ts'
import type { PassageIndex, QuestionVectors } from '../find/passage-index.ts'
import type { HeadScores } from '../find/questions/question-head.ts'
import type { HeadNearness, KnownNearness, RefusalInput, WindowView } from './refusal.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'
import type { Span } from '../find/words/windows.ts'

/** Everything that is known of a question once the index has been asked: what is answered, and whether, is decided from this. */
export interface QuestionView {
  question: string
  /** Of a follow-up, what it adds; else the question. */
  asked: string
  kinds: AskedKind[]
  /** Best first. */
  ranked: { passage: number; score: number }[]
  /** How near a passage that was looked at is, each way it is measured; undefined of one that was not. */
  measuresOf: (passage: number) => Measures | undefined
  /** Windows of a passage, in text order. */
  windowsOf: (passage: number) => (WindowView & { span: Span })[]
  refusal: RefusalInput
  /** Typical questions of a passage that are like this one, 0..1, nearest first. */
  alike: (passage: number) => { text: string; nearness: number }[]
  /** How near the nearest question of another domain is, by meaning; 0 without a model. */
  otherDomain: number
  /** The nearest known gap, when no typical question is nearer. */
  gap: KnownQuestion | null
}

export interface ViewOptions {
  index: PassageIndex
  weights: LogisticModel & { calibration?: LogisticModel }
  vectors: QuestionVectors | null
  /** The words to read the asked kind from first; default the question. */
  asked?: string
  /** Known questions to look past, when measuring. */
  leftOut?: ReadonlySet<number>
  /** The passage that is put first, whatever the scores say. */
  lead?: number
  /** Passages that are not looked at: what no longer holds. */
  isHidden?: (passage: number) => boolean
  /** Which others cast doubt on the best one by being near it: not those of another document, which may say the same. */
  competes?: (best: number, other: number) => boolean
}

/** Ranks the passages for a question and measures what the decision to answer needs. */
export function viewQuestion(rawQuestion: string, options: ViewOptions): QuestionView {
  const question = normalize(rawQuestion.slice(0, LONGEST_QUESTION))
  const { index, vectors } = options
  const found = index.find(question, vectors, options.leftOut === undefined ? {} : { leftOut: options.leftOut })
  const ranked = found.candidates
    .filter(({ passage }) => options.isHidden?.(passage) !== true)
    .map((candidate) => ({ passage: candidate.passage, logit: oddsOf(options.weights, candidate), measures: candidate.measures }))
    .sort((left, right) => Number(right.passage === options.lead) - Number(left.passage === options.lead) || right.logit - left.logit || left.passage - right.passage)
  const kinds = readKinds(options.asked ?? question, question)
  const odds = ranked.map((candidate) => candidate.logit)
  const scores = options.weights.calibration === undefined ? odds.map(sigmoid) : calibrate(options.weights.calibration, odds)
  if (options.lead !== undefined) scores.sort((left, right) => right - left)
  const { competes = () => true } = options
  const compared = ranked.filter(({ passage }) => competes(ranked[0]?.passage ?? passage, passage)).map((candidate) => candidate.logit)
  const best = ranked[0]
  const windows = best === undefined ? [] : viewWindows(index, best.passage, question, vectors)
  const words = measureKnown(index, found.words, kinds, best?.passage)
  const meaning = found.meaning === null ? null : measureKnown(index, found.meaning, kinds, best?.passage)
  const isGapNearer = (meaning ?? words).gap > (meaning ?? words).typical
  return {
    question,
    asked: options.asked === undefined ? question : normalize(options.asked),
    kinds,
    ranked: ranked.map(({ passage }, place) => ({ passage, score: scores[place] ?? 0 })),
    measuresOf: (passage) => ranked.find((candidate) => candidate.passage === passage)?.measures,
    windowsOf: (passage) => (passage === best?.passage ? windows : viewWindows(index, passage, question, vectors)),
    alike: (passage) => findAlike(found.meaning ?? found.words, passage),
    otherDomain: vectors === null ? 0 : index.questions.nearestOtherDomain(vectors.forQuestions),
    gap: isGapNearer ? ((found.meaning ?? found.words).gap?.question ?? null) : null,
    refusal: {
      question,
      kinds,
      logits: compared.sort((left, right) => right - left).slice(0, 3),
      windows,
      coverage: best === undefined ? { inText: 0, inEither: 0 } : index.coverage(question, best.passage, options.leftOut),
      head: measureHead(found.head, best?.passage),
      words,
      meaning: meaning === null ? null : { ...meaning, clause: best?.measures.clauseMeaning ?? 0 },
    },
  }
}

const ALIKE_READ = 8

/** The nearest typical questions of a passage, their nearness from 0 (hardly) to 1 (the same). */
function findAlike({ nearest }: QuestionNearness, passage: number): ReturnType<QuestionView['alike']> {
  const own = nearest.filter(({ question }) => !question.isGap && question.passage === passage).slice(0, ALIKE_READ)
  return own.map(({ question, nearness }) => ({ text: question.text, nearness }))
}

const NEAREST_COUNTED = 10

function measureKnown(index: PassageIndex, found: QuestionNearness, kinds: readonly AskedKind[], passage: number | undefined): KnownNearness {
  const first = (isWanted: (near: QuestionNearness['nearest'][number]) => boolean) => found.nearest.find(isWanted)?.nearness ?? 0
  const asksTheSame = (position: number) => sharesKind(kinds, index.questions.kinds[position] ?? [])
  const nearest = found.nearest.slice(0, NEAREST_COUNTED)
  const weigh = (near: readonly { nearness: number }[]) => near.reduce((sum, { nearness }) => sum + nearness ** 4, 0)
  return {
    typical: first(({ question }) => !question.isGap && question.passage === passage),
    gap: first(({ question }) => question.isGap),
    typicalSameKind: first(({ question, position }) => !question.isGap && question.passage === passage && asksTheSame(position)),
    gapSameKind: first(({ question, position }) => question.isGap && asksTheSame(position)),
    gapShare: weigh(nearest.filter(({ question }) => question.isGap)) / Math.max(1e-9, weigh(nearest)),
  }
}

const UNLIKE = -1

function measureHead(head: HeadScores | null, passage: number | undefined): HeadNearness {
  if (head === null) return { typical: UNLIKE, most: UNLIKE, gap: UNLIKE, otherDomain: UNLIKE }
  const typical = (passage === undefined ? undefined : head.passages.get(passage)) ?? UNLIKE
  return { typical, most: Math.max(UNLIKE, ...head.passages.values()), gap: head.gap, otherDomain: head.otherDomain }
}

/** Two questions ask for the same kind of thing when their first kinds agree, or none is recognised in either. */
function sharesKind(left: readonly AskedKind[], right: readonly AskedKind[]): boolean {
  return left[0] === undefined || right[0] === undefined ? left[0] === right[0] : left.includes(right[0]) || right.includes(left[0])
}

/** A follow-up that names no kind of its own ("农村呢") asks for what was asked before. */
function readKinds(asked: string, question: string): AskedKind[] {
  const own = readAskedKinds(asked)
  return own.length > 0 ? own : readAskedKinds(question)
}

function viewWindows(index: PassageIndex, passage: number, question: string, vectors: QuestionVectors | null): ReturnType<QuestionView['windowsOf']> {
  const terms = tokenizeQuestion(question)
  const weights = index.windows.weigh(terms)
  const ideal = index.idealScore(terms)
  const cosines = vectors === null ? null : index.windowCosines(passage, vectors)
  const text = index.passages[passage]?.text ?? ''
  return index.windows.scores(passage, weights).map(({ span, score }, position) => ({
    span,
    text: text.slice(span.start, span.end),
    words: score / ideal,
    meaning: cosines?.[position] ?? 0,
  }))
}
