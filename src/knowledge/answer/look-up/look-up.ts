import { clauseName } from '../../../domain/answers.ts'
import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { normalize, plain } from '../../../language/normalize.ts'
import { readClauseQuestion } from '../../../language/clause-questions.ts'
import { ageNote, expiryNote, inQuotes, shortTitle, sourceLine } from '../extract/answer-text.ts'
import type { KnowledgeIndex } from '../../find/knowledge-index.ts'
import { splitSentences } from '../../find/words/windows.ts'
import { cite } from '../extract/write-extract.ts'
import type { Body } from '../extract/write-extract.ts'
import { isTold } from '../bare/told.ts'
import { documentCalled, namedDocument, withoutName } from './named-document.ts'

/** What is looked up in a document, not searched for. */
type Wanted = { of: 'clause'; clause: string } | { of: 'last' } | { of: 'count' } | { of: 'document' }

export interface LookedUp {
  body: Body | { kind: 'refusal'; text: string; citations: [] }
  /** The clause shown. */
  passage: Passage | null
}

/** Words that ask to be shown something and say nothing of what it is about. */
const SHOWING = /文件|规定|条例|办法|意见|通知|里面?|上面|内容|原文|全文|说|讲|写|是|的|了|什么|哪些|怎么|给我|我想|想|看看?|一下|查|念|请问|这个|那个|这份|那份|呢|啊|吗|呀|都/g
/** What is asked of a document as a whole. */
const OF_DOCUMENT = /什么时候|哪年|哪一?天|开始|谁|哪个?(?:单位|部门|机关|里|儿)|发布?|印发|出台|施行|实施|生效|有效|废止|作废|还|吗|文号|几号|多少号|第几号/g

const LONGEST_ANSWER = 300
const SHORT_QUOTE = 80
const OTHERS_NAMED = 3

const restOf = (text: string, ...patterns: readonly RegExp[]): string => patterns.reduce((rest, pattern) => rest.replaceAll(new RegExp(pattern, 'g'), ''), text).replaceAll(/[^\p{L}\p{N}]/gu, '')

/** What a question says from here on says when: "停车条例什么时候开始施行". */
const WHEN = /什么时候|哪年|哪天|哪一天|几号/

/** The document that is named, in whole or by the end of its name, and what is wanted of it; null when the question is about something. */
function readWanted(asked: string, question: string, all: readonly KnowledgeDocument[]): { wanted: Wanted; named: string | null } | null {
  const clause = readClauseQuestion(asked)
  if (clause !== null) {
    const named = namedDocument(question, all) ?? documentCalled(clause.named, all)
    return clause.named === '' || named !== null ? { wanted: clause, named } : null
  }
  const text = normalize(plain(asked))
  const named = namedDocument(question, all) ?? documentCalled(restOf(text.split(WHEN)[0] ?? ''), all)
  const document = all.find(({ id }) => id === named)
  if (document === undefined) return null
  const besides = restOf(withoutName(asked, document).replace(restOf(text.split(WHEN)[0] ?? ''), ''), OF_DOCUMENT, SHOWING)
  return besides === '' ? { wanted: { of: 'document' }, named } : null
}

/**
 * A clause by its number (第13条说的是啥), the last one, how many there are, or a document by its title or number; null for every question that is about
 * something. Of several documents it is the one that is named, else the one that typical questions were written for, else the newest.
 * @param question with what was asked before it, where a document may be named
 */
export function lookUp(asked: string, question: string, { documents }: Pick<KnowledgeIndex, 'documents'>, today: string | undefined): LookedUp | null {
  const all = [...documents.values()]
  const read = readWanted(asked, question, all)
  if (read === null) return null
  const { wanted } = read
  const named = documents.get(read.named ?? '')
  const open = named === undefined ? all.filter(({ supersededBy }) => supersededBy === undefined) : [named]
  const having = wanted.of === 'clause' ? open.filter(({ passages }) => passages.some(({ clause }) => clause === wanted.clause)) : open.filter(({ passages }) => passages.length > 0)
  const [document, ...others] = [...having].sort((left, right) => Number(isTold(right)) - Number(isTold(left)) || (left.issuedOn < right.issuedOn ? 1 : -1))
  if (document === undefined) return open.length === 0 || wanted.of !== 'clause' ? null : { body: { kind: 'refusal', text: `${open.length === 1 && open[0] !== undefined ? `${shortTitle(open[0])}一共${countOf(open[0])}条，` : ''}没有${clauseName(wanted.clause)}。`, citations: [] }, passage: null }
  const note = `${others.length === 0 ? '' : `\n（${others.slice(0, OTHERS_NAMED).map(shortTitle).join('、')}${others.length > OTHERS_NAMED ? '等' : ''}也可以问，请带上文件名。）`}${expiryNote(document, today)}`
  const numbered = document.passages.filter(({ clause }) => /^\d+(?:-\d+)?$/.test(clause))
  const passage = wanted.of === 'clause' ? numbered.find(({ clause }) => clause === wanted.clause) : wanted.of === 'document' ? document.passages[0] : (numbered.at(-1) ?? document.passages.at(-1))
  if (passage === undefined) return null
  return { body: write(wanted, document, passage, note), passage }
}

/** How many numbered clauses there are; of a document without numbers, how many parts. */
function countOf({ passages }: KnowledgeDocument): number {
  const numbered = passages.filter(({ clause }) => /^\d+(?:-\d+)?$/.test(clause)).length
  return numbered === 0 ? passages.length : numbered
}

function write(wanted: Wanted, document: KnowledgeDocument, passage: Passage, note: string): Body {
  const lead = leadOf(wanted, document, passage)
  const source = `——${sourceLine(document, passage.clause)}`
  const age = document.supersededBy === undefined ? '' : ageNote([], '', document)
  const room = wanted.of === 'clause' || wanted.of === 'last' ? LONGEST_ANSWER - lead.length - source.length - note.length - age.length - 24 : SHORT_QUOTE
  const quote = head(passage.text, Math.max(SHORT_QUOTE, room))
  const more = quote.length < passage.text.trim().length ? '\n（后面还有，回复“详细”看全文。）' : ''
  return { kind: 'answer', text: `${lead}\n${inQuotes(quote)}\n${source}${more}${age}${note}`, citations: [cite(passage, quote)] }
}

function leadOf(wanted: Wanted, document: KnowledgeDocument, passage: Passage): string {
  if (wanted.of === 'count') return `${shortTitle(document)}一共${countOf(document)}条，最后是${clauseName(passage.clause)}：`
  if (wanted.of !== 'document') return `${clauseName(passage.clause)}写的是：`
  const { title, issuer, number, issuedOn, effectiveFrom } = document
  const parts = [issuer, ...(number === undefined ? [] : [number]), `${issuedOn}发布`, ...(effectiveFrom === undefined ? [] : [`${effectiveFrom}起施行`]), `一共${countOf(document)}条`]
  return `《${title.replace(/^《|》$/g, '')}》：${parts.join('，')}。开头是：`
}

/** Whole sentences from the beginning within the limit, the first cut where it alone is longer. */
function head(text: string, longest: number): string {
  const whole = text.trim()
  if (whole.length <= longest) return whole
  const sentences = splitSentences(whole)
  const last = sentences.findLast(({ end }) => end <= longest)
  return last === undefined ? whole.slice(0, longest).replace(/[\ud800-\udbff]$/, '') : whole.slice(0, last.end)
}
