import type { Answer, Citation, KnowledgeDocument, Passage, RankedPassage } from '../domain/answers.ts'
import { holdsKind, isStrictKind } from './asked-kind.ts'
import { ageNote, conflictLine, expiryNote, inQuotes, leadIn, listItems, offTopicText, refusalText, sourceLine } from './answer-text.ts'
import { findConflict } from './document-conflict.ts'
import { extractQuotes } from './extract.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { readOffTopic } from './off-topic.ts'
import type { QuestionVectors } from './passage-index.ts'
import { findFalsePremise } from './premise.ts'
import type { FalsePremise } from './premise.ts'
import { readClaim } from './premise-claim.ts'
import { confirmsFigure } from './premise-figure.ts'
import type { QuestionView } from './question-view.ts'
import { isOfDomain, refusalFeatures, shouldAnswer } from './refusal.ts'
import { tokenizeQuestion } from './tokens.ts'
import { chooseView } from './several-documents.ts'
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
  /** ISO day, for documents that are no longer in force. */
  today?: string
}

export interface Answered {
  answer: Answer
  /** The ranked passages themselves, for a writer. */
  passages: Passage[]
  /** Whether the nearest known question is one of another domain. */
  isForeign: boolean
}

/** Answers, corrects or refuses from the text alone. Pure: the same input gives the same answer. */
export function answerQuestion(input: AnswerInput): Answered {
  const { knowledge, question } = input
  const topic = readOffTopic(question)
  const { view, decision, isSure, rival } = chooseView(input)
  const passages = view.ranked.slice(0, RANKED_SHOWN).flatMap(({ passage }) => knowledge.passages[passage] ?? [])
  const base = { question, ranked: rankedPassages(knowledge, view), isGenerated: false }
  const isForeign = view.gap?.isOtherDomain === true
  const refuse = (text: string): Answered => ({ passages, isForeign, answer: { ...base, kind: 'refusal', text, citations: [], details: '' } })

  if (topic !== null) return refuse(offTopicText(topic))
  const passage = passages[0]
  const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
  if (passage === undefined || document === undefined) return refuse(refusalText(nearbyPassage(knowledge, view)))
  // A figure that the text contradicts is itself a sign that the text speaks of this: it is put right even when an answer would be doubtful.
  const features = refusalFeatures(view.refusal)
  const mayCorrect = (view.ranked[0]?.score ?? 0) >= CORRECTED_FROM && isOfDomain(decision, features)
  // Of a follow-up only its own words can be wrong: those before it were answered.
  const premise = mayCorrect ? findFalsePremise(input.asked, passage.text) : null
  if (premise === null && !isSure && !shouldAnswer(decision, features)) return refuse(refusalText(nearbyPassage(knowledge, view)))
  const written = premise === null ? writeAnswer(knowledge, view, passage, document) : writeCorrection(premise, passage, document)
  const own = { ...written, text: written.text + expiryNote(document, input.today) }
  const body = rival === null ? own : addConflict(own, document, rival, knowledge)
  return { passages, isForeign, answer: { ...base, ...body, details: `${sourceLine(document, passage.clause)}\n${passage.text}` } }
}

type Body = Pick<Answer, 'kind' | 'text' | 'citations'>

/** A second clause is quoted too from this probability on, and when it has at least this share of the first one's. */
const SECOND_FROM = 0.2
const SECOND_SHARE = 0.35
const LONGEST_ANSWER = 300

function writeAnswer(knowledge: KnowledgeIndex, view: QuestionView, passage: Passage, document: KnowledgeDocument): Body {
  const quotes = quotePassage(knowledge, view, view.ranked[0]?.passage ?? 0, passage)
  const all = quotes.join('')
  const lead = confirmsFigure(view.question, readClaim(view.question), all) ? '对，文件是这样写的：' : leadIn(view.kinds, all)
  const note = ageNote(view.kinds, all, document)
  const items = view.kinds.includes('list') ? listItems(quotes[0] ?? '') : []
  const alone = { quotes, passage, document }
  const second = findSecond(knowledge, view, all)
  for (const sources of second === null ? [] : [[alone, second], [{ ...alone, quotes: quotes.slice(0, 1) }, second]]) {
    const text = composeAnswer(lead, sources, note)
    if (text.length <= LONGEST_ANSWER) return { kind: 'answer', text, citations: sources.flatMap((source) => source.quotes.map((quote) => cite(source.passage, quote))) }
  }
  const text = composeAnswer([lead, ...items.map((item) => `· ${item}`)].join('\n'), [alone], note)
  return { kind: 'answer', text: text.length <= LONGEST_ANSWER ? text : composeAnswer(lead, [alone], note), citations: quotes.map((quote) => cite(passage, quote)) }
}

/** One line about another document that says otherwise, with its citation. */
function addConflict(body: Body, document: KnowledgeDocument, rival: Passage, knowledge: KnowledgeIndex): Body {
  const other = knowledge.documents.get(rival.documentId)
  const conflict = other === undefined ? null : findConflict(body.citations.map(({ quote }) => quote), rival)
  if (other === undefined || conflict === null) return body
  return { ...body, text: `${body.text}\n${conflictLine(document, other, rival.clause, conflict.quote)}`, citations: [...body.citations, cite(rival, conflict.quote)] }
}

interface Source {
  quotes: string[]
  passage: Passage
  document: KnowledgeDocument
}

const composeAnswer = (lead: string, sources: readonly Source[], note: string): string =>
  `${lead}\n${sources.map(({ quotes, passage, document }) => `${quotes.map(inQuotes).join('\n')}\n——${sourceLine(document, passage.clause)}`).join('\n')}${note}`

/** A second clause that the question needs: one that may well be meant instead, or that alone holds a kind of thing asked for. */
function findSecond(knowledge: KnowledgeIndex, view: QuestionView, quoted: string): Source | null {
  const [first, second] = view.ranked
  const passage = second === undefined ? undefined : knowledge.passages[second.passage]
  const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
  if (first === undefined || second === undefined || passage === undefined || document === undefined) return null
  // What another document says of the same is no second half of the answer.
  if (knowledge.passages[first.passage]?.documentId !== passage.documentId) return null
  const quotes = quotePassage(knowledge, view, second.passage, passage).slice(0, 1)
  const isNear = second.score >= SECOND_FROM && second.score >= first.score * SECOND_SHARE
  const missing = view.kinds.filter((kind) => isStrictKind(kind) && !holdsKind(kind, quoted))
  const holdsMissing = second.score >= SECOND_FROM / 4 && missing.some((kind) => quotes.some((quote) => holdsKind(kind, quote)))
  return isNear || holdsMissing ? { quotes, passage, document } : null
}

function quotePassage(knowledge: KnowledgeIndex, view: QuestionView, position: number, passage: Passage): string[] {
  const windows = view.refusal.meaning === null ? null : view.windowsOf(position)
  const spans = extractQuotes({
    text: passage.text,
    title: passage.title,
    kinds: view.kinds,
    weights: weighTerms(knowledge, view),
    alike: view.alike(position).map(({ text, nearness }) => ({ weights: weighAll(knowledge, text), nearness })),
    meaning: windows === null ? null : (sentence) => windows.find(({ span }) => span.start === sentence.start && span.end === sentence.end)?.meaning ?? 0,
  })
  return spans.map(({ start, end }) => passage.text.slice(start, end))
}

/** What a term of a follow-up counts more than one of the question before it. */
const FOLLOWING = 2

/** The question's terms by rarity. */
function weighTerms(knowledge: KnowledgeIndex, view: QuestionView): Map<number, number> {
  const weights = weighAll(knowledge, view.question)
  if (view.asked !== view.question) for (const [term, weight] of weighAll(knowledge, view.asked)) weights.set(term, (weights.get(term) ?? 0) + FOLLOWING * weight)
  return weights
}

const weighAll = (knowledge: KnowledgeIndex, text: string): Map<number, number> => new Map(tokenizeQuestion(text).map((term) => [term, knowledge.index.termWeight(term)]))

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

