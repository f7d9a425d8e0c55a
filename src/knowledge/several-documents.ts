import type { KnowledgeDocument } from '../domain/answers.ts'

/** Whether a document's rules hold on a day. */
export type Standing = 'in_force' | 'not_yet' | 'expired' | 'superseded'

/** @param today ISO day, Shanghai's */
export function standingOf(document: Pick<KnowledgeDocument, 'supersededBy' | 'effectiveFrom' | 'effectiveTo'>, today: string): Standing {
  if (document.supersededBy !== undefined) return 'superseded'
  if (document.effectiveTo !== undefined && document.effectiveTo < today) return 'expired'
  return document.effectiveFrom !== undefined && document.effectiveFrom > today ? 'not_yet' : 'in_force'
}
