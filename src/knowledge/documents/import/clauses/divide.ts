import { isChapter, isInnerItem, readNumbered } from '../numbering.ts'
import type { Scheme } from '../numbering.ts'
import { chooseChain } from './chain.ts'
import type { Chain } from './chain.ts'
import type { FlowLine } from './flow.ts'
import { splitByQuestions } from './questions.ts'

/** One clause of a part of a document, before it has a label. */
export interface Item {
  /** Its number within the part; null = it goes by the part's own label (a preamble, a whole annex). */
  number: number | null
  suffix: number | null
  /** What the number counts. */
  unit: '条' | '项' | '段' | '问答' | '前言' | '附注'
  /** The document's own 第十二条 or （三）; '' where it was counted. */
  label: string
  title: string
  lines: FlowLine[]
  /** Headings that stand over it within its part, coarse to fine. */
  headings: string[]
}

export interface Division {
  /** What the clauses were found by. */
  by: Scheme | 'questions' | 'fields' | 'headings' | 'paragraphs'
  items: Item[]
  /** What a person should look at, one Chinese sentence each. */
  problems: string[]
}

export const LONGEST_TITLE = 40
const LONGEST_FIELD_NAME = 12
const LEAST_FIELDS = 3
const SHORTEST_SENTENCE = 10

/** Divides the lines of one part by questions and answers, by its numbering, its fields, its headings, or paragraph by paragraph. */
export function divide(lines: readonly FlowLine[]): Division {
  const asked = splitByQuestions(lines)
  if (asked !== null) return asked
  const chain = chooseChain(lines)
  return chain !== null ? splitByChain(lines, chain) : (splitByFields(lines) ?? splitByHeadings(lines) ?? splitByParagraphs(lines))
}

interface Heading {
  rank: number
  text: string
  /** Named where text right below it belongs to it: 第2章. */
  name: string
}

const CHAPTER_RANKS = '分篇编章节'

/** A heading over clauses: 第二章, a coarser number, or what the file says is a heading. */
function readHeading(line: FlowLine, scheme: Scheme | null): Heading | null {
  if (line.rows !== undefined || line.role !== undefined) return null
  const { text } = line
  const kind = isChapter(text) ? (/[编章节篇]|(?<=部\s*)分/.exec(text)?.[0] ?? '章') : ''
  if (kind !== '') return { rank: CHAPTER_RANKS.indexOf(kind), text, name: text.replaceAll(/\s/g, '').slice(0, text.replaceAll(/\s/g, '').indexOf(kind) + 1) }
  const numbered = readNumbered(text)
  if (numbered === null) return line.level !== undefined && !isInnerItem(text) ? { rank: 2 + line.level, text, name: '' } : null
  const isShort = text.length <= LONGEST_TITLE && !/[。；]/.test(text)
  return numbered.scheme === 'chinese' && scheme !== 'chinese' && isShort ? { rank: 4, text, name: `第${numbered.number}部分` } : null
}

function splitByChain(lines: readonly FlowLine[], chain: Chain): Division {
  const { scheme, places, repeated } = chain
  const problems: string[] = []
  const items: Item[] = []
  const starts = new Map(places.map((place) => [place.at, place.numbered]))
  let over: Heading[] = []
  /** Headings under which nothing stands yet. */
  let waiting: Heading[] = []
  const lead: Item = { number: null, suffix: null, unit: '前言', label: '', title: '', lines: [], headings: [] }
  for (const [at, line] of lines.entries()) {
    const numbered = starts.get(at)
    const heading = numbered === undefined ? readHeading(line, scheme) : null
    const last = items.at(-1)
    if (numbered !== undefined) {
      const own = numbered.rest === '' ? [] : [{ ...line, text: numbered.rest }]
      items.push({ number: numbered.number, suffix: numbered.suffix, unit: scheme === 'article' ? '条' : '项', label: numbered.label, title: '', lines: own, headings: over.map(({ text }) => text) })
      waiting = []
    } else if (heading !== null && (items.length > 0 || heading.name !== '')) {
      over = [...over.filter(({ rank }) => rank < heading.rank), heading]
      waiting = [...waiting.filter(({ rank }) => rank < heading.rank), heading]
    } else if (waiting.length > 0) {
      const named = waiting.find(({ name }) => name !== '')
      // Text below a chapter's heading introduces the chapter; another heading over no clause is one inside of the clause.
      if (named !== undefined || last === undefined) items.push({ ...lead, label: named?.name ?? '', lines: [line], headings: over.map(({ text }) => text) })
      else {
        last.lines.push(...waiting.map(({ text }) => ({ text })), line)
        over = over.filter((heading_) => !waiting.includes(heading_))
      }
      waiting = []
    } else if (last === undefined) items.push({ ...lead, lines: [line] })
    else last.lines.push(line)
  }
  if (waiting.length > 0) (items.at(-1) ?? lead).lines.push(...waiting.map(({ text }) => ({ text })))
  for (const { numbered } of repeated) problems.push(`${numbered.label}出现了两次，后面的“${shorten(numbered.label + numbered.rest)}”并进了前一条，请核对。`)
  if (scheme !== 'article') problems.push(`没有“第几条”，按“${places[0]?.numbered.label ?? ''}${places[1]?.numbered.label ?? ''}…”分条。`)
  for (const item of items) if (item.number !== null && !hasText(item)) problems.push(`${item.label}下面没有正文，没有收。`)
  return { by: scheme, items: splitEnd(items.filter(hasText)).map(takeTitle), problems: [...problems, ...findGaps(places.map(({ numbered }) => numbered.number))] }
}

/** Sentences below the last of items that are one line each are the end of the whole, not of the last item. */
function splitEnd(items: readonly Item[]): Item[] {
  const last = items.at(-1)
  const counted = items.filter((item) => item.number !== null)
  const [first, ...rest] = last?.lines ?? []
  const isEnd = last !== undefined && counted.length > 2 && counted.slice(0, -1).every((item) => item.lines.length === 1) && rest.length > 0 && /[。！]$/.test(first?.text ?? '') && rest.every(isSentence)
  return isEnd && first !== undefined ? [...items.slice(0, -1), { ...last, lines: [first] }, { ...last, number: null, suffix: null, unit: '附注', label: '', title: '', lines: rest, headings: [] }] : [...items]
}

const hasText = (item: Item): boolean => item.lines.some((line) => line.text !== '' || line.rows !== undefined)

function findGaps(numbers: readonly number[]): string[] {
  const [missing, known]: [number[], Set<number>] = [[], new Set(numbers)]
  const highest = numbers.reduce((most, number) => Math.max(most, number), 0)
  for (let number = 1; number < highest && missing.length < 50; number += 1) if (!known.has(number)) missing.push(number)
  return missing.length === 0 ? [] : [`缺第 ${missing.slice(0, 10).join('、')}${missing.length > 10 ? ' 等' : ''} 条，请看看原文是不是就没有。`]
}

/** 第三条【适用范围】…, 第三条（适用范围）…, 办理地点：…, or a short first line without an end mark: a title. */
function takeTitle(item: Item): Item {
  const [first, ...rest] = item.lines
  if (first === undefined || first.rows !== undefined || item.number === null || item.title !== '') return item
  const bracketed = /^[【〔（(［[]([^】〕）)］\]。；，]{2,20})[】〕）)］\]]\s*(.*)$/.exec(first.text)
  if (bracketed !== null && (bracketed[2] !== '' || rest.some((line) => line.text !== ''))) {
    return { ...item, title: bracketed[1] ?? '', lines: [...(bracketed[2] === '' ? [] : [{ ...first, text: bracketed[2] ?? '' }]), ...rest] }
  }
  const field = readField(first.text)
  if (field !== null) return { ...item, title: field }
  const isTitle = rest.some((line) => line.text !== '') && first.text.length <= LONGEST_TITLE && !/[。；：，,;:！？?]/.test(first.text)
  return isTitle ? { ...item, title: first.text, lines: rest } : item
}

/** 办理地点 of "办理地点：居委会一楼"; null where a line has no such name. */
function readField(text: string): string | null {
  const name = /^([\p{Script=Han}A-Za-z0-9（）()、和及或]{2,})\s*[：:]/u.exec(text)?.[1]
  return name !== undefined && name.length <= LONGEST_FIELD_NAME ? name : null
}

/** A service guide: most of its lines begin with the name of a field. */
function splitByFields(lines: readonly FlowLine[]): Division | null {
  const named = new Set(lines.filter((line) => line.rows === undefined && line.role === undefined && readField(line.text) !== null))
  const others = lines.filter((line) => !named.has(line) && !isListed(line) && line.rows === undefined && line.role === undefined)
  if (named.size < LEAST_FIELDS || others.length > named.size) return null
  const items: Item[] = []
  let count = 0
  for (const line of lines) {
    const last = items.at(-1)
    if (named.has(line)) items.push({ number: (count += 1), suffix: null, unit: '项', label: '', title: readField(line.text) ?? '', lines: [line], headings: [] })
    else if (last === undefined) items.push({ number: null, suffix: null, unit: '前言', label: '', title: '', lines: [line], headings: [] })
    // A sentence of its own below a field that has its content ends the field.
    else if (isSentence(line) && (last.lines.length > 1 || !/[：:]$/.test(last.lines[0]?.text ?? ''))) items.push({ number: (count += 1), suffix: null, unit: '项', label: '', title: '', lines: [line], headings: [] })
    else last.lines.push(line)
  }
  return { by: 'fields', items, problems: ['原文没有编号，按“名称：内容”分条，条号是按次序加的。'] }
}

const isSentence = (line: FlowLine): boolean => line.rows === undefined && line.role === undefined && !isListed(line) && /[。；：:]$/.test(line.text) && line.text.length >= SHORTEST_SENTENCE
const isListed = (line: FlowLine): boolean => isInnerItem(line.text) || readNumbered(line.text) !== null

/** By what the file marks as headings (or sets larger): each with text below it is a clause, counted in order. */
function splitByHeadings(lines: readonly FlowLine[]): Division | null {
  const isHeading = (line: FlowLine | undefined) => line !== undefined && (line.level !== undefined || line.isLarge === true) && line.text.length <= 80
  const hasOwn = lines.filter((line, at) => at > 0 && isHeading(lines[at - 1]) && !isHeading(line)).length
  if (hasOwn < 2) return null
  const items: Item[] = []
  let over: { level: number; text: string }[] = []
  let isNew = false
  let count = 0
  for (const line of lines) {
    const last = items.at(-1)
    if (isHeading(line)) {
      const level = line.level ?? 9
      over = [...over.filter((heading) => heading.level < level), { level, text: line.text }]
      isNew = true
    } else if (isNew || last === undefined) {
      const number = over.length === 0 ? null : (count += 1)
      const title = over.at(-1)?.text ?? ''
      const isTitle = title.length <= LONGEST_TITLE && !/[。；！？]/.test(title)
      items.push({ number, suffix: null, unit: number === null ? '前言' : '项', label: '', title: isTitle ? title : '', lines: [line], headings: over.slice(0, isTitle ? -1 : undefined).map(({ text }) => text) })
      isNew = false
    } else last.lines.push(line)
  }
  if (isNew) items.at(-1)?.lines.push(...over.slice(-1).map(({ text }) => ({ text })))
  return { by: 'headings', items, problems: ['原文没有编号，按小标题分条，条号是按次序加的。'] }
}

/** Every paragraph a clause; a short line is the title of what follows, and the items of a list stay together. */
function splitByParagraphs(lines: readonly FlowLine[]): Division {
  const groups: FlowLine[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    const before = last?.at(-1)?.text ?? ''
    const goesOn = last !== undefined && (line.rows !== undefined || isListed(line) || /[：:，、]$/.test(before) || (last.length === 1 && before.length <= 20 && !/[。；！？]$/.test(before)))
    if (goesOn) last.push(line)
    else groups.push([line])
  }
  const items = groups.map((group, index): Item => {
    const [first, ...rest] = group
    const isTitled = first !== undefined && first.text !== '' && rest.some((line) => line.text !== '') && first.text.length <= 20 && !/[。；：:，！？]/.test(first.text)
    return { number: index + 1, suffix: null, unit: '段', label: '', title: isTitled ? first.text : '', lines: isTitled ? rest : group, headings: [] }
  })
  return { by: 'paragraphs', items, problems: ['原文没有编号，一段算一条，条号是按次序加的。'] }
}

export const shorten = (text: string): string => (text.length > 20 ? `${text.slice(0, 19)}…` : text)
