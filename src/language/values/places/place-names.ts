import { createWordTable } from '../../word-table.ts'

const list = (...lines: readonly string[]): string[] => lines.flatMap((words) => words.split(' '))

/** Names that hold a word which otherwise leads in: 和 of 和平. */
const KEPT = list('和平 和谐 和睦 和兴 和家 人和 家和 来福 来安 住宅 在水 到贺 是非 他山 有为 在望 报恩 帮扶 我爱 给水')
const keptAt = createWordTable(KEPT)

/** Words that announce a place wherever they stand. */
const CUES = list(
  '家住 家住在 住在 住址 住的 住的是 现住 居住 居住在 地址 地址改成 地址改为 地址是 地址在 地点 地点是 地点在 位置 位置是 位置在 位于 坐落 发生在 就在 是在 在',
  '住 我们 我家 咱们 咱家 我 咱 你们 他们 他家 她家 这里 这儿 那里 那儿 今天 昨天 明天 后天 前天 昨晚 今晚 今早 早上 上午 中午 下午 晚上 刚才 现在 反映',
  '举报 投诉 报修 报告 您好 你好 喂 请问 哎 电话 姓名 : 改成 改为 换成',
)
const cueAt = createWordTable(CUES)

/** Words that only lead in before the first part of a place. */
const LEADS = list('到 来 去 了 是 有 把 和 跟 给 帮 请 让 从 往 离 你 他 她 这个 那个 这 那 还 就 都 也 要 想 说 叫 不 没 坏 关于 建议 希望 当 做 为 加入 参加 报名 成为 愿意')
const leadAt = createWordTable(LEADS)
/** They lead in only before some words: 得去, 上医院, 的 before more. */
const LEAD_BEFORE = /得(?=[去到上来回])|[得去]?上(?=医院|学校|超市|公园|市场|幼儿园)|的(?=.)/y

const lastEnd = (text: string, from: number, lengthAt: (at: number) => number): number => {
  let end = from
  for (let at = from; at < text.length; at += 1) {
    const length = lengthAt(at)
    if (length > 0) end = at + length
  }
  return end
}

/** 和 joins only what stands on both sides of it: at the head of a clause, or behind what leads in, a name begins with it (和平大街). */
const JOINS = new Set(['和', '跟', '与'])

/**
 * How much of a short text stands before the name of a place in it: "我家住在幸福小区" -> 4.
 * @param isHead whether a clause begins with it
 */
export function leadLength(text: string, isHead = false): number {
  const masked = Array.from({ length: text.length }, () => false)
  for (let at = 0; at < text.length; at += 1) {
    const kept = keptAt(text, at)
    if (kept !== undefined) masked.fill(true, at, at + kept.length)
  }
  const unless = (at: number, length: number | undefined): number => (masked[at] === true ? 0 : (length ?? 0))
  const afterCue = lastEnd(text, 0, (at) => unless(at, cueAt(text, at)?.length))
  if ((afterCue > 0 || isHead) && JOINS.has(text.charAt(afterCue))) masked[afterCue] = true
  return lastEnd(text, afterCue, (at) => {
    LEAD_BEFORE.lastIndex = at
    return Math.max(unless(at, leadAt(text, at)?.length), unless(at, LEAD_BEFORE.exec(text)?.[0].length))
  })
}

/** Names that are words of their own, no particular place. */
const NOT_PLACES: ReadonlySet<string> = new Set(list(
  '人家 老人家 老老人家 别人家 女人家 男人家 小区 社区 村 路 街 广场 市场 学校 医院 超市 公园 城市 全市 本市 农村 城乡 乡镇 县区 街道 居委会 中心 服务中心',
  '小区里 下乡 上街 逛街 走路 马路 公路 道路 修路 一路 半路 铁路 水路 电路 线路 网路 思路 出路 同路 各社区 和谐社区 本社区 智慧社区 我们社区 老旧小区 旧小区',
  '新小区 整个小区 全小区 外小区 市区 山区 林区 地区 辖区 片区 各级市 中学 小学 幼儿园 车站 国际 门市 全国 全省',
))
export const isNoPlace = (text: string): boolean => NOT_PLACES.has(text)

// What happens at a place, or links two places, is not part of a place's name.
const NOT_IN_NAMES = /[漏坏堵停灯电水修没不了在到有是和跟与的被把给请帮我你他这那住来去说丢破断裂响吵脏臭满倒缺影报反投麻烦想要]|单元门|楼道|电梯|垃圾|井盖|管道|师傅|志愿|联系/
export const canBeInName = (text: string): boolean => !NOT_IN_NAMES.test(text)

const PLACES = list('小区 院 院子 社区 楼 单元 村 大门 学校 菜市场 超市 幼儿园 药店 饭店 诊所 食堂 工地 锅炉房 医院 车站 公园 广场 活动室 健身广场 文化广场 停车场 地下车库 车库 车棚')
const placeAt = createWordTable(PLACES)
const SPOTS = list('门口 里 里面 广场 门前 后面 前面 旁边 对面 附近 路口 停车场 凉亭 篮球场 活动室 花坛 东头 西头 村口 入口 出口')
const spotAt = createWordTable(SPOTS)
const GATE = /[东西南北正后前侧大]{1,2}门[口外]?/y
const ALONE = list('村口 村头 桥头 十字路口 电梯 电梯口 电梯间 电梯里 楼梯口 楼梯间 楼道 楼道里 楼道口 楼道上 单元门口 车库 地下车库 地下室 停车场 小广场 天台 楼顶 凉亭 篮球场 活动室 菜市场 水塔 河边 垃圾站 垃圾点 垃圾房')
const aloneAt = createWordTable(ALONE)
const OWN_GATE = /(?:[东西南北正后侧]|大)门[口外]/y
/** 朝阳路口, at the beginning or after a word that leads to a place. */
const CROSSING = /(?<=^|[,。;\s在到从])(?![这那哪每各十小修岔半])[\u3400-\u9fff]{2,4}[路街巷]口/y

const lengthAt = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

/** How long the place is that is named at a position without being an address: "小区南门", "电梯口", "广场"; 0 when none is. */
export function spotLengthAt(text: string, at: number): number {
  const crossing = lengthAt(CROSSING, text, at)
  if (crossing > 0) return crossing
  const place = placeAt(text, at)
  if (place !== undefined) {
    const from = at + place.length + (text.startsWith('的', at + place.length) ? 1 : 0)
    const spot = Math.max(spotAt(text, from)?.length ?? 0, lengthAt(GATE, text, from))
    if (spot > 0) return from + spot - at
  }
  const gate = lengthAt(OWN_GATE, text, at)
  if (gate > 0) return gate
  const word = aloneAt(text, at)
  if (word === '电梯' || (word === '楼道' && !/^(?:[,。有被堆没]|$)/.test(text.slice(at + 2, at + 3)))) return 0
  if (word !== undefined) return word.length
  if (text.startsWith('广场', at) && !text.startsWith('广场舞', at)) return 2
  return text.startsWith('门口', at) && text.charAt(at - 1) !== '家' ? 2 : 0
}
