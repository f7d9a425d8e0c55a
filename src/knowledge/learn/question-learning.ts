import type { Answer } from '../../domain/answers.ts'
import { plain } from '../../language/normalize.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import type { Workings } from '../answer/answerer.ts'
import { explainFinding, type Explanation } from './explain.ts'
import { findMiddle, groupQuestions, type GroupOptions } from './group-questions.ts'
import type { KnowledgeIndex } from '../find/knowledge-index.ts'
import { tryOut, type AddedQuestion, type TryOut } from './try-out.ts'

/** A question as staff see it: its words, and how often they were said. */
export interface CountedQuestion {
  text: string
  times: number
}

/** What staff need to learn from the questions that were not answered well. */
export interface QuestionLearning {
  /** Groups of questions that ask about the same, as positions, the one that speaks best for all of them first. */
  group(questions: readonly CountedQuestion[]): Promise<number[][]>
  /** What is answered now, without a language model. */
  answer(questions: readonly string[]): Promise<Answer[]>
  /** What is found for a question, and why. */
  explain(question: string): Promise<Explanation>
  /** What would change if the questions were added. */
  tryOut(added: readonly AddedQuestion[], asked: readonly string[]): Promise<TryOut>
}

/** A page waits so long for vectors; the rest is made meanwhile and is there the next time. */
const LONGEST_EMBEDDING_MS = 500
const EMBEDDED_AT_ONCE = 16
/** Vectors and answers that are remembered; in memory only, since residents' words are behind them. */
const MOST_REMEMBERED = 3_000

/** @param workings what is answered from at the moment of asking */
export function createQuestionLearning(workings: () => Workings): QuestionLearning {
  return new RememberingLearning(workings)
}

class RememberingLearning implements QuestionLearning {
  readonly #workings: () => Workings
  #vectors = { model: '', of: new Map<string, Float32Array>() }
  #answers: { knowledge: KnowledgeIndex | null; of: Map<string, Answer> } = { knowledge: null, of: new Map() }
  #embedding: Promise<void> | null = null
  #groups = { key: '', groups: [] as number[][] }

  constructor(workings: () => Workings) {
    this.#workings = workings
  }

  async group(questions: readonly CountedQuestion[]): Promise<number[][]> {
    const { embedding, knowledge } = this.#workings()
    const texts = questions.map(({ text }) => text)
    const vectors = embedding === null ? null : await this.#embed(embedding.model, texts)
    const key = JSON.stringify([embedding?.model.id, vectors !== null, questions])
    if (this.#groups.key !== key) this.#groups = { key, groups: groupWithMiddles(questions, { vectors, weigh: (term) => knowledge.index.questions.termWeight(term) }) }
    return this.#groups.groups
  }

  async answer(questions: readonly string[]): Promise<Answer[]> {
    const workings = this.#workings()
    if (this.#answers.knowledge !== workings.knowledge || this.#answers.of.size > MOST_REMEMBERED) this.#answers = { knowledge: workings.knowledge, of: new Map() }
    const { of } = this.#answers
    const answers: Answer[] = []
    for (const question of questions) {
      const known = of.get(question) ?? (await workings.answer(question, workings.knowledge))
      of.set(question, known)
      answers.push(known)
    }
    return answers
  }

  explain(question: string): Promise<Explanation> {
    return explainFinding(this.#workings(), question)
  }

  tryOut(added: readonly AddedQuestion[], asked: readonly string[]): Promise<TryOut> {
    return tryOut({ workings: this.#workings(), added, asked })
  }

  /** One vector a text; null when they take too long this time, or can't be made: words do then. */
  async #embed(model: EmbeddingModel, texts: readonly string[]): Promise<Float32Array[] | null> {
    if (this.#vectors.model !== model.id || this.#vectors.of.size > MOST_REMEMBERED) this.#vectors = { model: model.id, of: new Map() }
    const { of } = this.#vectors
    const missing = texts.filter((text) => !of.has(text))
    if (missing.length > 0) {
      this.#embedding ??= embedAll(model, missing, of).catch(() => undefined).finally(() => (this.#embedding = null))
      let timer: NodeJS.Timeout | undefined
      await Promise.race([this.#embedding, new Promise<void>((resolve) => (timer = setTimeout(resolve, LONGEST_EMBEDDING_MS)))])
      clearTimeout(timer)
    }
    const vectors = texts.flatMap((text) => of.get(text) ?? [])
    return vectors.length === texts.length ? vectors : null
  }
}

async function embedAll(model: EmbeddingModel, texts: readonly string[], into: Map<string, Float32Array>): Promise<void> {
  for (let from = 0; from < texts.length; from += EMBEDDED_AT_ONCE) {
    const part = texts.slice(from, from + EMBEDDED_AT_ONCE)
    const vectors = await model.embed(part.map((text) => plain(text)), 'passage')
    for (const [index, text] of part.entries()) {
      const vector = vectors[index]
      if (vector !== undefined) into.set(text, vector)
    }
  }
}

function groupWithMiddles(questions: readonly CountedQuestion[], options: GroupOptions): number[][] {
  return groupQuestions(questions.map(({ text }) => text), options).map((group) => {
    const pick = <T>(all: readonly T[]) => group.flatMap((position) => all[position] ?? [])
    const middle = group[findMiddle(pick(questions.map(({ text }) => text)), pick(questions.map(({ times }) => times)), { ...options, vectors: options.vectors === null ? null : pick(options.vectors) })]
    return middle === undefined ? group : [middle, ...group.filter((position) => position !== middle)]
  })
}
