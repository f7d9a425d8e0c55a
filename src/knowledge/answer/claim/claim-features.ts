import { logit } from '../../find/numbers/logistic.ts'
import type { RefusalDecision } from '../../find/numbers/weights.ts'
import type { BareCandidate } from '../bare/choose-bare.ts'
import type { Nearest } from '../bare/bare-features.ts'
import type { QuestionView } from '../question-view.ts'
import { HYBRID_REFUSAL_FEATURES, LEXICAL_REFUSAL_FEATURES } from '../refusal.ts'

/** Of what the decision to answer is made of, the part that tells whether a question is asked of these documents at all. */
const LEXICAL_TOLD = ['typicalWords', 'headTypical', 'coverageInEither', 'bestWindowWords', 'logit'] as const
const HYBRID_TOLD = [...LEXICAL_TOLD, 'typicalMeaning', 'bestWindowMeaning', 'clauseMeaning'] as const
const DECISIONS = ['near', 'domain'] as const
/** How a clause that nobody wrote typical questions for compares with the best one that somebody did. */
const LEXICAL_BESIDE = ['leadMargin', 'leadChoice', 'leadAhead', 'shareOfTold', 'scoreAhead', 'placeOfTold', 'toldWords'] as const
const HYBRID_BESIDE = [...LEXICAL_BESIDE, 'leadAheadMeaning', 'toldMeaning', 'otherDomain'] as const

export const CLAIM_FEATURES = {
  alone: { hybrid: [...DECISIONS, ...HYBRID_TOLD], lexical: [...DECISIONS, ...LEXICAL_TOLD] },
  beside: { hybrid: [...DECISIONS, ...HYBRID_TOLD, ...HYBRID_BESIDE], lexical: [...DECISIONS, ...LEXICAL_TOLD, ...LEXICAL_BESIDE] },
} as const

export interface ClaimInput {
  isHybrid: boolean
  decision: RefusalDecision
  /** As `refusalFeatures` gives them. */
  refusal: readonly number[]
  /** The best clause of a document without typical questions; null where there is none. */
  beside: BesideInput | null
}

export interface BesideInput {
  lead: BareCandidate
  /** How near the best told clause is by its own text. */
  nearTold: Nearest | null
  /** Ranked by text alone. */
  view: QuestionView
  isOfTold: (passage: number) => boolean
}

const SHARE_OF = 10
const LAST_PLACE = 20

/** In the order of the lists above. */
export function claimFeatures({ isHybrid, decision, refusal, beside }: ClaimInput): number[] {
  const names: readonly string[] = isHybrid ? HYBRID_REFUSAL_FEATURES : LEXICAL_REFUSAL_FEATURES
  const own = DECISIONS.map((name) => logit(decision[name], refusal) - decision[name].threshold)
  const told = (isHybrid ? HYBRID_TOLD : LEXICAL_TOLD).map((name) => refusal[names.indexOf(name)] ?? 0)
  return [...own, ...told, ...(beside === null ? [] : besideFeatures(beside, isHybrid))]
}

function besideFeatures({ lead, nearTold, view, isOfTold }: BesideInput, isHybrid: boolean): number[] {
  const { words, meaning } = nearTold ?? { words: 0, meaning: 0 }
  const placeOf = (isWanted: (passage: number) => boolean) => view.ranked.findIndex(({ passage }) => isWanted(passage))
  const scoreOf = (place: number) => view.ranked[place]?.score ?? 0
  const toldPlace = placeOf(isOfTold)
  const shareOfTold = view.ranked.slice(0, SHARE_OF).filter(({ passage }) => isOfTold(passage)).length / SHARE_OF
  const scoreAhead = scoreOf(toldPlace) - scoreOf(placeOf((passage) => !isOfTold(passage)))
  const features = [lead.margin, lead.choice, lead.nearest.words + lead.nearest.meaning - words - meaning, shareOfTold, scoreAhead, toldPlace === -1 ? LAST_PLACE : Math.min(LAST_PLACE, toldPlace), words]
  return isHybrid ? [...features, lead.nearest.meaning - meaning, meaning, view.otherDomain] : features
}
