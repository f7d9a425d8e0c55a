import type { ImportLine } from '../lines.ts'
import { findDate } from '../written-date.ts'
import { readHistory } from './adoption.ts'
import { endsLikeOrgan, isOrgan, isRedHead } from './organ.ts'

export interface FoundTitle {
  /** What the document is called. */
  title: string
  /** All that stands there. */
  printed: string
  lines: ImportLine[]
  issuer?: string
  number?: string
  issuedOn?: string
}

const LONGEST_TITLE = 100
const MOST_LINES = 4
const KINDS = '通知|意见|办法|规定|规则|细则|条例|方案|公约|决定|决议|通告|公告|制度|标准|指南|章程|须知|规划|计划|要点|批复|措施|规范|规程|守则|指引|手册|目录|清单|说明|协议|倡议书|一封信|问答|法'
const TITLE_END = new RegExp(`(?:${KINDS})(?:[（(《【〔][^）)]{1,20}[）)》】〕])?[》”]?$`)
/** 大署办发〔2024〕8号, 第5号令. */
export const NUMBER = /[\p{Script=Han}]{1,14}\s*[〔[（(【﹝［]\s*\d{4}\s*[〕\])）】﹞］]\s*(?:第\s*)?\d{1,5}\s*号|(?:第\s*\d{1,5}\s*号(?:令|公告)?|(?:令|公告)第\s*\d{1,5}\s*号)/u

const bare = (text: string): string => text.replaceAll(/\s/g, '')

/**
 * What a document is called: what the page says that it is, the first heading or the lines set larger, the lines that end like a
 * document's name, or a short first line. `isMatter` are lines that say something else of it.
 */
export function findTitle(head: readonly ImportLine[], said: string | undefined, isMatter: (text: string) => boolean): FoundTitle | null {
  const place = placeOf(head, said, isMatter)
  if (place === null) return null
  const organ = place.lines.length > 1 && isOrgan(place.lines[0]?.text ?? '') && !/^(?:关于|印发|转发)/.test(place.lines[1]?.text ?? '') ? place.lines[0] : undefined
  const whole = organ === undefined ? place.text : place.text.slice(organ.text.length)
  const inBrackets = /[（(]([^（）()]*)[）)]\s*$/.exec(whole)?.[1] ?? ''
  const bracketed = findDate(inBrackets) === null ? '' : inBrackets
  const printed = closeUp(bracketed === '' ? whole : whole.replace(/\s*[（(][^（）()]*[）)]\s*$/, '')).replace(/^《([^《》]*)》$/, '$1')
  const [, prefix = ''] = /^(.{2,40}?)(?:关于|印发|转发)/.exec(printed) ?? []
  const issuer = organ?.text ?? (endsLikeOrgan(prefix) ? prefix : undefined)
  const issuedOn = readHistory(bracketed).at(-1)?.date ?? findDate(bracketed) ?? undefined
  const number = NUMBER.exec(inBrackets)?.[0]
  // What only sends rules out is called by the rules' name.
  const title = /(?:印发|发布|公布|下发)《([^《》]{4,80})》的(?:通知|公告|通告)$/.exec(printed)?.[1] ?? printed
  const repeated = findRun(head, printed).filter((line) => !place.lines.includes(line))
  return { title: title.slice(0, 200), printed, lines: [...place.lines.filter((line) => line !== organ), ...repeated], ...(issuer === undefined ? {} : { issuer }), ...(issuedOn === undefined ? {} : { issuedOn }), ...(number === undefined ? {} : { number }) }
}

const LEAD_LINES = 12

/** A decree (…令, …公告) is called by the rules that it names and prints, and is of whom its own name says. */
export function asDecreed(found: FoundTitle | null, lines: readonly ImportLine[]): FoundTitle | null {
  const office = /^(.{2,40})(?:令|公告)$/.exec(found?.printed ?? '')?.[1]
  if (found === null || office === undefined) return found
  const named = lines.slice(0, LEAD_LINES).flatMap(({ text }) => [...text.matchAll(/《([^《》]{4,80})》/g)].map(([, title = '']) => title))
  const title = named.find((name) => lines.some((line) => bare(line.text) === bare(name)))
  return title === undefined ? found : { ...found, title, ...(endsLikeOrgan(office) ? { issuer: office } : {}) }
}

function placeOf(head: readonly ImportLine[], said: string | undefined, isMatter: (text: string) => boolean): { text: string; lines: ImportLine[] } | null {
  const marked = readMarked(head, said)
  if (said !== undefined) return { text: said, lines: marked?.lines ?? [] }
  if (marked !== null) return marked
  const at = head.findIndex((line) => line.row === undefined && !isMatter(line.text) && !isRedHead(line.text) && !isOrgan(line.text))
  const afterOrgan = at > 0 && isOrgan(head[at - 1]?.text ?? '') && /^(?:关于|印发|转发)/.test(head[at]?.text ?? '') ? at - 1 : at
  for (const from of new Set([afterOrgan, at])) {
    for (let to = from + 1; from >= 0 && to <= Math.min(head.length, from + MOST_LINES); to += 1) {
      const lines = head.slice(from, to)
      const text = lines.map((line) => line.text).join('')
      if (/[。；：:]/.test(text) || text.length > LONGEST_TITLE || lines.some((line) => line.row !== undefined)) break
      if (TITLE_END.test(withoutDate(text))) return { text, lines }
    }
  }
  const first = head[at]
  return first === undefined || first.text.length > 40 || /[。；：，！？]/.test(first.text) ? null : { text: first.text, lines: [first] }
}

/** The first heading of the file, without its site's name, or its lines set larger. */
function readMarked(head: readonly ImportLine[], said: string | undefined): { text: string; lines: ImportLine[] } | null {
  const from = head.findIndex((line) => (line.level === 1 || line.isLarge === true) && !isRedHead(line.text))
  const first = head[from]
  if (first === undefined) return null
  let to = from + 1
  if (first.level === undefined) while (head[to]?.isLarge === true && !TITLE_END.test(head[to - 1]?.text ?? '')) to += 1
  const lines = head.slice(from, to)
  const text = lines.map((line) => line.text).join('')
  const pieces = text.split(/\s*[_|｜]\s*|\s+[-—–]+\s+|[-—–]+(?=[^-—–]*[网站]$)/).filter((piece) => piece.length >= 4)
  const own = pieces.find((piece) => piece === said || findRun(head.slice(to), piece).length > 0) ?? pieces.find((piece) => TITLE_END.test(piece))
  return { text: pieces.length > 1 && own !== undefined ? own : text, lines }
}

/** The lines that make up a title once more. */
function findRun(head: readonly ImportLine[], title: string): ImportLine[] {
  const whole = bare(title)
  for (let from = 0; from < head.length; from += 1) {
    let text = ''
    for (let to = from; to < Math.min(head.length, from + MOST_LINES); to += 1) {
      text += bare(head[to]?.text ?? '')
      if (text === whole) return head.slice(from, to + 1)
      if (!whole.startsWith(text)) break
    }
  }
  return []
}

const withoutDate = (text: string): string => text.replace(/\s*[（(][^（）()]*\d{4}\s*年[^（）()]*[）)]\s*$/, '')
/** 通  知: letters set apart. */
const closeUp = (text: string): string => text.replaceAll(/(?<=(?:^|\s)\p{Script=Han})\s(?=\p{Script=Han}(?:\s|$))/gu, '').trim()
