import { unifyRadicals } from './formats/radicals.ts'

/** One paragraph of a document on its way in, blanks around it gone. */
export interface ImportLine {
  text: string
  /** 1..6 where the file itself says that it is a heading; 1 is the title's. */
  level?: number
  /** Set in larger letters than the text around it. */
  isLarge?: boolean
  /** Set for a table's row, whose `text` reads 列名：值；列名：值 with merged cells filled in. */
  row?: TableRow
}

export interface TableRow {
  /** Which table of the file, from 1. */
  table: number
  /** Which row below the column names, from 1. */
  row: number
  /** What stands over the table, where the file says so. */
  heading?: string
}

/** What the file says of itself (front matter); the keys are those of the knowledge folder's documents. */
export type FrontMatter = Partial<Record<'id' | 'title' | 'issuer' | 'number' | 'issued_on' | 'effective_from' | 'effective_to', string>>

/** A file as paragraphs, or the one sentence that says why not. */
export type ReadLines = { outcome: 'read'; lines: ImportLine[]; front?: FrontMatter } | { outcome: 'refused'; reason: string }

/** About 1,000 printed pages. */
export const LONGEST_TEXT = 1_000_000
export const TOO_MUCH_TEXT = '文字太多（一百万字以上），请拆成几份再加。'

export const refuse = (reason: string): { outcome: 'refused'; reason: string } => ({ outcome: 'refused', reason })

/** Control characters, zero-width marks, bidirectional marks, soft hyphens, private use. */
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff]/g
const BLANKS = /[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g

/** A paragraph's text with blanks made single, radicals put right and what nobody sees taken out; the words stay as they are. */
export function cleanLine(text: string): string {
  return unifyRadicals(text.normalize('NFC'))
    .replace(INVISIBLE, '')
    .replace(BLANKS, ' ')
    .trim()
}

/** Paragraphs of plain text, one a line. */
export function toLines(text: string): ImportLine[] {
  return text.split(/\r\n?|\n|\u2028|\u2029|\f/).flatMap((line) => {
    const clean = cleanLine(line)
    return clean === '' ? [] : [{ text: clean }]
  })
}
