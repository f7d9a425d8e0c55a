import type { ImportLine } from '../lines.ts'
import { isChapter, isInnerItem, readNumbered } from '../numbering.ts'

/** A document's line on its way into clauses. */
export interface BodyLine extends ImportLine {
  /**
   * info: says of the document what has no field of its own (索引号). signature: issuer and date below a text, where that text ends.
   * note: printed below the signature (抄送, 联系人).
   */
  role?: 'info' | 'signature' | 'note'
}

/** A line, or a table that stands in its place. */
export interface FlowLine extends BodyLine {
  rows?: ImportLine[]
}

/** The lines with contents pages and hard line ends gone and each table in one piece. */
export function toFlow(lines: readonly BodyLine[]): FlowLine[] {
  return joinBroken(gatherTables(withoutContents(lines)))
}

/** A table of contents (目录, and lines that end with dots and a page number) repeats what follows. */
function withoutContents(lines: readonly BodyLine[]): BodyLine[] {
  const isEntry = (text: string) => /(?:\.{3,}|…{1,}|·{3,})\s*\d{1,4}$/.test(text)
  return lines.filter((line) => !isEntry(line.text) && !/^目\s*[录次]$/.test(line.text))
}

function gatherTables(lines: readonly BodyLine[]): FlowLine[] {
  const flow: FlowLine[] = []
  for (const line of lines) {
    const last = flow.at(-1)
    if (line.row === undefined) flow.push(line)
    else if (last?.rows !== undefined && last.row?.table === line.row.table) last.rows.push(line)
    else flow.push({ text: '', row: line.row, rows: [line] })
  }
  return flow
}

/** Shorter lines are headings, cells, signatures. */
const SHORTEST_BROKEN = 16
/** Of the longest line, what a line that was broken is long at least. */
const FULL = 0.9
const END_MARK = /[。；：！？…」』”’）)】〕》]$/

const widthOf = (text: string): number => text.length + (text.match(/[^\u0000-\u00ff]/g)?.length ?? 0)

/**
 * Puts together lines that an editor broke at its right margin: such lines are about as long as the longest of the file, end in the
 * middle of a sentence, and are many where there are long lines at all.
 */
function joinBroken(lines: readonly FlowLine[]): FlowLine[] {
  const margin = Math.max(0, ...lines.map((line) => widthOf(line.text)))
  const isFull = (line: FlowLine) => widthOf(line.text) >= Math.max(2 * SHORTEST_BROKEN, margin * FULL) && !END_MARK.test(line.text) && line.level === undefined && line.rows === undefined && line.role === undefined
  const joined: FlowLine[] = []
  let before: FlowLine | undefined
  for (const line of lines) {
    const last = joined.at(-1)
    const goesOn = before !== undefined && last !== undefined && isFull(before) && line.level === undefined && line.rows === undefined && line.role === undefined && !startsPart(line.text)
    if (goesOn) joined.splice(-1, 1, { ...last, text: last.text + line.text })
    else joined.push(line)
    before = line
  }
  return joined
}

const startsPart = (text: string): boolean => readNumbered(text) !== null || isChapter(text) || isInnerItem(text) || /^(?:附[件表录]|[问答][:：])/.test(text)
