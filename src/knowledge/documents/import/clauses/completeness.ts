import type { KnowledgeDocument } from '../../../../domain/answers.ts'
import type { ImportLine } from '../lines.ts'
import { isChapter, readNumberedLoosely } from '../numbering.ts'
import { findDate } from '../written-date.ts'
import { withoutMarks } from './questions.ts'

export interface Completeness {
  /** Of the characters that went in, those that stand in what can be answered from, 0..1. */
  share: number
  /** Words that stand nowhere, as they stood in the file. */
  missing: string[]
}

const NEAR = 2_000

/** Marks and blanks are no words. */
const bare = (text: string): string => text.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]/gu, '')

/** What of a document's lines can be answered from: it stands in a clause's text, title or heading, or in what is known of the document. */
export function checkCompleteness(lines: readonly ImportLine[], document: KnowledgeDocument): Completeness {
  const { title, issuer, number = '', issuedOn, effectiveFrom, effectiveTo, passages } = document
  const held = bare([title, issuer, number, ...passages.flatMap((passage) => [passage.clause, passage.title, ...(passage.headings ?? []), passage.text])].join('\n'))
  const dates = new Set([issuedOn, effectiveFrom, effectiveTo])
  // Lines stand in clauses in the order of the file: what comes next is looked for next.
  let cursor = 0
  const isFound = (words: string) => {
    const near = held.slice(cursor, cursor + NEAR + words.length).indexOf(words)
    if (near !== -1) cursor += near
    return near !== -1 || held.includes(words)
  }
  const isHeld = (part: string) => isFound(bare(part)) || dates.has(findDate(part) ?? '')
  let total = 0
  let lost = 0
  const missing: string[] = []
  for (const { text } of lines) {
    total += bare(text).length
    const numbered = readNumberedLoosely(text)
    // A clause's number is its label.
    const own = numbered === null ? text : numbered.rest
    if (own === '' || isHeld(own) || (isChapter(text) && held.includes(bare(text))) || withoutMarks(text).every(isHeld)) continue
    const parts = own.split(/(?<=[，。；：:！？!?\s])/).filter((part) => bare(part) !== '' && !isHeld(part))
    lost += parts.reduce((sum, part) => sum + bare(part).length, 0)
    if (parts.length > 0) missing.push(parts.join('').trim())
  }
  return { share: total === 0 ? 1 : 1 - lost / total, missing }
}
