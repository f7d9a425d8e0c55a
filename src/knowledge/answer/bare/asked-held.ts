import { normalize, plain } from '../../../language/normalize.ts'
import { holdsKind, isStrictKind } from '../../find/questions/asked-kind.ts'
import type { AskedKind } from '../../find/questions/asked-kind.ts'
import { readCounted } from '../extract/short-answer.ts'

/** Parts of a text in which money is a punishment or a guarantee, not a price. */
const PUNISHING = /[^,。;\n]*(?:罚|处[^,。;\n]{0,12}元|违约金|滞纳金)[^,。;\n]*/g
const ABOUT_PUNISHMENT = /罚|处分|违约|滞纳/
/** What says that nothing is paid answers how much is paid. */
const FREE = /免费|免收|免缴|免交|不(?:再)?收(?:取)?(?:任何)?(?:费|钱)|不收取|无偿/
/** How much is given back or taken off may be told as a share. */
const ASKS_LESS = /退|减|免|优惠|便宜|打折|折扣|报销|少(?:交|收)/
const SHARE_OF_SUM = /百分之|\d\s*%|[一二三四五六七八九\d]折|全额|减半|一半/
/** A number of a table whose heading says that it is money. */
const BARE_NUMBER = /(?<![\d.])\d+(?:\.\d+)?(?![\d.]|\s*[年月日号条项]|:\d)/

/** When something opens is not told by when it closes. */
const HOURS: readonly (readonly [asked: RegExp, said: RegExp])[] = [
  [/几点(?:钟)?(?:能)?(?:开|上班)|开门/, /开|上班|营业|时间|至|到|[-—~]|全天/],
  [/几点(?:钟)?(?:关|下班)|关门/, /关|下班|营业|时间|至|到|[-—~]|全天|止/],
]

/** Where something is, which only an address tells. */
const WHERE = /在(?:哪|什么地方|何处|几号|几楼)(?:里|儿|个?地方)?(?=$|[?,，？])|地址|怎么走|具体位置/
const ADDRESS = /地址|[路街巷弄](?![灯面边人上道])|\d+号(?![文令楼])|[\d一二三四五六七八九十]+(?:楼|层|室|单元)|对面|旁边|隔壁/

/** For how long or for what a price is asked, and how a text says it. */
const PER: readonly (readonly [asked: RegExp, said: RegExp])[] = [
  [/(?:一个|每个?|包|按|几个)月|月租|月卡|一月/, /月/],
  [/一年|每年|按年|包年|年费/, /年/],
  [/一天|每天|一整天|整天|一日|每日/, /[天日]/],
  [/(?:一个?|每个?)(?:小时|钟头)/, /小时|分钟|[/每]时/],
]

/** What is asked in these kinds is no sum of money, though money is spoken of: 低保的电话是多少, 医保个人出多少比例. */
const NO_SUM: ReadonlySet<AskedKind> = new Set(['share', 'phone', 'area', 'distance', 'age', 'people', 'households'])

/** What a question asks for that only certain words can answer; null when any words may. */
export interface AskedThing {
  /** Whether a run of text holds it. @param over what stands over the text: a table's heading names the unit of its numbers */
  isHeldBy: (text: string, over?: string) => boolean
}

/**
 * What must stand in the words that answer. A price is not answered by a fine, nor a fine by a price; "几项" wants a number before 项.
 * That something holds later (今年, 现在) asks for no words of its own here.
 */
export function readAskedThing(kinds: readonly AskedKind[], question: string): AskedThing | null {
  const strict = kinds.filter((kind) => isStrictKind(kind) && kind !== 'laterYear' && kind !== 'name' && kind !== 'address' && !(kind === 'people' && kinds.includes('share')) && !(kind === 'amount' && kinds.some((other) => NO_SUM.has(other))))
  const asksLess = ASKS_LESS.test(plain(question))
  const asksPunishment = ABOUT_PUNISHMENT.test(plain(question))
  const per = strict.includes('amount') ? PER.find(([asked]) => asked.test(plain(question)))?.[1] : undefined
  const counted = strict.length === 0 && kinds.includes('count') && !/哪几/.test(question) ? readCounted(question) : undefined
  const hours = strict.includes('clock') ? HOURS.find(([asked]) => asked.test(plain(question)))?.[1] : undefined
  const isWhere = WHERE.test(plain(question))
  if (strict.length === 0 && counted === undefined && !isWhere) return null
  return {
    isHeldBy: (text, over = '') => {
      const own = normalize(text)
      const isHeld = (kind: AskedKind): boolean => (kind === 'amount' ? holdsMoney(asksPunishment ? own : own.replace(PUNISHING, ''), over) || (asksLess && SHARE_OF_SUM.test(own)) : holdsKind(kind, own))
      if (isWhere && !ADDRESS.test(own)) return false
      if (hours !== undefined && !hours.test(own)) return false
      if (per !== undefined && !per.test(own + over)) return false
      return (counted === undefined || counted.test(own)) && strict.every(isHeld)
    },
  }
}

const holdsMoney = (text: string, over: string): boolean => holdsKind('amount', text) || FREE.test(text) || (/元/.test(over) && BARE_NUMBER.test(text))
