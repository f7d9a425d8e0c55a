import type { BodyLine } from './clauses/flow.ts'
import type { ImportLine } from './lines.ts'
import { isChapter, readNumbered } from './numbering.ts'
import { addYears, findDate, isDateLine } from './written-date.ts'

/** What is known of a document; absent = not found. */
export type Metadata = Partial<Record<'title' | 'issuer' | 'number' | 'issuedOn' | 'effectiveFrom' | 'effectiveTo', string | undefined>>

export interface Described {
  metadata: Metadata
  /** The lines without title and what its fields hold, each with what it is where it is no text. */
  body: BodyLine[]
  /** Titles of documents that it says it repeals. */
  repeals: string[]
}

/** How far the head of a document may go, and its signature. */
const HEAD_LINES = 20
const END_LINES = 12
const LINES_BELOW_DATE = 4
const LONGEST_TITLE = 100

const KINDS = '通知|意见|办法|规定|规则|细则|条例|方案|公约|决定|决议|通告|公告|制度|标准|指南|章程|须知|规划|计划|要点|批复|措施|规范|规程|守则|指引|手册|目录|清单|说明|协议|倡议书|一封信|问答'
const TITLE_END = new RegExp(`(?:${KINDS})(?:[（(《【〔][^）)]{1,20}[）)》】〕])?[》”]?$`)
const ORGAN_END = /(?:委员会|居委会|村委会|街道办事处|办事处|人民政府|政府|办公室|办公厅|行署|地委|省委|市委|县委|区委|党委|部|厅|局|署|院|中心|协会|公司|大会|联合会|支部|小组|社区|管委会|业委会|林业局|站|所|队|会)$/
const NUMBER = /[\p{Script=Han}]{1,14}\s*[〔[（(【﹝［]\s*\d{4}\s*[〕\])）】﹞］]\s*(?:第\s*)?\d{1,5}\s*号|(?:第\s*\d{1,5}\s*号(?:令|公告)?|(?:令|公告)第\s*\d{1,5}\s*号)/u
const END_NOTES = /^(?:[（(]?此件|抄\s*送|主题词|印\s*发|联系人|分享到|打印本页|关闭窗口|上一篇|下一篇|责任编辑|来源)|印发[。）)]?$|^[（(]公章[）)]$/

/** Reads what the document says of itself and takes those lines off its text. */
export function describe(lines: readonly ImportLine[], own: Metadata = {}): Described {
  const start = firstClause(lines)
  const head = lines.slice(0, Math.min(start, HEAD_LINES))
  const title = findTitle(head)
  const rest = lines.slice(title === null ? 0 : title.to)
  const headRest = [...lines.slice(0, title?.from ?? 0), ...lines.slice(title?.to ?? 0, head.length)]
  const end = findSignature(rest)
  const metadata: Metadata = { ...title?.metadata, ...readHead(headRest), ...own }
  metadata.title ??= title?.metadata.title
  metadata.issuer ??= readHeadIssuer(headRest) ?? end.issuer
  metadata.issuedOn ??= end.date
  const text = lines.map((line) => line.text).join('\n')
  const dated = { ...readValidity(text, metadata.issuedOn), ...withoutAbsent(metadata) }
  const titleLines = new Set(title === null ? [] : lines.slice(title.from, title.to))
  const matter = new Set(headRest.filter((line) => isHeadMatter(line.text) || isRedHead(line.text) || line.text === metadata.issuer))
  const body = lines.flatMap((line): BodyLine[] => {
    if (titleLines.has(line)) return []
    if (matter.has(line)) return isHeld(line.text, dated) ? [] : [{ ...line, role: 'info' }]
    const place = rest.indexOf(line)
    if (place === -1) return [line]
    if (place >= end.to) return [{ ...line, role: 'note' }]
    return [place >= end.from ? { ...line, role: 'signature' } : line]
  })
  return { metadata: withoutAbsent(dated), body, repeals: readRepeals(text) }
}

const withoutAbsent = (metadata: Metadata): Metadata => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined && value !== ''))

function firstClause(lines: readonly ImportLine[]): number {
  const at = lines.findIndex((line) => isChapter(line.text) || (readNumbered(line.text) !== null && !/^\d/.test(line.text)))
  return at === -1 ? lines.length : at
}

/** The first heading or the lines set larger; else the lines that end like a document's name; else a short first line. */
function findTitle(head: readonly ImportLine[]): { from: number; to: number; metadata: Metadata } | null {
  const isTitled = (line: ImportLine) => line.level === 1 || line.isLarge === true
  const from = head.findIndex((line) => isTitled(line) && !isRedHead(line.text))
  if (from !== -1) {
    let to = from + 1
    while (head[from]?.level === undefined && head[to]?.isLarge === true && !TITLE_END.test(head[to - 1]?.text ?? '')) to += 1
    return readTitle(head, from, to)
  }
  for (const [at, line] of head.entries()) {
    if (isHeadMatter(line.text) || isRedHead(line.text)) continue
    for (let to = at + 1; to <= Math.min(head.length, at + 4); to += 1) {
      const text = head.slice(at, to).map((part) => part.text).join('')
      if (/[。；：:]/.test(text) || text.length > LONGEST_TITLE) break
      if (TITLE_END.test(withoutDate(text))) return readTitle(head, at, to)
    }
    break
  }
  const at = head.findIndex((line) => !isHeadMatter(line.text) && !isRedHead(line.text))
  const first = head[at]
  if (first === undefined || first.text.length > 40 || /[。；：，！？]/.test(first.text)) return null
  return readTitle(head, at, at + 1)
}

const withoutDate = (text: string): string => text.replace(/\s*[（(][^（）()]*\d{4}\s*年[^（）()]*[）)]\s*$/, '')

function readTitle(lines: readonly ImportLine[], from: number, to: number): { from: number; to: number; metadata: Metadata } {
  // An issuer on a line of its own over the title is no part of it, but where the title goes on from it (…关于…).
  const organ = to - from > 1 && isOrgan(lines[from]?.text ?? '') && !/^(?:关于|印发|转发)/.test(lines[from + 1]?.text ?? '') ? lines[from]?.text : undefined
  const whole = lines.slice(organ === undefined ? from : from + 1, to).map((line) => line.text).join('')
  const inBrackets = /[（(]([^（）()]*)[）)]\s*$/.exec(whole)?.[1] ?? ''
  const printed = closeUp(withoutDate(whole)).replace(/^《(.*)》$/, '$1')
  const [, issuer = ''] = /^(.{2,40}?)(?:关于|印发|转发)/.exec(printed) ?? []
  // A notice that only sends rules out is called by the rules' name.
  const title = /(?:印发|发布|公布|下发)《([^《》]{4,80})》的(?:通知|公告|通告)$/.exec(printed)?.[1] ?? printed
  return {
    from,
    to,
    metadata: withoutAbsent({ title: title.slice(0, 200), issuedOn: findDate(inBrackets) ?? undefined, number: NUMBER.exec(inBrackets)?.[0], issuer: organ ?? (ORGAN_END.test(issuer) ? issuer : undefined) }),
  }
}

/** 通  知: letters set apart. */
const closeUp = (text: string): string => text.replaceAll(/(?<=(?:^|\s)\p{Script=Han})\s(?=\p{Script=Han}(?:\s|$))/gu, '').trim()

/** The red letters over a document: 幸福街道办事处文件. */
const isRedHead = (text: string): boolean => /^.{2,30}文\s*件$/.test(text) && ORGAN_END.test(text.replace(/\s*文\s*件$/, ''))

const LABELLED: readonly [keyof Metadata, RegExp][] = [
  ['issuer', /^(?:发文机关|发布机关|发文单位|发布单位|制定机关|发布机构|印发单位)\s*[：:]\s*(\S.*)$/],
  ['number', /^(?:文\s*号|发文字号|发文编号|文件编号)\s*[：:]\s*(\S.*)$/],
  ['issuedOn', /^(?:发布日期|成文日期|发文日期|印发日期|公布日期|发布时间)\s*[：:]\s*(\S.*)$/],
]

function isHeadMatter(text: string): boolean {
  return isDateLine(text) || isNumberLine(text) || LABELLED.some(([, pattern]) => pattern.test(text)) || /^[（(][^（）()]*\d{4}\s*年[^（）()]*(?:通过|公布|发布|印发|修订|修正|施行)[^（）()]*[）)]$/.test(text)
}

const isNumberLine = (text: string): boolean => {
  const found = NUMBER.exec(text)
  return found !== null && found.index <= 1 && text.length - found[0].length <= 14
}

function readHead(head: readonly ImportLine[]): Metadata {
  const found: Metadata = {}
  for (const { text } of head) {
    if (!isHeadMatter(text)) continue
    for (const [key, pattern] of LABELLED) {
      const value = pattern.exec(text)?.[1]
      if (value !== undefined) found[key] ??= key === 'issuedOn' ? (findDate(value) ?? undefined) : value
    }
    found.number ??= NUMBER.exec(text)?.[0].replaceAll(/\s+/g, '')
    found.issuedOn ??= findDate(text) ?? undefined
  }
  return withoutAbsent(found)
}

function readHeadIssuer(head: readonly ImportLine[]): string | undefined {
  const red = head.find((line) => isRedHead(line.text))
  if (red !== undefined) return red.text.replace(/\s*文\s*件$/, '')
  return head.find((line) => isOrgan(line.text))?.text
}

const isOrgan = (text: string): boolean => text.length <= 30 && ORGAN_END.test(text) && !/[，。；：、]/.test(text) && readNumbered(text) === null

/** Whether a line holds nothing but what the fields hold. */
function isHeld(text: string, { issuer = '', number = '', issuedOn }: Metadata): boolean {
  const rest = text.replace(issuer, '').replaceAll(/\s/g, '').replace(number, '')
  return rest === '' || (isDateLine(rest) && findDate(rest) === issuedOn)
}

/** Issuer and date below the text, and what is printed below them. */
function findSignature(lines: readonly ImportLine[]): { from: number; to: number; issuer?: string; date?: string } {
  const from = Math.max(0, lines.length - END_LINES)
  let end = lines.length
  while (end > from && END_NOTES.test(lines[end - 1]?.text ?? '')) end -= 1
  const at = lines.findLastIndex((line, index) => index >= from && isDateLine(line.text))
  const isBelowText = at > firstClause(lines) || (firstClause(lines) === lines.length && at > 0)
  if (at === -1 || !isBelowText || end - at > LINES_BELOW_DATE) return { from: end, to: end }
  const date = findDate(lines[at]?.text ?? '') ?? undefined
  let first = at
  const issuers: string[] = []
  while (first > 0 && issuers.length < 4 && isOrgan(lines[first - 1]?.text ?? '')) issuers.unshift(lines[(first -= 1)]?.text ?? '')
  return { from: first, to: at + 1, ...(date === undefined ? {} : { date }), ...(issuers.length === 0 ? {} : { issuer: issuers.join(' ') }) }
}

function readValidity(text: string, issuedOn: string | undefined): Metadata {
  const start = /自(.{2,20}?)(?:之日)?起(?:正式)?(?:施行|实施|执行|生效|开始施行|试行)/.exec(text)?.[1] ?? ''
  const effectiveFrom = findDate(start) ?? (/^(?:本\S{0,4})?(?:公布|发布|印发|下发|颁布|签发)/.test(start) ? issuedOn : undefined)
  const until = /有效期(?:限)?(?:截至|截止到?|至|到|为.{0,20}?(?:至|到))([^，。；]{4,20})|(?:施行|实施|执行|试行)(?:至|到)([^，。；]{6,20})|自[^，。；]{6,20}(?:起)?(?:至|到)([^，。；]{6,16}?)(?:止|有效|施行|实施|执行)/.exec(text)
  const years = /(?:有效期(?:限)?(?:为|是)?|试行(?:期(?:限)?(?:为)?)?)\s*([一二三四五六七八九十\d]{1,2})\s*年/.exec(text)?.[1]
  const from = effectiveFrom ?? issuedOn
  const effectiveTo = findDate(until?.[1] ?? until?.[2] ?? until?.[3] ?? '') ?? (years !== undefined && from !== undefined ? addYears(from, years) : null)
  return withoutAbsent({ effectiveFrom, effectiveTo: effectiveTo ?? undefined })
}

/** "《…办法》同时废止" */
function readRepeals(text: string): string[] {
  const sentences = text.split(/[。；\n]/).filter((sentence) => /废止|停止执行|不再执行|失效/.test(sentence))
  return sentences.flatMap((sentence) => [...sentence.matchAll(/《([^《》]{2,80})》/g)].map(([, title = '']) => title))
}
