import { load } from 'cheerio'
import type { CheerioAPI } from 'cheerio'
import { cleanLine, refuse } from './lines.ts'
import type { ImportLine, ReadLines } from './lines.ts'

/** What is no text of the document: programs, navigation, forms, pictures. */
const NOT_TEXT = 'script, style, noscript, template, head, nav, form, button, select, iframe, object, embed, svg, canvas, audio, video, img, map, [hidden], [aria-hidden="true"]'
const BLOCKS = new Set('address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul'.split(' '))
type Root = ReturnType<CheerioAPI['root']>
type Elements = ReturnType<Root['parent']>
type Element = Elements[number]
type Node = Element['children'][number]

/** Deeper nesting is no document's but somebody's who wants the reader to fall over. */
const DEEPEST = 300
const TOO_DEEP = '这个网页的结构太深，读不了。请把正文复制到 txt 文件里再加。'
/** A cell with so much in it is not one of a table of facts but of a page that is laid out with tables. */
const LONGEST_CELL = 300
const LONGEST_COLUMN_NAME = 12

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

function readPage(page: CheerioAPI): ReadLines {
  const title = cleanLine(page('head > title').first().text())
  page(NOT_TEXT).remove()
  const lines: ImportLine[] = []
  if (!readBlock(page, page('body').first(), lines)) return refuse(TOO_DEEP)
  const hasHeading = lines.some((line) => line.level === 1)
  return { outcome: 'read', lines: hasHeading || title === '' || lines.length === 0 || lines.some((line) => line.text === title) ? lines : [{ text: title, level: 1 }, ...lines] }
}

/** False when it is nested too deep. */
function readBlock(page: CheerioAPI, block: Elements, lines: ImportLine[]): boolean {
  let running = ''
  let isTooDeep = false
  const flush = (level?: number) => {
    for (const part of running.split('\n')) {
      const text = cleanLine(part)
      if (text !== '') lines.push({ text, ...(level === undefined ? {} : { level }) })
    }
    running = ''
  }
  const walk = (node: Node, depth: number): void => {
    if (depth > DEEPEST) isTooDeep = true
    if (isTooDeep) return
    // Line ends of the source are blanks; only <br> breaks a line.
    if ('data' in node) running += String(node.type) === 'text' ? node.data.replaceAll(/\s+/g, ' ') : ''
    else if (!('name' in node)) return
    else if (node.name === 'br') running += '\n'
    else if (node.name === 'table' && isTableOfFacts(page, page(node))) {
      flush()
      for (const text of readTable(page, page(node))) lines.push({ text })
    } else if (BLOCKS.has(node.name)) {
      flush()
      for (const child of node.children) walk(child, depth + 1)
      flush(/^h[1-6]$/.test(node.name) ? Number(node.name.charAt(1)) : undefined)
    } else for (const child of node.children) walk(child, depth + 1)
  }
  for (const node of block.toArray().flatMap((element) => element.children)) walk(node, 0)
  flush()
  return !isTooDeep
}

function isTableOfFacts(page: CheerioAPI, table: Elements): boolean {
  if (table.find('table, h1, h2, h3').length > 0) return false
  return table.find('td, th').toArray().every((cell) => cleanLine(page(cell).text()).length <= LONGEST_CELL) && table.find('tr').length > 1
}

/** One line a row. Under a first row of short names each cell is told by its column's: "厨余垃圾：绿色桶；…"; else cells are set side by side. */
function readTable(page: CheerioAPI, table: Elements): string[] {
  const rows = table.find('tr').toArray().map((row) => page(row).children('td, th').toArray().map((cell) => textOfCell(page, cell)))
  const [names = [], ...rest] = rows
  const isPlain = table.find('[rowspan], [colspan]').length === 0
  const hasNames = isPlain && names.length > 1 && names.every((name) => name !== '' && name.length <= LONGEST_COLUMN_NAME) && rest.length > 0 && rest.every((row) => row.length === names.length)
  const lines = hasNames ? rest.map((row) => row.flatMap((cell, column) => (cell === '' ? [] : [`${names[column] ?? ''}：${cell}`])).join('；')) : rows.map((row) => row.filter((cell) => cell !== '').join('；'))
  return lines.filter((line) => line !== '').map((line) => (/[。！？；]$/.test(line) ? line : `${line}。`))
}

function textOfCell(page: CheerioAPI, cell: Element): string {
  const copy = page(cell).clone()
  copy.find('br').replaceWith('，')
  copy.find('p, li, div').each((_, part) => void page(part).append('，'))
  return cleanLine(copy.text().replaceAll(/\s+/g, ' ')).replaceAll(/([，。；：、！？])\s*，+/g, '$1').replaceAll(/，{2,}/g, '，').replace(/[，。；\s]+$/, '')
}
