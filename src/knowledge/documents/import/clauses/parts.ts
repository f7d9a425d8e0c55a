import { readNumeral } from '../../clause-label.ts'
import { isChapter, readNumbered } from '../numbering.ts'
import { chooseChain, NumberedLines } from './chain.ts'
import type { FlowLine } from './flow.ts'

/** A run of lines with a numbering of its own. */
export interface Part {
  kind: 'main' | 'annex' | 'printed' | 'again'
  /** 附件1 for an annex; '' where the part's place decides. */
  label: string
  /** What stands over it: an annex's or a printed paper's title. */
  title: string
  lines: FlowLine[]
}

const LONGEST_ANNEX_LINE = 60
const LONGEST_HEADING = 50
const MOST_HEADINGS = 4
const LONG_TITLE = 15
/** A numbering that starts again more often makes more clauses than any document has. */
const MOST_RESTARTS = 1_000

/**
 * What a document is made of: its own text, what it prints below its signature, its annexes, and a numbering that starts again. `notes` and `infos` belong to none.
 * null when it starts again so often that it is no document.
 */
export function splitParts(lines: readonly FlowLine[]): { parts: Part[]; notes: FlowLine[]; infos: FlowLine[] } | null {
  const infos = lines.filter((line) => line.role === 'info')
  const notes = new Set(lines.filter((line) => line.role === 'note'))
  const own = lines.filter((line) => line.role !== 'info' && line.role !== 'note')
  const annexLines = new AnnexLines(own)
  const parts: Part[] = []
  let annexes = 0
  let open: Part = { kind: 'main', label: '', title: '', lines: [] }
  let isSigned = false
  const close = (next: Part) => {
    if (open.lines.length > 0 || open.title !== '') parts.push(open)
    open = next
    isSigned = false
  }
  for (const [at, line] of own.entries()) {
    if (line.role === 'signature') {
      isSigned = true
      continue
    }
    const annex = annexLines.read[at] ?? null
    if (annex !== null && !annexLines.hasOwnText(at)) notes.add(line)
    else if (annex !== null && annexLines.isListing(at)) for (const name of own.slice(at, annexLines.endOfListing(at))) notes.add(name)
    else if (annex !== null) {
      annexes += 1
      close({ kind: 'annex', label: `${annex.word}${annex.number ?? (annexes > 1 || annexLines.count > 1 ? annexes : '')}`, title: annex.title, lines: [] })
    } else if (notes.has(line)) continue
    else {
      if (isSigned) close({ kind: 'printed', label: '', title: '', lines: [] })
      open.lines.push(line)
    }
  }
  close(open)
  const whole = parts.map(takeOverTitle).flatMap(splitNotice)
  const split: Part[] = []
  for (const part of whole) {
    const again = splitAgain(part)
    if (again === null) return null
    for (const one of again) split.push(one)
  }
  return { parts: split, notes: [...notes], infos }
}

interface Annex {
  word: string
  number: number | null
  title: string
}

/** 附件1：收费明细, 附表, 附录二 at the beginning of a short line. */
function readAnnex(line: FlowLine): Annex | null {
  if (line.rows !== undefined || line.role !== undefined || line.text.length > LONGEST_ANNEX_LINE || /[。；]$/.test(line.text)) return null
  const [, word, numeral = '', , title = ''] = /^[【（(]?(附\s*[件表录图])\s*([\d０-９一二三四五六七八九十]{0,3})(\s*[】）):：、.．]+\s*|\s+|$)(.*)$/.exec(line.text) ?? []
  if (word === undefined) return null
  return { word: word.replace(/\s/g, ''), number: numeral === '' ? null : readNumeral(numeral), title: title.trim() }
}

/** Where the annexes of a document's lines begin, each line read once. */
class AnnexLines {
  readonly read: (Annex | null)[]
  readonly count: number
  readonly #lines: readonly FlowLine[]
  readonly #last: number
  /** For each line the end of the counted names that stand from it on. */
  readonly #ends: number[]

  constructor(lines: readonly FlowLine[]) {
    this.#lines = lines
    this.read = lines.map(readAnnex)
    this.#last = this.read.findLastIndex((annex) => annex !== null)
    this.#ends = []
    for (let at = lines.length; at >= 0; at -= 1) this.#ends[at] = isAnnexName(lines[at]) ? (this.#ends[at + 1] ?? at + 1) : at
    this.count = this.read.filter((annex, at) => annex !== null && this.hasOwnText(at) && !this.isListing(at)).length
  }

  /** Whether anything stands below an annex's heading before the next one. */
  hasOwnText(at: number): boolean {
    const next = this.#lines[at + 1]
    return next !== undefined && next.role !== 'signature' && this.read[at + 1] === null
  }

  /** The names of annexes above a signature are no annexes: "附件：1.申请表" and what is counted below it. */
  isListing(at: number): boolean {
    const end = this.endOfListing(at)
    return end < this.#lines.length && (this.#lines[end]?.role === 'signature' || (end > at + 1 && this.#last >= end))
  }

  endOfListing(at: number): number {
    return this.#ends[at + 1] ?? at + 1
  }
}

const isAnnexName = (line: FlowLine | undefined): boolean =>
  line !== undefined && line.role === undefined && line.rows === undefined && /^\d{1,2}\s*[.．、]/.test(line.text) && line.text.length <= LONGEST_ANNEX_LINE && !/[。；]$/.test(line.text)

/** Whether a line could be a title or a heading: short and without an end mark. */
const isHeadingLike = (line: FlowLine | undefined): line is FlowLine =>
  line !== undefined && line.rows === undefined && line.role === undefined && line.text.length <= LONGEST_HEADING && readNumbered(line.text) === null && (line.level !== undefined || line.isLarge === true || !/[。；：:，,！？?]/.test(line.text) || isChapter(line.text))

/** An annex's or printed paper's title stands on its first lines. */
function takeOverTitle(part: Part): Part {
  if (part.kind === 'main' || part.title !== '') return part
  const own = countTitleLines(part.lines, 0)
  return { ...part, title: joinTitle(part.lines.slice(0, own)), lines: part.lines.slice(own) }
}

const joinTitle = (lines: readonly FlowLine[]): string => lines.map((line) => line.text).join('')

/** How many of the lines of a part that begins at `from` are its title. */
function countTitleLines(lines: readonly FlowLine[], from: number): number {
  let end = from
  while (end - from < MOST_HEADINGS && isHeadingLike(lines[end]) && !isChapter(lines[end]?.text ?? '')) end += 1
  let short = end
  while (end - from > 1 && isHeadingLike(lines[short])) short += 1
  // Short lines that are the whole part are no title.
  if (end === lines.length || (end - from > 1 && short === lines.length)) return 0
  const [first, second] = [lines[from], lines[from + 1]]
  // A long title may go on in the next line.
  const isTwo = end - from > 1 && (first?.text.length ?? 0) >= LONG_TITLE && second !== undefined && !/[\s\d]/.test(second.text)
  return Math.min(end - from, isTwo ? 2 : 1)
}

/** A notice of 一、二、 in front of the articles that it prints. */
function splitNotice(part: Part): Part[] {
  const chain = chooseChain(part.lines)
  const first = chain?.scheme === 'article' ? (chain.places[0]?.at ?? 0) : 0
  const from = startOfHeadings(part.lines, first)
  const before = part.lines.slice(0, from)
  if (first === 0 || chooseChain(before.filter((line) => !isChapter(line.text))) === null) return [part]
  return [{ ...part, lines: before }, takeOverTitle({ kind: 'printed', label: '', title: '', lines: part.lines.slice(from) })]
}

/** From where on the lines above a first clause are headings. */
function startOfHeadings(lines: readonly FlowLine[], at: number): number {
  let from = at
  while (from > 0 && at - from < MOST_HEADINGS && isHeadingLike(lines[from - 1])) from -= 1
  return from
}

/** A numbering that starts again begins a part of its own, with the headings above it; null when it does so too often. */
function splitAgain(part: Part): Part[] | null {
  const { lines } = part
  const numbers = new NumberedLines(lines)
  const parts: Part[] = []
  let open: Omit<Part, 'lines'> = part
  let from = 0
  for (let chain = chooseChain(lines, from, numbers); chain !== null && chain.restartAt !== null; chain = chooseChain(lines, from, numbers)) {
    if (parts.length >= MOST_RESTARTS) return null
    const next = Math.max(startOfHeadings(lines, chain.restartAt), (chain.places.at(-1)?.at ?? 0) + 1)
    parts.push({ ...open, lines: lines.slice(from, next) })
    from = next + countTitleLines(lines, next)
    open = { kind: 'again', label: part.label, title: joinTitle(lines.slice(next, from)) }
  }
  return [...parts, { ...open, lines: lines.slice(from) }]
}
