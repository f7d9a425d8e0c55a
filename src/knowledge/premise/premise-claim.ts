import { holdsAny } from '../../language/patterns.ts'
import { normalize, plain } from '../../language/normalize.ts'
import { LARGEST_CHARACTER, tokenize } from '../find/words/tokens.ts'
import { splitClauses, splitSentences } from '../find/words/windows.ts'
import type { Span } from '../find/words/windows.ts'

/** A question that takes something for granted. */
export interface Claim {
  /** In plain words, without the marks of asking at its end. */
  text: string
  /** It says so and wants to hear whether it is right ("…对吧", "听说…"), or asks why it is so; otherwise it asks for something else and only presupposes. */
  isAsserted: boolean
  asksWhy: boolean
  /** It wants nothing else but to hear whether it is right, or why it is so. */
  isFirm: boolean
  /** It asks for something at all. */
  isQuestion: boolean
  /** It leaves open what the answer is ("能不能卖", "选举还是任命"): it claims nothing. */
  isOpen: boolean
}

/** Marks of asking at the end. */
const TAGS: readonly RegExp[] = [
  /[,，]?\s*(?:(?:规定|文件|制度)?(?:就)?是(?:这样|这么)?(?:规定|要求|写)?的?(?:吧|吗|么|不)|规定(?:就是)?这样的?吧|对吧|对不对?|对吗)[?？!！。~…]*$/,
  /[,，]?\s*(?:(?:我)?没(?:有)?(?:说|记|搞|弄|看|听)?错吧|对么|是不是(?:真的|这样|这么回事)?|是不|不是(?:吗|么|吧)|(?:这)?是真的(?:吗|么|吧)?|真的假的|真的吗)[?？!！。~…]*$/,
  /[,，]?\s*(?:有这(?:回|么回|个)事(?:吗|么|吧)|吧|呗)[?？!！。~…]*$/,
]
const HEARD = /听说|据说|说是|听人|人家说|(?:跟|和)我说|记得|以为|寻思|文件(?:说|让|要求|规定)|规定(?:是|的是)|(?<![小传按再好没听据])说(?![说明法话服不和清到我句一说])|不是[^,，。]*(?:吗|么)|难道|吧[,，。?？!！]/
const WHY = /为什么|为何|凭什么|图什么|怎么(?:还|就|这么|那么|才|只)|因为什么/

const ASKS = /什么|怎么|哪|谁|多少|几|多[大久远长]|如何|何/
const OPEN = /(?:能行|行|可以|允许|合适|合规矩|合法)(?:吗|么|不)$|(?:这么|这样|那么|那样)[^,，。]{0,3}(?:不行|不对|不合适)$|还是|([能可会要有让该用行中])(?:不|没)(?:\1|以)|给不给|许不许|收不收|管不管/
const YES_NO = /(?:吗|(?<![什怎那这])么|(?<!都)没有|没|不)$/

/** 台帐 and 台账, 连通 and 联通 are the same; the length stays. */
const withOneSpelling = (text: string): string => text.replaceAll('帐', '账').replaceAll('连通', '联通')

/** What the question claims of the text, whether it says so or only asks on from it. */
export function readClaim(question: string): Claim {
  const said = withOneSpelling(plain(question)).replace(/[呢啊呀?？!！。~…\s]+$/, '')
  const text = withoutContrast(/不是[^,，。]*(?:吗|么)$/.test(said) ? stripTags(said).replace('不是', '是') : stripTags(said))
  const isAsserted = holdsAny(said, TAGS) || HEARD.test(said)
  // "…由街道管，够用吗": what is asked at the end is open, what is said before it is not.
  const parts = text.split(/[,，。?？!！;；]/)
  const settled = isAsserted ? parts : parts.filter((part) => !OPEN.test(part) && !YES_NO.test(part))
  const isOpen = isAsserted ? OPEN.test(text) : settled.every((part) => part.trim() === '')
  const asksWhy = WHY.test(said)
  const isQuestion = ASKS.test(said)
  const isFirm = isAsserted ? !isQuestion && !YES_NO.test(text) : asksWhy
  return { text: isOpen ? text : settled.join(','), isAsserted, asksWhy, isFirm, isQuestion, isOpen }
}

/** Of "不是任命的，是选的", "不看领导看群众" only what is said to be so; "不能不让" is "可以". */
function withoutContrast(text: string): string {
  return text
    .replace(/不(?:是|归|由|只是?|光是?|仅是?|单是?)[^,，]{1,12}[,，](?:而|还|也)?(?=是|归|由|得|要|有|还|面向|全)/, '')
    .replace(/[,，](?:而)?(?:不是|并非)[^,，。吗]{1,12}$/, '')
    .replace(/不([看靠归由])[^,，]{1,6}(?=\1)/, '')
    .replace(/不(?:能|可|得)不(?:让|给|准)?/, '可以')
}

/** Without the marks of asking at its end, of which there may be two: "是这样吧，对吗". */
function stripTags(said: string): string {
  return stripTag(stripTag(said))
}

/** Of several tags that fit, the one that begins first goes. */
function stripTag(said: string): string {
  const starts = TAGS.map((tag) => said.search(tag)).filter((start) => start >= 0)
  return starts.length === 0 ? said : said.slice(0, Math.min(...starts))
}

/** A sentence of a clause with the share of the question's words that it holds, those weighing most that few sentences have. */
export interface Spoken {
  span: Span
  text: string
  shared: number
}

/** Single characters that tell one subject from another by themselves. */
const TELLING = new Set(Array.from('省县乡镇村', (character) => character.charCodeAt(0)))

/** The pairs of characters of a text. */
export const pairsOf = (text: string): Set<number> => new Set(tokenize(text).filter((term) => term > LARGEST_CHARACTER))

/** Short names and spellings, as texts write them. */
const WRITTEN: readonly [RegExp, string][] = [[/业委会/g, '业主委员会'], [/街道办(?!事)/g, '街道办事处']]

/** `县(区、林业局)社区` as it stands, and as people say it: 县社区. */
function termsOf(said: string): Set<number> {
  const text = WRITTEN.reduce((result, [short, written]) => result.replace(short, written), said)
  const terms = [...tokenize(text), ...tokenize(text.replaceAll(/\([^()]*\)/g, ''))]
  return new Set(terms.filter((term) => term > LARGEST_CHARACTER || TELLING.has(term)))
}

/** The sentences of a clause, or the parts of one of them, with how much of the question each speaks of; words that none of them has say nothing. */
export function rateSpans(spans: readonly Span[], clause: string, question: string): Spoken[] {
  const asked = termsOf(question)
  const texts = spans.map((span) => withOneSpelling(normalize(clause.slice(span.start, span.end))))
  const own = texts.map(termsOf)
  const counts = new Map([...asked].map((term) => [term, own.filter((terms) => terms.has(term)).length]))
  const known = [...counts].filter(([, count]) => count > 0)
  const all = known.reduce((sum, [, count]) => sum + 1 / count, 1e-6)
  return spans.map((span, place) => {
    const shared = known.reduce((sum, [term, count]) => sum + (own[place]?.has(term) === true ? 1 / count : 0), 0)
    return { span, text: texts[place] ?? '', shared: shared / all }
  })
}

/** All sentences but a short first one that only names the subject of the clause. */
export function rateSentences(clause: string, question: string): Spoken[] {
  const [first, ...rest] = splitSentences(clause)
  const isHeading = first !== undefined && rest.length > 0 && first.end - first.start < 28 && !/[,，:：]/.test(clause.slice(first.start, first.end))
  return rateSpans(first === undefined || isHeading ? rest : [first, ...rest], clause, question)
}

const LONGEST_QUOTE = 150

/** What is quoted of a sentence: all of it, or when it is long the parts around `within`. */
export function quoteAround(clause: string, sentence: Span, within: Span): Span {
  if (sentence.end - sentence.start <= LONGEST_QUOTE) return sentence
  const parts = splitClauses(clause, sentence)
  let first = parts.findIndex((part) => part.end > within.start)
  let last = parts.findLastIndex((part) => part.start < within.end)
  if (first < 0 || last < first) return within
  const length = () => (parts[last]?.end ?? 0) - (parts[first]?.start ?? 0)
  // One part before for the subject, then on to what follows.
  for (const grow of [() => { first -= 1 }, () => { last += 1 }, () => { last += 1 }]) {
    const [wasFirst, wasLast] = [first, last]
    grow()
    if (first < 0 || last >= parts.length || length() > LONGEST_QUOTE) [first, last] = [wasFirst, wasLast]
  }
  return { start: parts[first]?.start ?? within.start, end: parts[last]?.end ?? within.end }
}
