import { cleanLine } from '../../lines.ts'
import type { ImportLine } from '../../lines.ts'
import { startsNumbered } from '../../numbering.ts'

export interface PageLine {
  text: string
  /** Left and right end, and the height of the letters, in points. */
  from: number
  to: number
  size: number
  /** 0 = at the top of the page, 1 = at its bottom. */
  fromTop: number
  pieces: { text: string; from: number; to: number; size: number }[]
}

export interface PageOfLines {
  lines: PageLine[]
}

/** Where running headers and footers stand. */
const EDGE = 0.12
const LARGER = 1.2
const PAGE_NUMBER = /^[-—–―·•.\s第]*(?:[\dⅰⅱⅲⅳⅴivx]{1,4}|[一二三四五六七八九十百]{1,4})[-—–―·•.\s页]*(?:[/／共,，]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―·•.\s]*$/i

/** The lines of all pages as paragraphs: page numbers, headers and footers gone, broken lines joined, also across pages. */
export function joinPages(pages: readonly PageOfLines[]): ImportLine[] {
  const running = findRunning(pages)
  const lines = pages.flatMap((page) => page.lines.filter((line) => !isPageNumber(line) && !(isAtEdge(line) && running.has(runningKey(line)))))
  const body = describeBody(lines)
  const joined: { text: string; isLarge: boolean; last: PageLine }[] = []
  for (const line of lines) {
    const before = joined.at(-1)
    if (before !== undefined && goesOn(before.last, line, body, before.text)) {
      before.text = join(before.text, line.text)
      before.last = line
    } else joined.push({ text: line.text, isLarge: line.size >= body.size * LARGER, last: line })
  }
  return joined.flatMap(({ text, isLarge }) => {
    const clean = closeUp(cleanLine(text))
    return clean === '' ? [] : [{ text: clean, ...(isLarge ? { isLarge } : {}) }]
  })
}

const isAtEdge = (line: PageLine): boolean => line.fromTop < EDGE || line.fromTop > 1 - EDGE
const isPageNumber = (line: PageLine): boolean => isAtEdge(line) && PAGE_NUMBER.test(line.text.normalize('NFKC').trim())
/** Headers may hold the page's number. */
const runningKey = (line: PageLine): string => line.text.normalize('NFKC').replaceAll(/\s+/g, '').replaceAll(/\d+/g, '#')

/** Lines at the edge of at least two pages and a third of all. */
function findRunning(pages: readonly PageOfLines[]): Set<string> {
  const counts = new Map<string, number>()
  for (const page of pages) {
    for (const key of new Set(page.lines.filter(isAtEdge).map(runningKey))) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= Math.max(2, pages.length / 3)).map(([key]) => key))
}

interface Body {
  size: number
  left: number
  right: number
}

/** What most of the text looks like: the size of its letters (by characters), its left and its right margin. */
function describeBody(lines: readonly PageLine[]): Body {
  const sizes = new Map<number, number>()
  for (const line of lines) sizes.set(Math.round(line.size * 2) / 2, (sizes.get(Math.round(line.size * 2) / 2) ?? 0) + line.text.length)
  const size = [...sizes].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 12
  const own = lines.filter((line) => Math.abs(line.size - size) <= size * 0.1)
  const lefts = own.map((line) => line.from).sort((left, right) => left - right)
  const rights = own.map((line) => line.to).sort((left, right) => left - right)
  return { size, left: lefts[Math.floor(lefts.length * 0.1)] ?? 0, right: rights[Math.floor(rights.length * 0.9)] ?? 0 }
}

/** Whether a line is the next of the same paragraph: the one before it is full, and it begins at the margin. */
function goesOn(before: PageLine, line: PageLine, body: Body, text: string): boolean {
  const isSameSize = Math.abs(before.size - line.size) <= body.size * 0.1
  if (!isSameSize) return false
  // The lines of a large title belong together until it is whole.
  if (line.size >= body.size * LARGER) return !/[。；：]$/.test(text)
  if (startsNumbered(line.text)) return false
  const isFull = before.to > body.right - 2 * body.size
  const isIndented = line.from > body.left + 1.2 * body.size
  return isFull && !isIndented && !(/[。；：！？]$/.test(before.text.trim()) && before.to < body.right - 0.8 * body.size)
}

const join = (left: string, right: string): string => (/[a-z,;]$/i.test(left) && /^[a-z]/i.test(right) ? `${left} ${right}` : left + right)
/** Blanks that typesetting leaves between Chinese characters; those that divide columns stay. */
const closeUp = (text: string): string => text.replaceAll(/(?<=^[\p{Script=Han}]) (?=[\p{Script=Han}](?: |$))/gu, '').replaceAll(/(?<=[，。；：、（《“]) (?=\S)|(?<=\S) (?=[，。；：、）》”])/g, '')
