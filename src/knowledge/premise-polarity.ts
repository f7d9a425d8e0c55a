import type { Claim, Spoken } from './premise-claim.ts'
import { pairsOf } from './premise-claim.ts'

/** "对不对", "能不能": asking, not denying; and words that only look like a denial. */
const NO_DENIAL = /([\u4e00-\u9fff])不\1|是不是|不是[^,。]*吗|不(?:过|仅|但|断|同|错|久|止|光|少于|低于|超过|足|够|管是|到位)|没(?:错|准)|差不多|没人管|行不|中不/g
const DENIAL = /不准|不许|不让|不得|不能|不用|不必|不需要?|不给|不管|不可以|不该|不应|不归|不包括|不在|不|没有|没|无权|禁止/g
const DENIED_IN_TEXT = /不得|不准|不许|严禁|禁止|不予|不能|不再|(?<!避)免|不(?!断|同|仅|超过|少于|低于|以营利)|避免|防止|抵御|打击/
/** How far after a denial, and before it, its object may stand. */
const OBJECT_REACH = 12

/** Pairs of words that cannot both be true of one thing: what a question says, and what the sentence says then. */
const OPPOSITES: readonly [said: RegExp, text: RegExp][] = [
  [/缩小|压缩|削减/, /扩大/],
  [/扩大/, /缩小/],
  [/减少|削减|缩减/, /加大|增加|增长|提高/],
  [/提高|抬高|增加(?:环节|审批)|多收/, /降低|减少|照顾|放宽/],
  [/多(?:填|开|报|交|写|搞)|增加/, /压缩|减少|精简/],
  [/分开|各(?:自|办)|单独/, /合署|三位一体|统一|联合|同步/],
  [/晚[一二两三四五六七八九十几\d]|以后再|之后再|完(?:了|以后)再|先[^,。]*再/, /同步|同时/],
  [/自愿|愿意[^,。]{0,3}才|自(?:己|个儿?)(?:愿|掏|出|缴|交)|不用(?:交|缴)/, /足额缴纳|必须|应当缴/],
  [/(?<![不免没用])(?:要|得|须|征收|收|交)(?!不)[^,。免不]{0,8}(?:税|费)|原价|高价|收费/, /免征|免收|免费|不纳|收费上给予照顾/],
  [/上[缴交]/, /用于补充|补充[^,。]*经费/],
  [/(?:用|拿|使)纸|纸质|手写/, /无纸/],
  [/(?:放假|周末|节假日|休息日)[^。]{0,14}(?:关门|不服务|不上班|没人|休息)|关门/, /无假日|全天候/],
  [/之前|以前|前就/, /[收查评定]后/],
  [/(?:只|从|在)?内部/, /面向社会|公开/],
  [/各家|屋里|家里|户内/, /公共部位/],
  [/上级满意|领导满意/, /人民满意|群众满意/],
  [/(?:交到|推到|拿到|报到)(?:省|上级|中央|县)/, /在基层|萌芽/],
  [/(?:能|可以|随便|想|要|给|手续|怎么)?[^,。]{0,6}(?:卖|出售|转让|买下)|改(?:成|为|作|做)/, /不得[^,。]{0,6}(?:转卖|出售|转让|转变|改变)/],
  [/可以[^。]{0,16}(?:转|推|交|甩|派)给|随便[^。]{0,6}(?:转|推|甩|派)/, /不得[^。]{0,6}(?:转移|转嫁|摊派)/],
  [/自己(?:安排|定|决定)|部门自己/, /一事一议|申报|审批/],
  [/养老院|养老机构/, /家庭供养|居家/],
  [/一点(?:照顾|倾斜|优惠|补贴)?都?(?:没有|没)/, /给予|倾斜|照顾|优惠/],
]

/** Whether the question and the sentence say opposite things by one of the pairs above. */
export function saysOpposite({ text }: Claim, sentence: Spoken): boolean {
  return OPPOSITES.some(([said, stated]) => {
    const match = said.exec(text)
    return match !== null && !isDenied(text, match) && stated.test(sentence.text) && !stated.test(text)
  })
}

/** Whether a word right before the match turns it around: 不让往外卖. */
const isDenied = (text: string, { 0: whole, index }: RegExpExecArray): boolean => /[不没别]/.test(text.slice(Math.max(0, index - 3), index)) || /^[^,。]*(?:不让|不准|不许|不能|不得)/.test(whole)

/** Whether the question denies what the sentence affirms: the same words stand beside its denial and in a part of the sentence without one. */
export function deniesText({ text }: Claim, sentence: Spoken): boolean {
  const said = text.replaceAll(NO_DENIAL, '，')
  const parts = sentence.text.split(/[,，;；。]/)
  for (const match of said.matchAll(DENIAL)) {
    const after = /^[^,，。]*/.exec(said.slice(match.index + match[0].length, match.index + match[0].length + OBJECT_REACH))?.[0] ?? ''
    const before = /[^,，。]*$/.exec(said.slice(Math.max(0, match.index - OBJECT_REACH), match.index))?.[0] ?? ''
    // The object follows its denial, or stands before it: 老年人不管.
    for (const object of [after, before]) {
      const pairs = [...pairsOf(object)]
      const holders = parts.filter((part) => pairs.some((pair) => pairsOf(part).has(pair)))
      if (holders.length > 0) {
        if (holders.some((part) => !DENIED_IN_TEXT.test(part))) return true
        break
      }
    }
  }
  return false
}

const ONLY = /只(?!要|是[^,。]{0,3}(?:想|问))|仅|光(?=[能给管让有])|(?<=社区)就(?=[过给管])/
/** "Twice the average" where the text knows of no multiple. */
const MANY_TIMES = /[两二三四五六七八九十几\d]倍/
const ONLY_IN_TEXT = /只|仅|限于|除外|专门/

/** Whether the question narrows what the sentence leaves open. */
export function narrowsText({ text }: Claim, sentence: Spoken): boolean {
  return (ONLY.test(text) || MANY_TIMES.test(text)) && !ONLY_IN_TEXT.test(sentence.text)
}

/** Words that leave a thing open to all: such a sentence is the one that puts a narrowing right. */
export const opensToAll = ({ text }: Spoken): boolean => /全体|广泛|各类|所有|人人|不限|面向(?:社会|全)/.test(text)
