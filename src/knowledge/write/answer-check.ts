import type { Citation, Passage } from '../../domain/answers.ts'
import { findPhones } from '../../language/values/phones.ts'
import { objectToClaims, objectToForbidden } from './answer-check-claims.ts'
import { objectToFigures } from './answer-check-figures.ts'
import { objectToNames } from './answer-check-names.ts'
import { bigrams, countShared, flatten, toSource } from './answer-check-text.ts'
import type { SourceText } from './answer-check-text.ts'

export type AnswerCheck =
  | { ok: true; citations: Citation[] }
  /** `objection`: one Chinese sentence for the next try. It may repeat words of the answer: not for logs. */
  | { ok: false; objection: string }

export const LONGEST_WRITTEN_ANSWER = 300
const MOST_SENTENCES = 4
const LONGEST_QUOTE = 200

/** The sign under which each passage is shown to the model and cited: its clause, with 乙, 丙 … where documents share a number. */
export function markPassages(passages: readonly Passage[]): Map<string, Passage> {
  const marks = new Map<string, Passage>()
  for (const passage of passages) {
    const suffix = ['', ...'乙丙丁戊己庚辛壬癸'].find((candidate) => !marks.has(passage.clause + candidate))
    if (suffix !== undefined) marks.set(passage.clause + suffix, passage)
  }
  return marks
}

/**
 * Whether a text written by a model says only what the passages say. Every sentence must cite one of `passages` as 〔13〕; figures
 * with unit and bound, dates, document numbers, names and quotations must stand in the cited clause, about the same subject; no
 * promise, link, telephone number, instruction or advice of its own. Errs on the side of refusing.
 */
export function checkWrittenAnswer(text: string, passages: readonly Passage[]): AnswerCheck {
  const marks = markPassages(passages)
  const objection = objectToForm(text)
  if (objection !== undefined) return { ok: false, objection }
  const flat = flattenAnswer(text)
  const cited = new Map<Passage, string>()
  for (const [index, sentence] of splitSentences(flat).entries()) {
    const segments = splitSegments(sentence)
    if (segments.length === 0) return { ok: false, objection: `第 ${index + 1} 句没有出处，句末要写〔编号〕` }
    const unknown = segments.flatMap((segment) => segment.marks).find((mark) => !marks.has(mark))
    if (unknown !== undefined) return { ok: false, objection: `〔${unknown}〕不在给你的资料里，只能引用资料的编号` }
    const forbidden = objectToForbidden(segments.map((segment) => segment.text).join('')) ?? objectToForbidden(restorePunctuation(sentence))
    if (forbidden !== undefined) return { ok: false, objection: forbidden }
    for (const segment of segments) {
      const sources = segment.marks.flatMap((mark) => marks.get(mark) ?? [])
      const fault = objectToSegment(segment.text, sources)
      if (fault !== undefined) return { ok: false, objection: fault }
      for (const source of sources) cited.set(source, `${cited.get(source) ?? ''}${segment.text}`)
    }
  }
  if (cited.size === 0) return { ok: false, objection: '回答是空的' }
  return { ok: true, citations: [...cited].map(([passage, said]) => ({ document: passage.documentId, clause: passage.clause, quote: findQuote(passage.text, said) })) }
}

function objectToForm(text: string): string | undefined {
  if (text.trim() === '') return '回答是空的'
  if (text.length > LONGEST_WRITTEN_ANSWER) return `太长，最多 ${LONGEST_WRITTEN_ANSWER} 个字`
  if (/[^\P{C}\n]/u.test(text)) return '有看不见的字符'
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const latin = text.match(/\p{L}/gu)?.length ?? 0
  if (han < 4 || han * 2 < latin) return '用中文回答'
  // Only what a Chinese clause is written with, so that look-alike letters and digits cannot slip past the checks.
  if (/[^\p{Script=Han}\p{P}\p{Zs}A-Za-zＡ-Ｚａ-ｚ0-9０-９\n%㎡+＋=~～×〇]/u.test(text)) return '只用汉字、数字和标点'
  return splitSentences(flattenAnswer(text)).length > MOST_SENTENCES ? '最多写 3 句' : undefined
}

const MARK = String.raw`第?([\d零一二三四五六七八九十百]{1,6}(?:-\d+)?[乙丙丁戊己庚辛壬癸]?)条?`
const CITATION = new RegExp(String.raw`[〔\[【]${MARK}((?:[、,和;]${MARK})*)[〕\]】]`, 'g')
const OPEN = '\uE000'
const CLOSE = '\uE001'
const DOCUMENT_NUMBER = /[〔[(【]((?:19|20)\d\d)[〕\])】](?=\d+号)/g

/** Flattened, with citations as private-use brackets around their marks and document numbers as `(2010)27号`. */
function flattenAnswer(text: string): string {
  const lines = text.trim().split(/\n+/).map((line) => flatten(line)).join('\n')
  return lines
    .replaceAll(DOCUMENT_NUMBER, '($1)')
    .replaceAll(CITATION, (group: string) => {
      const inner = Array.from(group.matchAll(new RegExp(MARK, 'g')), (match) => toArabic(match[1] ?? ''))
      return `${OPEN}${inner.join(' ')}${CLOSE}`
    })
    .replaceAll(new RegExp(`([。;!?\n]+)((?:${OPEN}[^${CLOSE}]*${CLOSE})+)`, 'g'), '$2$1')
}

const flattenClause = (text: string): string => flatten(text).replaceAll(DOCUMENT_NUMBER, '($1)')

const DIGITS = '零一二三四五六七八九'

/** 十三 -> 13; what is no Chinese numeral below a thousand stays. */
function toArabic(mark: string): string {
  const match = /^(?:([一二三四五六七八九])百)?零?(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九]?)$/.exec(mark)
  if (match === null || mark === '') return mark
  const [, hundreds = '', tens = '', ten, ones = ''] = match
  const digit = (character: string) => Math.max(0, DIGITS.indexOf(character))
  const value = (hundreds === '' ? 0 : digit(hundreds) * 100) + (ten === undefined ? 0 : (tens === '' ? 1 : digit(tens)) * 10) + (ones === '' ? 0 : digit(ones))
  return String(value)
}

const splitSentences = (text: string): string[] => text.split(/(?<=[。!?\n])/).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
const restorePunctuation = (sentence: string): string => sentence.replaceAll(new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`, 'g'), '')

interface Segment {
  text: string
  marks: string[]
}

/** The stretches of a sentence with the citations that follow each; what comes after the last citation belongs to it. */
function splitSegments(sentence: string): Segment[] {
  const segments: Segment[] = []
  let rest = ''
  for (const part of sentence.split(new RegExp(`(${OPEN}[^${CLOSE}]*${CLOSE})`))) {
    if (!part.startsWith(OPEN)) {
      rest += part
      continue
    }
    const marks = part.slice(1, -1).split(' ')
    const previous = segments.at(-1)
    if (!/[\p{L}\p{N}]/u.test(rest) && previous !== undefined) previous.marks.push(...marks)
    else segments.push({ text: rest, marks })
    rest = ''
  }
  const last = segments.at(-1)
  if (last !== undefined) last.text += rest
  return segments
}

function objectToSegment(segment: string, passages: readonly Passage[]): string | undefined {
  const source = toClauseSource(passages)
  const phone = findPhones(segment).map((found) => found.phone).find((phone) => !source.text.replaceAll(/\D/g, ' ').split(' ').includes(phone))
  if (phone !== undefined) return '电话号码不在所引的条款里'
  const stray = /[〔〕【】[\]]/.test(segment) ? '出处要写成〔编号〕，编号照抄资料' : undefined
  const clauses = passages.map((passage) => passage.clause)
  return stray ?? objectToDocumentNumbers(segment, source) ?? objectToFigures(segment, source, clauses) ?? objectToNames(segment, source) ?? objectToClaims(segment.replaceAll(/第[^条]{1,5}条/g, ''), source)
}

const toClauseSource = (passages: readonly Passage[]): SourceText => toSource(passages.map((passage) => ({ title: flattenClause(passage.title), text: flattenClause(passage.text) })))

/** 中办发〔2010〕27号 as a whole: each part of it may well stand in the clause, in another number. */
function objectToDocumentNumbers(segment: string, source: SourceText): string | undefined {
  for (const match of segment.matchAll(/(\p{Script=Han}{0,6})\((\d{4})\)(\d+)号/gu)) {
    const letters = (match[1] ?? '').slice(-2)
    if (!source.text.includes(`${letters}(${match[2]})${match[3]}号`)) return `文号“${match[0]}”不在所引的条款里`
  }
  return undefined
}

/** The sentence of a clause that says most of what was said, word for word; a long one is cut down to its best part. */
function findQuote(text: string, said: string): string {
  const grams = bigrams(said)
  const best = pickBest(text.match(/[^。！？!?\n]+[。！？!?]?/g) ?? [text], grams)
  if (best.length <= LONGEST_QUOTE) return best
  const part = pickBest(best.match(/[^;；]+[;；]?/g) ?? [best], grams)
  return part.slice(0, LONGEST_QUOTE)
}

function pickBest(runs: readonly string[], grams: ReadonlySet<string>): string {
  let best = ''
  let bestScore = -1
  for (const run of runs) {
    const trimmed = run.trim()
    const score = countShared(grams, bigrams(flattenClause(trimmed)))
    if (score > bestScore && trimmed !== '') [best, bestScore] = [trimmed, score]
  }
  return best
}
