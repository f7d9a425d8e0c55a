import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import { normalize } from '../../language/normalize.ts'
import { namedDocument } from './look-up/named-document.ts'
import { findConflict } from './document-conflict.ts'
import { chooseBare } from './bare/choose-bare.ts'
import type { BareCandidate } from './bare/choose-bare.ts'
import { nearestOf } from './bare/bare-features.ts'
import type { Nearest } from './bare/bare-features.ts'
import { claimFeatures } from './claim/claim-features.ts'
import { isTold } from './bare/told.ts'
import { findSameWords, type KnowledgeIndex } from '../find/knowledge-index.ts'
import { logit, sigmoid } from '../find/numbers/logistic.ts'
import { sharedPairs } from './document-conflict.ts'
import type { QuestionVectors } from '../find/passage-index.ts'
import { viewQuestion } from './question-view.ts'
import type { QuestionView } from './question-view.ts'
import { isNoNearMiss, isOfDomain, refusalFeatures } from './refusal.ts'
import { BARE_WEIGHTS, CLAIM_WEIGHTS } from '../find/numbers/weights.ts'
import type { Weights } from '../find/numbers/weights.ts'

/** Whether a document's rules hold on a day. */
export type Standing = 'in_force' | 'not_yet' | 'expired' | 'superseded'

/** @param today ISO day, Shanghai's */
export function standingOf(document: Pick<KnowledgeDocument, 'supersededBy' | 'effectiveFrom' | 'effectiveTo'>, today: string): Standing {
  if (document.supersededBy !== undefined) return 'superseded'
  if (document.effectiveTo !== undefined && document.effectiveTo < today) return 'expired'
  return document.effectiveFrom !== undefined && document.effectiveFrom > today ? 'not_yet' : 'in_force'
}

/**
 * Of documents that answer about as well: one that holds before one that doesn't (the first character), then the one in force later, then the one issued
 * later. Larger comes first.
 */
function precedence(document: KnowledgeDocument, today: string): string {
  const standing = standingOf(document, today)
  return `${standing === 'in_force' ? 2 : standing === 'not_yet' ? 1 : 0} ${document.effectiveFrom ?? document.issuedOn} ${document.issuedOn}`
}

/** A question so near to one that staff wrote down is that one, whatever other documents say. */
const SAME_QUESTION = { hybrid: 0.88, lexical: 0.85 }
/** A clause takes the place of one that typical questions lead to when its own words are this much nearer to the question (share of BM25 and cosine together). */
const CLEARLY_NEARER = 0.15
/** A clause nearer than the one that typical questions lead to stands below it when its odds of answering are short by no more than this. */
const NEARLY_ANSWERS = -1
/** Clauses of several documents are about as good when their odds differ by less. */
const AS_GOOD = 1
/** Clauses that say the same thing, one of them newer, have this share of their pairs of characters in common. */
const SAME_SUBJECT = 0.5
export const isSameSubject = (one: string, other: string): boolean => sharedPairs(one, other) >= SAME_SUBJECT
/** A clause of another document may say otherwise when it is nearly as near to the question. */
const NEARLY_AS_NEAR = 0.75

export interface ChosenView {
  view: QuestionView
  isAnswered: boolean
  /** Whether the question belongs to what the documents are about. */
  isOfDomain: boolean
  /** The clause that answers by its text alone, with the other candidates behind it; [] when typical questions led to it. */
  bare: readonly BareCandidate[]
  /** What is known of the question in these very words, where that decides it: the clause is the view's first, or there is none. */
  sameWords: 'clause' | 'gap' | null
  /** The clause of another document that would have answered: it may say otherwise (document-conflict.ts); null when there is none. */
  rival: Passage | null
  /** What is answered below it, where it isn't sure which of two documents is asked. */
  also: Pick<ChosenView, 'view' | 'bare'> | null
}

export interface ChooseInput {
  knowledge: KnowledgeIndex
  weights: Weights
  question: string
  asked: string
  vectors: QuestionVectors | null
  /** ISO day; without one no document is out of force. */
  today?: string | undefined
  /** Known questions to look past, when measuring. */
  leftOut?: ReadonlySet<number>
}

/** A question with what is found for it: by typical questions, and by text alone. */
interface Weighed {
  told: QuestionView
  sameWords: ChosenView['sameWords']
  /** Whether staff decided the question in these very words. */
  isByStaff: boolean
  /** Whether it is nearly a typical question. */
  isSame: boolean
  /** The document of the best clause by typical questions, and whether most of its clauses have such. */
  own: string
  isOwnTold: boolean
  refusal: number[]
  named: string | null
  bareView: QuestionView
  /** Clauses of documents without typical questions, best first. */
  candidates: BareCandidate[]
  nearTold: Nearest | null
}

function weigh(input: ChooseInput): Weighed {
  const { knowledge, weights, question, asked, vectors, leftOut } = input
  const mode = vectors === null ? 'lexical' : 'hybrid'
  const documentOf = (passage: number) => knowledge.passages[passage]?.documentId ?? ''
  const named = namedDocument(question, [...knowledge.documents.values()])
  const isHidden = (passage: number) => knowledge.documents.get(documentOf(passage))?.supersededBy !== undefined && documentOf(passage) !== named
  const common = { index: knowledge.index, vectors, asked, isHidden, competes: (best: number, other: number) => documentOf(best) === documentOf(other) }
  const same = leftOut === undefined ? findSameWords(knowledge, question) : null
  const isMeant = same?.passage != null && isInForce(knowledge, same.passage, input.today)
  const tell = (lead: number | undefined) => viewQuestion(question, { ...common, weights: weights.ranking[mode], ...(leftOut && { leftOut }), ...(lead !== undefined && { lead }) })
  const asFound = tell(isMeant ? (same.passage ?? 0) : undefined)
  const told = same?.among === undefined ? asFound : tell(asFound.ranked.find(({ passage }) => same.among?.includes(passage))?.passage)
  const first = told.ranked[0]?.passage
  const ownDocument = knowledge.documents.get(first === undefined ? '' : documentOf(first))
  const isOwnTold = ownDocument !== undefined && isTold(ownDocument)
  const isGap = same?.passage === null && same.among === undefined
  const hasUntold = first !== undefined && [...knowledge.documents.values()].some((document) => !isTold(document))
  const bareView = hasUntold ? viewQuestion(question, { ...common, weights: weights.corpus[mode], leftOut: knownOf(knowledge) }) : told
  const isOpen = (document: KnowledgeDocument) => !isTold(document) && (named === null || named === document.id)
  const rank = rankOn(input.today)
  const bare = hasUntold ? chooseBare({ knowledge, view: bareView, decision: BARE_WEIGHTS[mode], isHybrid: vectors !== null, isOpen }) : []
  const toldPassage = knowledge.passages[first ?? -1]
  return {
    told,
    sameWords: isGap ? 'gap' : isMeant && first === same.passage ? 'clause' : null,
    isByStaff: same?.byStaff === true,
    isSame: (told.refusal.meaning ?? told.refusal.words).typical >= SAME_QUESTION[mode],
    own: ownDocument?.id ?? '',
    isOwnTold,
    refusal: refusalFeatures(told.refusal),
    named,
    bareView,
    candidates: leadFirst(inNewestEdition(bare, bareView, knowledge, rank), rank),
    nearTold: !hasUntold || toldPassage === undefined || !isOwnTold ? null : nearestOf(bareView, first ?? -1, toldPassage, ownDocument),
  }
}

const rankOn = (today = '0000-00-00') => (document: KnowledgeDocument | undefined): string => (document === undefined ? '' : precedence(document, today))

/** By what it is told that a question is asked of the documents with typical questions, and whether others lie beside them; null where none of them was found. */
export function measureClaim(input: ChooseInput): { features: number[]; isBeside: boolean } | null {
  const weighed = weigh(input)
  return weighed.isOwnTold ? claimOf(input, weighed) : null
}

function claimOf({ knowledge, weights, vectors }: ChooseInput, { refusal, candidates, nearTold, bareView }: Weighed): { features: number[]; isBeside: boolean } {
  const [lead] = candidates
  const isOfTold = (passage: number) => {
    const document = knowledge.documents.get(knowledge.passages[passage]?.documentId ?? '')
    return document !== undefined && isTold(document)
  }
  const beside = lead === undefined ? null : { lead, nearTold, view: bareView, isOfTold }
  return { isBeside: beside !== null, features: claimFeatures({ isHybrid: vectors !== null, decision: weights.refusal[vectors === null ? 'lexical' : 'hybrid'], refusal, beside }) }
}

/** Whether a question is asked of the documents that typical questions were written for. */
function isClaimed(input: ChooseInput, weighed: Weighed): boolean {
  const { features, isBeside } = claimOf(input, weighed)
  const model = CLAIM_WEIGHTS[input.vectors === null ? 'lexical' : 'hybrid'][isBeside ? 'beside' : 'alone']
  return logit(model, features) >= model.threshold
}

/**
 * The view that a question is answered from. Documents that typical questions were written for are ranked by words, meaning and those questions, and answer
 * what is asked of them; clauses of the others are compared by their text alone, and answer the rest.
 */
export function chooseView(input: ChooseInput): ChosenView {
  const { knowledge, weights } = input
  const mode = input.vectors === null ? 'lexical' : 'hybrid'
  const weighed = weigh(input)
  const { told, sameWords, isByStaff, isSame, own, isOwnTold, named, bareView, candidates, nearTold } = weighed
  const isAsked = isOwnTold ? isSame || isClaimed(input, weighed) : isOfDomain(weights.refusal[mode], weighed.refusal)
  const byTelling: ChosenView = {
    view: told,
    // What staff wrote down counts at once, whatever a threshold says.
    isAnswered: sameWords === 'clause' || (isSame && told.gap === null && !isOwnTold) || (isAsked && isNoNearMiss(weights.refusal[mode], weighed.refusal)),
    isOfDomain: isAsked,
    bare: [],
    sameWords,
    rival: null,
    also: null,
  }
  if (bareView === told || (sameWords !== null && isByStaff)) return byTelling

  const rank = rankOn(input.today)
  const standing = (document: KnowledgeDocument | undefined): string => rank(document).charAt(0)
  const [lead] = candidates
  const toldPassage = knowledge.passages[told.ranked[0]?.passage ?? -1] ?? null
  const ownDocument = knowledge.documents.get(own)
  // What another document says nearly in the question's words is asked of that one.
  const isNearer = !isSame && lead !== undefined && lead.margin >= 0 && nearness(lead.nearest) - nearness(nearTold) >= CLEARLY_NEARER && standing(lead.document) >= standing(ownDocument)
  const isToldAnswer = byTelling.isAnswered && (isOwnTold || isSame) && (named === null || named === own)
  // The newer of two that say different figures of the same thing is the answer, however much better the older is known.
  const contradicting = isToldAnswer ? firstOfDocuments(candidates).find(({ document, passage }) => rank(document) > rank(ownDocument) && contradicts(told, told.ranked[0]?.passage ?? -1, passage)) : undefined
  if (contradicting !== undefined) return { view: reorder(bareView, [contradicting]), isAnswered: true, isOfDomain: true, bare: [contradicting], sameWords: null, rival: toldPassage, also: null }
  if (isToldAnswer && !isNearer) {
    const rival = candidates.find(({ nearest }) => nearness(nearest) >= NEARLY_AS_NEAR * nearness(nearTold))
    const isAlso = !isSame && lead !== undefined && lead.margin >= NEARLY_ANSWERS && nearness(lead.nearest) >= nearness(nearTold) && standing(lead.document) >= standing(ownDocument)
    return { ...byTelling, rival: rival?.passage ?? null, also: isAlso ? { view: reorder(bareView, candidates), bare: candidates } : null }
  }
  if (lead === undefined || (isRefusedByStaff(told, mode) && lead.document.id === gapDocument(told, knowledge))) return { ...byTelling, isAnswered: false, view: lead === undefined ? bareView : reorder(bareView, candidates) }
  const rival = candidates.find(({ document, nearest }) => document.id !== lead.document.id && nearness(nearest) >= NEARLY_AS_NEAR * nearness(lead.nearest))
  return { view: reorder(bareView, candidates), isAnswered: lead.margin >= 0, isOfDomain: lead.margin >= 0, bare: candidates, sameWords: null, rival: rival?.passage ?? (isToldAnswer ? toldPassage : null), also: isToldAnswer ? { view: told, bare: [] } : null }
}

const nearness = (near: { words: number; meaning: number } | null): number => (near === null ? 0 : near.words + near.meaning)

function isInForce({ passages, documents }: KnowledgeIndex, passage: number, today = '0000-00-00'): boolean {
  const document = documents.get(passages[passage]?.documentId ?? '')
  return document !== undefined && standingOf(document, today) !== 'superseded' && standingOf(document, today) !== 'expired'
}

/** What an older edition of the same document says is said by the newer one's clause on the same subject, whatever of it is no longer there. */
function inNewestEdition(candidates: BareCandidate[], view: QuestionView, knowledge: KnowledgeIndex, rank: (document: KnowledgeDocument) => string): BareCandidate[] {
  const [lead, ...others] = candidates
  if (lead === undefined) return candidates
  const { document, passage } = lead
  const isNewer = (other: KnowledgeDocument) => other.id !== document.id && normalize(other.title) === normalize(document.title) && other.issuer === document.issuer && rank(other) > rank(document)
  const newer = [...knowledge.documents.values()].filter(isNewer).sort((left, right) => (rank(left) < rank(right) ? 1 : -1))[0]
  if (newer === undefined) return candidates
  const found = view.ranked.find(({ passage: position }) => {
    const other = knowledge.passages[position]
    return other?.documentId === newer.id && isSameSubject(passage.text, other.text)
  })
  const same = found === undefined ? undefined : knowledge.passages[found.passage]
  if (found === undefined || same === undefined) return candidates
  return [{ ...lead, document: newer, passage: same, position: found.passage, nearest: { ...lead.nearest, text: same.text } }, ...others.filter(({ position }) => position !== found.passage), lead]
}

/** The best candidate of each document. */
const firstOfDocuments = (candidates: readonly BareCandidate[]): BareCandidate[] => candidates.filter(({ document }, place) => candidates.findIndex((other) => other.document.id === document.id) === place)

/** A known gap that is nearly the question itself: staff said that it is not answered. */
const isRefusedByStaff = (view: QuestionView, mode: 'hybrid' | 'lexical'): boolean => view.gap !== null && view.gap.isOtherDomain !== true && (view.refusal.meaning ?? view.refusal.words).gap >= SAME_QUESTION[mode]
const gapDocument = (view: QuestionView, knowledge: KnowledgeIndex): string | undefined => knowledge.passages[view.gap?.passage ?? -1]?.documentId

const knownQuestions = new WeakMap<KnowledgeIndex, ReadonlySet<number>>()

/** All typical questions and gaps, but not the questions of other domains, which are the same in every folder. */
export function knownOf(knowledge: KnowledgeIndex): ReadonlySet<number> {
  const known = knownQuestions.get(knowledge)
  if (known !== undefined) return known
  const positions = new Set(knowledge.questions.flatMap(({ isOtherDomain }, position) => (isOtherDomain === true ? [] : [position])))
  knownQuestions.set(knowledge, positions)
  return positions
}

/** The candidates first, in their order, then all others. */
function reorder(view: QuestionView, candidates: readonly BareCandidate[]): QuestionView {
  const chosen = candidates.map(({ position, choice }) => ({ passage: position, score: sigmoid(choice) }))
  const least = Math.min(1, ...chosen.map(({ score }) => score))
  const isChosen = new Set(chosen.map(({ passage }) => passage))
  const others = view.ranked.filter(({ passage }) => !isChosen.has(passage)).map(({ passage, score }) => ({ passage, score: Math.min(score, least) }))
  const ranked = [...chosen.map(({ passage }, place) => ({ passage, score: Math.max(...chosen.slice(place).map(({ score }) => score)) })), ...others]
  return { ...view, ranked }
}

/**
 * The best candidate first, or in its place one that is about as good: of a document that holds where its own doesn't, or of a newer one that speaks
 * of the same thing.
 */
function leadFirst(candidates: BareCandidate[], rank: (document: KnowledgeDocument) => string): BareCandidate[] {
  const [top] = candidates
  if (top === undefined) return []
  const goesBefore = (other: BareCandidate, one: BareCandidate): boolean => {
    if (other.document.id === one.document.id || rank(other.document) <= rank(one.document)) return false
    const saysOtherwise = isSameSubject(one.passage.text, other.passage.text) || findConflict([one.nearest.text], other.passage) !== null
    return saysOtherwise || (top.choice - other.choice < AS_GOOD && rank(other.document).charAt(0) > rank(one.document).charAt(0))
  }
  const lead = candidates.reduce((one, other) => (goesBefore(other, one) ? other : one), top)
  // It answers what the older one would have answered.
  const margin = Math.max(lead.margin, lead === top ? lead.margin : top.margin)
  return [{ ...lead, margin }, ...candidates.filter((candidate) => candidate !== lead)]
}

const WINDOWS_COMPARED = 2

/** Whether another document's clause has another figure for what the best sentences of a clause say. */
function contradicts(view: QuestionView, passage: number, other: Passage | undefined): boolean {
  const windows = [...view.windowsOf(passage)].sort((left, right) => right.words + right.meaning - (left.words + left.meaning)).slice(0, WINDOWS_COMPARED)
  return other !== undefined && findConflict(windows.map(({ text }) => text), other) !== null
}
