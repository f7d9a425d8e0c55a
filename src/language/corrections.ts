import { findAddress } from './values/places/addresses.ts'
import { normalize } from './normalize.ts'
import { findPhones } from './values/phones.ts'
import { createWordTable } from './word-table.ts'

/** A wish to correct one field. `field` is the word said for it, the parts of an address as 地址; '' when none was said. */
export interface Correction {
  type: 'correct'
  field: string
  /** As typed; the last digits only, where only these were said of a phone. */
  value?: string
  /** What of the known value it stands for: "不是灯，是门锁". */
  instead?: string
}

const ADDRESS_WORDS = ['单元号', '单元', '楼栋', '楼号', '楼层', '房间号', '房号', '门牌号码', '门牌号', '门牌', '门号', '小区名', '小区']
const NAME_WORDS = ['姓名', '名字']
const PHONE_WORDS = ['电话号码', '电话号', '电话', '手机号码', '手机号', '手机', '号码', '联系方式', '联系电话']
const OTHER_WORDS = ['地址', '住址', '地点', '位置', '上门时间', '空闲时间', '有空的时间', '有空时间', '服务时间', '时间', '日期', '年龄', '岁数', '特长', '技能', '能帮的忙', '问题描述', '内容', '描述', '问题', '事情', '情况', '类别', '分类', '类型']
const OF_GUARDIAN = ['监护人的', '监护人', '家长的', '家长']
const OWN_WORDS = [...NAME_WORDS, ...PHONE_WORDS, ...OTHER_WORDS, ...ADDRESS_WORDS]
const fieldWordAt = createWordTable([...OWN_WORDS, ...OF_GUARDIAN.flatMap((whose) => [...NAME_WORDS, ...PHONE_WORDS].map((word) => `${whose}${word}`))])
const addressWords: ReadonlySet<string> = new Set(ADDRESS_WORDS)

const WRONG = '(?:写错|填错|打错|说错|弄错|输错|报错|搞错|错|不对|有误|不是这个|改|变|换|更正|应该|不正确)(?:了|一下|啦)?'
const LINK = '(?:[,:。!\\s]|改?成|改?为|应该是|应该|更正为|换成|是|到|吧|的|叫|我(?=\\d|叫))*'
const OPENING = /^(?:(?:等一?[下等会]儿?|稍等(?:一下)?|慢着|哎呀?|唉|哦|啊|嗯|不好意思|对不起|抱歉|那个|刚才|刚刚?|前面|上面|我刚才|我(?!\d)|麻烦|请)[啊呀了]*[,。.!\s]*)+/
const OWN = '(?:我的|我家的?|我|一下|联系|你们?)?'
const CHANGES = new RegExp(`^(?:请|麻烦|帮我|那)*我?(?:要|想)?(?:修改|更改|更正|改正|变更|改一下|改下|改|换一下|换|重填|重写|纠正)${OWN}$`)
const SPEAKS_OF = new RegExp(`^(?:(?:不对|等等|错了)[,\\s]*)*(?:请|麻烦|帮我|那)*(?:把|将)?${OWN}$`)
const DENIES = /^(?:不对|不是|错了|写错了|说错了|填错了)[,\s]*(?:我的)?$/
const IS_WRONG = new RegExp(`^(?:给|我|刚才|都|要|得|需要)*${WRONG}`)
const LINKS = new RegExp(`^${LINK}`)
const IS = /^(?:应该)?(?:是|为|:|改成|改为)\s*(?=.)/
/** A field is named so near to the beginning. */
const FARTHEST = 16

/** The field that a correction names, and what is said after it; undefined when it corrects none by name. */
function readNamed(form: string): { field: string; rest: string } | undefined {
  if (/^姓(?:[写打弄]?错|不对)/.test(form)) return { field: '姓', rest: form.slice(1).replace(IS_WRONG, '').replace(LINKS, '') }
  for (let at = 0; at <= Math.min(FARTHEST, form.length); at += 1) {
    const field = fieldWordAt(form, at)
    if (field === undefined) continue
    const [before, after] = [form.slice(0, at), form.slice(at + field.length)]
    if (CHANGES.test(before)) return { field, rest: after.replace(LINKS, '') }
    const wrong = SPEAKS_OF.test(before) ? IS_WRONG.exec(after)?.[0] : undefined
    if (wrong !== undefined) return { field, rest: after.slice(wrong.length).replace(LINKS, '') }
    const is = DENIES.test(before) ? IS.exec(after)?.[0] : undefined
    return is === undefined ? undefined : { field, rest: after.slice(is.length) }
  }
  return undefined
}
// Something is amiss, not something said.
const GOES_WRONG = /^(?:情况|事情|问题)(?:有些|有点)?不对[,\s](?!是|应该)/
const LAST_DIGITS = /^(?:不对[,\s]*)*(?:我的?)?(?:电话|手机)?(?:号码?)?的?(?:(?:最后|后面|后|末)[一两三四1-4]?位[数号]?|尾号)(?:[写打]?错了|不对)?[,\s]*(?:是|改成|为|:)? ?(\d{1,4})$/
const UNNAMED = [
  /^(?:我?(?:要|想)?(?:再)?(?:修改|更改|更正|改|改一?下|改改|改动)(?:一下|下)?(?:信息|内容)?)$/,
  /^(?:(?:上面|里面|这个|信息|内容)?(?:有(?:个)?(?:地方|处)?)?(?:写|填|打|弄|说)?(?:错了?|有误|错误))$/,
  /^(?:(?:有|写)错(?:的|误|别)?(?:地方|字)?|(?:信息)?有误|不太对|有(?:个)?(?:地方|处)不对|要改|需要修改)$/,
]
const MINDED = '(?:(?:(?:不对|不是|错)(?:啊|呀|的|了|吧)?|(?:写|说|填|打|弄|搞|报|讲)错(?:了|啦)?|不+(?=[,。!\\s]))[,。!\\s]*)+'
// The new value after "不对，是…", "写错了，…", "不是2号楼是12号楼", "是3单元不是2单元".
const REPLACED: RegExp[] = [
  /^(不是)[^,。]{1,12}?[,\s]*(?:应该|而)?是(.+)$/,
  new RegExp(`^(${MINDED})(?:我(?=今年|\\d|叫|姓))?(?:应该)?(?:是|叫|为|改成|住在?)?\\s*(.+)$`),
  /^(是|我?叫|我(?=\d)|我?家?住在?|我家是?在?)([^,。]{1,16}?)[,\s]*(?:而)?不是[^,。]{1,12}$/,
  /^()(姓.)[,\s]*不姓.$/,
  /^(\d{1,4}(?:号楼|栋|单元|室|层)?(?:写|填|说)?错)了?[,\s]*(?:应该)?是(.+)$/,
  /^(改成|改为|换成|应该是)(.+)$/,
  /^(不姓).[,\s]*(?:我)?(?=姓)(.+)$/,
]

/** "6号楼不是3号楼": the first is the value. */
const THAT_NOT_THIS = /^(?:不是)?[^,。]{1,12}?[,\s]+(?:应该|而)?是([^,。]{1,16})$/
const NOT_THAT = /^([^,。]{1,16}?)[,\s]*(?:而)?不是[^,。]{1,12}$/

const isAddressPart = (text: string): boolean => /^(?:\d{1,3}|[一二三四五六七八九十]{1,2})(?:号楼|栋|单元|层|楼|室|号|门)$/.test(text) || (findAddress(text) !== undefined && /[\d一二三四五六七八九十](?:号楼|栋|幢|单元|层|楼|室|号|门)|小区|[\d]{1,2}-\d/.test(text) && text.length <= 24)

/** The field that a value without its field's name belongs to; undefined when it may be anything. */
function fieldOf(value: string): string | undefined {
  if (findPhones(value).length > 0) return '电话'
  if (/^(?:我)?(?:今年)?(?:才|刚)?\d{1,3}周?岁/.test(value) || /^(?:我)?(?:今年|才|其实才?)\d{1,2}(?:了|呢)?$/.test(value)) return '年龄'
  if (/^姓[\u3400-\u9fff]/.test(value)) return '姓名'
  if (isAddressPart(value) && !/[坏漏堵灭掉响吵臭]|不[亮热通动]/.test(value)) return '地址'
  return /^(?:今|明|后)[天晚早]|^(?:下?周|星期|礼拜)[一二三四五六日天]|^(?:[上下]午|晚上|早上)/.test(value) && value.length <= 12 ? '时间' : undefined
}

const asValue = (typed: string): string => typed.replace(/[。.!！,，~\s]+$/, '').replace(/^(?:一下|下|吧|啊|呀|了)$/, '').trim()
const isAsking = (text: string): boolean => /[?]|[吗呢]$|多少|什么|哪|怎么|几点|啥/.test(text)
const fieldNamed = (word: string): string => (addressWords.has(word) ? '地址' : word === '姓' ? '姓名' : word)
/** Two names alike but for a character: 王方, 王芳. */
const areAlikeNames = (said: string, other: string): boolean => said.length <= 3 && said.length === other.length && said[0] === other[0] && /^[\u3400-\u9fff]{2,3}$/.test(said)

function readUnnamed(form: string, typed: (from: number, length: number) => string, hasOpening: boolean): Correction | undefined {
  for (const pattern of REPLACED) {
    const match = pattern.exec(form)
    const [, minded, told] = match ?? []
    // "说错了，不是1单元，是3单元"
    const value = THAT_NOT_THIS.exec(told ?? '')?.[1] ?? told
    if (match === null || minded === undefined || value === undefined || isAsking(form)) continue
    const at = form.lastIndexOf(value, pattern === REPLACED[2] ? match[0].indexOf(value) : undefined)
    const said = asValue(typed(at, value.length))
    const rejected = /不是([^,。]+?)(?:[,\s]*(?:应该|而)?是.*)?$/.exec(form)?.[1] ?? ''
    const isName = /叫$/.test(minded) || areAlikeNames(value, rejected)
    const isRoom = rejected !== '' && /^\d{2,4}$/.test(value) && /^\d{2,4}$/.test(rejected)
    const field = isName ? '姓名' : isRoom || (/^\d/.test(minded) && /^\d{2,4}$/.test(value)) ? '地址' : fieldOf(value)
    if (field !== undefined) return { type: 'correct', field, value: said }
    // Else it is the matter itself, if it was said to be wrong in words and is more than a pointer.
    const isMatter = /错/.test(minded) || pattern === REPLACED[0] || minded === '是' || hasOpening || (minded.startsWith('不对') && form.includes(`是${value}`))
    if (isMatter && value.length >= (pattern === REPLACED[0] ? 2 : 3) && value.length <= 30 && !/^[我他她你咱要想不]|不是|^那/.test(value) && !/[我他她你咱]/.test(/^不是([^,]{0,3})/.exec(form)?.[1] ?? '')) return { type: 'correct', field: '事情', value: said, ...(pattern === REPLACED[0] && rejected !== '' && { instead: rejected }) }
  }
  return undefined
}

/**
 * The correction that a short message makes: "电话改成…", "等一下，单元写错了，是4单元", "不对，是5号楼", "不是灯坏了，是灯罩掉了".
 * undefined when it makes none, or asks.
 */
export function readCorrection(text: string): Correction | undefined {
  const whole = normalize(text).trimEnd().replace(/[。.!~\s]+$/, '')
  const blanks = whole.length - whole.trimStart().length
  const opening = OPENING.exec(whole.slice(blanks))?.[0].length ?? 0
  const offset = blanks + opening
  const form = whole.slice(offset)
  if (UNNAMED.some((words) => words.test(form))) return { type: 'correct', field: '' }
  const typed = (from: number, length: number): string => text.slice(offset + from, offset + from + length)
  const digits = LAST_DIGITS.exec(form)?.[1]
  if (digits !== undefined) return { type: 'correct', field: '电话', value: digits }
  const named = readNamed(form)
  if (named !== undefined) {
    const { field, rest } = named
    if (isAsking(rest) || GOES_WRONG.test(form)) return undefined
    const later = THAT_NOT_THIS.exec(rest)?.[1]
    const kept = NOT_THAT.exec(rest)?.[1]?.length ?? rest.length
    const value = asValue(later === undefined ? typed(form.length - rest.length, kept) : typed(form.length - later.length, later.length))
    return { type: 'correct', field: fieldNamed(field), ...(value !== '' && { value }) }
  }
  return readUnnamed(form, typed, opening > 0)
}
