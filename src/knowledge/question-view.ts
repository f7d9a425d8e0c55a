import type { EmbeddingModel } from '../model/embedding.ts'
import { normalize, plain } from '../language/normalize.ts'
import { readAskedKinds } from './asked-kind.ts'
import type { AskedKind } from './asked-kind.ts'
import type { KnownQuestion } from './question-index.ts'
import { logit } from './logistic.ts'
import type { LogisticModel } from './logistic.ts'
import type { PassageIndex, QuestionVectors } from './passage-index.ts'
import type { RefusalInput, WindowView } from './refusal.ts'
import { tokenizeQuestion } from './tokens.ts'
import type { Span } from './windows.ts'

/** The longest question that is looked at; what follows adds nothing to find by. */
const LONGEST_QUESTION = 300

/** Everything that is known of a question once the index has been asked: what is answered, and whether, is decided from this. */
export interface QuestionView {
  question: string
  kinds: AskedKind[]
  /** Best first. */
  ranked: { passage: number; logit: number }[]
  /** Windows of the best passage, in text order. */
  windows: (WindowView & { span: Span })[]
  refusal: RefusalInput
  /** The nearest known gap, when no typical question is nearer. */
  gap: KnownQuestion | null
}

export interface ViewOptions {
  index: PassageIndex
  weights: LogisticModel
  vectors: QuestionVectors | null
  /** The words to read the asked kind from first; default the question. */
  asked?: string
  /** Known questions to look past, when measuring. */
  leftOut?: ReadonlySet<number>
}

/** A question's vectors; dialect words are spoken plainly to the model. */
export async function embedQuestion(model: EmbeddingModel, question: string): Promise<QuestionVectors> {
  const text = plain(question.slice(0, LONGEST_QUESTION))
  const [forPassages] = await model.embed([text], 'question')
  const [forQuestions] = await model.embed([text], 'passage')
  const empty = new Float32Array(model.dimensions)
  return { forPassages: forPassages ?? empty, forQuestions: forQuestions ?? empty }
}

/** Ranks the passages for a question and measures what the decision to answer needs. */
export function viewQuestion(rawQuestion: string, options: ViewOptions): QuestionView {
  const question = normalize(rawQuestion.slice(0, LONGEST_QUESTION))
  const { index, vectors } = options
  const found = index.find(question, vectors, options.leftOut)
  const ranked = found.candidates
    .map(({ passage, features, measures }) => ({ passage, logit: logit(options.weights, features), measures }))
    .sort((left, right) => right.logit - left.logit || left.passage - right.passage)
  const kinds = readKinds(options.asked ?? question, question)
  const best = ranked[0]
  const windows = best === undefined ? [] : viewWindows(index, best.passage, question, vectors)
  const typicalWords = Math.max(0, ...[...found.words.passages.values()].map((near) => near.best))
  const typicalMeaning = Math.max(0, ...[...(found.meaning?.passages.values() ?? [])].map((near) => near.best))
  const gapMeaning = found.meaning?.gap?.nearness ?? 0
  const gapWords = found.words.gap?.nearness ?? 0
  const isGapNearer = found.meaning === null ? gapWords > typicalWords : gapMeaning > typicalMeaning
  return {
    question,
    kinds,
    ranked: ranked.map(({ passage, logit: odds }) => ({ passage, logit: odds })),
    windows,
    gap: isGapNearer ? ((found.meaning ?? found.words).gap?.question ?? null) : null,
    refusal: {
      question,
      kinds,
      logits: ranked.slice(0, 3).map((candidate) => candidate.logit),
      windows,
      overlap: best === undefined ? 0 : index.overlap(question, best.passage),
      words: { typical: typicalWords, gap: gapWords },
      meaning: found.meaning === null ? null : { typical: typicalMeaning, gap: gapMeaning, clause: best?.measures.clauseMeaning ?? 0 },
    },
  }
}

/** A follow-up that names no kind of its own ("农村呢") asks for what was asked before. */
function readKinds(asked: string, question: string): AskedKind[] {
  const own = readAskedKinds(asked)
  return own.length > 0 ? own : readAskedKinds(question)
}

function viewWindows(index: PassageIndex, passage: number, question: string, vectors: QuestionVectors | null): QuestionView['windows'] {
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
