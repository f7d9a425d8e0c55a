import { parse } from 'yaml'
import { cleanLine } from './lines.ts'
import type { FrontMatter, ImportLine, ReadLines } from './lines.ts'

const FRONT_KEYS = ['id', 'title', 'issuer', 'number', 'issued_on', 'effective_from', 'effective_to'] as const

/** Markdown: headings are headings, marks of emphasis go, the lines of a table stay one each. */
export function readMarkdown(raw: string): ReadLines {
  const text = raw.replaceAll(/\r\n?/g, '\n')
  const head = /^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?:\n|$)/.exec(text)
  const front = head === null ? undefined : readFront(head[1] ?? '')
  const lines = text
    .slice(front === undefined ? 0 : (head?.[0].length ?? 0))
    .split('\n')
    .flatMap(readLine)
  return { outcome: 'read', lines, ...(front === undefined ? {} : { front }) }
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

function readLine(line: string): ImportLine[] {
  const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line)
  const isRule = /^\s*(?:[-*_=][ \t]*){3,}$|^\s*\|?[ :|-]+\|[ :|-]*$/.test(line)
  const cells = /^\s*\|(.*)\|\s*$/.exec(line)?.[1]?.split('|')
  const bare = heading?.[2] ?? cells?.map((cell) => cell.trim()).filter((cell) => cell !== '').join('；') ?? line.replace(/^\s*(?:>|[-*+] )\s*/, '')
  const text = cleanLine(bare.replaceAll(/(\*\*|__)(?=\S)(.*?\S)\1/g, '$2'))
  if (text === '' || isRule) return []
  return [{ text, ...(heading === null ? {} : { level: heading[1]?.length ?? 1 }) }]
}
