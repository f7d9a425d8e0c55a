import { normalize } from '../normalize.ts'
import { readSpokenDigits } from '../values/numbers.ts'
import { findPhones } from '../values/phones.ts'
import { lookBack } from '../values/times/look-back.ts'
import { isDeniedAfter, putsRight, type ValueChange } from './what-is-changed.ts'

const OF_PHONE = /电话|手机|号码|(?:新|换|留的?)号|座机/
/** Numbers with last digits that are nobody's telephone. */
const OF_OTHER = /车|牌照|身份证|银行卡|存折|编号|单号|门牌|房号|户号|表号/
const LAST = /尾号|尾数|末尾|尾巴|末[一二两三四1-4]位|最?后(?:面|头|边|这|那)?的?(?:[一二两三四1-4俩仨几](?:位|个)(?:数字?|号码?)?|[一二两三四1-4俩仨几](?:数字?|号码?))/
/** From now on they are reached there. */
const FROM_NOW_ON = /以后|今后|往后|现在用|新的?[号电手]|打这个|[打拨找]这|联系这|记这|[打找]我|停机|打不通|不用了/
const NO_MORE = /[留报写](?:的|下的)?(?:那|这)?个?(?:号码?|电话|手机)?[^,。]{0,3}(?:停机|作废|打不通|不用了|丢了)|(?:手机|电话|号码?)[^,。]{0,3}(?:停机|作废|不用了|丢了|换了)/
const LAST_DIGITS = /(?<!\d)\d{1,4}(?!\d)/g
const MOBILE_LENGTH = 11

/** A text with its spoken digits as digits, but for the numbers that only count: 最后两位. */
const digitsOf = (plain: string): string => readSpokenDigits(plain.replace(/[一二两三四](?=位|个)/g, '#'))

interface Tail {
  digits: string
  isDenied: boolean
}

/** "末尾是80不是08", "尾号三四二六": the known number with its last digits replaced. */
function readTail(plain: string, known: string, isCorrection: boolean): ValueChange {
  const at = plain.search(LAST)
  if (at === -1 || OF_OTHER.test(plain)) return undefined
  const digits = digitsOf(plain)
  const word = LAST.exec(plain)?.[0] ?? ''
  const tails = Array.from(digits.slice(at + word.length).matchAll(LAST_DIGITS), (match): Tail => {
    const from = at + word.length + match.index
    return { digits: match[0], isDenied: isDeniedAfter(lookBack(plain, from)) || known.endsWith(match[0]) }
  })
  const told = [...new Set(tails.filter(({ isDenied }) => !isDenied).map((tail) => tail.digits))]
  const [tail] = told
  const isContrast = tails.some(({ isDenied }) => isDenied)
  if (!OF_PHONE.test(plain) && !word.startsWith('尾号') && !isContrast) return undefined
  if (tail === undefined || told.length > 1 || known.length !== MOBILE_LENGTH) return tails.length > 0 && tail === undefined ? undefined : 'unread'
  const isPutRight = isCorrection || isContrast || putsRight(plain) || /改/.test(plain)
  return { value: known.slice(0, -tail.length) + tail, isSure: isPutRight && tail.length > 1 }
}

const SAYS_WRONG = /(?:电话|手机号|号码)(?:号码?)?[^,。;!?]{0,6}(?:错|反了|岔|串|混|不对|停机|换了|改了|少[写打]|多[写打])|(?:错|反)了?(?:我的?)?(?:电话|手机号|号码)/

/**
 * What a text makes of the telephone that stands in a request: a whole other number of the speaker's, or other last digits.
 * @param own the speaker's number, as far as the text says one
 */
export function readPhoneChange(text: string, { known, own, isCorrection }: { known: string; own: string | undefined; isCorrection: boolean }): ValueChange {
  const plain = normalize(text)
  const others = findPhones(text).filter(({ phone, start }) => phone !== known && !isDeniedAfter(lookBack(plain, start)))
  const said = others.find(({ phone }) => phone === own)
  if (said !== undefined) return { value: said.phone, isSure: known === '' || putsRight(plain) || FROM_NOW_ON.test(plain) }
  const [only] = others
  // Nobody else is reached in place of a number that is not in use any more.
  if (only !== undefined && others.length === 1 && NO_MORE.test(plain)) return { value: only.phone, isSure: true }
  if (others.length > 0) return undefined
  return readTail(plain, known, isCorrection) ?? (SAYS_WRONG.test(plain) && findPhones(text).length === 0 ? 'unread' : undefined)
}
