import type { Answer, KnowledgeDocument, Passage, RankedPassage } from '../../domain/answers.ts'
import { ageNote, conflictLine, expiryNote, inQuotes, offTopicText, refusalText, sourceLine } from './extract/answer-text.ts'
import { printOf } from '../documents/identity/clause-print.ts'
import { findConflict } from './document-conflict.ts'
import type { KnowledgeIndex } from '../find/knowledge-index.ts'
import { readOffTopic, type OffTopic } from './off-topic/off-topic.ts'
import type { QuestionVectors } from '../find/passage-index.ts'
import type { FalsePremise } from '../premise/premise.ts'
import { choosePremise, contradictBare } from '../premise/premise-choice.ts'
import { viewQuestion } from './question-view.ts'
import type { QuestionView } from './question-view.ts'
import { lookUp } from './look-up/look-up.ts'
import { writeBare } from './bare/write-bare.ts'
import { chooseView, type ChosenView } from './several-documents.ts'
import type { Weights } from '../find/numbers/weights.ts'
import { cite, writeExtract } from './extract/write-extract.ts'
import type { Body } from './extract/write-extract.ts'

const RANKED_SHOWN = 10
/** A refusal names the nearest clause only when it has something to do with the question. */
const NEARBY_FROM = 0.02

/** What no policy speaks of, but a paper may: 违约金 of 物业费, the temperature of a heated room; then it must surely answer. */
const OF_SOME_PAPERS: ReadonlySet<OffTopic> = new Set(['legal', 'medical', 'weather'])
const SURELY_SAID = 1

export interface AnswerInput {
  knowledge: KnowledgeIndex
  weights: Weights
  question: string
  /** The words to read the asked kind from first. */
  asked: string
  vectors: QuestionVectors | null
  /** The parts of a question that asks twice, each with its vectors. */
  parts?: readonly { question: string; vectors: QuestionVectors | null }[]
  /** ISO day, for documents that are no longer in force. */
  today?: string
}

export interface Answered {
  answer: Answer
  /** The ranked passages themselves, for a writer. */
  passages: Passage[]
  /** Whether the nearest known question is one of another domain. */
  isForeign: boolean
  /** Whether what is known of a question in these very words decided it. */
  isDecided: boolean
}

/** Answers, corrects or refuses from the text alone. Pure: the same input gives the same answer. */
export function answerQuestion(input: AnswerInput): Answered {
  const { knowledge, question } = input
  const topic = readOffTopic(question)
  const { view, isAnswered, isOfDomain, bare, rival, sameWords, also } = chooseView(input)
  const passages = view.ranked.slice(0, RANKED_SHOWN).flatMap(({ passage }) => knowledge.passages[passage] ?? [])
  const base = { question, ranked: rankedPassages(knowledge, view), isGenerated: false }
  const isForeign = view.gap?.isOtherDomain === true
  const isDecided = sameWords !== null
  const refuse = (text: string): Answered => ({ passages, isForeign, isDecided, answer: { ...base, kind: 'refusal', text, citations: [], details: '' } })

  // A clause by its number is looked up, whatever is near to the words.
  const looked = lookUp(input.asked, question, knowledge, input.today)
  if (looked !== null && sameWords === null) {
    const ranked = looked.passage === null ? [] : [{ document: looked.passage.documentId, clause: looked.passage.clause, score: 1 }]
    const own = ranked[0]
    const others = base.ranked.filter(({ document, clause }) => document !== own?.document || clause !== own.clause)
    return { passages: looked.passage === null ? [] : [looked.passage], isForeign, isDecided: true, answer: { ...base, ...looked.body, ranked: [...ranked, ...others].slice(0, RANKED_SHOWN), details: looked.body.kind === 'refusal' ? '' : writeDetails(knowledge, looked.body) } }
  }
  const isSaid = topic !== null && OF_SOME_PAPERS.has(topic) && isAnswered && (bare[0]?.margin ?? 0) >= SURELY_SAID
  if (topic !== null && !isSaid && sameWords !== 'clause') return refuse(offTopicText(topic))
  if (sameWords === 'gap') return refuse(refusalText(nearbyPassage(knowledge, view)))
  const passage = passages[0]
  const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
  if (passage === undefined || document === undefined) return refuse(refusalText(nearbyPassage(knowledge, view)))
  // A figure that the text contradicts is itself a sign that the text speaks of this: it is put right even when an answer would be doubtful.
  // Of a follow-up only its own words can be wrong: those before it were answered.
  const rated = passages.map((found, place) => ({ passage: found, score: view.ranked[place]?.score ?? 0 }))
  const wrong = !isOfDomain ? null : bare.length === 0 ? choosePremise(input.asked, rated) : contradictBare(input.asked, passage)
  const premise = wrong?.premise ?? null
  if (premise === null && !isAnswered) return refuse(refusalText(nearbyPassage(knowledge, view)))
  const write = ({ view, bare }: Pick<ChosenView, 'view' | 'bare'>) => (bare.length > 0 ? writeBare(knowledge, view, bare, input.today) : writeExtract(knowledge, view, viewParts(input)))
  const written = wrong !== null ? writeCorrection(wrong.premise, wrong.passage, document) : write({ view, bare })
  const own = { ...written, text: written.text + expiryNote(document, input.today) }
  const checked = rival === null ? own : addConflict(own, document, rival, knowledge)
  const below = also === null || checked !== own || wrong !== null ? null : write(also)
  const body = below === null ? checked : { ...own, text: `${own.text}\n\n${below.text}`, citations: [...own.citations, ...below.citations] }
  return { passages, isForeign, isDecided, answer: { ...base, ...body, details: writeDetails(knowledge, body) } }
}

/** The whole of every clause that is cited. */
function writeDetails({ passages, documents }: KnowledgeIndex, { citations }: Body): string {
  const cited = passages.filter(({ documentId, clause }) => citations.some((citation) => citation.document === documentId && citation.clause === clause))
  const order = (passage: Passage) => citations.findIndex(({ document, clause }) => document === passage.documentId && clause === passage.clause)
  const written = cited.sort((left, right) => order(left) - order(right)).flatMap((passage) => {
    const document = documents.get(passage.documentId)
    return document === undefined ? [] : [`${sourceLine(document, passage.clause)}\n${passage.text}`]
  })
  return written.join('\n\n')
}

/** What each part of a question that asks twice finds by itself. */
function viewParts({ knowledge, weights, parts = [] }: AnswerInput): QuestionView[] {
  return parts.map(({ question, vectors }) => viewQuestion(question, { index: knowledge.index, weights: weights.ranking[vectors === null ? 'lexical' : 'hybrid'], vectors }))
}

/** One line about another document that says otherwise, with its citation. */
function addConflict(body: Body, document: KnowledgeDocument, rival: Passage, knowledge: KnowledgeIndex): Body {
  const other = knowledge.documents.get(rival.documentId)
  const conflict = other === undefined ? null : findConflict(body.citations.map(({ quote }) => quote), rival)
  if (other === undefined || conflict === null) return body
  return { ...body, text: `${body.text}\n${conflictLine(document, other, rival.clause, conflict.quote)}`, citations: [...body.citations, cite(rival, conflict.quote)] }
}

function writeCorrection(premise: FalsePremise, passage: Passage, document: KnowledgeDocument): Body {
  const quote = passage.text.slice(premise.span.start, premise.span.end)
  const text = `${correctionLead(premise)}\n${inQuotes(quote)}\n——${sourceLine(document, passage.clause)}${ageNote(['amount'], quote, document)}`
  return { kind: 'correction', text, citations: [cite(passage, quote)] }
}

function correctionLead(premise: FalsePremise): string {
  switch (premise.kind) {
    case 'figure':
      return `不是${premise.claimed.text.replace(/^(?:不少于|不低于|不超过|至少|最低)/, '')}，文件写的是${premise.actual.text}：`
    case 'office':
      return premise.actual === null ? `不是${premise.claimed}，文件是这样写的：` : `不是${premise.claimed}，文件写的是${premise.actual}：`
    case 'condition':
      return '文件不是这样写的，原文是：'
    default:
      return premise satisfies never
  }
}

export function rankedPassages(knowledge: KnowledgeIndex, view: Pick<QuestionView, 'ranked'>, limit = RANKED_SHOWN): RankedPassage[] {
  return view.ranked.slice(0, limit).flatMap(({ passage, score }) => {
    const found = knowledge.passages[passage]
    return found === undefined ? [] : [{ document: found.documentId, clause: found.clause, score: Math.round(score * 10_000) / 10_000, print: printOf(found) }]
  })
}

/** The clause that a known gap names, else the best one; null when nothing is near. */
function nearbyPassage(knowledge: KnowledgeIndex, view: QuestionView): Passage | null {
  if (view.gap !== null) return knowledge.passages[view.gap.passage] ?? null
  const best = view.ranked[0]
  return best !== undefined && best.score >= NEARBY_FROM ? (knowledge.passages[best.passage] ?? null) : null
}

