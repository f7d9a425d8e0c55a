import type { Claim, Spoken } from './premise-claim.ts'
import { pairsOf } from './premise-claim.ts'

/** "对不对", "能不能": asking, not denying; and words that only look like a denial. */
const NO_DENIAL = /([\u4e00-\u9fff])不\1|是不是|不是|不(?:只|单|过|仅|但|断|同|错|久|止|光|少于|低于|超过|足|够|管是|到位|至于)|没(?:错|准)|差不多|没人管|撒手不管|行不|中不|可不中/g
const DENIAL = /不准|不许|不让|不得|不能|不用|不必|不需要?|不给|不管|不可以|不该|不应|不归|不包括|不允许|不支持|不鼓励|不在|不行|不|没有|没|无权|禁止/g
const DENIED_IN_TEXT = /不得|不准|不许|严禁|禁止|不予|不能|不再|(?<!避)免(?!费)|不(?!断|同|仅|超过|少于|低于|以营利)|避免|防止|抵御|打击|未(?!成年|来)|无(?!假日|障碍|偿)|没有|弃(?=管|用|置)|解除|取消|除[^,，。;；]*外/
/** Said of a whole sentence: what follows must not be done. */
const FORBIDDEN = /不得|不准|不许|严禁|禁止|不允许|不可/
const LIMITS = /不得|不准|不许|严禁|禁止|不允许|不可|避免|防止|限定|控制/
/** A denial that forbids or excuses, not one that only describes. */
const MODAL = /^(?:不准|不许|不让|不得|不能|不可以|不该|不应|不允许|禁止)$/
/** Denials that need no object after them. */
const BARE = /^(?:不管|不归|不行|不在|不包括)$/
/** How far after a denial, and before it, its object may stand. */
const OBJECT_REACH = 12

/** Kinds of words that cannot both be true of one thing, whichever of them the question has and whichever the sentence. */
const EXCLUSIVE: readonly [RegExp, RegExp][] = [
  [/扩大|拓宽|做大/, /缩小|缩减|收窄/],
  [/增加|增多|加大|增长|多[填开报交写搞]|越来越多/, /减少|削减|缩减|压缩|精简|简化/],
  [/提高|抬高|变高|越来越高|上涨|增长/, /降低|下降|压低|固定不变|不涨|不变|不动/],
  [/放宽|宽松/, /收紧|从严/],
  [/分开|各自|单独|各[办管建干][^,。]{0,3}各/, /合署|合并|统一|联合|三位一体/],
  [/先[^。]*再|过[一二两三几\d]+[年个月天]+再|[^,。]了再|完再|以后再|之后再|晚[^,。]{0,2}[一二两三四五六七八九十几\d]/, /同步|同时/],
  [/任命|指定|指派|委派|内定|[上面头级领导]派(?!出所)|空降|直接当|托个?人|走后门|靠关系|关系户/, /选举|直选|选出来|投票|招考|招聘|选聘|考试/],
  [/不(?:用|需要?|必)考|不考|免考|随便进|托个?人|走后门|靠关系/, /招考|公开招聘|公开选聘|竞争上岗/],
  [/投票|选出来|选举/, /招考/],
  [/(?:只|从|在)?内部|内招|不公开|不对外|保密/, /面向社会|公开|公示/],
  [/(?:用|拿|使)纸|纸质|手写/, /无纸|电子化/],
  [/关门|不上班|没人上班|没人在|不办公|都休息|休息|放假就/, /无假日|全天候|照常|错时/],
  [/各家|屋里|家里|户内|私人/, /公共部位|公共场所/],
  [/(?:好|老)?几趟|多次|好几[个次回]|来回跑|反复/, /一次性|一站式|一条龙|一窗/],
  [/鼓励|支持|提倡|培育|欢迎|倡导/, /严禁|不准|取缔|限制(?!在)|打压/],
  [/强制|强迫|非得|硬性|逼着/, /鼓励|提倡|引导|自愿/],
  [/放开|放任|纵容/, /打击|抵御|取缔|严禁/],
  [/取消|撤销|解散|砍掉|停办/, /建立|成立|设立|健全|完善|推行|开展|深化|推进/],
  [/复杂|繁琐|麻烦/, /简化|精简|减少|便捷/],
  [/随便|随意|任意/, /严格|限定|规范|审批/],
  [/不定期|想开才开|偶尔|没个准/, /定期/],
  [/立即|马上|一下子|一步到位|一次到位/, /逐步|分步/],
  [/长期|永久|一直/, /临时|短期/],
  [/交给省|交给上级|交到|推到|报到|上交(?:给)?(?:省|上级|中央|县)?/, /在基层|在萌芽/],
  [/上[缴交]/, /用于补充|补充[^,。]*经费/],
  [/(?:上级|领导|上头|上面)[^,。]{0,4}(?:满意|满不满意|说了算|打分|评)/, /(?:人民|群众|居民)[^,。]{0,2}(?:满意|评)/],
  [/脱产|全日制|专职/, /(?<!专)兼职/],
]

/** What a question says of money or favours, and what the sentence says then; not the other way round. */
const ONE_WAY: readonly [said: RegExp, text: RegExp][] = [
  [/自愿|愿意[^,。]{0,3}才|不用(?:交|缴)/, /足额缴纳|必须|应当缴/],
  [/自费|自掏|自(?:己|个儿?)(?:来)?(?:掏|出|缴|交|付|花|承担)|个人(?:掏|出|缴|交|承担)/, /足额缴纳|补贴|津贴|补助|报销|资助|免费|为其(?:办理|缴)|政府购买|由[^,。]{0,6}财政/],
  [/(?<![不免没用])(?:要|得|须|必须|征收|征|收|交|缴)(?!不)[^,。免不]{0,8}税/, /免征|不纳|免税/],
  [/原价|高价|收费|付费|要钱|收钱|交钱|掏钱|花钱|(?<![不免没用])(?:要|得|须)[^,。免不]{0,4}费/, /免费|免收|无偿|优惠/],
  [/多收|加收|高价|从重|不照顾|没有?(?:任何|什么|一点)?(?:照顾|优惠|倾斜)/, /照顾|优惠|减免|倾斜|免费/],
  [/多(?:一|几)?道|更麻烦|更难|更严|手续多|多跑/, /简化|减少|降低|照顾/],
  [/(?:可以|能|随便)[^。]{0,16}(?:转|推|交|甩|派)给|随便[^。]{0,6}(?:转|推|甩|派)|直接派|往下压/, /不得[^。]{0,8}(?:转移|转嫁|摊派|推给)/],
  [/自己(?:安排|定|决定|说了算)|部门自己/, /一事一议|申报|审批|集体讨论/],
  [/(?:社区|政府|街道|文件|规定|上[面头]|国家)[^,。]{0,4}不管/, /加强|引导|开展|做好|建立|提供|落实|协助/],
  [/平时|随时都不|从来不|一概不|完全不|一点[^,。]{0,4}都?(?:没有|没|不)/, /给予|倾斜|照顾|优惠|提供/],
]

/** Whether the question and the sentence say opposite things by one of the pairs above. */
export function saysOpposite({ text, isAsserted, asksWhy }: Claim, sentence: Spoken): boolean {
  // Where nothing is said outright, a denial beside it makes it doubtful what is meant.
  if (!isAsserted && !asksWhy && /[不没]/.test(text)) return false
  const oppose = (said: RegExp, stated: RegExp): boolean => {
    const match = said.exec(text)
    return match !== null && !isDenied(text, match) && stated.test(sentence.text) && !stated.test(text.replace(match[0], ',')) && !said.test(sentence.text)
  }
  return EXCLUSIVE.some(([left, right]) => oppose(left, right) || oppose(right, left)) || ONE_WAY.some(([said, stated]) => oppose(said, stated)) || isBefore(text, sentence.text)
}

/** Whether a word right before the match turns it around: 不让往外卖, 不能随便改成. */
const isDenied = (text: string, { 0: whole, index }: RegExpExecArray): boolean => /[不没别非禁勿]|未/.test(text.slice(Math.max(0, index - 8), index).replace(/^.*[,，。]/, '').replaceAll(NO_DENIAL, '')) || /^[^,。]*(?:不让|不准|不许|不能|不得)/.test(whole)

const AFTER = /([\u4e00-\u9fff]{2})(?:之|以)?后/g

/** "验收之前就给", "没验收就给" where the sentence has 验收后. */
function isBefore(said: string, text: string): boolean {
  return [...text.matchAll(AFTER)].some(([, event = '']) => new RegExp(`${event}(?:之|以)?前|(?:没|未|不用?)(?:经过)?${event}|先[^,。]{1,6}后${event}`).test(said) && !new RegExp(`${event}[^,，。]{0,4}不`).test(said))
}

const MAY = /可以|允许|能(?!不能|否|力|源|够不)|随便|随意|怎么(?=[卖改租拆转])|把[^,。]{2,10}(?=改|卖|转让|出租)|准(?!入|备|则)/g

/** Words of which nearly every sentence is. */
const SAYS_NOTHING = /社区|居委会|居民|工作|部门|单位|政府|服务|设施/g

/** "可以转卖" where the sentence forbids just that: 不得转卖. */
export function allowsForbidden({ text }: Claim, sentence: Spoken): boolean {
  const forbidden = FORBIDDEN.exec(sentence.text)
  if (forbidden === null || /不(?:可以|允许|能|准)/.test(text)) return false
  const scope = pairsOf(sentence.text.slice(forbidden.index + forbidden[0].length))
  return [...text.matchAll(MAY)].some((match) => {
    const after = /^[^,，。]*/.exec(text.slice(match.index + match[0].length))?.[0] ?? ''
    return [...pairsOf(after.replaceAll(SAYS_NOTHING, ','))].some((pair) => scope.has(pair)) || hasVerbOf(after, sentence.text.slice(forbidden.index))
  })
}

/** Verbs that rules forbid, of which one character is enough to know them again. */
const FORBIDDEN_ACTS: readonly (readonly [said: RegExp, text: RegExp])[] = [[/卖|买|售|转让/, /卖|买|出售|转让/], [/租/, /租/], [/拆/, /拆/], [/改/, /改变|转变/], [/挪|占/, /挪|占/], [/转|推|甩|派|命令|指挥/, /转移|转嫁|摊派/]]

/** 设机构 for 设立专门机构: a verb's first character and what it is done to; or an act known by one character. */
const hasVerbOf = (said: string, text: string): boolean =>
  FORBIDDEN_ACTS.some(([act, forbidden]) => act.test(said) && forbidden.test(text)) || [...said.matchAll(/([设建收办])([\u4e00-\u9fff]{2})/g)].some(([, verb = '', object = '']) => text.includes(verb) && text.includes(object))

/** Whether the question denies what the sentence affirms: the same words stand beside its denial and in a part of the sentence without one. */
export function deniesText({ text }: Claim, sentence: Spoken): boolean {
  // "能给简化不": the last word only asks.
  const said = text.replace(/不$/, '').replaceAll(NO_DENIAL, '，')
  const parts = sentence.text.split(/[,，;；。]/)
  for (const match of said.matchAll(DENIAL)) {
    if (MODAL.test(match[0]) && LIMITS.test(sentence.text)) continue
    if (isRelative(said, match.index) || isDeniedTwice(said, match.index)) continue
    const after = /^[^,，。]*/.exec(said.slice(match.index + match[0].length, match.index + match[0].length + OBJECT_REACH))?.[0] ?? ''
    const before = /[^,，。]*$/.exec(said.slice(Math.max(0, match.index - OBJECT_REACH), match.index))?.[0] ?? ''
    // The object follows its denial, or stands before one that is the last word: 老年人不管.
    const isLast = after.replace(/[了的吧呢啊]/g, '') === '' || BARE.test(match[0])
    for (const object of isLast ? [after, before] : [after]) {
      if (agreesByOpposite(object, sentence.text)) break
      const holders = holdersOf(object.replaceAll('社区', ','), parts)
      if (holders.length > 0) {
        if (holders.every((part) => !DENIED_IN_TEXT.test(part))) return true
        break
      }
    }
  }
  return false
}

/** "没物业的小区会…" says which ones are meant. */
const isRelative = (text: string, at: number): boolean => /(?:^|[,，。对把])$/.test(text.slice(0, at)) && /^没有?[^,，。]{1,6}的[\u4e00-\u9fff]{2}/.test(text.slice(at))

/** "不登记不能算", "没验收不给": a condition, not a denial. */
function isDeniedTwice(text: string, at: number): boolean {
  const part = `${/[^,，。]*$/.exec(text.slice(0, at))?.[0] ?? ''}${/^[^,，。]*/.exec(text.slice(at))?.[0] ?? ''}`
  return (part.match(DENIAL)?.length ?? 0) % 2 === 0
}

/** "不用分开办公" where the sentence has 合署: what is denied is the opposite of what stands there. */
const agreesByOpposite = (object: string, text: string): boolean =>
  [...EXCLUSIVE, ...EXCLUSIVE.map(([left, right]): [RegExp, RegExp] => [right, left]), ...ONE_WAY].some(([said, stated]) => said.test(object) && stated.test(text) && !said.test(text))

/** The parts that have most pairs of characters in common with the words. */
function holdersOf(words: string, parts: readonly string[]): string[] {
  const pairs = [...pairsOf(words)]
  const counts = parts.map((part) => {
    const own = pairsOf(part)
    return pairs.filter((pair) => own.has(pair)).length
  })
  const most = Math.max(0, ...counts)
  return most === 0 ? [] : parts.filter((_, place) => counts[place] === most)
}

const ONLY = /(?<!不)只(?!要|是[^,。]{0,3}(?:想|问))|仅|光(?=[能给管让有])|(?<=社区)就(?=[过给管])|必须是/
/** "Twice the average" where the text knows of no multiple. */
const MANY_TIMES = /[两二三四五六七八九十几\d]倍/
const ONLY_IN_TEXT = /只|仅|限于|除外|专门/

/** Whether the question narrows what the sentence leaves open. */
export function narrowsText({ text }: Claim, sentence: Spoken): boolean {
  // "不能装在屋里，只装公共部位" narrows by what it denies.
  const isContrast = /[不没][^,，]*[,，][^,，]*(?<!不)只/.test(text)
  return ((ONLY.test(text) && !isContrast) || MANY_TIMES.test(text)) && !ONLY_IN_TEXT.test(sentence.text)
}

/** Words that leave a thing open to all: such a sentence is the one that puts a narrowing right. */
export const opensToAll = ({ text }: Spoken): boolean => /全体|广泛|各类|所有|人人|不限|面向(?:社会|全)/.test(text)
