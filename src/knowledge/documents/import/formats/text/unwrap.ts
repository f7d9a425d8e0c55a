import { isChapter, startsNumbered } from '../../numbering.ts'

/** A line of so few columns (two for a Chinese character) is never one that was cut at a margin. */
const LEAST_WIDTH = 36
/** How far from the margin a full line may end: a mark or a word that did not fit. */
const SLACK = 4
/** So many lines must be cut at the margin before anything is joined. */
const LEAST_CUT = 2
const ENDS = /[。；：！？!?;:”’」』）)】》…]$/
const GOES_ON = /[，、,（(《“「—-]$/
const INDENTED = /^(?:\u3000| {2,}|\t)/
const MARKED = /^\s*(?:[|#>*<\-+=~`•·●▪◆■□○☆★①-⑳]|\d+[.)、．）]|[（(]|附件|抄送|表\s*\d)/

/**
 * Text that was broken at a margin, with each paragraph on one line again. A file that has no such margin comes back as it is.
 * @returns lines joined by line feeds
 */
export function unwrap(text: string): string {
  const lines = text.split(/\r\n?|\n|\u2028|\u2029|\f/)
  // Some count every letter, some two columns for a Chinese one: the measure by which more lines end at the margin is the right one.
  const [found] = [columnsOf, lettersOf].flatMap((measure) => findMargin(lines, lines.map(measure)) ?? []).sort((left, right) => right.share - left.share)
  if (found === undefined) return lines.join('\n')
  const { margin, widths } = found
  const isIndenting = indents(lines, widths, margin)
  const joined: string[] = []
  let isFull = false
  for (const [at, line] of lines.entries()) {
    const before = joined.at(-1)
    if (before !== undefined && isFull && goesOn(before, line, isIndenting)) joined[joined.length - 1] = join(before.trimEnd(), line.trimStart())
    else joined.push(line)
    isFull = (widths[at] ?? 0) >= margin - SLACK
  }
  return joined.join('\n')
}

/** Where lines end that break off in the middle of a sentence: the widest, if several do and hardly one goes beyond. */
function findMargin(lines: readonly string[], widths: readonly number[]): { margin: number; widths: readonly number[]; share: number } | null {
  const cut = widths.filter((width, at) => columnsOf(lines[at] ?? '') >= LEAST_WIDTH && width > 0 && !ENDS.test((lines[at] ?? '').trimEnd()) && (lines[at + 1] ?? '').trim() !== '').sort((left, right) => right - left)
  const margin = cut[Math.floor(cut.length * 0.05)]
  if (margin === undefined) return null
  const isNear = (width: number) => width >= margin - SLACK && width <= margin + SLACK
  const near = cut.filter(isNear).length
  const beyond = widths.filter((width) => width > margin + SLACK).length
  // Most of what breaks off must do so at the margin, or it is a list of long items.
  return near >= LEAST_CUT && near * 2 > cut.length && beyond * 20 <= widths.length + 20 * Number(near >= 10) ? { margin, widths, share: near / cut.length } : null
}

/** Whether paragraphs begin with blanks: then a line without them goes on. */
function indents(lines: readonly string[], widths: readonly number[], margin: number): boolean {
  const starts = lines.filter((line, at) => line.trim() !== '' && (at === 0 || (widths[at - 1] ?? 0) < margin - SLACK))
  return starts.filter((line) => INDENTED.test(line)).length * 2 > starts.length
}

function goesOn(before: string, line: string, isIndenting: boolean): boolean {
  if (line.trim() === '' || before.trim() === '') return false
  if (isIndenting) return !INDENTED.test(line) && !(ENDS.test(before) && startsAnew(line))
  if (GOES_ON.test(before.trimEnd())) return true
  return !INDENTED.test(line) && !startsAnew(line) && !/[。；！？!?;]$/.test(before.trimEnd())
}

const startsAnew = (line: string): boolean => MARKED.test(line) || startsNumbered(line.trim()) || isChapter(line.trim())
const join = (left: string, right: string): string => (/[\w,;.]$/.test(left) && /^\w/.test(right) ? `${left} ${right}` : left + right)

/** As a terminal counts. */
function columnsOf(line: string): number {
  let width = 0
  for (const letter of line.trimEnd()) width += (letter.codePointAt(0) ?? 0) > 0x2000 ? 2 : 1
  return width
}

/** In halves, as the columns are. */
const lettersOf = (line: string): number => [...line.trimEnd()].length * 2
