import { normalize, plain } from '../../../language/normalize.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'

const DIGITS = '[\\d.]+|[一二两三四五六七八九十百千]+'
const RANGE = `(?:${DIGITS})(?:\\s*(?:—|–|-|~|至|到)\\s*(?:${DIGITS}))?`
const BOUND = '(?:不少于|不低于|不超过|不高于|至少|最低|最多)?'
const ABOUT = '(?:以上|以下|以内|左右)*'

/** How a thing of a kind is said in a text, whole: bounds included. */
const SAID: Partial<Record<AskedKind, RegExp>> = {
  amount: new RegExp(`${BOUND}${RANGE}\\s*(?:万|亿)?元${ABOUT}`, 'g'),
  share: new RegExp(`${BOUND}${RANGE}\\s*[%％]${ABOUT}`, 'g'),
  area: new RegExp(`${BOUND}${RANGE}\\s*(?:平方米|公顷|亩)${ABOUT}`, 'g'),
  distance: new RegExp(`${BOUND}${RANGE}\\s*(?:公里|千米|米)${ABOUT}`, 'g'),
  households: new RegExp(`${BOUND}${RANGE}\\s*户${ABOUT}`, 'g'),
  people: new RegExp(`${BOUND}${RANGE}\\s*(?:人(?![民员大均口])|名)${ABOUT}`, 'g'),
  age: new RegExp(`${BOUND}${RANGE}\\s*周?岁${ABOUT}`, 'g'),
  duration: new RegExp(`${BOUND}(?<!\\d)${RANGE}\\s*(?:年(?![底末初度版])|个月|个?工作日|天|小时)${ABOUT}(?:的?时间)?(?:内)?`, 'g'),
  date: /\d{4}\s*年(?:\d+月(?:\d+日)?)?[底末初]?/g,
  phone: /(?<!\d)\d{5,12}(?!\d)/g,
}

/** Who does it, where a text says so: 由…负责, …牵头. */
const DOER = /由[^,，。;；:：、“”]{2,24}(?=[,，。;；、]|$)|(?<!由[^,，。;；]{0,30})(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,10}牵头(?=[,，。;；、]|$)/g
/** What a text allows, forbids or promises, up to the end of the part. */
const RULE = /(?:不得|不准|严禁|禁止|不纳|免征|免收|免费|鼓励|支持|提倡|允许|可以)[^,，。;；:：“”]{1,18}(?=[,，。;；]|$)/g

/** Of several candidates the one meant has this share more of the question's words around it than the next. */
const CLEAR_LEAD = 0.15
/** So much of the question must stand around a figure, in its sentence or in the part of it that holds what is allowed or who does it. */
const LEAST_AROUND = { figure: 0.2, doer: 0.45, rule: 0.35 }
/** A question that states a share asks for something else, and one that asks from when till when wants two dates. */
const STATED: Partial<Record<AskedKind, RegExp>> = { share: /[%％]|百分之[一二三四五六七八九十\d]|[一二三四五六七八九]成/, date: /从[^,，。]*(?:到|至)/ }
const ASKED_ACT = /(?:谁|(?:部门|单位|机构|衙门))(?:来|去|给)?([\u4e00-\u9fff])/

/**
 * What was asked for in a few of the quote's own words; null where it isn't certain which words these are.
 * @param kinds what is asked for, most telling first
 */
export function shortAnswer(kinds: readonly AskedKind[], question: string, quote: string): string | null {
  for (const kind of kinds) {
    const said = kind === 'count' ? global(readCounted(question)) : SAID[kind]
    if (said !== undefined && STATED[kind]?.test(plain(question)) !== true) return choose(question, quote, said, 'figure')
    if (kind === 'office') return chooseDoer(question, quote)
    if (kind === 'yesNo') return choose(question, quote, RULE, 'rule')
  }
  return null
}

/** Who does it: only where the text names what is done as the question does. */
function chooseDoer(question: string, quote: string): string | null {
  const [, act] = ASKED_ACT.exec(plain(question)) ?? []
  const doer = act === undefined ? null : choose(question, quote, DOER, 'doer')
  return doer !== null && act !== undefined && doer.includes(act) ? doer : null
}

const global = (pattern: RegExp | undefined): RegExp | undefined => (pattern === undefined ? undefined : new RegExp(pattern.source, 'g'))

/** How a number of such things is said: "几级" wants a number before 级. */
export function readCounted(question: string): RegExp | undefined {
  const [, unit] = /(?:(?<![那这好])几|多少)([个所座项种次类条处支家大场级分])/.exec(plain(question)) ?? []
  return unit === undefined ? undefined : new RegExp(`(?:${DIGITS})[”"]?(?:${unit === '条' ? '条|只' : unit}${unit === '个' ? '(?:(?!人民)[\\u4e00-\\u9fff]{2}|(?![\\u4e00-\\u9fff]))|名|位|人(?![民员大均])' : ''})`)
}

/** The only candidate, or the one around which clearly more of the question stands. */
function choose(question: string, quote: string, pattern: RegExp, sort: keyof typeof LEAST_AROUND): string | null {
  const asked = pairs(plain(question))
  const found = [...quote.matchAll(pattern)].map((match) => {
    const text = match[0].trim()
    return { text, share: shareOf(asked, partAround(quote, match.index, text.length)), inSentence: shareOf(asked, sentenceAround(quote, match.index)) }
  })
  const [best, ...others] = found.sort((left, right) => right.share - left.share)
  const next = others.find(({ text }) => text !== best?.text)
  if (best === undefined || question.includes(best.text)) return null
  const around = sort === 'rule' ? best.share : best.inSentence
  return around >= LEAST_AROUND[sort] && (next === undefined || best.share - next.share >= CLEAR_LEAD) ? best.text : null
}

const sentenceAround = (quote: string, at: number): string => {
  const start = Math.max(quote.lastIndexOf('。', at - 1), quote.lastIndexOf(';', at - 1), quote.lastIndexOf('；', at - 1)) + 1
  return /^[^。;；]*/.exec(quote.slice(start))?.[0] ?? ''
}

/** The words between the marks around a run: figures that follow each other each have their own. */
function partAround(quote: string, at: number, length: number): string {
  const before = quote.slice(0, at)
  const start = Math.max(...['。', '；', ';', '，', ','].map((mark) => before.lastIndexOf(mark))) + 1
  const rest = quote.slice(at + length)
  // "到2013年底," says nothing by itself: what is done by then follows.
  const isHead = at - start <= HEAD && /^[内前止]?[,，]/.test(rest)
  const end = (isHead ? /[。；;]/ : /[。；;，,]/).exec(rest)
  return quote.slice(start, end === null ? quote.length : at + length + end.index)
}

const HEAD = 3

/** Pairs of neighbouring Chinese characters, and numbers. */
const pairs = (text: string): Set<string> =>
  new Set([...text.matchAll(/[\u4e00-\u9fff]+|\d+/g)].flatMap(([run]) => (/\d/.test(run) ? [run] : Array.from(run.slice(1), (character, place) => run.charAt(place) + character))))

function shareOf(asked: ReadonlySet<string>, text: string): number {
  const own = pairs(normalize(text))
  return [...asked].filter((pair) => own.has(pair)).length / Math.max(1, asked.size)
}
