import type { KnowledgeDocument } from '../../../domain/answers.ts'

const known = new WeakMap<readonly unknown[], boolean>()

/**
 * Whether typical questions were written for a document: at least one for every second clause. The question that stands over its answer in a paper of
 * questions and answers is a heading, not one of these. Counted once for each state of its clauses.
 */
export function isTold({ passages }: Pick<KnowledgeDocument, 'passages'>): boolean {
  const counted = known.get(passages)
  if (counted !== undefined) return counted
  const isIt = passages.length > 0 && passages.filter(({ title, typicalQuestions }) => typicalQuestions.some((question) => question !== title)).length * 2 >= passages.length
  known.set(passages, isIt)
  return isIt
}
