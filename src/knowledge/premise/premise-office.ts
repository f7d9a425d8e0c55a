import { holdsAny } from '../../language/patterns.ts'
import { pairsOf } from './premise-claim.ts'
import type { Claim, Spoken } from './premise-claim.ts'

/** What stands right after an office's name when something of it is meant and not the office: 街道服务中心, 居委会主任, 财政收入. */
const NO_OFFICE: readonly RegExp[] = [
  /^(?:、|手里|那儿)/,
  /^的?(?:社区|服务中心|服务站|服务网|便民|用房|办公用房|干部|主任|副主任|成员|委员|人员|工作|经费|选举|直选|下属|下设|门口|旁边|附近|楼|操场|礼堂|食堂|球场|场地|设施|资源|大门|收入|预算|资金|税收|评议|制度|建设|管理费|是什么|和街道|跟街道|与乡|和居委|跟居委)/,
]

/** Offices and bodies by what tells them apart; synonyms share a key. */
const OFFICES: readonly [key: string, name: string][] = [
  ['公安', '公安(?:局|部门|机关|厅)?|派出所|警察|警方'],
  ['民政', '民政(?:局|部门|厅|所|系统)?'],
  ['财政', '(?:(?:地方|中央|省|市|县|区|地区|乡镇?)(?:级|、区)?)?财政(?:局|部门|所|厅)?'],
  ['税务', '(?:地税|国税|税务)(?:局|部门|所|机关)?'],
  ['工商', '工商(?:局|部门|所)?|市场监(?:管|督管理)(?:局|部门)?'],
  ['卫生', '卫生(?:局|部门|厅|院|所)|卫健(?:委|局|部门)|疾控(?:中心)?'],
  ['教育', '教育(?:局|部门|厅)|院校|学校|教委'],
  ['审计', '审计(?:局|部门)?'],
  ['城管', '城管(?:局|部门|队)?'],
  ['房管', '房管(?:局|部门|所)?|房产局'],
  ['建设', '住建(?:局|部门)?|建设(?:和房地产开发)?(?:行政)?(?:主管)?(?:局|部门)'],
  ['司法', '司法(?:局|所|部门)|法院|检察院'],
  ['人社', '人社(?:局|部门)?|人力资源(?:和社会保障)?(?:局|部门)|社保局|就业局|劳动(?:局|部门)'],
  ['文化', '文化(?:局|站|馆|部门)|文旅局'],
  ['环保', '环保(?:局|部门)?|生态环境局'],
  ['消防', '消防(?:队|大队|部门)'],
  ['应急', '应急(?:局|管理局|办)'],
  ['组织', '组织部|人事(?:局|部门)'],
  ['林业', '林业局|林场'],
  ['工会', '工会'], ['妇联', '妇联'], ['共青团', '共青团|团委'], ['残联', '残联'],
  ['驻军', '驻军|部队'],
  ['开发商', '开发商|开发(?:建设)?(?:单位|公司|企业)|建设单位|售楼处'],
  ['物业', '物业(?:服务)?(?:公司|企业)|物业(?=出|来|负责|补|的$)'],
  ['街道', '街道(?:办事处|办)?(?!\\(乡)|街道\\(乡(?:、|\\()?镇\\)|办事处'],
  ['居委会', '居委会|居\\(村\\)委会|村委会'],
  ['两委', '两委'],
  ['服务站', '服务站|服务中心'],
  ['业主', '业主委员会|业委会|业主(?!$)'],
  ['党组织', '党组织|党委|党支部|党总支'],
  ['社区办', '社区办(?![不理事学班课了的活])|(?:社区建设)?领导小组(?:办公室)?'],
  ['政府', '(?:地方|人民|县|区|乡镇?)政府|县、区政府|政府(?!部门|购买)'],
  ['单位', '用人单位|单位自己|企业(?:自己)?(?=来?出|来?掏|自己)'],
  ['居民', '居民(?:集体|自个儿|自己|凑|出)|老百姓(?:自己|出|凑)|个人(?=出|掏|缴|交|自己)'],
  ['社区', '社区(?:自己|自个儿)|社区(?=来?掏|出钱|出的|拿钱)'],
]
/** Bodies that answer for one another: what one of them does may well be said of the other. */
const ALIKE: Readonly<Record<string, readonly string[]>> = { 社区: ['居委会', '服务站'], 居民: ['业主'], 业主: ['居民'], 林业: ['政府'], 两委: ['居委会', '党组织'], 居委会: ['两委'], 党组织: ['两委'] }
/** Whose money or doing it is: levels count as offices where they do something. */
const LEVELS: readonly [key: string, name: string][] = [['中央', '中央|国家'], ['省', '省(?:里|级|厅|政府)?'], ['地区', '地区|行署|地级|市(?:里|级)'], ['县', '县(?:里|级|区)?|区里'], ['乡镇', '乡(?:里|镇)?|镇(?:里|上)']]

/** What offices do in rules; the second ones are said of anybody and count only where the question says or asks why it is so. */
const ACTS = '(?:牵头|负责|监督|管理|建立|补建|成立|办理|组织|动员|整合|下设|底下|指导|领导|实施|协助|推行|列支|审批|统筹|主管|主办|兼|给[^,。]{0,6}(?:免|发|补|减|拨|办))'
const MORE_ACTS = '(?:管|建|张罗|办|搞|帮着|给|来|出|掏|凑|拿|批|评|发|定|收|派|付|说了算)'
/** Acts whose doer stands right before them in rules. */
const SIDE_BY_SIDE = ['牵头', '负责', '领导', '配合', '协同', '参与', '补建', '匹配']

export interface ClaimedOffice {
  keys: readonly string[]
  /** The name as it was said. */
  words: string
  /** What it is said to do, as far as rules say it so; '' when they don't. */
  act: string
}

/** The longest form of the name after which the office itself is meant: of 民政局下设 it is 民政. */
function officeAt(name: RegExp, said: string, text: string, at: number, follows: (after: string) => boolean = () => true): string | undefined {
  for (let length = said.length; length >= 2; length -= 1) {
    const words = said.slice(0, length)
    if (length < said.length && !name.test(words)) continue
    const after = text.slice(at + length, at + length + 20)
    if (!holdsAny(after, NO_OFFICE) && follows(after)) return words
  }
  return undefined
}

/** The name of an office that stands behind one of the marks ("由…", "归…"), or before what it does, the first in the text; undefined when it has no part. */
function nameWithPart(name: string, marks: string, acts: readonly string[], text: string): string | undefined {
  const whole = new RegExp(`^(?:${name})$`)
  const does = acts.map((act) => new RegExp(`^(?!是|归|由|让)(?:怎么|如何|[^,。?什么哪谁怎几]{0,4})${act}(?!什么|哪|谁)`))
  const marked = Array.from(text.matchAll(new RegExp(`(?:${marks})(?:当地|县|区|省|市|社区)?(${name})`, 'g')), ({ 0: run, 1: said = '', index }) => ({ start: index, words: officeAt(whole, said, text, index + run.length - said.length) }))
  const doing = Array.from(text.matchAll(new RegExp(name, 'g')), ({ 0: said, index }) => ({ start: index, words: officeAt(whole, said, text, index, (after) => holdsAny(after, does)) }))
  return [...marked, ...doing].filter(({ words }) => words !== undefined).sort((one, other) => one.start - other.start)[0]?.words
}

/** The offices to which a question gives a part; whether an office does something is a question, not a claim. */
export function readClaimedOffices(claim: Claim): ClaimedOffice[] {
  const isSaid = claim.isAsserted || claim.asksWhy
  const acts = isSaid ? [ACTS, MORE_ACTS] : [ACTS]
  const marks = isSaid ? '由|归|是|让|在|到|向|靠|为|找|跟|从' : '由|归|在|到|向|靠'
  const claimed = OFFICES.flatMap(([key, name]): ClaimedOffice[] => {
    const words = nameWithPart(name, marks, acts, claim.text)
    const isAsked = new RegExp(`(?:${name})[^,。?]{0,6}(?:管不管|能不能|会不会|有没有|给不给|是不是)`).test(claim.text)
    const isDenied = words !== undefined && new RegExp(`不(?:是|归|由|用|让|靠|要|该|能)[^,，。]{0,3}(?:${name})`).test(claim.text)
    return words === undefined || isAsked || isDenied ? [] : [{ keys: key === '财政' ? financeKeys(words) : [key], words, act: actAfter(words, claim.text) }]
  })
  return [...claimed, ...claimedLevels(claim)]
}

const actAfter = (words: string, text: string): string => new RegExp(`${words}[^,。]{0,3}?(${ACTS})`).exec(text)?.[1] ?? ''

/** Whether some office stands in the sentence as the one that does this. */
export function hasDoer(act: string, text: string): boolean {
  return act !== '' && OFFICES.some(([, name]) => new RegExp(`(?:${name})[^,。;]{0,4}${act}`).test(text))
}

/** Who does this in a text, when it is one only; null when nobody or several do. */
export function nameDoer(act: string, text: string): string | null {
  const names = act === '' ? [] : doersOf(act, text).map(({ words }) => words)
  return names.length === 1 ? (names[0] ?? null) : null
}

/** Whether a level ("省里") is claimed and not an office. */
export const isLevel = ({ keys }: ClaimedOffice): boolean => keys.every((key) => key.startsWith('级:'))

/** "由省里给", "中央财政出": the level is what is claimed. */
function claimedLevels(claim: Claim): ClaimedOffice[] {
  const marks = claim.isAsserted || claim.asksWhy ? '由|归|是|靠|让' : '由|归'
  return LEVELS.flatMap(([key, name]): ClaimedOffice[] => {
    const [, words] = new RegExp(`(?:${marks})(${name})(?:来)?(?:搞|办|出|给|拿|掏|定|批|管|建|实施|负责|用来)`).exec(claim.text) ?? []
    return words === undefined ? [] : [{ keys: [`级:${key}`], words, act: '' }]
  })
}

/** 财政 of whatever level, and which level where that is said. */
function financeKeys(words: string): string[] {
  const level = LEVELS.find(([, name]) => new RegExp(`^(?:${name})`).test(words))
  return level === undefined ? ['财政'] : ['财政', `级:${level[0]}`]
}

/** The keys of the offices and levels that a text names. */
function keysIn(text: string): Set<string> {
  const keys = OFFICES.filter(([key, name]) => new RegExp(`(?:${name})${key === '财政' ? '(?!收入)' : ''}`).test(text)).map(([key]) => key)
  const levels = LEVELS.filter(([, name]) => new RegExp(`(?:${name})`).test(text)).map(([key]) => `级:${key}`)
  // 地方 is every level below the centre.
  const local = /地方|各地|当地/.test(text) ? LEVELS.slice(1).map(([key]) => `级:${key}`) : []
  return new Set([...keys, ...levels, ...local])
}

/** 省财政 where the text has 地方财政: of which level the money is. */
function isOtherFinance(office: ClaimedOffice, text: string): boolean {
  const level = office.keys.find((key) => office.keys.includes('财政') && key.startsWith('级:'))
  const levels = [...text.matchAll(/(地方|中央|国家|省|市|县|区|地区|行署|乡镇?)(?:级|、区)?财政(?!收入)/g)].map(([, word = '']) => word)
  const names = LEVELS.find(([key]) => `级:${key}` === level)?.[1]
  return level !== undefined && names !== undefined && levels.length > 0 && !levels.some((word) => new RegExp(`^(?:${names})$`).test(word) || (word === '地方' && /县|乡镇|地区/.test(level)) || (word === '区' && level === '级:县'))
}

/** Whether the sentence speaks of offices, and of another one than this. */
export function namesOtherOffice(office: ClaimedOffice, sentence: Pick<Spoken, 'text'>): boolean {
  if (isOtherFinance(office, sentence.text)) return true
  // "地区实施…": a level does what was said of an office.
  if (office.act !== '' && LEVELS.some(([, name]) => new RegExp(`(?:^|[,。;、])(?:${name})${office.act}`).test(sentence.text)) && !namesOffice(office, sentence.text)) return true
  const present = keysIn(sentence.text)
  const isOf = (level: boolean) => [...present].some((key) => key.startsWith('级:') === level)
  return office.keys.some((key) => isOf(key.startsWith('级:')) && ![key, ...(ALIKE[key] ?? [])].some((other) => present.has(other)))
}

/** Whether the sentence names this office, or one that may be meant by it. */
export const namesOffice = (office: ClaimedOffice, text: string): boolean => {
  if (isOtherFinance(office, text)) return false
  const present = keysIn(text)
  return office.keys.every((key) => [key, ...(ALIKE[key] ?? [])].some((other) => present.has(other)))
}

/** "民政负责" where the sentence has "政府负责、民政牵头": another doer right before the same act. */
export function swapsDoers(claim: Claim, sentence: Pick<Spoken, 'text'>): ClaimedOffice | null {
  for (const act of SIDE_BY_SIDE) {
    const [said, stated] = [doersOf(act, claim.text), doersOf(act, sentence.text)]
    const wrong = said.find(({ key }) => stated.length > 0 && !stated.some((other) => other.key === key))
    if (wrong !== undefined) return { keys: [wrong.key], words: wrong.words, act }
  }
  return null
}

const doersOf = (act: string, text: string): { key: string; words: string }[] =>
  OFFICES.flatMap(([key, name]) => {
    const [, words] = new RegExp(`(${name})(?:来|要)?${act}`).exec(text) ?? []
    return words === undefined ? [] : [{ key, words }]
  })

const DOES = '(?:指定|任命|选派|委派|来|负责|出|管|建|办|牵头|组织|支付|承担|发|批|审批|监督|实施|补|配|匹配|定|评|承办|聘|聘用|解决)'
const BY = new RegExp(`由([\\u4e00-\\u9fff、]{2,8}?)${DOES}`, 'g')
const ASKS_FOR = '(?:申报|申请|报告|报名|登记|备案|反映|举报|投诉|争取)'
const OF = new RegExp(`(?:向|找|到|跟)([\\u4e00-\\u9fff“”"]{2,10}?)${ASKS_FOR}`, 'g')

/** "由用人单位出" where the sentence has "由地方财政匹配", "找居委会申报" where it has "向社区办申报": a doer that no list knows. */
export function namesOtherDoer(claim: Claim, sentence: Pick<Spoken, 'text'>): string | null {
  for (const pattern of [BY, OF]) {
    const [said] = [...claim.text.matchAll(pattern)].map(([, doer = '']) => doer)
    const stated = [...sentence.text.matchAll(pattern)].map(([, doer = '']) => doer)
    if (said !== undefined && stated.length > 0 && !/什么|哪|谁|怎|几/.test(said) && stated.every((doer) => !sharesPair(said, doer)) && !(pattern === BY && sentence.text.includes(said))) return said
  }
  // "归居民小组": nobody that the sentence names.
  const [, owner] = BELONGS.exec(claim.text) ?? []
  return owner !== undefined && !/什么|哪|谁|怎|几/.test(owner) && !sharesPair(owner, sentence.text) && keysIn(sentence.text).size > 0 ? owner : null
}

const BELONGS = /归([\u4e00-\u9fff]{2,8}?)(?:来)?(?:管|负责|监督|所有|$|,)/

function sharesPair(left: string, right: string): boolean {
  const own = pairsOf(right)
  return [...pairsOf(left)].some((pair) => own.has(pair))
}
