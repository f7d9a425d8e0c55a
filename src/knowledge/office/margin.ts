import { logit, type LogisticModel } from '../find/numbers/logistic.ts'
import type { QuestionNearness } from '../find/questions/question-index.ts'
import type { TopicNearness } from './topic-index.ts'
import fitted from './weights.json' with { type: 'json' }
import { subjectOf } from './wordings.ts'

/** How near the question as it was asked is to what the documents are known to be asked: typical questions, gaps, and other domains. */
export interface Competition {
  typical: number
  gap: number
  otherDomain: number
}

/** What one reading of a question is judged by. `meaning` is null without vectors. */
export interface Judged {
  near: TopicNearness
  /** How many sorts of things it names besides what the topic is asked of. */
  others: number
  words: Competition
  meaning: Competition | null
}

export const LEXICAL_FEATURES = ['words', 'sameKind', 'explained', 'strange', 'others', 'ahead', 'typical', 'gap', 'other'] as const
export const HYBRID_FEATURES = [...LEXICAL_FEATURES, 'meaning', 'aheadMeaning', 'typicalMeaning', 'gapMeaning', 'otherMeaning'] as const

const MOST_STRANGE = 20
/** From this share of explained words on it is no matter that the documents are known to be asked nearly the same: their answer then stands below the office's. */
const FULLY_EXPLAINED = 0.93
const MOST_OTHERS = 2

/** The numbers that tell what is asked of the office from what is asked of the documents, in the order of the lists above. */
export function featuresOf({ near, others, words, meaning }: Judged): number[] {
  const isFully = near.explained >= FULLY_EXPLAINED && subjectOf(near.topic) !== 'service'
  const ahead = (typical: number, own: number) => (isFully ? 0 : Math.max(0, typical - own))
  const features = [
    near.words,
    Number(near.sameKind),
    near.explained,
    Math.min(near.strange, MOST_STRANGE),
    Math.min(MOST_OTHERS, others),
    ahead(words.typical, near.words),
    words.typical,
    words.gap,
    words.otherDomain,
  ]
  if (meaning === null || near.meaning === null) return features
  return [...features, near.meaning, ahead(meaning.typical, near.meaning), meaning.typical, meaning.gap, meaning.otherDomain]
}

const MODELS: Record<'hybrid' | 'lexical', Record<'office' | 'service', LogisticModel>> = fitted

/**
 * Log-odds that a question asks this of the community itself. Fitted (tests/knowledge/office/fit.ts) on some 540 questions with their topics, against the
 * documents' typical questions, the regression sets and 14,000 messages of `knowledge/talk`; from 0 on it is likelier than not.
 */
export function oddsOf(judged: Judged): number {
  const features = featuresOf(judged)
  const models = MODELS[features.length === HYBRID_FEATURES.length ? 'hybrid' : 'lexical']
  const isService = subjectOf(judged.near.topic) === 'service'
  const odds = logit(isService ? models.service : models.office, features)
  return judged.near.isSame && !isService ? Math.max(odds, SAME_ODDS) : odds
}

/** What is asked in just these words is as good as certain. */
const SAME_ODDS = 5

/** The nearest known questions of each sort. */
export function competitionOf({ nearest }: QuestionNearness): Competition {
  const first = (isOfSort: (question: QuestionNearness['nearest'][number]['question']) => boolean) => nearest.find(({ question }) => isOfSort(question))?.nearness ?? 0
  return { typical: first(({ isGap }) => !isGap), gap: first(({ isGap, isOtherDomain }) => isGap && isOtherDomain !== true), otherDomain: first(({ isOtherDomain }) => isOtherDomain === true) }
}
