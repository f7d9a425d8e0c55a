import { isHistory, lastAdoption, readHistory } from './about/adoption.ts'
import { findFurniture } from './about/furniture.ts'
import { readLabelled, readPairs } from './about/labelled.ts'
import type { LabelledKey } from './about/labelled.ts'
import { endsLikeOrgan, isNameLike, isOrgan, isRedHead } from './about/organ.ts'
import { findSignatures, isBelowSignature, isPrintNote } from './about/signature.ts'
import { asDecreed, findTitle, NUMBER } from './about/title.ts'
import type { FoundTitle } from './about/title.ts'
import { readRepeals, readValidity } from './about/validity.ts'
import type { BodyLine } from './clauses/flow.ts'
import type { ImportLine } from './lines.ts'
import { isChapter, readNumbered } from './numbering.ts'
import { beforeDate, findDate, findMonth, isDateLine } from './written-date.ts'

/** What is known of a document; absent = not found. */
export type Metadata = Partial<Record<LabelledKey, string | undefined>>

export interface Described {
  metadata: Metadata
  /** The title as it stands in the document. */
  printed: string
  /** The words that each was read from. */
  sources: Metadata
  /** The lines without title and what its fields hold, each with what it is where it is no text. */
  body: BodyLine[]
  /** Lines that belong to the page, not to the document. */
  furniture: string[]
  /** Lines that the fields hold. */
  held: string[]
  /** Titles of documents that it says it repeals. */
  repeals: string[]
}

/** How far the head of a document may go. */
const HEAD_LINES = 30
/** What is said of a document may also stand on its last lines. */
const END_LINES = 3
/** Reads what the document says of itself. */
export function describe(all: readonly ImportLine[], own: Metadata = {}): Described {
  const top = all.slice(0, Math.min(firstClause(all), HEAD_LINES))
  const furniture = findFurniture(all, findTitle(top, readAllLabelled(top).title?.value, isHeadMatter)?.lines ?? [])
  const lines = all.filter((line) => !furniture.has(line))
  const head = lines.slice(0, Math.min(firstClause(lines), HEAD_LINES))
  const { issuer: lastIssuer, issuedOn: lastDay } = readAllLabelled(lines.slice(-END_LINES))
  const labelled = { ...(lastIssuer === undefined ? {} : { issuer: lastIssuer }), ...(lastDay === undefined ? {} : { issuedOn: lastDay }), ...readAllLabelled(head) }
  const title = asDecreed(findTitle(head, labelled.title?.value, isHeadMatter), lines)
  const matter = readHeadMatter(head, title)
  const textStart = matter.end
  const signatures = findSignatures(lines, textStart)
  const found = gather(labelled, title, matter, signatures)
  const office = found.issuer ?? findOffice(lines, head)
  if (office !== undefined) found.issuer = office
  const metadata: Metadata = { ...pick(found, 'value'), ...withoutAbsent(own) }
  const text = lines.map((line) => line.text).join('\n')
  const { effectiveFrom, effectiveTo, saidFrom, saidTo } = readValidity(text, metadata.issuedOn)
  const dated = withoutAbsent({ effectiveFrom, effectiveTo, ...metadata })
  const isNotice = title !== null && title.title !== title.printed
  const ending = findEnding(lines, textStart)
  const signed = new Set(signatures.flatMap(({ from, to }) => lines.slice(from, to)))
  const below = findBelow(lines, signatures.at(-1)?.to ?? lines.length)
  const bodyOf = (line: ImportLine): BodyLine[] => {
    if (title?.lines.includes(line) === true) return isNotice && title.lines[0] === line ? [{ text: title.printed, role: 'info' }] : []
    if (matter.lines.has(line)) return isHeld(line.text, dated) ? [] : [{ ...line, role: 'info' }]
    if (signed.has(line)) return [{ ...line, role: 'signature' }, ...(isHeld(line.text, dated) ? [] : [{ ...line, role: 'note' as const }])]
    if (ending.has(line)) return isHeld(line.text, dated) ? [] : [{ ...line, role: 'note' }]
    return [below.has(line) ? { ...line, role: 'note' } : line]
  }
  const body = lines.flatMap(bodyOf)
  const kept = new Set(body.map((line) => line.text))
  return {
    metadata: dated,
    printed: title?.printed ?? '',
    sources: withoutAbsent({ ...pick(found, 'said'), effectiveFrom: saidFrom, effectiveTo: saidTo }),
    body,
    furniture: [...furniture].map((line) => line.text),
    held: lines.flatMap((line) => (kept.has(line.text) ? [] : [line.text])),
    repeals: readRepeals(text),
  }
}

export const withoutAbsent = (metadata: Metadata): Metadata => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined && value !== ''))

interface Said {
  value: string
  said: string
}

const pick = (found: Partial<Record<LabelledKey, Said>>, part: keyof Said): Metadata => Object.fromEntries(Object.entries(found).map(([key, said]) => [key, said[part]]))

function firstClause(lines: readonly ImportLine[]): number {
  const at = lines.findIndex((line) => isChapter(line.text) || (readNumbered(line.text) !== null && !/^\d/.test(line.text)))
  return at === -1 ? lines.length : at
}

/** What stands behind names such as 发文机关 in the head; of two dates the day of issue counts. */
function readAllLabelled(head: readonly ImportLine[]): Partial<Record<LabelledKey, Said & { rank: number }>> {
  const found: Partial<Record<LabelledKey, Said & { rank: number }>> = {}
  for (const { text } of head) {
    for (const pair of readPairs(text)) {
      const read = readLabelled(pair)
      if (read !== null && (found[read.key] === undefined || read.rank < (found[read.key]?.rank ?? 0))) found[read.key] = { value: read.value, said: `${pair.name}：${pair.value}`, rank: read.rank }
    }
  }
  return found
}

const isLabelled = (text: string): boolean => readPairs(text).some((pair) => readLabelled(pair) !== null)
const isNumberLine = (text: string): boolean => {
  const found = NUMBER.exec(text)
  return found !== null && found.index <= 1 && text.length - found[0].length <= 14
}
const isHeadMatter = (text: string): boolean => isDateLine(text) || isNumberLine(text) || isLabelled(text) || isHistory(text) || isOrgan(beforeDate(text) ?? '')

interface HeadMatter {
  lines: Set<ImportLine>
  /** Where the text begins. */
  end: number
  issuer?: Said
  number?: Said
  issuedOn?: Said
  history: Said[]
}

/** The lines around the title that say of whom and of what day it is, down to the first line of text. */
function readHeadMatter(head: readonly ImportLine[], title: FoundTitle | null): HeadMatter {
  const matter: HeadMatter = { lines: new Set(), end: 0, history: [] }
  let waiting: ImportLine[] = []
  for (const [at, line] of head.entries()) {
    const { text } = line
    const isByPlace = isNameLike(text) && title?.lines.includes(head[at - 1] ?? line) === true && isDateLine(head[at + 1]?.text ?? '')
    const isOffice = isOrgan(text) || isRedHead(text) || isByPlace
    if (title?.lines.includes(line) === true) matter.end = at + 1
    else if (isHeadMatter(text) || isOffice) {
      for (const known of [...waiting, line]) matter.lines.add(known)
      waiting = []
      matter.end = at + 1
      takeMatter(matter, text, isOffice)
    } else if (readPairs(text).some(({ value }) => value !== '') || (line.row !== undefined && /^\p{Script=Han}[\p{Script=Han}\s]{1,8}[：:]/u.test(text)) || isEmptyPair(text)) waiting.push(line)
    else if (title === null || title.lines.length === 0 || head.slice(at).every((later) => !title.lines.includes(later))) break
    else waiting = []
  }
  return matter
}

/** A name with nothing behind it between others ("主 题 词："). */
const isEmptyPair = (text: string): boolean => /^\p{Script=Han}(?:\s?\p{Script=Han}){1,4}\s*[：:]$/u.test(text) && /\s/.test(text)

function takeMatter(matter: HeadMatter, text: string, isOffice: boolean): void {
  const office = isOffice ? text.replace(/\s*文\s*件$/, '') : (beforeDate(text) ?? '')
  if (isOffice || isOrgan(office)) matter.issuer ??= { value: office, said: text }
  const isWithHistory = isHistory(text)
  if (isWithHistory) matter.history.push({ value: text, said: text })
  if (isLabelled(text)) return
  const number = NUMBER.exec(text)?.[0].replaceAll(/\s+/g, '')
  if (number !== undefined && isNumberLine(text)) matter.number ??= { value: number, said: text }
  const date = isWithHistory ? null : (findDate(text) ?? findMonth(text))
  if (date !== null) matter.issuedOn ??= { value: date, said: findDate(text) === null ? `${text}（没有写日，按1日算）` : text }
}

/** One value each, the surest first; an office that is named in full below the text is named so. */
function gather(labelled: Partial<Record<LabelledKey, Said>>, title: FoundTitle | null, matter: HeadMatter, signatures: ReturnType<typeof findSignatures>): Partial<Record<LabelledKey, Said>> {
  const last = lastAdoption(matter.history.flatMap(({ value }) => readHistory(value)))
  const history = matter.history.map(({ said }) => said).join(' ')
  const [signature] = signatures
  const fromTitle = title?.issuer === undefined ? undefined : { value: title.issuer, said: title.printed }
  const fromHistory = last.issuer === undefined ? undefined : { value: last.issuer, said: history }
  const signed = signature?.issuer === undefined ? undefined : { value: signature.issuer, said: signature.said }
  const issuer = labelled.issuer ?? fromHistory ?? fromTitle ?? matter.issuer ?? signed
  const fuller = issuer !== undefined && issuer !== labelled.issuer && signed?.value.includes(issuer.value) === true ? signed : issuer
  const date = (last.issuedOn === undefined ? undefined : { value: last.issuedOn, said: history }) ?? labelled.issuedOn ?? matter.issuedOn ?? (title?.issuedOn === undefined ? undefined : { value: title.issuedOn, said: title.printed }) ?? (signature === undefined ? undefined : { value: signature.date, said: signature.said })
  const number = labelled.number ?? matter.number ?? (title?.number === undefined ? undefined : { value: title.number, said: title.printed })
  const found: Partial<Record<LabelledKey, Said | undefined>> = { title: title === null ? undefined : { value: title.title, said: title.printed }, issuer: fuller, number, issuedOn: date, effectiveFrom: labelled.effectiveFrom, effectiveTo: labelled.effectiveTo }
  return Object.fromEntries(Object.entries(found).filter(([, said]) => said !== undefined))
}

const OFFICE_FIELD = /^(?:实施|办理|受理|责任|主管|承办)(?:机关|机构|单位|部门|主体)$/

/** The last lines, as far as they only say of whom and when it is, or to whom copies went. */
function findEnding(lines: readonly ImportLine[], from: number): Set<ImportLine> {
  const isSaid = (text: string) => isPrintNote(text) || (readPairs(text).length > 0 && readPairs(text).every((pair) => readLabelled(pair) !== null))
  const last = lines.findLastIndex((line) => !isSaid(line.text))
  return new Set(lines.slice(Math.max(from, last + 1)))
}

/** What is printed below the last signature, down to the first line that says anything else. */
function findBelow(lines: readonly ImportLine[], from: number): Set<ImportLine> {
  const below = new Set<ImportLine>()
  for (let line = lines[from]; line !== undefined && isBelowSignature(line.text); line = lines[from + below.size]) below.add(line)
  return below
}

/** Whose a paper without head and signature is: the office of a service guide, or of the paper that it names first. */
function findOffice(lines: readonly ImportLine[], head: readonly ImportLine[]): Said | undefined {
  for (const { text } of lines) {
    const value = readPairs(readNumbered(text)?.rest ?? text).find((pair) => OFFICE_FIELD.test(pair.name))?.value
    if (value !== undefined && isNameLike(value)) return { value, said: text }
  }
  for (const { text } of head) {
    const [, prefix = ''] = /^(.{2,40}?)关于.{2,80}$/.exec(text) ?? []
    if (isNameLike(prefix) && endsLikeOrgan(prefix)) return { value: prefix, said: text }
  }
  return undefined
}

/** Whether a line holds nothing but what the fields hold. */
function isHeld(text: string, { title = '', issuer = '', number = '', issuedOn, effectiveFrom, effectiveTo }: Metadata): boolean {
  const dates = new Set([issuedOn, effectiveFrom, effectiveTo])
  const isDate = (part: string) => isDateLine(part) && dates.has(findDate(part) ?? findMonth(part) ?? '')
  const isKnown = (part: string) => part === '' || part === title || part === issuer || part.replaceAll(/\s/g, '') === issuer.replaceAll(/\s/g, '') || part.replaceAll(/\s/g, '') === number || isDate(part)
  const pairs = readPairs(text)
  if (pairs.length > 0) return pairs.every(({ value }) => isKnown(value))
  if (isEmptyPair(text)) return true
  return isKnown(text) || isKnown(text.replace(/\s*文\s*件$/, '')) || (beforeDate(text) === issuer && dates.has(findDate(text) ?? ''))
}
