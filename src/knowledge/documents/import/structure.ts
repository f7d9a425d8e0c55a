import type { ImportLine } from './lines.ts'
import { isChapter, isInnerItem, readNumbered } from './numbering.ts'
import type { Numbered, Scheme } from './numbering.ts'

export interface ImportedClause {
  /** As the knowledge folder writes it: "12", "12-1". */
  number: string
  /** The document's own 第十二条 or （三）; '' where clauses were counted. */
  label: string
  title: string
  text: string
  /** Headings of chapters that stand right before it. */
  chapters: string[]
}

export interface Structured {
  /** What the clauses were found by. */
  by: Scheme | 'headings' | 'paragraphs'
  preamble: string[]
  clauses: ImportedClause[]
  /** What a person should look at, one Chinese sentence each. */
  problems: string[]
}

const LEAST_NUMBERED = 2
const LONGEST_TITLE = 40

/** Finds the clauses of a document by its 条, else by its own numbering, by its headings, or paragraph by paragraph. */
export function findStructure(all: readonly ImportLine[]): Structured {
  const lines = withoutContents(all)
  const scheme = chooseScheme(lines)
  if (scheme !== null) return splitByNumbers(lines, scheme)
  return splitByHeadings(lines) ?? splitByParagraphs(lines)
}

/** A table of contents (目录, and lines that end with dots and a page number) repeats what follows. */
function withoutContents(lines: readonly ImportLine[]): ImportLine[] {
  const isEntry = (text: string) => /(?:\.{3,}|…{1,}|·{3,})\s*\d{1,4}$/.test(text)
  return lines.filter((line) => !isEntry(line.text) && !/^目\s*[录次]$/.test(line.text))
}

interface Place {
  at: number
  numbered: Numbered
}

const placesOf = (lines: readonly ImportLine[], scheme: Scheme): Place[] =>
  lines.flatMap((line, at) => {
    const numbered = readNumbered(line.text)
    return numbered?.scheme === scheme ? [{ at, numbered }] : []
  })

/** 条 wherever there are some; else the finest numbering that runs through the whole document without starting again. */
function chooseScheme(lines: readonly ImportLine[]): Scheme | null {
  if (placesOf(lines, 'article').length >= LEAST_NUMBERED) return 'article'
  let chosen: { scheme: Scheme; places: Place[] } | null = null
  for (const scheme of ['chinese', 'bracketed', 'digits'] as const) {
    const places = placesOf(lines, scheme)
    if (places.length < LEAST_NUMBERED || !runsThrough(places)) continue
    if (chosen === null || dividesMost(chosen.places, places)) chosen = { scheme, places }
    else break
  }
  return chosen?.scheme ?? null
}

/** Begins at 1 and never goes back; a number may be missing or stand twice. */
function runsThrough(places: readonly Place[]): boolean {
  const numbers = places.map(({ numbered }) => numbered.number)
  return numbers[0] === 1 && numbers.every((number, index) => index === 0 || (number >= (numbers[index - 1] ?? 0) && number <= (numbers[index - 1] ?? 0) + 3))
}

/** Whether finer parts stand in two and in most of the coarser ones. */
function dividesMost(coarse: readonly Place[], fine: readonly Place[]): boolean {
  const divided = coarse.filter((place, index) => fine.some(({ at }) => at > place.at && at < (coarse[index + 1]?.at ?? Infinity)))
  return divided.length >= 2 && divided.length * 2 > coarse.length
}

interface Open {
  numbered: Numbered
  number: string
  lines: string[]
  chapters: string[]
}

/** A chapter's heading: 第二章, a coarser number, or what the file says is a heading. */
function isOver(line: ImportLine, scheme: Scheme): boolean {
  if (isChapter(line.text)) return true
  const numbered = readNumbered(line.text)
  if (numbered === null) return line.level !== undefined && !isInnerItem(line.text)
  const isShort = line.text.length <= LONGEST_TITLE && !/[。；]/.test(line.text)
  return numbered.scheme === 'chinese' && scheme !== 'chinese' && isShort
}

function splitByNumbers(lines: readonly ImportLine[], scheme: Scheme): Structured {
  const problems: string[] = []
  const preamble: string[] = []
  const open: Open[] = []
  let chapters: string[] = []
  for (const line of lines) {
    const numbered = readNumbered(line.text)
    const last = open.at(-1)
    if (numbered?.scheme === scheme) {
      const number = numbered.suffix === null ? String(numbered.number) : `${numbered.number}-${numbered.suffix}`
      if (number === '1' && open.length >= 3) {
        problems.push(`从“${shorten(line.text)}”起又从头编号，像是附件，后面的没有收。要收请另存成一个文件再加。`)
        break
      }
      const earlier = open.find((clause) => clause.number === number)
      if (earlier !== undefined) {
        problems.push(`${numbered.label}出现了两次，后面的“${shorten(line.text)}”并进了前一条，请核对。`)
        ;(last ?? earlier).lines.push(line.text)
        continue
      }
      open.push({ numbered, number, lines: numbered.rest === '' ? [] : [numbered.rest], chapters })
      chapters = []
    } else if (open.length > 0 && /^附件\s*[\d一二三四五六七八九十]*[：:]?$/.test(line.text)) {
      problems.push(`“${line.text}”起的附件没有收。要收请另存成一个文件再加。`)
      break
    } else if (isOver(line, scheme) && (open.length > 0 || isChapter(line.text) || numbered !== null)) chapters.push(line.text)
    else if (last === undefined) preamble.push(line.text)
    // A heading over nothing is a heading inside of the clause.
    else {
      last.lines.push(...chapters, line.text)
      chapters = []
    }
  }
  if (scheme !== 'article') problems.push(`没有“第几条”，按“${open[0]?.numbered.label ?? ''}${open[1]?.numbered.label ?? ''}…”分条。`)
  const clauses = open.map(toClause)
  const kept = clauses.filter((clause) => clause.text !== '')
  for (const clause of clauses) if (clause.text === '') problems.push(`${clause.label}下面没有正文，没有收。`)
  return { by: scheme, preamble, clauses: kept, problems: [...problems, ...findGaps(open)] }
}

function findGaps(open: readonly Open[]): string[] {
  const numbers = open.map(({ numbered }) => numbered.number)
  const missing: number[] = []
  for (let number = 1; number < Math.max(...numbers, 0) && missing.length < 50; number += 1) if (!numbers.includes(number)) missing.push(number)
  const disordered = numbers.find((number, index) => index > 0 && number < (numbers[index - 1] ?? 0))
  return [
    ...(missing.length === 0 ? [] : [`缺第 ${missing.slice(0, 10).join('、')}${missing.length > 10 ? ' 等' : ''} 条，请看看原文是不是就没有。`]),
    ...(disordered === undefined ? [] : [`第 ${disordered} 条的次序不对，请核对。`]),
  ]
}

/** 第三条【适用范围】…, 第三条（适用范围）…, or a short first line without an end mark: a title. */
function toClause({ numbered, number, lines, chapters }: Open): ImportedClause {
  const [first = '', ...rest] = lines
  const bracketed = /^[【〔（(［[]([^】〕）)］\]。；，]{2,20})[】〕）)］\]]\s*(.*)$/.exec(first)
  const base = { number, label: numbered.label, chapters }
  if (bracketed !== null && (bracketed[2] !== '' || rest.length > 0)) {
    return { ...base, title: bracketed[1] ?? '', text: [bracketed[2] ?? '', ...rest].filter((line) => line !== '').join('\n') }
  }
  const isTitle = rest.length > 0 && first.length <= LONGEST_TITLE && !/[。；：，,;:！？]/.test(first)
  return isTitle ? { ...base, title: first, text: rest.join('\n') } : { ...base, title: '', text: lines.join('\n') }
}

/** By what the file marks as headings (or sets larger): each with text below it is a clause, counted in order. */
function splitByHeadings(lines: readonly ImportLine[]): Structured | null {
  const isHeading = (line: ImportLine) => (line.level !== undefined || line.isLarge === true) && line.text.length <= 80
  const hasText = lines.filter((line, at) => at > 0 && isHeading(lines[at - 1] ?? line) && !isHeading(line)).length
  if (hasText < LEAST_NUMBERED) return null
  const clauses: { title: string; lines: string[]; chapters: string[] }[] = []
  let over: string[] = []
  for (const line of lines) {
    const last = clauses.at(-1)
    if (isHeading(line)) over.push(line.text)
    else if (over.length > 0 || last === undefined) {
      clauses.push({ title: over.at(-1) ?? '', lines: [line.text], chapters: over.slice(0, -1) })
      over = []
    } else last.lines.push(line.text)
  }
  return {
    by: 'headings',
    preamble: [],
    clauses: clauses.map(({ title, lines: own, chapters }, index) => ({ number: String(index + 1), label: '', title: title.length <= LONGEST_TITLE ? title : '', text: own.join('\n'), chapters })),
    problems: ['原文没有编号，按小标题分条，条号是按次序加的。'],
  }
}

/** Every paragraph a clause; a short line is the title of what follows, and the items of a list stay together. */
function splitByParagraphs(lines: readonly ImportLine[]): Structured {
  const groups: string[][] = []
  for (const { text } of lines) {
    const last = groups.at(-1)
    const before = last?.at(-1) ?? ''
    const goesOn = last !== undefined && (isInnerItem(text) || readNumbered(text) !== null || /[：:，、]$/.test(before) || (last.length === 1 && before.length <= 20 && !/[。；！？]$/.test(before)))
    if (goesOn) last.push(text)
    else groups.push([text])
  }
  const clauses = groups.map((group, index): ImportedClause => {
    const [first = '', ...rest] = group
    const isTitled = rest.length > 0 && first.length <= 20 && !/[。；：:，！？]/.test(first)
    return { number: String(index + 1), label: '', title: isTitled ? first : '', text: (isTitled ? rest : group).join('\n'), chapters: [] }
  })
  return { by: 'paragraphs', preamble: [], clauses, problems: ['原文没有编号，一段算一条，条号是按次序加的。'] }
}

const shorten = (text: string): string => (text.length > 20 ? `${text.slice(0, 19)}…` : text)
