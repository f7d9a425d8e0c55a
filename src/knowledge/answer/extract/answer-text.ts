import { clauseName } from '../../../domain/answers.ts'
import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { holdsKind } from '../../find/questions/asked-kind.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'
import type { OffTopic } from '../off-topic/off-topic.ts'
import { shortAnswer } from './short-answer.ts'

/** 《关于加强和谐社区建设的意见》: without the issuers that stand before it, and shortened when it is long. */
export function shortTitle(document: Pick<KnowledgeDocument, 'title' | 'issuer'>): string {
  const withoutIssuer = document.title.startsWith(document.issuer) ? document.title.slice(document.issuer.length).trim() : document.title
  const bare = withoutIssuer.replace(/^《|》$/g, '')
  return `《${bare.length > 30 ? `${bare.slice(0, 29)}…` : bare}》`
}

/** `《…的意见》（大署发〔2012〕15号，2012年）第13条` */
export function sourceLine(document: KnowledgeDocument, clause: string): string {
  const number = document.number === undefined ? '' : `${document.number.slice(0, 24)}，`
  return `${shortTitle(document)}（${number}${document.issuedOn.slice(0, 4)}年）${clauseName(clause)}`
}

/** That the document no longer holds, or not yet; '' when it does, or when the day is not known. */
export function expiryNote({ effectiveFrom, effectiveTo, supersededBy }: KnowledgeDocument, today: string | undefined): string {
  if (today === undefined || supersededBy !== undefined) return ''
  if (effectiveTo !== undefined && effectiveTo < today) return `\n（这份文件到${effectiveTo}已经过期，现在的规定请向社区核实。）`
  return effectiveFrom !== undefined && effectiveFrom > today ? `\n（这份文件从${effectiveFrom}起才施行。）` : ''
}

/** What another document says of the same thing, and which of the two holds. */
export function conflictLine(document: KnowledgeDocument, other: KnowledgeDocument, clause: string, quote: string): string {
  const dayOf = ({ effectiveFrom, issuedOn }: KnowledgeDocument) => `${effectiveFrom ?? issuedOn} ${issuedOn}`
  const isOlder = dayOf(other) < dayOf(document)
  const shown = quote.length > 60 ? `${quote.slice(0, 59)}…` : quote
  return `${isOlder ? '较早的' : '另外，'}${shortTitle(other)}${clauseName(clause)}写的是${inQuotes(shown)}，${isOlder ? '以新文件为准' : '办事前请向社区核实'}。`
}

/** Curly quotation marks inside curly ones are hard to read: a quote that has some stands in corner brackets. */
export function inQuotes(quote: string): string {
  return /[“”]/.test(quote) ? `「${quote}」` : `“${quote}”`
}

const LEADS: Partial<Record<AskedKind, string>> = {
  amount: '关于钱数，文件写的是：',
  share: '关于比例，文件写的是：',
  area: '关于面积，文件写的是：',
  date: '关于时间，文件写的是：',
  duration: '关于时间，文件写的是：',
  households: '关于户数，文件写的是：',
  office: '由谁来办，文件写的是：',
  procedure: '怎么办，文件写的是：',
}

/** What is said before the quote: what was asked for in a few of its words when these are certain, else what the quote is about. */
export function leadIn(kinds: readonly AskedKind[], question: string, quote: string): string {
  const short = shortAnswer(kinds, question, quote)
  if (short !== null && short !== quote) return `${short}。文件写的是：`
  // A lead that names a kind of thing is used only where the quote holds one.
  const kind = kinds.find((candidate) => LEADS[candidate] !== undefined && holdsKind(candidate, quote))
  return (kind === undefined ? undefined : LEADS[kind]) ?? '文件里是这样写的：'
}

/** What a resident should know of a figure that may have changed since; '' when nothing need be said. */
export function ageNote(kinds: readonly AskedKind[], quote: string, document: KnowledgeDocument): string {
  if (document.supersededBy !== undefined) return `\n（这份文件已由《${document.supersededBy.replace(/^《|》$/g, '').slice(0, 40)}》代替，请以新文件为准。）`
  const isDated = kinds.some((kind) => ['amount', 'date', 'duration', 'share'].includes(kind)) || /税|\d\s*(?:万|亿)?元|年底|期末|\d年/.test(quote)
  const year = document.issuedOn.slice(0, 4)
  return isDated ? `\n（这是${year}年的文件，现在的规定请向社区核实。）` : ''
}

const OFFER = '要不要转给工作人员？回复“转给工作人员”就行。'

/** A refusal that says what the text does say nearby. */
export function refusalText(passage: Passage | null): string {
  const nearby = passage === null ? '' : `最接近的是${clauseName(passage.clause)}“${shorten(passage.title)}”，但那里没有说这件事。\n`
  return `您问的这件事，文件里没有写。\n${nearby}${OFFER}`
}

const OFF_TOPIC: Record<OffTopic, string> = {
  blank: '我没有看到文字。请用一句话写下您想问的事，例如：“社区志愿者怎么报名？”',
  garbage: '这句话我没看懂。请用一句话写下您想问的事，例如：“社区志愿者怎么报名？”',
  weather: '天气的事文件里没有写，请看天气预报，或拨打12121。社区的政策和办事可以问我。',
  personal_data: '别人的电话、住址这些个人信息，我不能告诉您，文件里也没有写。有急事要找人，回复“转给工作人员”，由社区联系。',
  medical: '看病用药的事文件里没有写，我不能乱说，请问医生；急病请打120。社区的政策和办事可以问我。',
  legal: '案子怎么判、官司怎么打，文件里没有写，我不能下结论。请拨打12348法律服务热线，或到社区咨询律师。',
}

export function offTopicText(topic: OffTopic): string {
  return OFF_TOPIC[topic]
}

function shorten(title: string): string {
  return title.length > 30 ? `${title.slice(0, 29)}…` : title
}
