import { normalize } from '../normalize.ts'
import { isBankCard, isIdNumber } from './id-numbers.ts'
import { LONGEST_READ, lookAhead, lookBack } from './times/look-back.ts'
import { readSpokenDigits } from './numbers.ts'

export interface FoundPhone {
  /** Digits only, without the country code. */
  phone: string
  /** Where it stands in the text, its extension not included. */
  start: number
  end: number
  /** For the switchboard, where one is said ("转801"). */
  extension?: string
}

interface DigitGroup {
  digits: string
  start: number
  end: number
}

const MOBILE = /^1[3-9]\d{9}$/
const LANDLINE = /^(?:(?:010|02[0-57-9])\d{8}|0[3-9]\d{2}[2-9]\d{6,7})$/
const SERVICE_NUMBER = /^[48]00\d{7}$/
const LOCAL_NUMBER = /^[2-9]\d{6,7}$/
const LONGEST_NUMBER = 15
/** One number is said in at most so many groups: "1 3 8 0 0 1 3 8 0 0 1". */
const MOST_GROUPS = 12

const PHONE_WORD = /(?:电话|手机|座机|固话|联系方式|联系号码|号码|手机号|打|拨|tel|phone)(?:号码?|是|为|打|:|=|\(|我的|我家的?|,|\s)*$/
const OTHER_NUMBER_WORD = /(?:身份证|证件|银行卡|信用卡|卡|账|帐|户|订单|运单|快递|工单|流水|编|护照|车牌|学|单)号?码?(?:是|为|:|#|\s)*$/
const CARD_WORD = /(?:身份证|银行卡|信用卡|护照)[^,。;电手]{0,6}$/
const RUN = /[+(]?[\d零〇一二三四五六七八九幺妖腰两洞拐勾](?:[-\s.·_()—–+,、]{0,3}[\d零〇一二三四五六七八九幺妖腰两洞拐勾])*/g
const COUNTRY = /^(?:0086|86)(?=1[3-9]\d{9}$|0\d{9,11}$|10\d{8}$|[2-9]\d{9,10}$)/
const EXTENSION = /^(?:转|分机|内线|-{2}|#)号?[\s:]{0,2}(\d{1,5})(?!\d)/

/** The phone that a string of digits is, without its country code; undefined when it is none. */
function asPhone(digits: string): string | undefined {
  if (digits.length > LONGEST_NUMBER || digits.length < 10) return undefined
  const bare = digits.replace(COUNTRY, '')
  if (MOBILE.test(bare) || LANDLINE.test(bare) || SERVICE_NUMBER.test(bare)) return bare
  // "+86 457 2123456": the zero of the area code is left out abroad.
  if (bare !== digits && LANDLINE.test(`0${bare}`)) return `0${bare}`
  return undefined
}

function splitGroups(run: string, offset: number): DigitGroup[] {
  return Array.from(run.matchAll(/\d+|[零〇一二三四五六七八九幺妖腰两洞拐勾]+/g), (match) => ({
    digits: readSpokenDigits(match[0]),
    start: offset + match.index,
    end: offset + match.index + match[0].length,
  }))
}

const joinGroups = (groups: readonly DigitGroup[]): string => groups.map((group) => group.digits).join('')

/** The phone that begins with group `first`, in as few groups as make one; none when it would swallow a group that is one by itself. */
function phoneFrom(groups: readonly DigitGroup[], first: number): { phone: string; width: number } | undefined {
  let digits = ''
  for (let width = 1; width <= MOST_GROUPS; width += 1) {
    const group = groups[first + width - 1]
    if (group === undefined || digits.length + group.digits.length > LONGEST_NUMBER) return undefined
    if (width > 1 && asPhone(group.digits) !== undefined) return undefined
    digits += group.digits
    const phone = asPhone(digits)
    if (phone !== undefined) return { phone, width }
  }
  return undefined
}

function findInGroups(groups: readonly DigitGroup[]): FoundPhone[] {
  const found: FoundPhone[] = []
  for (let first = 0; first < groups.length; ) {
    const read = phoneFrom(groups, first)
    const [head, tail] = [groups[first], groups[first + (read?.width ?? 1) - 1]]
    if (read !== undefined && head !== undefined && tail !== undefined) found.push({ phone: read.phone, start: head.start, end: tail.end })
    first += read?.width ?? 1
  }
  return found
}

function findLocal(groups: readonly DigitGroup[]): FoundPhone[] {
  const [first, last] = [groups[0], groups.at(-1)]
  if (first === undefined || last === undefined || groups.length > MOST_GROUPS) return []
  const digits = joinGroups(groups)
  return LOCAL_NUMBER.test(digits) ? [{ phone: digits, start: first.start, end: last.end }] : []
}

/** A dozen numbers, one behind the other; what goes on longer than that is none. */
const LONGEST_RUN = 200

function findInRun(text: string, run: string, start: number): FoundPhone[] {
  const before = lookBack(text, start)
  const after = lookAhead(text, start + run.length, 2)
  const isAfterPhoneWord = PHONE_WORD.test(before)
  if (/[a-z@_]-?$/.test(before) && !isAfterPhoneWord) return []
  if (after.startsWith('@') || /^x(?![a-z])/.test(after)) return []
  const groups = splitGroups(run.slice(0, LONGEST_RUN), start)
  if (groups.length > 1 && groups.length <= 2 * MOST_GROUPS) {
    const digits = joinGroups(groups)
    if (isIdNumber(digits) || isBankCard(digits)) return []
  }
  if ((OTHER_NUMBER_WORD.test(before) || CARD_WORD.test(before)) && !isAfterPhoneWord) return []
  const found = findInGroups(groups)
  return found.length === 0 && isAfterPhoneWord ? findLocal(groups) : found
}

function withExtension(plain: string, found: FoundPhone): FoundPhone {
  const extension = EXTENSION.exec(lookAhead(plain, found.end))?.[1]
  return extension === undefined || found.phone.startsWith('1') ? found : { ...found, extension }
}

/**
 * Every phone number in a text (of a long one, in its head) with its place: mobile, landline with area code, local ones after 电话; said or written.
 * Identity, bank card, order and request numbers, dates and prices are none.
 */
export function findPhones(text: string): FoundPhone[] {
  const plain = normalize(text.slice(0, LONGEST_READ))
  return Array.from(plain.matchAll(RUN)).flatMap((match) => (match[0].length < 7 ? [] : findInRun(plain, match[0], match.index))).map((found) => withExtension(plain, found))
}

const LONGEST_ANSWER = 60
const EXTENSION_AT_END = /(?:转|分机|内线|-{2}|#)号?[\s:]*\d{1,5}(?:分机)?[。.\s]*$/
const BEFORE_LOCAL = /^(?:我的?|家里?的?|是|打|座机|固话|电话|就|留)*[\s,:]*/
const AFTER_LOCAL = /(?:吧|就行|都行|可以|[。.,!\s])+$/

/** The phone that a span or an answer to "your phone?" is or holds, digits only: there a local landline of 7 or 8 digits needs no 电话 before it. undefined when it holds none. */
export function readPhone(said: string): string | undefined {
  const [found] = findPhones(said)
  if (found !== undefined) return found.phone
  if (said.length > LONGEST_ANSWER) return undefined
  const plain = normalize(said).trim().replace(EXTENSION_AT_END, '')
  const digits = readSpokenDigits(plain.replace(BEFORE_LOCAL, '').replace(AFTER_LOCAL, '')).replace(/[-\s—–.]/g, '')
  return LOCAL_NUMBER.test(digits) ? digits : undefined
}

/** What is wrong with an answer to "your phone?", in one sentence with an example; undefined when a phone is in it. */
export function explainPhoneFault(text: string): string | undefined {
  if (readPhone(text) !== undefined) return undefined
  const digits = readSpokenDigits(normalize(text.slice(0, LONGEST_READ))).replace(/\D/g, '')
  if (digits.length === 0) return '没有看到电话号码。请写手机号，比如 13800138001。'
  if (digits.length >= 15 || isIdNumber(digits)) return '这像是证件号或卡号，请不要发。请写手机号，比如 13800138001。'
  if (digits.length > 11) return `电话号码多了几位（您写了 ${digits.length} 位，手机号是 11 位）。请再写一次，比如 13800138001。`
  if (digits.length < 11) return `电话号码少了几位（您写了 ${digits.length} 位，手机号是 11 位）。请再写一次，比如 13800138001；座机请带区号，比如 0457-2123456。`
  return '这个号码好像不对，手机号是 1 开头的 11 位数字。请再看一下，比如 13800138001。'
}
