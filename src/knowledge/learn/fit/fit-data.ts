import { createHash } from 'node:crypto'
import { plain } from '../../../language/normalize.ts'
import type { KnownQuestion } from '../../find/questions/question-index.ts'
import type { QuestionVectors } from '../../find/passage-index.ts'
import type { VectorCache } from '../../find/vectors/vector-cache.ts'

/** A question whose right passages are known; none = it must be refused. */
export interface LabelledQuestion {
  text: string
  gold: ReadonlySet<number>
  /** Known questions that must not help to find it: itself and a share of the others. */
  leftOut: ReadonlySet<number>
  /** Of another domain altogether: counted by itself among those that must be refused. */
  isOtherDomain?: boolean
}

/** Share of the known questions that is hidden for each labelled one: residents' questions are farther from the known ones than those from each other. */
const HIDDEN_SHARE = 0.3

/** Questions that look past the same known ones: what is learnt from the rest is learnt once for all of them. */
const HIDING_GROUPS = 10

/**
 * Every typical question, gap and question of another domain as a labelled one, each looking past itself. Deterministic: what is
 * hidden is drawn by the questions' own words, so that one question more or less leaves the others' draws alone.
 */
export function labelKnownQuestions(questions: readonly KnownQuestion[]): LabelledQuestion[] {
  const groups = questions.map(({ text }) => Math.floor(drawBy(text) * HIDING_GROUPS))
  const isHidden = (position: number, group: number) => groups[position] === group || drawBy(`${group} ${questions[position]?.text ?? ''}`) < HIDDEN_SHARE - 1 / HIDING_GROUPS
  const hidden = Array.from({ length: HIDING_GROUPS }, (_, group) => new Set([...questions.keys()].filter((position) => isHidden(position, group))))
  return questions.map(({ text, passage, isGap, isOtherDomain = false }, position) => ({
    text,
    gold: new Set(isGap ? [] : [passage]),
    leftOut: hidden[groups[position] ?? 0] ?? new Set(),
    isOtherDomain,
  }))
}

/** A number from 0 to 1 that belongs to a text. */
const drawBy = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32

/** A linear congruential generator: the same numbers at every fit. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** Vectors of all labelled questions, as `embedQuestion` makes them. */
export async function embedLabelled(cache: VectorCache, questions: readonly { text: string }[]): Promise<QuestionVectors[]> {
  const texts = questions.map((question) => plain(question.text))
  const forPassages = await cache.embed(texts, 'question')
  const forQuestions = await cache.embed(texts, 'passage')
  return texts.map((_, position) => ({ forPassages: forPassages[position] ?? new Float32Array(), forQuestions: forQuestions[position] ?? new Float32Array() }))
}

/** The fold of the i-th question: neighbours in the files, which resemble each other, go into different folds of `count`. */
export function foldOf(position: number, count: number): number {
  return position % count
}

