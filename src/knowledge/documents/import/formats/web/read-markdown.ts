import { Marked } from 'marked'
import { parse } from 'yaml'
import { cleanLine, refuse } from '../../lines.ts'
import type { FrontMatter, ReadLines } from '../../lines.ts'
import { unwrap } from '../text/unwrap.ts'
import { readHtml } from './read-html.ts'

const FRONT_KEYS = ['id', 'title', 'issuer', 'number', 'issued_on', 'effective_from', 'effective_to'] as const

/** Each line of the file is a line; numbers of lists stay as they were typed; one ~ is no strike (8~10点). */
const markdown = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    list(list) {
      return list.items.map((item) => `<div>${/^\s*(\d+[.)])/.exec(item.raw) === null ? '' : `${/^\s*(\d+[.)])/.exec(item.raw)?.[1] ?? ''} `}${this.parser.parse(item.tokens)}</div>`).join('\n')
    },
    paragraph(paragraph) {
      return `<p>${this.parser.parseInline(paragraph.tokens)}</p>\n`
    },
    heading(heading) {
      // A sentence with a rule below it is a sentence.
      const isSentence = !/^\s*#/.test(heading.raw) && /[。；]\s*$/.test(heading.text)
      const text = this.parser.parseInline(heading.tokens)
      return isSentence ? `<p>${text}</p>\n` : `<h${heading.depth}>${text}</h${heading.depth}>\n`
    },
    del(struck) {
      const text = this.parser.parseInline(struck.tokens)
      return struck.raw.startsWith('~~') ? `<del>${text}</del>` : `~${text}~`
    },
    image: () => '',
  },
})

/** Markdown, with the HTML that stands in it: headings are headings, marks of emphasis go, tables are read row by row. */
export function readMarkdown(raw: string): ReadLines {
  const text = raw.replaceAll(/\r\n?/g, '\n').replace(/^\ufeff/, '')
  const head = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?:\n|$)/.exec(text)
  const front = head === null ? undefined : readFront(head[1] ?? '')
  try {
    const page = markdown.parse(unwrap(text.slice(front === undefined ? 0 : (head?.[0].length ?? 0))), { async: false })
    const read = readHtml(page)
    return read.outcome === 'refused' || front === undefined ? read : { ...read, front }
  } catch (error) {
    // What is nested without end overflows the parser's own stack.
    if (error instanceof RangeError) return refuse('这个文件的结构太深，读不了。请把正文复制到 txt 文件里再加。')
    throw error
  }
}

function readFront(text: string): FrontMatter | undefined {
  let data: unknown
  try {
    data = parse(text, { schema: 'core' })
  } catch {
    return undefined
  }
  if (typeof data !== 'object' || data === null) return undefined
  const entries = new Map<string, unknown>(Object.entries(data))
  return Object.fromEntries(
    FRONT_KEYS.flatMap((key) => {
      const value = entries.get(key)
      return typeof value === 'string' || typeof value === 'number' ? [[key, cleanLine(String(value))]] : []
    }),
  )
}
