import { normalize } from './normalize.ts'
import { isNameLike, isNoName } from './values/names.ts'
import { findPhones } from './values/phones.ts'
import { COMPOUND_SURNAMES, SURNAMES } from './values/surnames.ts'

const HAN = '[\\u3400-\\u9fff]'
const SURNAME = `${COMPOUND_SURNAMES.join('|')}|[${SURNAMES}]`

// What may follow a name without a mark between them; longer words first matter less than being unmistakable.
const AFTER_NAME = /^(?:,|[.。;:!?、\s()\d+@"'“”《》「」\n]|$|电话|手机|号码|联系|座机|住|家住|家在|家里|今年|现年|年龄|性别|地址|身份|微信|男|女|想|要|来|是(?![一-龥]{0,2}$)|在|的(?!$)|我|他|她|周|平时|会|能|可以|擅长|报名|申请|退休|有|岁|就|啊|呀|呢|吧|哈|哦|和|跟|这边|[一二三四五六七八九]?十[一二三四五六七八九]?(?:[,。;!?\s岁多了]|$)|小区|社区|幸福|一三|幺三|一五|一八|都|也|请|帮|咱|刚|去年|昨|明天|今天|愿意|喜欢|本|麻烦|需要|求|给|叫)/
// 刚 after a name is an adverb only before what one has just done.
const GANG_OF_NAME = /刚$/
const JUST_DONE = /^(?:搬|退|来|到|下|出|从|才|好|毕|上|生|回|过|满|参|开)/
const WEAK_TAIL = /[想要来是在的我他她住会能今现有就和跟周都也请帮岁手电联地咱刚愿需求给报申叫啊呀呢吧哈]$/

const CUES: RegExp[] = [
  /(?:姓名|名字|名称|联系人|报修人|报名人|申请人|称呼|反映人|求助人)(?:改成|改为|应该是|写|填|叫做?|是|为)?\s*[:=]?\s*(?=[\u3400-\u9fff])/g,
  /(?:我叫做?|我的名字叫?是?|我名叫|本人叫?|名叫|我的姓名是?|我大名叫?|大家都?叫我|你?就?叫我|称呼我|喊我)\s*:?\s*(?=[\u3400-\u9fff])/g,
  /(?:^|[,。;!?\s]|志愿者|义工)叫做?(?=[\u3400-\u9fff])/g,
  /(?:我是|我系|这里是|这边是|我就是)(?:退休|在职|本楼|本院|小区|社区)?(?:的)?(?:业主|住户|居民|租户|房东|退休|教师|老师|职工|工人|干部|党员|志愿者|村民|邻居|电工|水工|木工|医生|大夫|护士|司机|学生|大学生|高中生|军人|会计|律师|厨师|网格员)?(?=[\u3400-\u9fff])/g,
  /(?:我是|我系)[^,。;!?\n]{2,18}的(?=[\u3400-\u9fff]{2,4}(?:[,。;!?\s\d]|$))/g,
]
// The first of them leave no doubt that a name follows.
const STRONG_CUES = 2
const OTHERS_CUES: RegExp[] = [
  /(?:他|她|孩子|孙子|孙女|外孙女?|儿子|女儿|闺女|姑娘|老伴|老公|老婆|爱人|同学|朋友|老头|老太太|我妈妈?|我爸爸?|我母亲|我父亲|奶奶|爷爷)(?:今年|才|刚)*(?:[\d一二三四五六七八九十]{1,3}周?岁了?)?[,]?(?:的?名字)?叫做?(?=[\u3400-\u9fff])/g,
]

/** The name at the head of `text`, when what follows it can follow a name; tried from the longest to the shortest. */
function nameAtHead(text: string): string | undefined {
  const minority = new RegExp(`^${HAN}{1,8}(?:[·•・]${HAN}{1,8}){1,3}`).exec(text)?.[0]
  if (minority !== undefined) return minority
  const candidates = [6, 5, 4, 3, 2].map((length) => text.slice(0, length)).filter((name) => name.length >= 2 && isNameLike(name) && AFTER_NAME.test(text.slice(name.length)))
  const isNameTail = (name: string): boolean => !WEAK_TAIL.test(name) || (GANG_OF_NAME.test(name) && text.length > name.length && !JUST_DONE.test(text.slice(name.length)))
  return candidates.find(isNameTail) ?? candidates.find((name) => /^(?:$|[,。;!?、\s\d])/.test(text.slice(name.length))) ?? candidates[0]
}

/** After 我叫 and 姓名 even a rare surname is believed, if a mark ends the name. */
function anyNameAtHead(text: string): string | undefined {
  const run = /^[\u3400-\u9fff]{2,4}(?=[,。;!.\s\d]|$)/.exec(text)?.[0]
  return run !== undefined && !isNoName(run) && !/^[你他她它咱人了大来去过车]|[吗呢么不没的了我你他]/.test(run) ? run : undefined
}

function nameAfter(text: string, cue: RegExp, isStrong: boolean): string | undefined {
  for (const match of text.matchAll(cue)) {
    const start = match.index + match[0].length
    const name = nameAtHead(text.slice(start)) ?? (isStrong ? anyNameAtHead(text.slice(start)) : undefined)
    // "我是刘桂兰的女儿" names somebody else.
    if (name !== undefined && !/^的(?!$|[,。])/.test(text.slice(start + name.length))) return text.slice(start, start + name.length)
  }
  return undefined
}

/** "我姓刘，叫桂兰": surname and given name said apart; "我姓王叫王秀英" says the surname twice. */
function nameInTwoParts(text: string): string | undefined {
  const twice = new RegExp(`姓(${SURNAME})[,\\s]*(?:名字?叫?|我?叫)(\\1${HAN}{1,2}?)(?=[,。;!?\\s\\d]|$)`).exec(text)
  if (twice?.[2] !== undefined) return twice[2]
  // "我姓曹曹玉兰我手机号是…": the surname, then the whole name, with or without 叫 and with no mark after it.
  const again = new RegExp(`姓(${SURNAME})[,\\s]*(?:名字?叫?|我?叫)?(?=\\1)`).exec(text)
  const whole = again === null ? undefined : nameAtHead(text.slice(again.index + again[0].length))
  if (whole !== undefined && whole.length > (again?.[1]?.length ?? 0)) return whole
  const match = new RegExp(`(?:姓|免贵姓)(${SURNAME})[,\\s]*(?:名字?叫?|叫|单名一?个?|名)(${HAN}{1,2}?)(?=字?(?:[,。;!?\\s\\d]|$))`).exec(text)
  return match?.[1] !== undefined && match[2] !== undefined ? match[1] + match[2].replace(/^(?:单名一?个?)/, '') : undefined
}

/** A name that stands right beside a phone number: "刘桂兰 13800138001", "13800138001，刘桂兰". */
function nameBesidePhone(text: string): string | undefined {
  for (const phone of findPhones(text)) {
    const before = text.slice(0, phone.start).replace(/(?:我?的?联系)?(?:电话|手机|座机|号码|联系方式|手机号|tel)?号?码?(?:是|为|:)?[\s,(:+]*(?:86)?[-\s]*$/, '').replace(/[,\s、:(]+$/, '')
    const head = new RegExp(`(?:^|[^\\u3400-\\u9fff]|号楼|单元|室|户|[,。;])(${HAN}{2,4})$`).exec(before)?.[1]
    if (head !== undefined && isNameLike(head)) return head
    const after = new RegExp(`^[\\s,、:)(]*(${HAN}{2,4}(?:[·•]${HAN}{2,6})?)(?=[,。;\\s)!]|$)`).exec(text.slice(phone.end))?.[1]
    if (after !== undefined && isNameLike(after)) return after
  }
  return undefined
}

/** A name that is a clause of its own between other personal details: "报名，吴志强，42岁，…". */
function nameAlone(text: string): string | undefined {
  for (const match of text.matchAll(/(?<=^|[,。;:\s])([\u3400-\u9fff]{2,4})[,。;\s]+(?=男|女|\d{1,2}周?岁|今年|[一二三四五六七八九十]{1,4}周?岁|电话|手机|家?住|\d{1,2}(?:号楼|栋|单元)|[\u3400-\u9fff]{2,6}(?:小区|社区|家园|花园|村))/g)) {
    if (match[1] !== undefined && isNameLike(match[1])) return match[1]
  }
  return new RegExp(`(?<=^|[,。;:\\s])${HAN}{1,8}(?:[·•・]${HAN}{1,8}){1,3}(?=[,。;\\s]|$)`).exec(text)?.[0]
}

function firstOf(text: string, cues: RegExp[]): string | undefined {
  for (const [index, cue] of cues.entries()) {
    const name = nameAfter(text, cue, cues === CUES && index < STRONG_CUES)
    if (name !== undefined) return name
  }
  return undefined
}

/** The same characters as they were typed (traditional ones stay). */
function asTyped(original: string, normalized: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const at = normalized.indexOf(name)
  return at < 0 ? name : original.slice(at, at + name.length)
}

/** The name a message gives for its sender (or for whom it signs up); undefined when it gives none. */
export function findName(text: string): string | undefined {
  const plain = normalize(text)
  const found = nameInTwoParts(plain) ?? firstOf(plain, CUES) ?? firstOf(plain, OTHERS_CUES) ?? nameBesidePhone(plain) ?? nameAlone(plain)
  return asTyped(text, plain, found)
}
