import type { KnowledgeDocument, Passage } from '../../domain/answers.ts'
import { normalize } from '../../language/normalize.ts'
import { findConflict } from './document-conflict.ts'
import { holdsKind, isStrictKind } from '../find/questions/asked-kind.ts'
import type { AskedKind } from '../find/questions/asked-kind.ts'
import { findSameWords, type KnowledgeIndex } from '../find/knowledge-index.ts'
import type { QuestionVectors } from '../find/passage-index.ts'
import { viewQuestion } from './question-view.ts'
import type { QuestionView } from './question-view.ts'
import { refusalFeatures, shouldAnswer } from './refusal.ts'
import { BARE_WEIGHTS } from '../find/numbers/weights.ts'
import type { RefusalDecision, Weights } from '../find/numbers/weights.ts'

/** Whether a document's rules hold on a day. */
export type Standing = 'in_force' | 'not_yet' | 'expired' | 'superseded'

/** @param today ISO day, Shanghai's */
export function standingOf(document: Pick<KnowledgeDocument, 'supersededBy' | 'effectiveFrom' | 'effectiveTo'>, today: string): Standing {
  if (document.supersededBy !== undefined) return 'superseded'
  if (document.effectiveTo !== undefined && document.effectiveTo < today) return 'expired'
  return document.effectiveFrom !== undefined && document.effectiveFrom > today ? 'not_yet' : 'in_force'
}

/** Of documents that answer about as well: one that holds before one that doesn't (the first character), then the newer. Larger comes first. */
function precedence(document: KnowledgeDocument, today: string): string {
  const standing = standingOf(document, today)
  return `${standing === 'in_force' ? 2 : standing === 'not_yet' ? 1 : 0} ${document.effectiveFrom ?? document.issuedOn}`
}

/** A question so near to one that staff wrote down is that one, whatever other documents say. */
const SAME_QUESTION = { hybrid: 0.88, lexical: 0.85 }
/** The least probability, from the text alone, of a clause that takes the place of another document's. */
const LEAST_PROBABLE = 0.3
const LEAST_PROBABLE_BESIDE_ANSWER = 0.6
/** Texts answer about as well when one has at least this share of the other's probability. */
const AS_WELL = 0.5
/** And one answers better by far when the other has at most this share of its probability. */
const BY_FAR = 0.2
/** A clause that holds the kind of thing asked for goes before its document's best one that doesn't, when it is nearly as probable. */
const NEARLY = 0.2
/** Clauses below this have nothing to do with the question. */
const LEAST_RELATED = 1e-3

export interface ChosenView {
  view: QuestionView
  decision: RefusalDecision
  /** Whether an older document's clause on the same thing answers it: then the newer one's does. */
  isSure: boolean
  /** What is known of the question in these very words, where that decides it: the clause is the view's first, or there is none. */
  sameWords: 'clause' | 'gap' | null
  /** The clause of another document that would have answered: it may say otherwise (document-conflict.ts); null when there is none. */
  rival: Passage | null
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

/**
 * The view that a question is answered from. With one document it is the ranking by words, meaning and typical questions. With several, documents
 * that nobody wrote typical questions for would never come first in it: clauses of different documents are compared by their text alone, with the
 * weights that were fitted on corpora without typical questions.
 */
export function chooseView(input: ChooseInput): ChosenView {
  const { knowledge, weights, question, asked, vectors, leftOut } = input
  const mode = vectors === null ? 'lexical' : 'hybrid'
  const documentOf = (passage: number) => knowledge.passages[passage]?.documentId ?? ''
  const common = { index: knowledge.index, vectors, asked, competes: (best: number, other: number) => documentOf(best) === documentOf(other) }
  const same = leftOut === undefined ? findSameWords(knowledge, question) : null
  const isMeant = same?.passage != null && isInForce(knowledge, same.passage, input.today)
  const tell = (lead: number | undefined) => viewQuestion(question, { ...common, weights: weights.ranking[mode], ...(leftOut && { leftOut }), ...(lead !== undefined && { lead }) })
  const asFound = tell(isMeant ? (same.passage ?? 0) : undefined)
  const told = same?.among === undefined ? asFound : tell(asFound.ranked.find(({ passage }) => same.among?.includes(passage))?.passage)
  const byTelling = { view: told, decision: weights.refusal[mode] }
  const first = told.ranked[0]?.passage
  const isGap = same?.passage === null && same.among === undefined
  const sameWords = isGap ? 'gap' : isMeant && first === same.passage ? 'clause' : null
  if (knowledge.documents.size < 2 || first === undefined) return { ...byTelling, isSure: sameWords === 'clause', sameWords, rival: null }

  const options = { ...common, weights: weights.corpus[mode], leftOut: new Set(knowledge.questions.keys()) }
  const bare = viewQuestion(question, options)
  const bests = bestOfDocuments(knowledge, bare)
  const isTold = documentsTold(knowledge)
  const own: Best = { passage: first, document: documentOf(first), score: bare.ranked.find(({ passage }) => passage === first)?.score ?? 0 }
  const isSame = (told.refusal.meaning ?? told.refusal.words).typical >= SAME_QUESTION[mode] && isTold.has(own.document)
  const isAnswered = shouldAnswer(weights.refusal[mode], refusalFeatures(told.refusal)) && isTold.has(own.document)
  const named = namedDocument(question, [...knowledge.documents.values()])
  const today = input.today ?? '0000-00-00'
  const rank = (best: Best) => {
    const document = knowledge.documents.get(best.document)
    return document === undefined ? '' : precedence(document, today)
  }
  // What typical questions answer is not put in doubt by a few words in another document.
  const least = isAnswered || isSame ? LEAST_PROBABLE_BESIDE_ANSWER : LEAST_PROBABLE
  const betters = bests.filter((best) => {
    if (named !== null) return best.document === named
    if (best.document === own.document) return !isTold.has(own.document)
    if (best.score < least) return false
    if (rank(best) > rank(own) && best.score >= own.score * AS_WELL) return true
    const isBehind = rank(best).charAt(0) < rank(own).charAt(0)
    return !isTold.has(best.document) && !isSame && (!isAnswered || (!isBehind && own.score <= best.score * BY_FAR))
  })
  // The newer of two that say different figures of the same thing is the answer, however much better the older is known.
  const contradicting = bests.find((best) => best.document !== own.document && best.score >= LEAST_RELATED && rank(best) > rank(own) && contradicts(told, first, knowledge.passages[best.passage]))
  if (sameWords === 'clause' && (same?.byStaff === true || contradicting === undefined)) return { ...byTelling, isSure: true, sameWords, rival: rivalOf(knowledge, bests, own.document) }
  const lead = leadOf(betters, rank) ?? contradicting ?? null
  if (lead === null || (lead.document === own.document && isTold.has(own.document))) return { ...byTelling, isSure: false, sameWords: isGap ? 'gap' : null, rival: rivalOf(knowledge, bests, own.document) }
  const view = viewQuestion(question, { ...options, lead: lead.passage })
  const rival = own.document === lead.document ? rivalOf(knowledge, bests, lead.document) : (knowledge.passages[first] ?? null)
  return { view, decision: BARE_WEIGHTS.refusal[mode], isSure: isAnswered && lead === contradicting, sameWords: isGap && same.byStaff ? 'gap' : null, rival }
}

function isInForce({ passages, documents }: KnowledgeIndex, passage: number, today = '0000-00-00'): boolean {
  const document = documents.get(passages[passage]?.documentId ?? '')
  return document !== undefined && standingOf(document, today) !== 'superseded' && standingOf(document, today) !== 'expired'
}

const LEAST_NAME = 4

/** The one document that a question calls by its name ("《…办法》什么时候施行"); null when it names none or several. */
function namedDocument(question: string, documents: readonly KnowledgeDocument[]): string | null {
  const bare = (text: string) => normalize(text).replaceAll(/[\s《》“”"()（）]/g, '')
  const asked = bare(question)
  const named = documents.filter(({ title, issuer }) => {
    const name = bare(title).replace(bare(issuer), '').replace(/^关于/, '')
    return name.length >= LEAST_NAME && asked.includes(name)
  })
  return named.length === 1 ? (named[0]?.id ?? null) : null
}

interface Best {
  passage: number
  document: string
  score: number
}

/** The clause of each document that answers most probably by its text, best first. */
function bestOfDocuments(knowledge: KnowledgeIndex, { ranked, kinds }: QuestionView): Best[] {
  const bests: Best[] = []
  const strict = kinds.filter(isStrictKind)
  for (const { passage, score } of ranked) {
    const found = knowledge.passages[passage]
    if (found === undefined) continue
    const known = bests.find((best) => best.document === found.documentId)
    if (known === undefined) bests.push({ passage, document: found.documentId, score })
    else if (strict.length > 0 && score >= known.score * NEARLY && holdsAll(strict, found.text) && !holdsAll(strict, knowledge.passages[known.passage]?.text ?? '')) known.passage = passage
  }
  return bests
}

const holdsAll = (kinds: readonly AskedKind[], text: string): boolean => kinds.every((kind) => holdsKind(kind, text))

/** Documents that typical questions were written for: at least one for every second clause. */
function documentsTold(knowledge: KnowledgeIndex): Set<string> {
  const counts = new Map<string, { clauses: number; asked: number }>()
  for (const { documentId, typicalQuestions } of knowledge.passages) {
    const count = counts.get(documentId) ?? { clauses: 0, asked: 0 }
    counts.set(documentId, { clauses: count.clauses + 1, asked: count.asked + (typicalQuestions.length > 0 ? 1 : 0) })
  }
  return new Set([...counts].filter(([, { clauses, asked }]) => asked * 2 >= clauses).map(([id]) => id))
}

/** The best of all, or another that answers about as well and comes before it. */
function leadOf(bests: readonly Best[], rank: (best: Best) => string): Best | null {
  const [top] = [...bests].sort((left, right) => right.score - left.score)
  if (top === undefined) return null
  const asWell = bests.filter((best) => best.score >= top.score * AS_WELL)
  return asWell.reduce((left, right) => (rank(right) > rank(left) ? right : left), top)
}

const WINDOWS_COMPARED = 2

/** Whether another document's clause has another figure for what the best sentences of a clause say. */
function contradicts(view: QuestionView, passage: number, other: Passage | undefined): boolean {
  const windows = [...view.windowsOf(passage)].sort((left, right) => right.words + right.meaning - (left.words + left.meaning)).slice(0, WINDOWS_COMPARED)
  return other !== undefined && findConflict(windows.map(({ text }) => text), other) !== null
}

function rivalOf(knowledge: KnowledgeIndex, bests: readonly Best[], document: string): Passage | null {
  const rival = bests.find((best) => best.document !== document)
  return rival === undefined || rival.score < LEAST_RELATED ? null : (knowledge.passages[rival.passage] ?? null)
}
