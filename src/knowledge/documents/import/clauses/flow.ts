import type { ImportLine } from '../lines.ts'

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

/** The lines with contents pages gone and each table in one piece. */
export function toFlow(lines: readonly BodyLine[]): FlowLine[] {
  return gatherTables(withoutContents(lines))
}

/** A table of contents (目录, and lines that end with dots and a page number) repeats what follows. */
function withoutContents(lines: readonly BodyLine[]): BodyLine[] {
  return lines.filter((line) => !isContents(line.text))
}

export const isContents = (text: string): boolean => /(?:\.{3,}|…{1,}|·{3,})\s*\d{1,4}$|^目\s*[录次]$/.test(text)

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
