/**
 * How near a passage is to a question, each way it is measured. Words: share of the BM25 score that a perfect text would have.
 * Meaning: cosine. Typical: of the passage's typical questions, the nearest and the mean of the nearest three.
 */
export type Measures = Partial<Record<(typeof HYBRID_MEASURES)[number], number>>

export const LEXICAL_MEASURES = ['clauseWords', 'windowWords', 'typicalWords', 'typicalWordsMean', 'typicalWordsVote', 'commonRun', 'textLength'] as const
export const HYBRID_MEASURES = [...LEXICAL_MEASURES, 'clauseMeaning', 'windowMeaning', 'typicalMeaning', 'typicalMeaningMean', 'typicalMeaningVote'] as const

/** Measures whose distance to the best other candidate says something by itself. */
const WITH_DISTANCE: ReadonlySet<string> = new Set(['clauseWords', 'windowWords', 'typicalWords', 'clauseMeaning', 'windowMeaning', 'typicalMeaning'])

/** Feature names in order: every measure, and the distances. */
export function featureNames(measures: readonly string[]): string[] {
  return [...measures, ...measures.filter((name) => WITH_DISTANCE.has(name)).map((name) => `${name}Distance`)]
}

/** Feature rows for all candidates of one question; the distance is positive for the best candidate and negative for the others. */
export function toFeatures(measures: readonly (keyof Measures)[], candidates: readonly Measures[]): number[][] {
  const distances = measures
    .filter((name) => WITH_DISTANCE.has(name))
    .map((name) => {
      const values = candidates.map((candidate) => candidate[name] ?? 0)
      const sorted = [...values].sort((left, right) => right - left)
      const best = sorted[0] ?? 0
      const second = sorted[1] ?? 0
      return values.map((value) => value - (value === best ? second : best))
    })
  return candidates.map((candidate, index) => [...measures.map((name) => candidate[name] ?? 0), ...distances.map((values) => values[index] ?? 0)])
}
