import type { Slots } from '../domain/messages/understanding.ts'
import { isNameLike } from './values/names.ts'
import { normalize } from './normalize.ts'
import { findPhones } from './values/phones.ts'

/** Small things that are said to a form and are no value of it. */

const ASKS_FOR_NOTICE = /^(?:我?(?:要|想)?(?:先|再)?(?:看|查看|瞅)(?:看|一看|一?下)?)?(?:完整|详细)?的?(?:说明|隐私(?:说明|政策|条款)|条款)(?:吧|呗)?[。.!！]*$/
export const asksForNotice = (text: string): boolean => ASKS_FOR_NOTICE.test(normalize(text).trim())

const NAMELESS = /^(?:我?(?:要|想)?)(?:不留(?:姓?名|姓名电话|名字)|匿名)(?:也|照样|就)?(?:要?报(?:修|一?下)?|上报|反映)?(?:吧|呗)?[。.!！]*$/
/** Whether somebody wants to report without saying who they are. */
export const wantsNameless = (text: string): boolean => NAMELESS.test(normalize(text).trim())

const REFUSES_NAME = /(?:不|别)(?:想|愿意?|方便)?(?:留|写|给|说|填|记)(?:我的?)?(?:姓?名字?|电话|手机号?|个人信息|信息)|匿名/
/** "垃圾没人收，我不想留名字": a trouble, and that it is told without a name. */
export const refusesName = (text: string): boolean => REFUSES_NAME.test(normalize(text))

const SAYS_MORE = /也|还|又|再|加上|添|另外|除了/
const SAYS_INSTEAD = /改|换|不再|不行|不能|不会|去掉|删/
/** Whether what is said of oneself comes to what was said before: 礼拜四也行了, 还会量血压. */
export const saysMore = (text: string): boolean => SAYS_MORE.test(text) && !SAYS_INSTEAD.test(text)

const BEFORE = '(?:那个|刚才|刚刚|原来|上次|上回|以前|之前|前面|老)的?'
const THEIRS = '(?:地址|地方|住址|电话|手机|姓名|名字|信息|资料|我)'
const ENDS = '(?:吧|啊|呀)?(?=$|[,。;!])'
const SAME_CONTACT = [
  new RegExp(`(?:还是|还用|就用|跟|和|按)${BEFORE}${THEIRS}(?:一样)?${ENDS}`),
  new RegExp(`还是(?:我|老地方)${ENDS}|^同上$`),
  new RegExp(`(?:跟|和)${BEFORE}一样|(?:地址|电话|姓名|信息)(?:都)?(?:不变|没变|一样)`),
]
const LONGEST_SAME = 24
/** Whether somebody says that name, telephone or place are those of before. */
const saysSameContact = (text: string): boolean => text.length <= LONGEST_SAME && SAME_CONTACT.some((words) => words.test(normalize(text))) && findPhones(text).length === 0

const MORE = /^[\s,，。]*(?:另外|还有|再就是|对了)(?:就是|一?[个件](?:事|问题))?[,，:：\s]*(?=.{3})/
/** What follows words that lead in a further matter; undefined where there are none. */
export function afterMore(text: string): string | undefined {
  const lead = MORE.exec(text)?.[0]
  return lead === undefined ? undefined : text.slice(lead.length)
}

const RELATION = '(?:妈妈?|爸爸?|母亲|父亲|奶奶|爷爷|姥姥|姥爷|外婆|外公|婆婆|公公|老伴|老公|老婆|爱人|儿子|女儿|闺女|邻居|对门|楼上|楼下)(?:的?(?:大爷|大妈|大娘|奶奶|爷爷|阿姨|叔叔|老太太|老人))?'
const FOR = new RegExp(`(?:给|替|帮|为)(?:我|俺|咱|我们|我家)?(?:的)?(${RELATION})`)
const OTHER_PHONE = new RegExp(`(?:${RELATION}|他|她)的?(?:电话|手机|号码)(?:号码?)?(?:是|为|[:：])?\\s*$`)
const OWN_PHONE = /(?:我|本人)的?(?:电话|手机|号码)(?:号码?)?(?:是|为|[:：])?\s*$/

/** For whom somebody speaks, and which of two telephones is whose. */
export function readForWhom(text: string): Pick<Slots, 'forWhom' | 'otherPhone' | 'name' | 'phone'> {
  const plain = normalize(text)
  const match = FOR.exec(plain)
  const phones = findPhones(text)
  const own = phones.find(({ start }) => OWN_PHONE.test(plain.slice(0, start)))
  const theirs = phones.find((phone) => phone !== own && OTHER_PHONE.test(plain.slice(0, phone.start)))
  const other = phones.length > 1 ? phones.find((phone) => phone !== (own ?? phones[0]) && phone !== theirs) : undefined
  const phone = own ?? phones.find((one) => one !== theirs)
  const relation = match?.[1]
  const whom = relation === undefined ? undefined : { relation: `我${relation}`, ...nameOf(plain, relation), ...(theirs && { phone: theirs.phone }) }
  return { ...(whom && { forWhom: whom }), ...(theirs && !whom && { otherPhone: theirs.phone }), ...(other && other.phone !== phone?.phone && { otherPhone: other.phone }), ...(own && phone && { phone: phone.phone }) }
}

const AFTER_THEIR_NAME = /^(?:$|[,。;\s]|报|家|住|的|电话|手机|修|今年|\d)/

function nameOf(plain: string, relation: string): { name?: string } {
  const rest = plain.slice(plain.indexOf(relation) + relation.length).replace(/^(?:的?名字)?叫?是?/, '')
  const name = [4, 3, 2].map((length) => rest.slice(0, length)).find((head) => head.length >= 2 && isNameLike(head) && AFTER_THEIR_NAME.test(rest.slice(head.length)))
  return name === undefined ? {} : { name }
}

const CLAUSES = /[^,，。;；!！?？\n]+[,，。;；!！?？\n]*/g

/** The message without the clauses that only say that name, telephone or place are those of before; undefined when there are none, or nothing else. */
export function withoutSameContact(text: string): string | undefined {
  const clauses = text.match(CLAUSES) ?? []
  const kept = clauses.filter((clause) => !saysSameContact(clause))
  return kept.length === 0 || kept.length === clauses.length ? undefined : kept.join('').replace(/[,，;；\s]+$/, '')
}
