import { normalize } from './normalize.ts'
import { CHINESE_NUMBER, parseNumber } from './values/numbers.ts'

const N = `(\\d{1,3}|${CHINESE_NUMBER.replace('百千', '百')}{1,4})`
const OTHERS = '(?:我?(?:妈妈?|爸爸?|母亲|父亲|老娘|老爹|爷爷|奶奶|姥姥|姥爷|外公|外婆|公公|婆婆|老伴|老头|老太太|老人|老公|老婆|爱人|儿子|女儿|闺女|姑娘|孩子|小孩|孙子|孙女|外孙女?|弟弟|妹妹|哥哥|姐姐|邻居|同学)|他|她|大爷|大妈|老两口)'
const OWN: RegExp[] = [
  new RegExp(`(?:年龄|岁数|年纪)(?:是|为|:|=|\\s)*${N}`),
  new RegExp(`(?:我|俺|本人|自己)(?:今年|现年|年龄|都|已经|快|虚岁|周岁|刚|才|也|是|属于|岁数|马上)*${N}多?(?:周?岁|多?了|(?=[,。;!?\\s]|$))`),
  new RegExp(`我叫[\\u3400-\\u9fff]{2,4}?([一二三四五六七八九]?十[一二三四五六七八九]?)(?=[,。;!?\\s]|$)`),
  new RegExp(`(?:^|[,。;\\s])(\\d{2}|[一二三四五六七八九]?十[一二三四五六七八九]?)[,\\s]+(?=我?叫)`),
  new RegExp(`(?:我叫|姓名:?)[\\u3400-\\u9fff]{2,4}[,\\s]+(\\d{2})(?=[,。;\\s]|$)`),
  new RegExp(`(?:^|[,。;\\s])[男女][,。;\\s]+${N}(?=[,。;\\s]|$)`),
  new RegExp(`(?:今年|现年|虚岁|周岁)(?:都|已经|快|刚|才|是)*${N}多?(?:周?岁|多?了|(?=[,。;!?\\s]|$))`),
  new RegExp(`(?:^|[,。;!?\\s\\u3400-\\u9fff])${N}多?周?岁(?!以[上下]|的?(?:老人|孩子|小孩|老头|老太|母亲|父亲|老母|老爸|老妈|儿子|女儿|孙)|及|到|[~—-]|左右的|半的)`),
]
const FOR_ANOTHER = new RegExp(`(?:给|替|帮|为)(?:我|俺)?(?:的|家)?${OTHERS}[^。!?]{0,6}(?:报名|报个名|登记|申请|注册)|${OTHERS}[^,。!?]{0,14}(?:想|要|也|愿意)[^,。]{0,4}(?:报名|当|做|参加)`)
const OF_ANOTHER = new RegExp(`${OTHERS}[^,。;!?我]{0,6}?(?:今年|现年|都|已经|快|也|才|虚岁)*[,]?(?:今年|都|已经|快|才)?(?<!\\d)${N}多?(?:周?岁|多?了)`)

function asAge(text: string | undefined): number | undefined {
  const age = text === undefined ? undefined : parseNumber(text)
  return age !== undefined && age >= 1 && age <= 120 ? age : undefined
}

/** The sender's own age, or that of the person being signed up ("给我孙子报名，12岁"); undefined when none is said in years. */
export function findAge(text: string): number | undefined {
  const plain = normalize(text)
  const another = OF_ANOTHER.exec(plain)
  if (FOR_ANOTHER.test(plain)) {
    const theirs = asAge(another?.[1]) ?? firstAge(plain)
    if (theirs !== undefined) return theirs
  }
  const own = another === null ? plain : plain.slice(0, another.index) + '。'.repeat(another[0].length) + plain.slice(another.index + another[0].length)
  return firstAge(own)
}

function firstAge(text: string): number | undefined {
  for (const pattern of OWN) {
    const age = asAge(pattern.exec(text)?.[1])
    if (age !== undefined) return age
  }
  return undefined
}
