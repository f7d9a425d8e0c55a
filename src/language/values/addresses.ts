import type { Area } from '../../domain/services.ts'
import { normalize } from '../normalize.ts'
import { findPhones } from './phones.ts'

const NUMBER = '(?:\\d{1,4}|[一二三四五六七八九十百零〇两]{1,5})'
const LETTER_NUMBER = `(?:[a-z]?-?${NUMBER}|[a-z甲乙丙丁东西南北](?=[栋座幢区]))`
const HAN = '[\\u3400-\\u9fff·]'

// A name of a place is a run of Chinese characters before one of these endings; its beginning is found by trimming (see `leadLength`).
const REGION = `${HAN}{1,12}?(?:省|自治区|市|地区|自治州|县|旗(?!街|路|小区|社区|屯|村|镇|乡|大街|家园|花园|新村)|盟|区(?!域|间|别)|镇|乡(?!下|亲|村)|街道(?!办)|林场|农场|社区(?!工|服|志|里|有|的|活|书|医|干|主|居委|网|矫|食)|村(?!民|委|里|干|支|医|口|长)|屯)`
const ESTATE = `[\\u3400-\\u9fffa-z0-9·]{1,12}?(?:小区|花园|家园|新村|公寓|大厦|家属院|家属楼|家属区|宿舍楼?|大院|新城|名城|花城|山庄|名邸|佳苑|嘉苑|雅苑|苑|华庭|豪庭|庭院|广场(?!舞)|国际|中心(?!户)|市场|商城|公馆|国际城|府邸|雅居|安居|人家|小镇|新居|楼盘|工业园区?|工业区|园区|产业园|学校|小学|中学|医院|幼儿园|超市|商场|公园|车站|桥头)(?!路|街|大街|的?志愿|服务|大桥)`
const ROAD = `${HAN}{1,8}?(?:大街|大道|路(?!灯|上|人|过|面|况|边|不|口|太|坑|很|都|又|被|灯)|街(?!坊|道|上|边|里)|胡同|巷(?!子|口)|弄堂|弄(?=\\d)|里弄)(?:[东西南北中]段)?`
const HOUSE_NUMBER = `${NUMBER}(?:-${NUMBER})?号(?!线|晚|早|上午|下午|前|后|码|召|角|称|来|去|那天|当天|之前)(?:院|大院)?(?!楼)`
const BUILDING = `${LETTER_NUMBER}(?:#楼?|号(?=${NUMBER}(?:单元|门|室|层))|号楼|号院|号大院|栋楼?|幢楼?|座(?!谈)|期|区(?!域)|(?<=[\\da-z])楼(?=\\d|${NUMBER}单元|${NUMBER}门)|弄|排(?=${NUMBER}))`
const UNIT = `${NUMBER}(?:单元|门洞|门(?=${NUMBER}|洞|$|,)|号门|梯)`
const FLOOR = `(?:-|负)?${NUMBER}(?:层(?!层)|楼(?!道|上|下|顶|梯|长))|(?<=楼|栋|元|号)(?:顶层|顶楼|底层|一楼)`
const ROOM = `(?:[a-z]?\\d{2,4}(?:室|号房?|户|房)?|${NUMBER}(?:室|户|号房)|[零〇一二三四五六七八九]{3,4}(?:室|户)?)(?![\\d年月日号点岁块元个次%:/人分天度位])`
const GROUP = `${NUMBER}(?:组|队|社|委)(?!长|织|区|会|员)`
const DASHED = `(?<![\\d-])[a-z]?\\d{1,2}(?:[-—–](?:\\d{1,2}))?[-—–]\\d{3,4}(?:室|号)?(?![\\d-])|(?<![\\d-])\\d{1,3}[-—–]\\d{1,2}[-—–]\\d{1,4}(?:室|号)?(?![\\d-])`
const NEARBY =
  '(?:的)?(?:[东西南北正后前侧大]{1,2}门(?:口|外|岗|那边|旁边?)?|[东西南北][侧边头面](?:的)?|(?:门口|楼下|楼前|楼后|楼顶|楼上|对面|旁边|附近|后身|后面|前面|门前|路口|拐角处?|十字路口|里面|院里|院内|地下车库|停车场|地下室|天台|一楼大厅|单元门口?|小广场|广场(?!舞)|花坛边?|凉亭|车棚|垃圾桶(?:旁边?|边|附近)|垃圾(?:点|站|房)旁?边?)|[东南西北村屯]{1,2}头(?:的)?(?:第?[一二三四五六七八九十\\d]{1,2}[家户])?|第[一二三四五六七八九十\\d]{1,2}[家户])'

const ADMINISTRATIVE = `(?:${REGION}){1,5}`
const PRECISE = `(?:(?:${BUILDING})|(?:${UNIT})|(?:${FLOOR})|(?:${ROOM}))`
const JOINER = '[\\s,的]{0,1}'
const FULL = new RegExp(
  `(?:${ADMINISTRATIVE})?(?:${ROAD}(?:(?:和|与|、)${ROAD})?(?:${JOINER}${HOUSE_NUMBER}|\\d{1,4}(?:-\\d{1,4})?(?![\\d年月日点岁块元个次%:/人分天度位多]))?(?:交叉口|交口|交汇处)?)?(?:(?:${ESTATE})|(?:${GROUP}))?(?:${JOINER}(?:${DASHED}|${BUILDING}|${UNIT}|${HOUSE_NUMBER}|${GROUP})(?:${JOINER}${PRECISE}){0,4})?(?:${NEARBY})?`,
  'g',
)

const PLACE_ALONE = /(?<=^|[,。;\s在到从])(?![这那哪每各十小修岔半])[\u3400-\u9fff]{2,4}[路街巷]口|(?:我们?|咱们?)?(?:小区|院子?|社区|楼|单元|村|大门|学校|菜市场|超市|幼儿园|药店|饭店|诊所|食堂|工地|锅炉房|医院|车站|公园|广场|活动室|健身广场|文化广场|停车场|地下车库|车库|车棚)(?:的)?(?:[东西南北正后前侧大]{1,2}门(?:口|外)?|门口|里面?|广场|门前|后面|前面|旁边|对面|附近|路口|停车场|凉亭|篮球场|活动室|花坛|东头|西头|村口|入口|出口)|(?:[东西南北正后侧]|大)门(?:口|外)|村口|村头|桥头|十字路口|电梯(?:口|间|里)|楼梯(?:口|间)|楼道(?:里|口|上|(?=[,。]|有|被|堆|没))|单元门口|(?:地下)?车库|地下室|停车场|小?广场(?!舞)|天台|楼顶|凉亭|篮球场|活动室|菜市场|水塔|河边|垃圾(?:站|点|房)|(?<!家)门口/

const KEPT = '和平|和谐|和睦|和兴|和家|人和|家和|来福|来安|住宅|在水|到贺|是非|他山|有为|在望|报恩|帮扶|我爱|给水'
const KEPT_HEAD = new RegExp(`(${KEPT})`, 'g')
// Words that announce a place wherever they stand, and words that only lead in before its first part.
const PLACE_CUE = /^.*(?:家住在?|住在|住址|住的是?|现住|居住在?|地址(?:改成|改为|是|在)?|位于|坐落|发生在|就在|是在|在|住|我们|我家|咱们|咱家|我|咱|你们|他们|他家|她家|这里|这儿|那里|那儿|今天|昨天|明天|后天|前天|昨晚|今晚|今早|早上|上午|中午|下午|晚上|刚才|现在|反映|举报|投诉|报修|报告|您好|你好|喂+|请问|哎|电话|姓名|:|改成|改为|换成)/
const LEAD_IN = /^.*(?:得(?=[去到上来回])|[得去]?上(?=医院|学校|超市|公园|市场|幼儿园)|到|来|去|了|的(?=.)|是|有|把|和|跟|给|帮|请|让|从|往|离|你|他|她|这个|那个|这|那|还|就|都|也|要|想|说|叫|不|没|坏|关于|建议|希望|当|做|为|加入|参加|报名|成为|愿意)/
const FIRST_PART = /^[\u3400-\u9fff·a-z]*?(?:[\d省市县镇乡村屯路街巷]|小区|社区|家园|花园|广场|号楼|街道)/

/** Takes away what stands before a place's name: "我家住在幸福小区" keeps "幸福小区". */
function leadLength(text: string): number {
  const guarded = text.replace(KEPT_HEAD, (word) => '■'.repeat(word.length))
  const cue = PLACE_CUE.exec(guarded)?.[0].length ?? 0
  const rest = guarded.slice(cue)
  return cue + (LEAD_IN.exec(FIRST_PART.exec(rest)?.[0] ?? rest)?.[0].length ?? 0)
}

const STRONG = new RegExp(`${BUILDING}|${UNIT}|${GROUP}|${HOUSE_NUMBER}|${DASHED}|(?:室|层)`)
const NAMED = new RegExp(`${ESTATE}|${ROAD}|(?:街道|社区|村|屯|镇|乡|县|市|旗|林场|农场)`)
const NOT_PLACES = /^(?:老?人家|老人家|别人家|女人家|男人家|小区|社区|村|路|街|广场|市场|学校|医院|超市|公园|城市|全市|本市|农村|城乡|乡镇|县区|街道|居委会|中心|服务中心|小区里|下乡|上街|逛街|走路|马路|公路|道路|修路|一路|半路|铁路|水路|电路|线路|网路|思路|出路|同路|各社区|和谐社区|本社区|智慧社区|我们社区|老旧小区|旧小区|新小区|整个小区|全小区|外小区|市区|山区|林区|地区|辖区|片区|各级市|中学|小学|幼儿园|车站|国际|门市|超市|全国|全省)$/

// What happens at a place, or links two places, is not part of a place's name.
const NOT_IN_NAMES = /[漏坏堵停灯电水修没不了在到有是和跟与的被把给请帮我你他这那住来去说丢破断裂响吵脏臭满倒缺影报反投麻烦想要]|单元门|楼道|电梯|垃圾|井盖|管道|师傅|志愿|联系/

interface Span {
  start: number
  end: number
}

function scoreOf(text: string): number {
  if (NOT_PLACES.test(text)) return 0
  return (STRONG.test(text) ? 4 : 0) + (NAMED.test(text) ? 2 : 0) + Math.min(text.length, 30) / 30
}

/** Every run of address parts, its lead-in words trimmed. */
function findRuns(plain: string): Span[] {
  return Array.from(plain.matchAll(FULL)).flatMap((match) => {
    if (match[0].length < 2) return []
    const lead = leadLength(match[0])
    const text = match[0].slice(lead).replace(/^[\s,的]+/, '')
    const end = match.index + match[0].length
    return text.length < 2 ? [] : [{ start: end - text.length, end }]
  })
}

/** Joins runs that only an unknown name parts ("浦东大道|陆家嘴花城|3号楼"). */
function joinRuns(plain: string, runs: Span[]): Span[] {
  const joined: Span[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    const gap = last === undefined ? '' : plain.slice(last.end, run.start)
    if (last !== undefined && gap.length <= 10 && /^[\u3400-\u9fffa-z0-9·_ -]*$/.test(gap) && !NOT_IN_NAMES.test(gap)) last.end = run.end
    else joined.push({ ...run })
  }
  return joined
}

/** Takes in an unknown name before a house number where a word says that a place follows: "我家住翰林5号楼". */
function extendLeft(plain: string, span: Span): Span {
  const before = /[\u3400-\u9fffa-z·]{1,14}$/.exec(plain.slice(0, span.start))?.[0] ?? ''
  const cue = /^.*(?:住在|家在|家住|位于|就在|住|在|地址[是:]?)/.exec(before)?.[0]
  const name = cue === undefined ? '' : before.slice(cue.length)
  const isName = name.length >= 2 && name.length <= 8 && leadLength(name) === 0 && !NOT_IN_NAMES.test(name)
  return isName ? { start: span.start - name.length, end: span.end } : span
}

function locate(plain: string): Span | undefined {
  const spans = joinRuns(plain, findRuns(plain)).map((span) => extendLeft(plain, span))
  const scored = spans.map((span) => ({ span, score: scoreOf(plain.slice(span.start, span.end)) })).filter(({ score }) => score >= 2)
  return scored.sort((one, other) => other.score - one.score || one.span.start - other.span.start)[0]?.span
}

/** Hides what looks like part of an address and is not: phones, dates, clocks, request numbers. */
function hideOthers(plain: string): string {
  let hidden = plain
  for (const phone of findPhones(plain)) hidden = hidden.slice(0, phone.start) + '。'.repeat(phone.end - phone.start) + hidden.slice(phone.end)
  const blank = (word: string): string => '。'.repeat(word.length)
  return hidden
    .replace(/(?:sr|vl)-?\d{8}-?\d+/g, blank)
    .replace(/\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?|[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}[号日]?|\d{1,2}[:点](?:\d{1,2}分|[0-5]\d(?![号栋幢单楼\d]))?|\d+岁|[一二三四五六七八九十]+岁/g, blank)
}

/** A room said apart from its staircase: "2号楼4单元，他家是601". */
function roomAfter(rest: string, address: string): string {
  if (!/(?:单元|门|号楼|栋|幢)$/.test(address)) return ''
  return /^[,。\s]*(?:(?:他家|她家|我家|家里?|门牌号?|房号|房间号)(?:是|在|住|:)?|是)\s*(\d{3,4}室?)(?![\d元块年月日号栋单点%-])/.exec(rest)?.[1] ?? ''
}

/** Where it is, word for word as typed: a whole address, or a place of a report ("小区南门", "电梯口"); undefined when nothing is said. */
export function findAddress(text: string): string | undefined {
  const plain = hideOthers(normalize(text))
  const span = locate(plain)
  if (span !== undefined) return text.slice(span.start, span.end).trim() + roomAfter(plain.slice(span.end), plain.slice(span.start, span.end))
  const place = PLACE_ALONE.exec(plain)
  return place === null ? undefined : text.slice(place.index, place.index + place[0].length).replace(/^(?:我们?|咱们?)/, '')
}

export { mergeAddress } from './address-parts.ts'

interface AreaWord {
  word: string
  /** The community's own name, for which a text may use this word. */
  community: string
  isName: boolean
}

const areaIndexes = new WeakMap<readonly Area[], AreaWord[]>()

/** Every word for a community or a grid in it, longest first, a community's own name before streets; built once for each tree. */
function areaIndexOf(areas: readonly Area[]): AreaWord[] {
  const known = areaIndexes.get(areas)
  if (known !== undefined) return known
  const parents = new Map(areas.map((area) => [area.code, area.name]))
  const words = areas
    .filter((area) => area.level === 'community' || area.level === 'grid')
    .flatMap((area) => [area.name, ...area.words].map((word) => ({
      word: normalize(word),
      community: area.level === 'grid' ? (parents.get(area.parent ?? '') ?? area.name) : area.name,
      isName: word === area.name,
    })))
    .filter(({ word }) => word.length >= 2)
    .sort((one, other) => Number(other.isName) - Number(one.isName) || other.word.length - one.word.length)
  areaIndexes.set(areas, words)
  return words
}

/** The community or village that a text names: as the area tree calls it where it is known there, else as said; undefined when none is named. */
export function findCommunity(text: string, areas: readonly Area[]): string | undefined {
  const plain = normalize(text)
  const known = areaIndexOf(areas).find(({ word }) => plain.includes(word))
  return known?.isName === true ? known.community : (communityAsSaid(plain) ?? known?.community)
}

const GENERAL_COMMUNITY = /^(?:和谐|本|各|我们|咱们|老|新|全|整个|这个|哪个|你们|城乡|农村|城市|示范|精品|达标|智慧|平安|文明|试点|先进|每个|所有|一个)?社区$|^(?:我们|咱们|全|本|各|新|老|农|乡|山|每个|[几两一二三]个)村$/

/** A community that the area tree doesn't know, as it was said. */
function communityAsSaid(plain: string): string | undefined {
  for (const match of plain.matchAll(/[\u3400-\u9fff]{1,10}(?:社区(?!志愿|工作|服务|医院|卫生|活动|食堂|里|有|的(?![,。;!?\s]|$|居民|住户)|干部)|村(?!里|民|干|长|口|头|医|支|委会的|的|子|庄)(?=[\d一二三四五六七八九十]{1,3}[组队号]|[,。;!?\s东西南北]|$))/g)) {
    const name = match[0].slice(leadLength(match[0].replace(/社区$|村$/, ''))).replace(/^.*(?:省|市|县|区(?!$)|镇|乡|街道)(?=[\u3400-\u9fff]{2,})/, '')
    if (name.length >= (name.endsWith('村') ? 3 : 4) && name.length <= 8 && !GENERAL_COMMUNITY.test(name)) return name
  }
  return undefined
}
