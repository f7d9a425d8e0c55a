/**
 * How near a passage is to a question, each way it is measured. Words: share of the BM25 score that a perfect text would have.
 * Meaning: cosine. Typical: of the passage's typical questions, the nearest and the mean of the nearest three.
 */
export type Measures = Partial<Record<MeasureName, number>>
export type MeasureName = (typeof HYBRID_MEASURES)[number] | (typeof TYPICAL_MEASURES)[number] | SumMeasure

const LEXICAL_MEASURES = ['clauseWords', 'windowWords', 'typicalWords', 'typicalWordsMean', 'typicalWordsVote', 'commonRun', 'textLength'] as const
const HYBRID_MEASURES = [...LEXICAL_MEASURES, 'clauseMeaning', 'windowMeaning', 'typicalMeaning', 'typicalMeaningMean', 'typicalMeaningVote'] as const

/** Only a corpus with typical questions has them: what their words have in common. */
const TYPICAL_MEASURES = ['typicalHead'] as const

/**
 * No ranking by typical questions reads them. The plain sum (plain-sum.ts): whether the kind of thing asked for stands there, and the nearest of passage and
 * windows. Choosing among clauses without typical questions: how near the passage is to questions of other domains, on average (near to everything says little).
 */
type SumMeasure = 'holdsAsked' | 'nearestMeaning' | 'strayMeaning'

/** Measures whose distance to the best other candidate says something by itself. */
const WITH_DISTANCE: ReadonlySet<string> = new Set(['clauseWords', 'windowWords', 'typicalWords', 'clauseMeaning', 'windowMeaning', 'typicalMeaning', 'typicalHead'])

export interface FeatureSet {
  isHybrid: boolean
  hasTypical: boolean
}

/**
 * Measures in groups, each followed by its distances. Those that only some corpora have come last: a model that was fitted without them
 * reads the same features in the same places.
 */
function groupsOf({ isHybrid, hasTypical }: FeatureSet): (readonly (keyof Measures)[])[] {
  return [isHybrid ? HYBRID_MEASURES : LEXICAL_MEASURES, ...(hasTypical ? [TYPICAL_MEASURES] : [])]
}

/** Feature names in order: every measure, and the distances. */
export function featureNames(set: FeatureSet): string[] {
  return groupsOf(set).flatMap((measures) => [...measures, ...measures.filter((name) => WITH_DISTANCE.has(name)).map((name) => `${name}Distance`)])
}

/** Feature rows for all candidates of one question; the distance is positive for the best candidate and negative for the others. */
export function toFeatures(set: FeatureSet, candidates: readonly Measures[]): number[][] {
  const columns = groupsOf(set).flatMap((measures) => {
    const values = (name: keyof Measures) => candidates.map((candidate) => candidate[name] ?? 0)
    return [...measures.map(values), ...measures.filter((name) => WITH_DISTANCE.has(name)).map((name) => distances(values(name)))]
  })
  return candidates.map((_, index) => columns.map((column) => column[index] ?? 0))
}

function distances(values: readonly number[]): number[] {
  const sorted = [...values].sort((left, right) => right - left)
  const best = sorted[0] ?? 0
  const second = sorted[1] ?? 0
  return values.map((value) => value - (value === best ? second : best))
}
