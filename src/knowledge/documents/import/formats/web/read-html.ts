import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'
import { cleanLine, refuse } from '../../lines.ts'
import type { ImportLine, ReadLines } from '../../lines.ts'
import { labelOfItem } from './item-label.ts'
import { readTable } from './html-table.ts'
import { keepVisible } from './visible.ts'

const BLOCKS = new Set('address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main ol optgroup option p pre section summary table tbody td tfoot th thead tr ul'.split(' '))
type Root = ReturnType<CheerioAPI['root']>
export type Elements = ReturnType<Root['parent']>
type Node = Elements[number]['children'][number]

/** Deeper nesting is no document's but somebody's who wants the reader to fall over. */
const DEEPEST = 300
const TOO_DEEP = '这个网页的结构太深，读不了。请把正文复制到 txt 文件里再加。'
/** A line over a table that is longer is a paragraph. */
const LONGEST_OVER = 40
const LEAST_TITLE = 4

/** The paragraphs of a web page, and of what mammoth makes of a Word document. Nothing in it is run. */
export function readHtml(html: string): ReadLines {
  try {
    return readPage(load(html))
  } catch (error) {
    // What is nested a hundred thousand deep overflows the parser's own stack.
    if (error instanceof RangeError) return refuse(TOO_DEEP)
    throw error
  }
}

/** @returns the lines of a page that is parsed already; what nobody sees is taken off it */
export function readPage(page: CheerioAPI): ReadLines {
  const title = cleanLine(page('head > title').first().text())
  if (!keepVisible(page, DEEPEST)) return refuse(TOO_DEEP)
  const reader = new BlockReader(page)
  reader.read(page('body').first())
  if (reader.isTooDeep) return refuse(TOO_DEEP)
  return { outcome: 'read', lines: titled(reader.lines, title) }
}

/** A page's name for itself, less the site's (…办法_清河网): on the line that says it, or above all where none does. */
function titled(lines: ImportLine[], name: string): ImportLine[] {
  if (name === '' || lines.length === 0 || lines.some((line) => line.level === 1)) return lines
  const said = lines.map((_, at) => saidFrom(lines, at, name)).sort((left, right) => right.text.length - left.text.length)[0]
  if (said !== undefined && said.text.length >= LEAST_TITLE) return [...lines.slice(0, said.at), { text: said.text, level: 1 }, ...lines.slice(said.at + said.count)]
  const [, own = ''] = /^(.{4,}?)\s*[-_|｜—–]+\s*[^-_|｜—–]{2,20}$/.exec(name) ?? []
  return [{ text: own === '' ? name : own, level: 1 }, ...lines]
}

/** The lines from here on that together are how the page's name begins: a title is often broken in two. */
function saidFrom(lines: readonly ImportLine[], at: number, name: string): { at: number; count: number; text: string } {
  const bare = name.replaceAll(' ', '')
  let text = ''
  let count = 0
  for (let line = lines[at]; line !== undefined && line.row === undefined && bare.startsWith((text + line.text).replaceAll(' ', '')); line = lines[at + count]) {
    text += line.text
    count += 1
  }
  return { at, count, text }
}

/** Walks a block of a page and gathers its lines. */
class BlockReader {
  readonly lines: ImportLine[] = []
  isTooDeep = false
  #running = ''
  #tables = 0
  readonly #counts = new Map<unknown, number>()
  readonly #page: CheerioAPI

  constructor(page: CheerioAPI) {
    this.#page = page
  }

  read(block: Elements, depth = 0): void {
    for (const node of block.toArray().flatMap((element) => element.children)) this.#walk(node, depth)
    this.#flush()
  }

  #walk(node: Node, depth: number): void {
    if (depth > DEEPEST) this.isTooDeep = true
    if (this.isTooDeep) return
    // Line ends of the source are blanks, and none at all between Chinese characters; only <br> breaks a line.
    if ('data' in node) this.#running += String(node.type) === 'text' ? node.data.replaceAll(/(?<=[^\x00-\x7f])[ \t]*\r?\n\s*(?=[^\x00-\x7f])/g, '').replaceAll(/\s+/g, (blanks) => (blanks.includes('\u3000') ? '\u3000' : ' ')) : ''
    else if (!('name' in node)) return
    else if (node.name === 'br') this.#running += '\n'
    else if (node.name === 'pre') this.#readPlain(this.#page(node).text())
    else if (node.name === 'table') this.#readTable(this.#page(node), depth)
    else if (BLOCKS.has(node.name)) {
      this.#flush()
      if (node.name === 'li') this.#running = labelOfItem(this.#page, node, this.#counts)
      for (const child of node.children) this.#walk(child, depth + 1)
      this.#flush(/^h[1-6]$/.test(node.name) ? Number(node.name.charAt(1)) : undefined)
    } else for (const child of node.children) this.#walk(child, depth + 1)
  }

  #readPlain(text: string): void {
    this.#flush()
    this.#running = text
    this.#flush()
  }

  #readTable(table: Elements, depth: number): void {
    this.#flush()
    const last = this.lines.at(-1)
    const over = last !== undefined && last.row === undefined && last.text.length <= LONGEST_OVER && !/[。；，！？]$/.test(last.text) ? last.text : undefined
    const lines = readTable(this.#page, table, { over, number: this.#tables + 1, readCell: (cell) => this.#readCell(cell, depth) })
    if (lines === null) {
      for (const child of table.toArray().flatMap((element) => element.children)) this.#walk(child, depth + 1)
      this.#flush()
      return
    }
    if (lines.some((line) => line.row !== undefined)) this.#tables += 1
    this.lines.push(...lines)
  }

  #readCell(cell: Elements, depth: number): string[] {
    const inner = new BlockReader(this.#page)
    inner.read(cell, depth + 1)
    if (inner.isTooDeep) this.isTooDeep = true
    return inner.lines.map((line) => line.text)
  }

  #flush(level?: number): void {
    for (const part of this.#running.split('\n')) {
      const text = cleanLine(part)
      if (text !== '') this.lines.push({ text, ...(level === undefined ? {} : { level }) })
    }
    this.#running = ''
  }
}
