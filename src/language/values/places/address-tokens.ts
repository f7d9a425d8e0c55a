import { createWordTable } from '../../word-table.ts'

/** What one part of an address is, from the widest to the narrowest. */
export type AddressPartKind = 'region' | 'road' | 'estate' | 'group' | 'house' | 'dashed' | 'building' | 'unit' | 'floor' | 'room' | 'nearby'

export interface AddressPart {
  kind: AddressPartKind
  start: number
  end: number
}

const N = '(?:\\d{1,4}|[一二三四五六七八九十百零〇两]{1,5})'
const patternAt = (source: string): RegExp => new RegExp(source, 'y')

/** Parts that begin with a number or a letter; at each place the first that fits is taken. */
const NUMBERED: readonly [kind: AddressPartKind, pattern: RegExp][] = [
  // 3-2-501, 3-501, 1-2-301室
  ['dashed', patternAt('(?<![\\d-])[a-z]?\\d{1,2}(?:[-—–]\\d{1,2})?[-—–]\\d{3,4}(?:室|号)?(?![\\d-])')],
  ['dashed', patternAt('(?<![\\d-])\\d{1,3}[-—–]\\d{1,2}[-—–]\\d{1,4}(?:室|号)?(?![\\d-])')],
  ['building', patternAt(`[a-z]?-?${N}(?:#楼?|号楼|号院|号大院|栋楼?|幢楼?|期|区(?!域)|弄)`)],
  // 七座车 has seats: a number counts houses where a part of one, or nothing follows.
  ['building', patternAt(`[a-z]?-?${N}座(?=$|[^\\u3400-\\u9fff]|${N}(?:单元|门|室|层|楼)|楼|单元)`)],
  ['building', patternAt(`[a-z]?-?${N}(?:号(?=${N}(?:单元|门|室|层))|排(?=${N}))`)],
  ['building', patternAt(`(?:[a-z]?-?\\d{1,4}|[a-z])楼(?=\\d|${N}(?:单元|门))`)],
  ['building', patternAt('[a-z甲乙丙丁东西南北](?:栋楼?|座(?!谈)|幢楼?|区(?!域))')],
  ['unit', patternAt(`${N}(?:单元|门洞|门(?=${N}|洞|$|,)|号门|梯)`)],
  ['unit', patternAt('[a-z甲乙丙丁东西南北]单元')],
  ['group', patternAt(`${N}(?:组|队|社|委)(?!长|织|区|会|员)`)],
  ['house', patternAt(`${N}(?:-${N})?号(?!线|晚|早|上午|下午|前|后|码|召|角|称|来|去|那天|当天|之前)(?:院|大院)?(?!楼)`)],
]
/** Only behind another part of an address: alone they are any number. */
const FOLLOWING: readonly [kind: AddressPartKind, pattern: RegExp][] = [
  ['floor', patternAt(`(?:-|负)?${N}(?:层(?!层)|楼(?!道|上|下|顶|梯|长))`)],
  ['floor', patternAt('顶层|顶楼|底层')],
  ['room', patternAt('[a-z]?\\d{2,4}(?:室|号房?|户|房)?(?![\\d年月日号点岁块元个次%:/人分天度位])')],
  ['room', patternAt(`${N}(?:室|户|号房)`)],
  ['room', patternAt('[零〇一二三四五六七八九]{3,4}(?![零〇一二三四五六七八九十年月日号点岁块元个次人分天度位])')],
]
/** A bare number after a road is that of a house. */
const AFTER_ROAD = patternAt('\\d{1,4}(?:-\\d{1,4})?(?![\\d年月日点岁块元个次%:/人分天度位多])')

const matchAt = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

const STARTS_NUMBERED = /[\da-z一二三四五六七八九十百零〇两甲乙丙丁东西南北]/
const STARTS_FOLLOWING = /[\da-z一二三四五六七八九十百零〇两负顶底-]/

function firstThatFits(patterns: readonly [AddressPartKind, RegExp][], text: string, at: number): AddressPart | undefined {
  for (const [kind, pattern] of patterns) {
    const length = matchAt(pattern, text, at)
    if (length > 0) return { kind, start: at, end: at + length }
  }
  return undefined
}

/** The part of an address that begins with a number at a place: "3号楼", "2单元", "三组", "6-3-502". */
export const numberedPartAt = (text: string, at: number): AddressPart | undefined => (STARTS_NUMBERED.test(text.charAt(at)) ? firstThatFits(NUMBERED, text, at) : undefined)

/** A floor or a room, which is told only by the part before it; after a road also the bare number of a house. */
export function followingPartAt(text: string, at: number, before: AddressPartKind): AddressPart | undefined {
  const house = before === 'road' ? matchAt(AFTER_ROAD, text, at) : 0
  if (house > 0) return { kind: 'house', start: at, end: at + house }
  return before !== 'region' && before !== 'road' && STARTS_FOLLOWING.test(text.charAt(at)) ? firstThatFits(FOLLOWING, text, at) : undefined
}

interface Ending {
  kind: AddressPartKind
  /** What may not follow, where the word goes on as another one: 路灯, 村民. */
  notBefore?: readonly string[]
}

const list = (words: string): string[] => words.split(' ')

/** How estates and other grounds with a name end. */
const ESTATES = [
  '小区 花园 家园 新村 公寓 大厦 家属院 家属楼 家属区 宿舍 宿舍楼 大院 新城 名城 花城 山庄',
  '名邸 佳苑 嘉苑 雅苑 苑 华庭 豪庭 庭院 国际 市场 商城 公馆 国际城 府邸 雅居 安居',
  '人家 小镇 新居 楼盘 工业园 工业园区 工业区 园区 产业园 学校 小学 中学 医院 幼儿园 超市 商场',
  '公园 车站 桥头',
].flatMap(list)

const ROAD_ENDS = ['灯', '上', '人', '过', '面', '况', '边', '不', '口', '太', '坑', '很', '都', '又', '被']
const AFTER_ESTATE = ['路', '街', '大街', '志愿', '的志愿', '服务', '大桥']
const COMMUNITY_GOES_ON = ['工', '服', '志', '里', '有', '的', '活', '书', '医', '干', '主', '居委', '网', '矫', '食']
const endings = new Map<string, Ending>([
  ...list('省 自治区 市 地区 自治州 县 盟 镇 林场 农场 屯').map((word): [string, Ending] => [word, { kind: 'region' }]),
  ['旗', { kind: 'region', notBefore: list('街 路 小区 社区 屯 村 镇 乡 大街 家园 花园 新村') }],
  ['区', { kind: 'region', notBefore: list('域 间 别') }],
  ['乡', { kind: 'region', notBefore: list('下 亲 村') }],
  ['街道', { kind: 'region', notBefore: ['办'] }],
  ['社区', { kind: 'region', notBefore: COMMUNITY_GOES_ON }],
  ['村', { kind: 'region', notBefore: list('民 委 里 干 支 医 口 长') }],
  ...ESTATES.map((word): [string, Ending] => [word, { kind: 'estate', notBefore: AFTER_ESTATE }]),
  ['广场', { kind: 'estate', notBefore: ['舞', ...AFTER_ESTATE] }],
  ['中心', { kind: 'estate', notBefore: ['户', ...AFTER_ESTATE] }],
  ...list('大街 大道 胡同 弄堂 里弄').map((word): [string, Ending] => [word, { kind: 'road' }]),
  ['路', { kind: 'road', notBefore: ROAD_ENDS }],
  ['街', { kind: 'road', notBefore: list('坊 道 上 边 里') }],
  ['巷', { kind: 'road', notBefore: list('子 口') }],
])
const endingAt = createWordTable([...endings.keys()])

/** The word that ends the name of a region, an estate or a road at a place: "小区", "大街"; undefined when none does. */
export function nameEndAt(text: string, at: number): AddressPart | undefined {
  const word = endingAt(text, at)
  const ending = word === undefined ? undefined : endings.get(word)
  if (word === undefined || ending === undefined) return undefined
  const end = at + word.length
  if (ending.notBefore?.some((next) => text.startsWith(next, end)) === true) return undefined
  const direction = ending.kind === 'road' && /^[东西南北中]段/.test(text.slice(end, end + 2)) ? 2 : 0
  return { kind: ending.kind, start: at, end: end + direction }
}

const NEARBY_WORDS = [
  '门口 楼下 楼前 楼后 楼顶 楼上 对面 旁边 附近 后身 后面 前面 门前 路口',
  '拐角 拐角处 十字路口 里面 院里 院内 地下车库 停车场 地下室 天台 一楼大厅 单元门 单元门口 小广场',
  '花坛 花坛边 凉亭 车棚 垃圾桶 垃圾桶边 垃圾桶旁 垃圾桶旁边 垃圾桶附近 垃圾点 垃圾点旁 垃圾点旁边 垃圾站 垃圾站旁边',
  '垃圾房 垃圾房旁边 交叉口 交口 交汇处',
].flatMap(list)
const nearbyWordAt = createWordTable(NEARBY_WORDS)
const GATE = patternAt('[东西南北正后前侧大]{1,2}门(?:口|外|岗|那边|旁边?)?')
const SIDE = patternAt('[东西南北][侧边头面]的?')
const NTH_HOUSE = patternAt('(?:[东南西北村屯]{1,2}头)?的?第[一二三四五六七八九十\\d]{1,2}[家户]|[东南西北村屯]{1,2}头的?')

/** What says where beside a place: "南门", "楼下", "东头第二家"; a 的 may lead to it. */
export function nearbyPartAt(text: string, at: number): AddressPart | undefined {
  const from = text.startsWith('的', at) ? at + 1 : at
  const length = Math.max(nearbyWordAt(text, from)?.length ?? 0, matchAt(GATE, text, from), matchAt(NTH_HOUSE, text, from), matchAt(SIDE, text, from))
  const isSquare = text.startsWith('广场', from) && !text.startsWith('广场舞', from)
  const reach = Math.max(length, isSquare ? 2 : 0)
  return reach === 0 ? undefined : { kind: 'nearby', start: at, end: from + reach }
}
