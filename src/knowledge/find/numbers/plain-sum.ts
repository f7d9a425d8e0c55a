import type { MeasureName, Measures } from './features.ts'
import { logit } from './logistic.ts'
import type { LogisticModel } from './logistic.ts'

/**
 * What finding is a sum of where nobody wrote typical questions: the words of the passage and of its best sentences, whether the kind of thing asked
 * for stands there, and, with a model, the meaning of both. Few numbers, so that they hold in corpora that nobody has seen.
 */
export const SUM_OF = {
  lexical: ['clauseWords', 'windowWords', 'holdsAsked'],
  hybrid: ['clauseWords', 'windowWords', 'holdsAsked', 'clauseMeaning', 'nearestMeaning'],
} as const satisfies Record<string, readonly MeasureName[]>

/** A model whose features are measures by their names, instead of the rows that `toFeatures` makes. */
export interface SumModel extends LogisticModel {
  of: 'measures'
}

export const sumRow = (names: readonly string[], measures: Measures): number[] => names.map((name) => measures[name as MeasureName] ?? 0)

/** The log-odds that a model of either sort gives a passage. */
export function oddsOf(model: LogisticModel & { of?: string }, { features, measures }: { features: readonly number[]; measures: Measures }): number {
  return logit(model, model.of === 'measures' ? sumRow(model.features, measures) : features)
}
