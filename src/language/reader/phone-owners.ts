import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import { normalize } from '../normalize.ts'
import { findPhones, readPhone, type FoundPhone } from '../values/phones.ts'

type Owner = 'phone' | 'guardian_phone' | 'other_phone'

/** What is said of a number right beside it: that it is another's or not to be used, that it is the speaker's, that it follows their name, that it is somebody's else, that somebody else was just spoken of, or nothing. */
type Claim = 'refused' | 'mine' | 'after-own-name' | 'of-another' | 'near-another' | undefined

/** So far before and behind a number something is said of it. */
const NEAR_BEFORE = 14
const NEAR_AFTER = 6

const MINE = /(?:我|本人|咱)(?:自己|本人)?(?:的|这个?|那个?|家)*(?:新)?(?:手机|电话|号码?|短信|微信|座机)?(?:号码?|是|为|:|,|\s|写|打|改成|换成)*$|(?:打|找|记|写|联系|拨|留)我(?:的|这个?|手机|电话|号|自己|,|\s)*$|(?:新的|新号|换成|改成|短信)(?:是|:|,|\s)*$/
const AFTER_OWN_NAME = /甲(?:的|手机|电话|号码?|是|:|,|\s)*$/
const OF_ANOTHER = /(?:[他她它谁乙]|[妈爸爷奶姥儿女孙伴哥姐弟妹叔姨婶夫]|子|师傅|经理|房东|店主|户主|老板|主任|老师|大夫|物业|单位|前台|司机|书记|村长|旧|老|原来|备用)(?:的|那|手机|电话|号码?|座机|短信|是|\(|\s)+$|(?:[他她乙]|(?:介绍|推荐|联系)人:?甲+)(?:的|手机|电话|号)*$/
const NEAR_ANOTHER = /(?:[他她乙]|房东|店主|户主|老板|介绍人|推荐人)[,:\s]*(?:手机|电话|号码?)?[,:\s]*$/
const REFUSED = /^[\s)]*,?(?:作废|停机|不用了|(?:勿|别|不要)[打登扰](?:$|[,。!])|贴|是(?!我的|本人)[^,。]{1,5}的)/

function claimOf(plain: string, phone: FoundPhone, from: number): Claim {
  const before = plain.slice(Math.max(from, phone.start - NEAR_BEFORE), phone.start)
  const clause = before.slice(Math.max(...Array.from('。;!?').map((mark) => before.lastIndexOf(mark))) + 1)
  if (REFUSED.test(plain.slice(phone.end, phone.end + NEAR_AFTER))) return 'refused'
  if (OF_ANOTHER.test(clause)) return 'of-another'
  if (MINE.test(clause)) return 'mine'
  if (AFTER_OWN_NAME.test(clause)) return 'after-own-name'
  return NEAR_ANOTHER.test(clause) ? 'near-another' : undefined
}

/** The speaker's own name, and anybody else's: in 孙丽华 there is no grandchild. */
const OWN_NAME = '甲'
const OTHER_NAME = '乙'
const HIDDEN: Partial<Record<SpanKind, string>> = { name: OWN_NAME, other_name: OTHER_NAME, guardian_name: OTHER_NAME, age: ',', other_age: ',' }

function hideNames(plain: string, spans: readonly Span[]): string {
  let said = plain
  for (const { kind, start, end } of spans) {
    const mark = HIDDEN[kind]
    if (mark !== undefined) said = said.slice(0, start) + mark.repeat(end - start) + said.slice(end)
  }
  return said
}

export interface PhoneOwners {
  own: string | undefined
  guardian: string | undefined
  other: string | undefined
}

/**
 * Whose each telephone number of a message is. Every number is found by its digits; the marks say whose it is, unless what is said right beside it
 * says otherwise ("他的 138…，我的 139…"); the only number that nobody else is named for is the speaker's.
 */
export function phonesByOwner(text: string, spans: readonly Span[]): PhoneOwners {
  const owners: Record<Owner, string[]> = { phone: [], guardian_phone: [], other_phone: [] }
  const found = findPhones(text)
  const isCovered = (span: Span) => found.some(({ start, end }) => span.start < end && start < span.end)
  const said = hideNames(normalize(text), spans)
  let from = 0
  const claims = found.map((phone) => {
    const claim = claimOf(said, phone, from)
    from = phone.end
    return claim
  })
  const isForChild = spans.some(({ kind }) => kind === 'guardian_name')
  // Who gives a name and nobody else's has no guardian.
  const saysOwnName = spans.some(({ kind }) => kind === 'name') && !claims.includes('of-another')
  const mostMine = claims.includes('mine') ? 'mine' : 'after-own-name'
  const anyMine = claims.includes(mostMine)
  found.forEach(({ phone, start, end }, index) => {
    const mark = spans.find((span) => span.start < end && start < span.end && span.kind in owners)?.kind as Owner | undefined
    const isOfOthers = mark === undefined && spans.some((span) => span.kind === 'phone' && isCovered(span))
    const claim = claims[index]
    if (mark === 'guardian_phone' && (isForChild || !(saysOwnName || claim === 'mine'))) owners.guardian_phone.push(phone)
    else if (claim === mostMine) owners.phone.push(phone)
    else if (claim === 'refused' || (claim === 'of-another' && !(found.length === 1 && mark === 'phone')) || (claim === 'near-another' && found.length > 1) || (anyMine && mark === 'phone')) owners.other_phone.push(phone)
    else owners[mark === undefined ? (isOfOthers ? 'other_phone' : 'phone') : mark === 'guardian_phone' ? 'phone' : mark].push(phone)
  })
  for (const span of spans) {
    if (!(span.kind in owners) || isCovered(span)) continue
    const phone = readPhone(text.slice(span.start, span.end))
    if (phone !== undefined) owners[span.kind as Owner].push(phone)
  }
  const hasGuardian = owners.guardian_phone.length > 0 && isForChild
  const rank = (claim: Claim) => (claim === undefined ? 0 : claim === 'near-another' ? 1 : 2)
  const [first = -1] = found.map((_, index) => index).filter((index) => rank(claims[index]) < 2).sort((one, other) => rank(claims[one]) - rank(claims[other]) || one - other)
  if (owners.phone.length === 0 && !hasGuardian && first >= 0) {
    const { phone } = found[first]!
    owners.phone = [phone]
    owners.other_phone = owners.other_phone.filter((other) => other !== phone)
    owners.guardian_phone = owners.guardian_phone.filter((other) => other !== phone)
  }
  const [own, other] = owners.phone
  return { own, guardian: owners.guardian_phone[0], other: owners.other_phone[0] ?? (other === own ? undefined : other) }
}
