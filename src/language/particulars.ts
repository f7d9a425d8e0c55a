import { findAddress } from './values/addresses.ts'
import { findName } from './names.ts'
import { isNameLike } from './values/names.ts'
import { normalize } from './normalize.ts'
import { findPhones } from './values/phones.ts'

/** The longest message that can be nothing but that. */
const LONGEST_PARTICULARS = 200

/** Whether a message is nothing but somebody's name, telephone or address: it asks nothing, whatever clause it may resemble. */
export function isBareParticulars(text: string): boolean {
  if (text.length > LONGEST_PARTICULARS) return false
  const plain = normalize(text).trim()
  if (/[?吗呢么]|什么|怎么|多少|几/.test(plain)) return false
  if (isNameLike(plain) && (plain.length <= 4 || plain.includes('·'))) return true
  const address = findAddress(text)
  const name = /叫|我是|姓名|名字|\d{7}/.test(plain) ? findName(text) : undefined
  if (address === undefined && name === undefined && findPhones(text).length === 0) return false
  let left = plain.replace(/[\d\s+-]{7,}/g, '')
  for (const said of [address, name]) if (said !== undefined) left = left.replace(normalize(said), '')
  return left.replace(/我?(?:叫|是|住|在)|姓名|名字|联系|电话|手机|号码|地址|[\s,.;:，。；：]/g, '').length <= 1
}

/** Of a longer message the head is kept as the question. */
const LONGEST_QUESTION = 2_000

/** A question as staff may keep it: whoever asked, without telephone, name or address of anybody. */
export function withoutParticulars(question: string): string {
  const text = question.slice(0, LONGEST_QUESTION)
  const address = findAddress(text)
  const name = /叫|我是|姓名|名字|\d{7}/.test(text) ? findName(text) : undefined
  let kept = text.replace(/(?:电话|手机|号码|联系方式)?(?:是|[:：])?\s{0,4}[+\d][\d\s-]{5,40}\d/g, '')
  for (const said of [name, address]) if (said !== undefined) kept = kept.replaceAll(said, '')
  return kept.replace(/^(?:我叫|我是|住在?|[,，。、\s])+/g, '').replace(/[,，、\s]{2,}/g, '，').trim()
}
