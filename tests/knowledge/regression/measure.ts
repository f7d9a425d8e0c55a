import path from 'node:path'
import { readEvalQuestions } from '../../../src/commands/eval/labelled.ts'
import type { Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { describeFailure } from '../../../src/knowledge/learn/evaluate/evaluate-failures.ts'
import type { EvalQuestion, EvalResult } from '../../../src/knowledge/learn/evaluate/evaluate-result.ts'
import { summarize } from '../../../src/knowledge/learn/evaluate/evaluate.ts'
import type { EvalSummary } from '../../../src/knowledge/learn/evaluate/evaluate.ts'
import { VectorCache } from '../../../src/knowledge/find/vectors/vector-cache.ts'
import { normalize, plain } from '../../../src/language/normalize.ts'
import type { EmbeddingModel, EmbeddingPurpose } from '../../../src/model/embedding/embedding.ts'

export interface RegressionSet {
  answerable: EvalQuestion[]
  /** What must be refused or put right, and what only seems so. */
  unanswerable: EvalQuestion[]
}

export async function readRegressionSet(): Promise<RegressionSet> {
  const read = (name: string) => readEvalQuestions(path.join(import.meta.dirname, name))
  return { answerable: await read('answerable.jsonl'), unanswerable: await read('unanswerable.jsonl') }
}

export async function measure(answerer: Answerer, questions: readonly EvalQuestion[]): Promise<EvalSummary> {
  const results: EvalResult[] = []
  for (const question of questions) {
    const startedAt = performance.now()
    const answer = await answerer.answer(question.question, question.previous === undefined ? {} : { previousQuestion: question.previous })
    results.push({ ...question, answer, ms: performance.now() - startedAt })
  }
  return summarize(results, (document, clause) => answerer.passage(document, clause))
}

/** What a failing measure shows: every question that was not dealt with as it should be. */
export const explain = ({ failures }: EvalSummary): string => failures.map((failure) => `${failure.cause}\n${describeFailure(failure)}`).join('\n')

/** The same model; the vectors of these questions are kept between runs, as those of the knowledge are. */
export async function rememberQuestions(model: EmbeddingModel, cacheDirectory: string, questions: readonly EvalQuestion[]): Promise<EmbeddingModel> {
  const cache = new VectorCache(cacheDirectory, model)
  const texts = [...new Set(questions.map(({ question }) => plain(question)))]
  const kept = new Map<string, Float32Array>()
  for (const purpose of ['question', 'passage'] as const satisfies readonly EmbeddingPurpose[]) {
    for (const [place, vector] of (await cache.embed(texts, purpose)).entries()) kept.set(`${purpose} ${texts[place]}`, vector)
  }
  return {
    id: model.id,
    dimensions: model.dimensions,
    async embed(asked, purpose) {
      const known = asked.map((text) => kept.get(`${purpose} ${text}`))
      return known.every((vector) => vector !== undefined) ? known : model.embed(asked, purpose)
    },
  }
}

/** Letters and digits alone, to compare questions by. */
export const bare = (text: string): string => normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '')
