import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { normalize } from '../../../language/normalize.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import { ageNote, inQuotes, leadIn, sourceLine } from '../extract/answer-text.ts'
import { confirmsClaim } from '../../premise/premise-confirm.ts'
import type { QuestionView } from '../question-view.ts'
import { cite } from '../extract/write-extract.ts'
import type { Body } from '../extract/write-extract.ts'
import { contextOf } from './bare-features.ts'
import type { BareCandidate } from './choose-bare.ts'
import { LONGEST_LIST, quoteBare } from './quote-bare.ts'
import { isSameSubject, standingOf } from '../several-documents.ts'
import { listOfRows, rowsMeant, tableOf } from './table-rows.ts'

const LONGEST_ANSWER = 300
/** Quotes are never cut shorter than this for the sake of what stands around them. */
const SHORTEST_QUOTES = 150
/** A second clause is quoted too when it is nearly as likely meant: where both are asked for, or it isn't sure which. */
const NEARLY = 1.5
/** What each of two clauses may take: the first of them never so much that there is no room for the other. */
const ROOM_OF_TWO = { first: 150, second: 110 }
const MOST_ROWS = 40
const LISTING: readonly AskedKind[] = ['list', 'materials']

/**
 * The answer in the words of clauses that nobody wrote typical questions for.
 * @param candidates at least one, the best first
 * @param today ISO day: another document is quoted beside the best clause's own only where it is known to hold
 */
export function writeBare(knowledge: KnowledgeIndex, view: QuestionView, candidates: readonly BareCandidate[], today?: string): Body {
  const [best, ...others] = candidates
  if (best === undefined) return { kind: 'answer', text: '', citations: [] }
  const rows = writeRows(knowledge, view, rowMeant(view, best, others))
  if (rows !== null) return rows
  const { passage, document } = best
  const second = others.find((other) => best.choice - other.choice <= NEARLY && tableOf(other.passage) === null && goesBeside(best, other, today))
  const room = Math.max(SHORTEST_QUOTES, LONGEST_ANSWER - overhead(view, document, passage))
  const quotes = quoteOf(view, best, second === undefined ? room : Math.min(room, ROOM_OF_TWO.first))
  const secondQuotes = second === undefined ? [] : quoteOf(view, second, Math.max(ROOM_OF_TWO.second, room - quotes.join('').length - 20))
  const lines = [
    lead(view, quotes.join('。')),
    ...quotes.map(inQuotes),
    `——${sourceLine(document, passage.clause)}`,
    ...(second === undefined ? [] : [...secondQuotes.map(inQuotes), `——${sourceLine(second.document, second.passage.clause)}`]),
  ]
  const citations = [...quotes.map((words) => cite(passage, words)), ...(second === undefined ? [] : secondQuotes.map((words) => cite(second.passage, words)))]
  return { kind: 'answer', text: `${lines.join('\n')}${ageNote(view.kinds, quotes.join(''), document)}`, citations }
}

/** What an older paper says of the same thing is no second answer: which of them holds has been decided. */
function goesBeside(best: BareCandidate, other: BareCandidate, today: string | undefined): boolean {
  if (other.document.id === best.document.id) return true
  const holds = today !== undefined && standingOf(other.document, today) === 'in_force'
  return holds && normalize(other.document.title) !== normalize(best.document.title) && !isSameSubject(best.passage.text, other.passage.text)
}

const REFERS_TO_TABLE = /下表|附表|见表|表[一二三四五六\d]|如下[：:]?\s*$/

/** A list question that finds the words before a table wants the table. */
function rowMeant(view: QuestionView, best: BareCandidate, others: readonly BareCandidate[]): BareCandidate {
  if (tableOf(best.passage) !== null || !view.kinds.some((kind) => LISTING.includes(kind)) || !REFERS_TO_TABLE.test(best.passage.text)) return best
  return others.find(({ passage, document }) => document.id === best.document.id && tableOf(passage) !== null) ?? best
}

const lead = (view: QuestionView, quoted: string): string => (confirmsClaim(view.question, quoted) ? '对，文件是这样写的：' : leadIn(view.kinds.filter((kind) => kind !== 'procedure' || !view.asked.includes('哪')), view.asked, quoted))

const overhead = (view: QuestionView, document: KnowledgeDocument, passage: Passage): number =>
  16 + sourceLine(document, passage.clause).length + ageNote(view.kinds, passage.text, document).length + 10

function quoteOf(view: QuestionView, { position, passage, document }: BareCandidate, longest: number): string[] {
  return quoteBare({ view, position, text: passage.text, over: contextOf(passage, document), longest }).map(({ start, end }) => passage.text.slice(start, end))
}

/** The rows of a table: the one that the question names, all with what they belong to where it names none, or what a list question wants of each. */
function writeRows(knowledge: KnowledgeIndex, view: QuestionView, best: BareCandidate): Body | null {
  const table = tableOf(best.passage)
  if (table === null) return null
  const rows = knowledge.passages.filter((passage) => passage.documentId === best.document.id && tableOf(passage) === table).slice(0, MOST_ROWS)
  if (view.kinds.some((kind) => LISTING.includes(kind)) && rows.length > 1) return writeList(view, best, rows)
  const meant = rowsMeant(view.question, rows)
  const used = meant.includes(best.passage) && meant.reduce((sum, { text }) => sum + text.length, 0) <= LONGEST_LIST ? meant : [best.passage]
  const quotes = used.map((passage) => ({ passage, words: passage.text.trim() }))
  const isOne = quotes.length === 1
  const lines = [isOne ? lead(view, best.passage.text) : '文件里分这几种：', ...quotes.map(({ words }) => inQuotes(words)), source(best, used)]
  return { kind: 'answer', text: `${lines.join('\n')}${ageNote(view.kinds, best.passage.text, best.document)}`, citations: quotes.map(({ passage, words }) => cite(passage, words)) }
}

function writeList(view: QuestionView, best: BareCandidate, rows: readonly Passage[]): Body {
  const values = listOfRows(view.question, rows.map(({ text }) => text))
  const shown: { passage: Passage; words: string }[] = []
  let length = 0
  for (const [place, passage] of rows.entries()) {
    const words = values[place] ?? ''
    if (words === '' || length + words.length > LONGEST_LIST) continue
    length += words.length
    shown.push({ passage, words })
  }
  const left = rows.length - shown.length
  const lines = [`文件里列了${rows.length}项：`, ...shown.map(({ words }) => `· ${words}`), ...(left > 0 ? [`（还有${left}项，回复“详细”看全部。）`] : []), source(best, rows)]
  return { kind: 'answer', text: `${lines.join('\n')}${ageNote(view.kinds, '', best.document)}`, citations: shown.map(({ passage, words }) => cite(passage, words)) }
}

const source = (best: BareCandidate, rows: readonly Passage[]): string => `——${sourceLine(best.document, rows.length === 1 ? (rows[0]?.clause ?? best.passage.clause) : (tableOf(best.passage) ?? best.passage.clause))}`
