import type { Answer, Passage } from '../../domain/answers.ts'

/** What a writer is given: the question as understood, the passages found (best first) and the answer to fall back on. */
export interface AnswerWriterInput {
  question: string
  passages: readonly Passage[]
  extractive: Answer
  signal?: AbortSignal
}

/** Writes an answer in its own words from the passages. Resolves to null when the extractive answer is to be used. */
export interface AnswerWriter {
  write(input: AnswerWriterInput): Promise<Answer | null>
}
