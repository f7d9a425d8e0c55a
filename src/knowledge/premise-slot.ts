import type { Claim, Spoken } from './premise-claim.ts'
import { pairsOf } from './premise-claim.ts'

/** Offices and bodies by what tells them apart; a name belongs to the first that fits. */
const OFFICES: readonly [key: string, name: RegExp][] = [
  ['公安', /公安(?:局|部门|机关|厅)?|派出所|警察/],
  ['民政', /(?:县|区|省)?民政(?:局|部门|厅|所)?(?!评议|社区)/],
  ['财政', /财政(?:局|部门|所|厅)?(?!收入|预算|资金)/],
  ['税务', /(?:地税|国税|税务)(?:局|部门|所)?/],
  ['工商', /工商(?:局|部门|所)?|市场监管(?:局|部门)?/],
  ['卫生', /卫生(?:局|部门|厅|院)|卫健委|(?:县|中心|人民)?医院/],
  ['教育', /教育(?:局|部门|厅)|院校|学校|老师们/],
  ['审计', /审计(?:局|部门)?/],
  ['城管', /城管(?:局|部门|队)?/],
  ['房管', /房管(?:局|部门|所)?|房产局/],
  ['建设', /(?:建设|住建|房地产开发)(?:和房地产开发)?(?:行政)?(?:主管)?(?:局|部门)|住建局/],
  ['司法', /司法(?:局|所)|法院|检察院/],
  ['开发商', /开发商|开发(?:建设)?单位|开发公司/],
  ['物业', /物业(?:服务)?(?:公司|企业)/],
  ['街道', /街道(?:办事处|办)?(?!社区服务中心|\(乡)|街道\(乡(?:、|\()?镇\)/],
  ['居委会', /居委会|居\(村\)委会|村委会|两委/],
  ['服务站', /服务站|服务中心/],
  ['业主', /业主委员会|业委会/],
  ['党组织', /党组织|党委|党支部|党总支/],
  ['社区办', /社区办(?![不理事学班课了的活])|社区建设领导小组办公室|领导小组/],
  ['政府', /(?:地方|人民|县|区|乡镇?)政府|县、区政府|政府/],
  ['居民', /居民(?:集体|自个儿|自己|凑)/],
]
/** What offices do in rules; the second ones are said of anybody and count only where the question says or asks why it is so. */
const ACTS = '(?:牵头|负责|监督|管理|建立|补建|成立|办理|组织|动员|整合|下设|底下|指导|领导|实施|协助|推行|列支|审批|兼)'
const ANY_ACTS = `(?:${ACTS}|管|建|张罗|办|帮着|给|来|出|掏|凑|拿|批|评|发)`

/** The offices to which a question gives a part; whether an office does something is a question, not a claim. */
export function readClaimedOffices(claim: Claim): { key: string; words: string }[] {
  const [acts, marks] = claim.isAsserted || claim.asksWhy ? [ANY_ACTS, '由|归|是|让|在|到|向|靠|为'] : [ACTS, '由|归|在|到|向|靠']
  return OFFICES.flatMap(([key, name]) => {
    const said = new RegExp(`(?:${marks})(${name.source})|(${name.source})(?!是|归|由|让)[^,。?什么哪谁怎几]{0,4}${acts}(?!什么|哪|谁)`).exec(claim.text)
    const words = said?.[1] ?? said?.[2]
    const isAsked = new RegExp(`(?:${name.source})[^,。?]{0,6}(?:管不管|能不能|会不会|有没有|给不给|是不是)`).test(claim.text)
    return words === undefined || isAsked ? [] : [{ key, words }]
  })
}

/** Whether the sentence speaks of offices, and of another one than this. */
export function namesOtherOffice(office: { key: string }, sentence: Spoken): boolean {
  const present = OFFICES.filter(([, name]) => name.test(sentence.text)).map(([key]) => key)
  return present.length > 0 && !present.includes(office.key)
}

/** What is asked for is not claimed. */
const ASKED = /什么|哪|谁|多少|几|怎/
const FRAME_ROLES = '(?:主体|补充|单位|平台|标准|核心|载体|目标|重点|宗旨|基础|辅助|依托)'
const AS = new RegExp(`以([^,。;以]{2,24}?)为(${FRAME_ROLES})`, 'g')
const PLACED = /(?:建|设|设立|安|放|定)(?:到|在)([^,。;的]{2,10})/
const PLACES = /在([^,。;]{2,16}?)(?:建立|设立|设置|建|设)/g
const LEVELS: readonly [key: string, word: string][] = [['国', '全国|国家|中央'], ['省', '全省|省里|省级|省'], ['地区', '全地区|地区|行署|全区'], ['县', '全县|县里|县级|县'], ['乡', '乡镇|镇里|镇']]
/** Labels of which a thing bears one; in groups that exclude each other. */
const LABELS: readonly (readonly RegExp[])[] = [
  [/示范社区/, /精品社区/, /达标社区/],
  [/任命|指定|委派|托个?人|走后门/, /投票|依法选举|民主选举|选出来/, /招考|考试/, /公开选聘|公开招聘/],
  [/(?<!副)主任/, /副主任/],
  [/一格一元/, /一格多元/],
  [/领导(?:关系|$|与被领导)|上下级|的领导/, /指导关系/],
  [/研究生/, /本科/],
  [/每个?月|逐月/, /每年/],
  [/每(?:[二两三四五]|[2-5])年/, /每年/],
]

/** Whether the question puts a place, a level, a label or a role where the sentence has another. */
export const hasWrongLabel = (claim: Claim, sentence: Spoken): boolean =>
  isWronglyFramed(claim.text, sentence.text) || isWronglyPlaced(claim.text, sentence.text) || isWrongLevel(claim.text, sentence.text) || LABELS.some((group) => isOtherLabel(group, claim.text, sentence.text))

function isWronglyFramed(said: string, text: string): boolean {
  const roles = new Map([...text.matchAll(AS)].map(([, what = '', role = '']) => [role, what]))
  return [...said.matchAll(AS)].some(([, what = '', role = '']) => {
    const actual = roles.get(role)
    return actual !== undefined && !ASKED.test(what) && !sharesWords(what, actual)
  })
}

function isWronglyPlaced(said: string, text: string): boolean {
  const [, claimed] = PLACED.exec(said) ?? []
  const places = [...text.matchAll(PLACES)].map(([, place = '']) => place)
  return claimed !== undefined && !ASKED.test(claimed) && places.length > 0 && places.every((place) => !sharesWords(claimed, place))
}

/** `全省…示范地区` where the text has `全国…示范地区`: another level before the same words. */
function isWrongLevel(said: string, text: string): boolean {
  return LEVELS.some(([key, word]) =>
    [...said.matchAll(new RegExp(`(?:${word})([\\u4e00-\\u9fff]{2})`, 'g'))].some(([, noun = '']) => {
      const bearers = LEVELS.filter(([, other]) => new RegExp(`(?:${other})${noun}`).test(text)).map(([other]) => other)
      return bearers.length > 0 && !bearers.includes(key)
    }),
  )
}

function isOtherLabel(group: readonly RegExp[], said: string, text: string): boolean {
  const claimed = group.filter((label) => label.test(said))
  const stated = group.filter((label) => label.test(text))
  return claimed.length > 0 && stated.length > 0 && claimed.every((label) => !stated.includes(label))
}

function sharesWords(left: string, right: string): boolean {
  const own = pairsOf(right)
  return [...pairsOf(left)].some((pair) => own.has(pair))
}
