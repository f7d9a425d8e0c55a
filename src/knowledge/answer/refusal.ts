import { holdsKind, isStrictKind, isWhollyStrict } from '../find/questions/asked-kind.ts'
import type { AskedKind } from '../find/questions/asked-kind.ts'
import { logit } from '../find/numbers/logistic.ts'
import type { RefusalDecision } from '../find/numbers/weights.ts'

/** A window of the best passage with how near it is to the question. */
export interface WindowView {
  text: string
  /** BM25 share. */
  words: number
  /** Cosine; 0 without a model. */
  meaning: number
}

/** What the decision to answer is made of. */
export interface RefusalInput {
  question: string
  kinds: readonly AskedKind[]
  /** Log-odds of the best passages, best first. */
  logits: readonly number[]
  /** All windows of the best passage. */
  windows: readonly WindowView[]
  /** Shares of the question's words that the best passage holds, and holds together with its typical questions. */
  coverage: { inText: number; inEither: number }
  /** What the words of all known questions together say. */
  head: HeadNearness
  words: KnownNearness
  meaning: (KnownNearness & { clause: number }) | null
}

/** How much the question's words are like the best passage's typical questions, the most like passage's, gaps, other domains: 1 = like, -1 = unlike. */
export interface HeadNearness {
  typical: number
  most: number
  gap: number
  otherDomain: number
}

/** Nearness of the nearest known questions: typical ones of the best passage, gaps, and those of them that ask for the same kind of thing. */
export interface KnownNearness {
  typical: number
  gap: number
  typicalSameKind: number
  gapSameKind: number
  /** Of the nearest ten, weighted by nearness, the share that are gaps. */
  gapShare: number
}

const WINDOWS_LOOKED_AT = 3
/** Nearness below which a question hardly belongs to the documents' domain: how far below says more than how far above. */
const FOREIGN = { words: 0.6, meaning: 0.7, text: 0.5 }

export const LEXICAL_REFUSAL_FEATURES = [
  'logit', 'logitGap', 'secondLogit', 'bestWindowWords', 'isStrict', 'isMissing', 'isMissingNear', 'holderWords', 'isLaterYear', 'isYesNo', 'coverageInText', 'coverageInEither', 'isForeignWords',
  'typicalWords', 'gapWords', 'gapAheadWords', 'sameKindWords', 'gapSameKindWords', 'gapShareWords',
  'headTypical', 'headMost', 'headGap', 'headOtherDomain',
] as const
export const HYBRID_REFUSAL_FEATURES = [
  ...LEXICAL_REFUSAL_FEATURES, 'bestWindowMeaning', 'clauseMeaning', 'isForeignMeaning', 'isForeignToText', 'holderMeaning',
  'typicalMeaning', 'gapMeaning', 'gapAheadMeaning', 'sameKindMeaning', 'gapSameKindMeaning', 'gapShareMeaning',
] as const

/** The features by which answerable and unanswerable questions are told apart, in the order of the lists above. */
export function refusalFeatures(input: RefusalInput): number[] {
  const strict = input.kinds.filter(isStrictKind)
  const near = [...input.windows].sort((left, right) => right.words + right.meaning - (left.words + left.meaning)).slice(0, WINDOWS_LOOKED_AT)
  const holders = input.windows.filter((window) => strict.every((kind) => holdsKind(kind, window.text)))
  const isStrict = strict.length > 0 && isWhollyStrict(input.question)
  const best = (values: readonly number[]) => Math.max(0, ...values)
  const isMissing = isStrict && strict.every((kind) => !input.windows.some((window) => holdsKind(kind, window.text)))
  const isMissingNear = isStrict && strict.every((kind) => !near.some((window) => holdsKind(kind, window.text)))
  const features = [
    input.logits[0] ?? -10,
    (input.logits[0] ?? -10) - (input.logits[1] ?? -10),
    input.logits[1] ?? -10,
    best(input.windows.map((window) => window.words)),
    Number(isStrict),
    Number(isMissing),
    Number(isMissingNear),
    isStrict ? best(near.map((window) => window.words)) - best(holders.map((window) => window.words)) : 0,
    Number(input.kinds.includes('laterYear')),
    Number(input.kinds.includes('yesNo')),
    input.coverage.inText,
    input.coverage.inEither,
    Math.max(0, FOREIGN.words - input.words.typical),
    ...knownFeatures(input.words),
    input.head.typical,
    input.head.most,
    input.head.gap,
    input.head.otherDomain,
  ]
  if (input.meaning === null) return features
  const bestMeaning = best(input.windows.map((window) => window.meaning))
  const holderMeaning = isStrict ? bestMeaning - best(holders.map((window) => window.meaning)) : 0
  return [...features, bestMeaning, input.meaning.clause, Math.max(0, FOREIGN.meaning - input.meaning.typical), Math.max(0, FOREIGN.text - bestMeaning), holderMeaning, ...knownFeatures(input.meaning)]
}

function knownFeatures(near: KnownNearness): number[] {
  return [near.typical, near.gap, Math.max(0, near.gap - near.typical), near.typicalSameKind - near.typical, near.gapSameKind - near.gap, near.gapShare]
}

/** Whether the clause found answers, and does not only lie near. */
export const isNoNearMiss = ({ near }: Pick<RefusalDecision, 'near'>, features: readonly number[]): boolean => logit(near, features) >= near.threshold

/** Whether the question belongs to what the documents are about. */
export const isOfDomain = ({ domain }: Pick<RefusalDecision, 'domain'>, features: readonly number[]): boolean => logit(domain, features) >= domain.threshold
