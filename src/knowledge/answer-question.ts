import type { Answer, Citation, KnowledgeDocument, Passage, RankedPassage } from '../domain/answers.ts'
import { ageNote, inQuotes, leadIn, offTopicText, refusalText, sourceLine } from './answer-text.ts'
import { extractQuote } from './extract.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { readOffTopic } from './off-topic.ts'
import type { QuestionVectors } from './passage-index.ts'
import { findFalsePremise } from './premise.ts'
import type { FalsePremise } from './premise.ts'
import { readClaim } from './premise-claim.ts'
import { confirmsFigure } from './premise-figure.ts'
import { viewQuestion } from './question-view.ts'
import type { QuestionView } from './question-view.ts'
import { refusalFeatures, shouldAnswer } from './refusal.ts'
import { tokenizeQuestion } from './tokens.ts'
import type { Weights } from './weights.ts'

const RANKED_SHOWN = 10
/** A refusal names the nearest clause only when it has something to do with the question. */
const NEARBY_FROM = 0.02
const CORRECTED_FROM = 0.5

export interface AnswerInput {
  knowledge: KnowledgeIndex
  weights: Weights
  question: string
  /** The words to read the asked kind from first. */
  asked: string
  vectors: QuestionVectors | null
}

export interface Answered {
  answer: Answer
  /** The ranked passages themselves, for a writer. */
  passages: Passage[]
}

/** Answers, corrects or refuses from the text alone. Pure: the same input gives the same answer. */
export function answerQuestion(input: AnswerInput): Answered {
  const { knowledge, weights, question, vectors } = input
  const topic = readOffTopic(question)
  const mode = vectors === null ? 'lexical' : 'hybrid'
  const view = viewQuestion(question, { index: knowledge.index, weights: weights.ranking[mode], vectors, asked: input.asked })
  const passages = view.ranked.slice(0, RANKED_SHOWN).flatMap(({ passage }) => knowledge.passages[passage] ?? [])
  const base = { question, ranked: rankedPassages(knowledge, view), isGenerated: false }
  const refuse = (text: string): Answered => ({ passages, answer: { ...base, kind: 'refusal', text, citations: [], details: '' } })

  if (topic !== null) return refuse(offTopicText(topic))
  const passage = passages[0]
  const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
  if (passage === undefined || document === undefined) return refuse(refusalText(nearbyPassage(knowledge, view)))
  // A figure that the text contradicts is itself a sign that the text speaks of this: it is put right even when an answer would be doubtful.
  const premise = (view.ranked[0]?.score ?? 0) >= CORRECTED_FROM ? findFalsePremise(question, passage.text) : null
  if (premise === null && !shouldAnswer(weights.refusal[mode], refusalFeatures(view.refusal))) return refuse(refusalText(nearbyPassage(knowledge, view)))
  const body = premise === null ? writeAnswer(knowledge, view, passage, document) : writeCorrection(premise, passage, document)
  return { passages, answer: { ...base, ...body, details: `${sourceLine(document, passage.clause)}\n${passage.text}` } }
}

type Body = Pick<Answer, 'kind' | 'text' | 'citations'>

function writeAnswer(knowledge: KnowledgeIndex, view: QuestionView, passage: Passage, document: KnowledgeDocument): Body {
  const span = extractQuote({
    text: passage.text,
    title: passage.title,
    kinds: view.kinds,
    weights: new Map(tokenizeQuestion(view.question).map((term) => [term, knowledge.index.termWeight(term)])),
    meaning: view.refusal.meaning === null ? null : (sentence) => view.windows.find((window) => window.span.start === sentence.start && window.span.end === sentence.end)?.meaning ?? 0,
  })
  const quote = passage.text.slice(span.start, span.end)
  const lead = confirmsFigure(view.question, readClaim(view.question), quote) ? '对，文件是这样写的：' : leadIn(view.kinds)
  const text = `${lead}\n${inQuotes(quote)}\n——${sourceLine(document, passage.clause)}${ageNote(view.kinds, quote, document)}`
  return { kind: 'answer', text, citations: [cite(passage, quote)] }
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
      return `不是${premise.claimed}，文件是这样写的：`
    case 'condition':
      return '文件不是这样写的，原文是：'
    default:
      return premise satisfies never
  }
}

function cite(passage: Passage, quote: string): Citation {
  return { document: passage.documentId, clause: passage.clause, quote }
}

export function rankedPassages(knowledge: KnowledgeIndex, view: Pick<QuestionView, 'ranked'>, limit = RANKED_SHOWN): RankedPassage[] {
  return view.ranked.slice(0, limit).flatMap(({ passage, score }) => {
    const found = knowledge.passages[passage]
    return found === undefined ? [] : [{ document: found.documentId, clause: found.clause, score: Math.round(score * 10_000) / 10_000 }]
  })
}

/** The clause that a known gap names, else the best one; null when nothing is near. */
function nearbyPassage(knowledge: KnowledgeIndex, view: QuestionView): Passage | null {
  if (view.gap !== null) return knowledge.passages[view.gap.passage] ?? null
  const best = view.ranked[0]
  return best !== undefined && best.score >= NEARBY_FROM ? (knowledge.passages[best.passage] ?? null) : null
}

