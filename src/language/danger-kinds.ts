import type { Danger } from '../domain/moves.ts'

/** The kind of danger by its words, the most particular first. */
const KINDS: readonly [Danger, RegExp][] = [
  ['carbon_monoxide', /煤烟|一氧化碳|(?:煤气|燃气|炭|炉).{0,8}中毒/],
  ['electric', /触电|过电|电[着倒]|(?:高压|电)(?:线|缆|杆).*(?:断|掉|落|垂|耷拉|倒)|漏电/],
  ['burn', /烫(?:着|到|伤)|烧伤/],
  ['gas', /煤气|燃气|天然气|瓦斯|液化气/],
  ['collapse', /塌|垮/],
  ['fire', /火|烟|烧|爆炸|119/],
  ['poisoning', /(?:喝|吃|吞).*药|药.*(?:吃|喝|吞)|中毒|百草枯/],
  ['water', /溺|落水|掉.*(?:河|江|冰|水|井)/],
  ['fall', /摔|骨折|坠/],
  ['medical', /晕|昏|倒地|倒了|没气|喘不|心脏|心梗|中风|抽搐|流血|出血|急救|受伤|噎|120/],
  ['suicide', /跳楼|往下跳|要跳|窗台|寻短见|自杀|不想活|轻生|割腕/],
  ['missing', /走丢|走失|失踪|找不[到着]|没回来|没回家|联系不上|拐/],
  ['intruder', /偷|贼|撬/],
  ['violence', /打人|打架|砍|刀|抢|绑|强奸|家暴|打我|威胁|跟踪|110/],
  ['trapped', /电梯|[困卡]/],
  ['traffic', /车祸|撞/],
  ['animal', /[狗蛇].*咬|咬/],
]

/** Which danger a text that tells of one is about. */
export const findDanger = (text: string): Danger => KINDS.find(([, words]) => words.test(text))?.[0] ?? 'other'
