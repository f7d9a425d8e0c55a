import { readNumeral } from '../../clause-label.ts'
import { isChapter, readNumbered } from '../numbering.ts'
import { chooseChain } from './chain.ts'
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

/** What a document is made of: its own text, what it prints below its signature, its annexes, and a numbering that starts again. `rest` is what belongs to none. */
export function splitParts(lines: readonly FlowLine[]): { parts: Part[]; notes: FlowLine[]; infos: FlowLine[] } {
  const infos = lines.filter((line) => line.role === 'info')
  const notes = lines.filter((line) => line.role === 'note')
  const own = lines.filter((line) => line.role !== 'info' && line.role !== 'note')
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
    const annex = readAnnex(line)
    if (annex !== null && !hasOwnText(own, at)) notes.push(line)
    else if (annex !== null && isListing(own, at)) notes.push(...takeListing(own, at))
    else if (annex !== null) {
      annexes += 1
      close({ kind: 'annex', label: `${annex.word}${annex.number ?? (annexes > 1 || countAnnexes(own) > 1 ? annexes : '')}`, title: annex.title, lines: [] })
    } else if (notes.includes(line)) continue
    else {
      if (isSigned) close({ kind: 'printed', label: '', title: '', lines: [] })
      open.lines.push(line)
    }
  }
  close(open)
  return { parts: parts.map(takeOverTitle).flatMap(splitNotice).flatMap(splitAgain), notes, infos }
}

/** 附件1：收费明细, 附表, 附录二 at the beginning of a short line. */
function readAnnex(line: FlowLine): { word: string; number: number | null; title: string } | null {
  if (line.rows !== undefined || line.role !== undefined || line.text.length > LONGEST_ANNEX_LINE || /[。；]$/.test(line.text)) return null
  const [, word, numeral = '', , title = ''] = /^[【（(]?(附\s*[件表录图])\s*([\d０-９一二三四五六七八九十]{0,3})(\s*[】）):：、.．]+\s*|\s+|$)(.*)$/.exec(line.text) ?? []
  if (word === undefined) return null
  return { word: word.replace(/\s/g, ''), number: numeral === '' ? null : readNumeral(numeral), title: title.trim() }
}

const countAnnexes = (lines: readonly FlowLine[]): number => lines.filter((line, at) => readAnnex(line) !== null && hasOwnText(lines, at) && !isListing(lines, at)).length

/** Whether anything stands below an annex's heading before the next one. */
function hasOwnText(lines: readonly FlowLine[], at: number): boolean {
  const next = lines[at + 1]
  return next !== undefined && next.role !== 'signature' && readAnnex(next) === null
}

/** The names of annexes above a signature are no annexes: "附件：1.申请表" and what is counted below it. */
const isListing = (lines: readonly FlowLine[], at: number): boolean => {
  const end = at + takeListing(lines, at).length
  return end < lines.length && (lines[end]?.role === 'signature' || (end > at + 1 && lines.slice(end).some((line) => readAnnex(line) !== null)))
}

function takeListing(lines: readonly FlowLine[], at: number): FlowLine[] {
  let end = at + 1
  const isName = (line: FlowLine | undefined) => line !== undefined && line.role === undefined && line.rows === undefined && /^\d{1,2}\s*[.．、]/.test(line.text) && line.text.length <= LONGEST_ANNEX_LINE && !/[。；]$/.test(line.text)
  while (isName(lines[end])) end += 1
  return lines.slice(at, end)
}

/** Whether a line could be a title or a heading: short and without an end mark. */
const isHeadingLike = (line: FlowLine | undefined): line is FlowLine =>
  line !== undefined && line.rows === undefined && line.role === undefined && line.text.length <= LONGEST_HEADING && readNumbered(line.text) === null && (line.level !== undefined || line.isLarge === true || !/[。；：:，,！？?]/.test(line.text) || isChapter(line.text))

/** An annex's or printed paper's title stands on its first lines. */
function takeOverTitle(part: Part): Part {
  if (part.kind === 'main' || part.title !== '') return part
  let end = 0
  while (end < MOST_HEADINGS && isHeadingLike(part.lines[end]) && !isChapter(part.lines[end]?.text ?? '')) end += 1
  // Short lines that are the whole part are no title.
  const isAll = end === part.lines.length || (end > 1 && part.lines.slice(end).every((line) => isHeadingLike(line)))
  const [first, second] = part.lines
  // A long title may go on in the next line.
  const isTwo = end > 1 && (first?.text.length ?? 0) >= LONG_TITLE && second !== undefined && !/[\s\d]/.test(second.text)
  const own = isAll ? 0 : Math.min(end, isTwo ? 2 : 1)
  return { ...part, title: part.lines.slice(0, own).map((line) => line.text).join(''), lines: part.lines.slice(own) }
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

/** A numbering that starts again begins a part of its own, with the headings above it. */
function splitAgain(part: Part): Part[] {
  const chain = chooseChain(part.lines)
  if (chain === null || chain.restartAt === null) return [part]
  const last = chain.places.at(-1)?.at ?? 0
  const from = Math.max(startOfHeadings(part.lines, chain.restartAt), last + 1)
  const again = takeOverTitle({ kind: 'again', label: part.label, title: '', lines: part.lines.slice(from) })
  return [{ ...part, lines: part.lines.slice(0, from) }, ...splitAgain(again)]
}
