import type { Answer, Citation, KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { plain } from '../../../language/normalize.ts'
import { holdsKind, isStrictKind } from '../../find/questions/asked-kind.ts'
import { ageNote, inQuotes, leadIn, sourceLine } from './answer-text.ts'
import { extractQuotes } from './extract.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import { listItems } from './list-items.ts'
import { confirmsClaim } from '../../premise/premise-confirm.ts'
import type { QuestionView } from '../question-view.ts'
import { tokenizeQuestion } from '../../find/words/tokens.ts'

export type Body = Pick<Answer, 'kind' | 'text' | 'citations'>

/** A clause with the runs of it that are quoted. */
interface Source {
  quotes: string[]
  passage: Passage
  document: KnowledgeDocument
}

/** A second clause is quoted too from this probability on, and when it has at least this share of the first one's. */
const SECOND_FROM = 0.2
const SECOND_SHARE = 0.35
const LONGEST_ANSWER = 300
/** Of two clauses each is quoted in a run of at most so many characters. */
const LONGEST_OF_TWO = 95
/** A part of the question has its own clause when it is as probable as this and among the first of the whole question. */
const PART_FROM = 0.5
const PART_AMONG = 3

/**
 * The answer in the words of the text: what was asked first, then the quotes with their source.
 * @param parts views of the parts of a question that asks twice; [] for one that asks once
 */
export function writeExtract(knowledge: KnowledgeIndex, view: QuestionView, parts: readonly QuestionView[]): Body {
  const alone = quote(knowledge, view, view.ranked[0]?.passage ?? 0)
  if (alone === null) return { kind: 'answer', text: '', citations: [] }
  const several = quoteParts(knowledge, view, parts, alone) ?? addSecond(knowledge, view, alone)
  const neutral = leadIn([], view.asked, '')
  for (const sources of several) {
    const text = composeAnswer(neutral, sources, noteOn(view, sources))
    if (text.length <= LONGEST_ANSWER) return { kind: 'answer', text, citations: citeAll(sources) }
  }
  const all = alone.quotes.join('。')
  // Where a follow-up stands behind the turn before, a figure that fits the words before it would be the wrong answer, stated first.
  const lead = isAppended(view) ? neutral : confirmsClaim(view.question, alone.quotes.join('')) ? '对，文件是这样写的：' : leadIn(view.kinds, view.question, all)
  const items = view.kinds.includes('list') ? listItems(view.question, all) : []
  const listed = composeAnswer([lead, ...items.map((item) => `· ${item}`)].join('\n'), [alone], noteOn(view, [alone]))
  const text = listed.length <= LONGEST_ANSWER ? listed : composeAnswer(lead, [alone], noteOn(view, [alone]))
  return { kind: 'answer', text, citations: citeAll([alone]) }
}

const withoutMark = (text: string): string => text.replace(/[?？]$/, '')
const isAppended = ({ question, asked }: QuestionView): boolean => asked !== question && withoutMark(question).endsWith(withoutMark(asked))

const citeAll = (sources: readonly Source[]): Citation[] => sources.flatMap(({ passage, quotes }) => quotes.map((words) => cite(passage, words)))

export function cite(passage: Passage, words: string): Citation {
  return { document: passage.documentId, clause: passage.clause, quote: words }
}

function noteOn(view: QuestionView, sources: readonly Source[]): string {
  const [first] = sources
  return first === undefined ? '' : ageNote(view.kinds, sources.flatMap(({ quotes }) => quotes).join(''), first.document)
}

const composeAnswer = (lead: string, sources: readonly Source[], note: string): string =>
  `${lead}\n${sources.map(({ quotes, passage, document }) => `${quotes.map(inQuotes).join('\n')}\n——${sourceLine(document, passage.clause)}`).join('\n')}${note}`

/** Of a question that asks twice, what answers each part; null when its parts lead to no two clauses and to nothing that is not quoted anyway. */
function quoteParts(knowledge: KnowledgeIndex, view: QuestionView, parts: readonly QuestionView[], alone: Source): Source[][] | null {
  const among = view.ranked.slice(0, PART_AMONG).map(({ passage }) => passage)
  const chosen = parts.map((part) => ({ part, found: part.ranked.find(({ passage }) => among.includes(passage)) }))
  const sure = chosen.flatMap(({ part, found }) => (found !== undefined && found.score >= PART_FROM ? [{ part, passage: found.passage }] : []))
  const passages = [...new Set(sure.map(({ passage }) => passage))]
  if (sure.length < 2 || (passages.length === 1 && passages[0] !== view.ranked[0]?.passage) || passages.some((passage) => documentOf(knowledge, passage) !== documentOf(knowledge, passages[0]))) return null
  if (passages.length === 1) return [[{ ...alone, quotes: withoutContained([...alone.quotes, ...sure.flatMap(({ part, passage }) => quote(knowledge, part, passage, { sentences: 1 })?.quotes ?? [])]) }]]
  return [undefined, LONGEST_OF_TWO].map((longest) =>
    passages.flatMap((passage): Source[] => {
      const own = sure.filter((candidate) => candidate.passage === passage).map(({ part }) => quote(knowledge, part, passage, { longest, sentences: 1 }))
      const [first] = own
      return first == null ? [] : [{ ...first, quotes: withoutContained(own.flatMap((source) => source?.quotes ?? [])) }]
    }),
  )
}

const withoutContained = (quotes: readonly string[]): string[] =>
  [...new Set(quotes)].filter((words) => !quotes.some((other) => other !== words && other.includes(words)))

const documentOf = (knowledge: KnowledgeIndex, passage: number | undefined): string | undefined => (passage === undefined ? undefined : knowledge.passages[passage]?.documentId)

/** A second clause that the question needs: one that may well be meant instead, or that alone holds a kind of thing asked for. */
function addSecond(knowledge: KnowledgeIndex, view: QuestionView, alone: Source): Source[][] {
  const [first, second] = view.ranked
  // What another document says of the same is no second half of the answer.
  if (first === undefined || second === undefined || documentOf(knowledge, second.passage) !== alone.passage.documentId) return []
  const isNear = second.score >= SECOND_FROM && second.score >= first.score * SECOND_SHARE
  const missing = view.kinds.filter((kind) => isStrictKind(kind) && !holdsKind(kind, alone.quotes.join('')))
  if (!isNear && (missing.length === 0 || second.score < SECOND_FROM / 4)) return []
  const found = quote(knowledge, view, second.passage, { sentences: 1 })
  if (found === null || (!isNear && !missing.some((kind) => found.quotes.some((words) => holdsKind(kind, words))))) return []
  return [[alone, found], [{ ...alone, quotes: alone.quotes.slice(0, 1) }, found]]
}

function quote(knowledge: KnowledgeIndex, view: QuestionView, position: number, limits: { longest?: number | undefined; sentences?: number } = {}): Source | null {
  const passage = knowledge.passages[position]
  const document = passage === undefined ? undefined : knowledge.documents.get(passage.documentId)
  if (passage === undefined || document === undefined) return null
  const windows = view.refusal.meaning === null ? null : view.windowsOf(position)
  const spans = extractQuotes({
    text: passage.text,
    title: passage.title,
    question: view.asked,
    kinds: view.kinds,
    weights: weighTerms(knowledge, view),
    alike: view.alike(position).map(({ text, nearness }) => ({ weights: weighAlike(knowledge, view, text), nearness })),
    meaning: windows === null ? null : (sentence) => windows.find(({ span }) => span.start === sentence.start && span.end === sentence.end)?.meaning ?? 0,
    ...(limits.longest !== undefined && { longest: limits.longest }),
    ...(limits.sentences !== undefined && { mostSentences: limits.sentences }),
  })
  return { quotes: spans.map(({ start, end }) => passage.text.slice(start, end)), passage, document }
}

/** What a term of a follow-up counts more than one of the question before it. */
const FOLLOWING = 4
/** And what remains of those of the question before, in the typical questions that are like both together: that one was answered. */
const ANSWERED = 0.1
/** What a term right behind the asking word counts more: "什么扶持" wants the words about 扶持. */
const HEAD = 1
const ASKED_HEAD = /(?:什么样的|什么|哪些|哪几个|哪几种|哪几|哪个|哪种)([\u4e00-\u9fff]{2,4})/g

/** The question's terms by rarity. */
function weighTerms(knowledge: KnowledgeIndex, view: QuestionView): Map<number, number> {
  const weights = weighAll(knowledge, view.question)
  const add = (text: string, times: number) => {
    for (const [term, weight] of weighAll(knowledge, text)) weights.set(term, (weights.get(term) ?? 0) + times * weight)
  }
  if (view.asked !== view.question) add(view.asked, FOLLOWING)
  for (const [, head = ''] of plain(view.asked).matchAll(ASKED_HEAD)) add(head, HEAD)
  return weights
}

/** The terms of a typical question; beside a follow-up those that it shares only with the question before count little. */
function weighAlike(knowledge: KnowledgeIndex, view: QuestionView, text: string): Map<number, number> {
  const weights = weighAll(knowledge, text)
  if (view.asked === view.question) return weights
  const asked = new Set(tokenizeQuestion(view.asked))
  const before = new Set(tokenizeQuestion(view.question).filter((term) => !asked.has(term)))
  return new Map([...weights].map(([term, weight]) => [term, before.has(term) ? ANSWERED * weight : weight]))
}

const weighAll = (knowledge: KnowledgeIndex, text: string): Map<number, number> => new Map(tokenizeQuestion(text).map((term) => [term, knowledge.index.termWeight(term)]))
