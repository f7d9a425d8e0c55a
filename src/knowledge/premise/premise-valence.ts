import { holdsAny } from '../../language/patterns.ts'
import { pairsOf } from './premise-claim.ts'
import type { Claim, Spoken } from './premise-claim.ts'

/** Only look like denials, or say which ones are meant. */
const NO_DENIAL: readonly RegExp[] = [/([\u4e00-\u9fff])不\1|是不是|不是|不(?:只|单|过|仅|但|断|同|错|久|止|光|少于|低于|超过|足|够|管是|到位|至于|满意)|没(?:说|记|搞|弄|看|听)?错|没准|可不中|一般不|差不多|无(?:纸|假日|障碍|偿)/g, /(?:^|[,，。对把])(?:没有?|未)[^,，。]{1,8}的[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{2})/g]
const DENIAL = /不(?:再|准|许|让|得|能|用|必|需要?|给|管|可以|该|应|归|允许|支持|鼓励|在|行)?|没有?(?:人)?|未|别(?!的|人)|停办|停止|取消|撤销|禁止|拒绝|解散/g
/** What nobody wants of a rule: it costs, is forced, is decided behind closed doors, gets less or harder. */
const BURDEN: readonly RegExp[] = [
  /强制|强迫|硬性|非得|收费|交钱|掏钱|收钱|自费|自己(?:掏|出|交|缴|花)|集资|自筹|分散|缩减|减少|削减|压缩|砍掉|降到|降低|越来越(?:高|难|少|慢|贵|麻烦)|关门|休息|手写|跑[^,。]{0,3}[趟次回]|来回跑|多跑|白跑|折腾|邪教|非法|违法|犯罪|赌博|诈骗/,
  /麻烦|复杂|繁琐|随便|随意|任命|指定|内定|指派|靠关系|托人|走后门|保密|上交|限制|命令|罚款|处罚|克扣|卖|出售|转让|挪用|推给|甩给|转给/,
]
/** A sentence with one of these limits or denies something itself: what is meant by the question must show otherwise. */
const LIMITS = /不得|不准|不许|严禁|禁止|不予|不能|不再|免(?!费)|不纳|避免|防止|抵御|打击|未(?!成年|来)|无纸|无假日|压缩|减少|降低|严格|限定|控制|取消|除[^,，。;；]*外/

/** Whether what is claimed is something bad or denied; a bad thing denied is good. */
export function isNegative(text: string): boolean {
  const said = NO_DENIAL.reduce((left, pattern) => left.replaceAll(pattern, '，'), text)
  return said.split(/[,，。]/).some((part) => {
    const denials = part.match(DENIAL)?.length ?? 0
    const burdens = holdsAny(part, BURDEN) ? 1 : 0
    return (denials + burdens) % 2 === 1
  })
}

/** Whether a text denies, forbids or limits anything. */
export const setsLimits = (text: string): boolean => LIMITS.test(text)

/**
 * Whether another part of the claim, that neither denies nor narrows, says what the sentence says: "经费列入财政，不用社区自筹" denies only what is
 * not so.
 */
export function hasConfirmedPart(claim: Claim, sentence: Spoken): boolean {
  const parts = claim.text.split(/[,，]/)
  const own = pairsOf(sentence.text)
  return (
    parts.length > 1 &&
    parts.some((part) => {
      const said = isNegative(part) ? [] : [...pairsOf(part.replaceAll('社区', ','))]
      return said.length > 0 && said.filter((pair) => own.has(pair)).length >= Math.max(1, said.length * LEAST_CONFIRMED)
    })
  )
}

const LEAST_CONFIRMED = 0.3

/** Rules promise and encourage: a claim that denies or burdens, about a sentence that does neither, is not what is written there. */
export function opposesValence(claim: Claim, sentences: readonly Spoken[]): boolean {
  return claim.isFirm && isNegative(claim.text) && sentences.length > 0 && sentences.every(({ text }) => !LIMITS.test(text) && !holdsAny(text, BURDEN))
}
