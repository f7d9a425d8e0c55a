import { normalize } from './normalize.ts'

const DAY_PART = '(?:凌晨|清晨|清早|大清早|一大早|一早|早上|早晨|早间|上午|中午|正午|晌午|午间|下午|午后|过晌|傍晚|傍黑|晚上|晚间|夜里|夜间|半夜|深夜|午夜|后半夜|前半夜|大半夜|晚)'
const WEEKDAY = '(?:每个?|逢)?(?:周|星期|礼拜)(?:[一二三四五六日天末](?!岁)(?:到周?[一二三四五六日天]|至周?[一二三四五六日天]|[、和,]?(?:周|星期)?[一二三四五六日天](?=[、和,]|都|也|上午|下午|晚|白天|有|可以|能|$))*)'
const RECURRING = `(?:${WEEKDAY}|(?:每个?)?(?:双休日|周末|工作日|平日|节假日|假期|寒暑假|寒假|暑假|休息日|法定假日|大礼拜)|每天|天天|平时|随时|任何时间|任何时候|什么时候都行|哪天都行|每月|每个月|每周|一周[一二两三四五六七\\d]+(?:次|天)|长期|全天|整天|白天|(?:下班|放学|下课|退休|饭|接完孩子|送完孩子)(?:之|以)?后|不上班(?:的时候)?|没课(?:的时候)?)`
const PART = `(?:${DAY_PART.replace('|晚)', '|晚上?)')}|白天|(?:\\d{1,2}|[一二三四五六七八九十两]{1,3})(?:点半?|:\\d{2})(?:以后|之后|后|以前|之前|前)?(?:[到至~-](?:晚上|下午|中午)?(?:\\d{1,2}|[一二三四五六七八九十两]{1,3})(?:点半?|:\\d{2}))?)`
const LINK = '[、和跟与及或,\\s]?(?:或者|还有|以及|的)?'
const AVAILABLE = new RegExp(`(?:${RECURRING}|${PART})(?:${LINK}(?:${RECURRING}|${PART}))*`, 'g')
const FREE = /^(?:的?时间?|一般|基本|基本上|大概|我|也|都|一直|比较|就|全|,)*(?:有空|有时间|都行|都可以|可以|能(?!不能)|行|没事|方便|空闲|闲着|没课|休息|来|参加|服务|ok)/
const FREE_BEFORE = /(?:有空的?时间|空闲时间|服务时间|可服务时间|时间|有空|方便|有时间|能来的?时间|什么时候[^,。]{0,4})(?:是|为|:|的是|在|一般|大概|基本|都)*$/
const IS_RECURRING = new RegExp(RECURRING)

/** Where a text says when its sender is free as a rule; a single date is not one. */
export function locateAvailability(text: string): { text: string; start: number; end: number } | undefined {
  const plain = normalize(text)
  const spans = Array.from(plain.matchAll(AVAILABLE), (match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }))
  const isOnce = (span: { start: number }): boolean => /(?:这|本|下|上)(?:个|一个)?$/.test(plain.slice(0, span.start))
  const isFree = (span: { start: number; end: number }): boolean => !isOnce(span) && (FREE.test(plain.slice(span.end)) || FREE_BEFORE.test(plain.slice(0, span.start)))
  const isRule = (span: { text: string; start: number }): boolean =>
    IS_RECURRING.test(span.text) && !isOnce(span)
  const best = spans.find((span) => isRule(span) && isFree(span)) ?? spans.find(isFree) ?? spans.find((span) => isRule(span) && span.text.length > 1)
  return best === undefined ? undefined : { ...best, text: text.slice(best.start, best.end).replace(/[,，、\s的]+$/, '') }
}

/** When a volunteer is free, in their own words ("周末", "工作日晚上", "每周三下午"); undefined when it isn't said. */
export function findAvailability(text: string): string | undefined {
  return locateAvailability(text)?.text
}
