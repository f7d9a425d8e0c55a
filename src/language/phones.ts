import { isBankCard, isIdNumber } from './id-numbers.ts'
import { normalize } from './normalize.ts'
import { readSpokenDigits } from './numbers.ts'

export interface FoundPhone {
  /** Digits only, without the country code. */
  phone: string
  /** Where it stands in the text. */
  start: number
  end: number
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
const PHONE_WORD = /(?:电话|手机|座机|固话|联系方式|联系号码|号码|手机号|打|拨|tel|phone)(?:号码?|是|为|打|:|=|\(|我的|我家的?|,|\s)*$/
const OTHER_NUMBER_WORD = /(?:身份证|证件|银行卡|信用卡|卡|账|帐|户|订单|运单|快递|工单|流水|编|护照|车牌|学|单)号?码?(?:是|为|:|#|\s)*$|(?:身份证|银行卡|信用卡|护照)[^,。;电手]{0,6}$/
const RUN = /[+(]?[\d零〇一二三四五六七八九幺妖腰两洞拐勾](?:[-\s.·_()—–+,、]{0,3}[\d零〇一二三四五六七八九幺妖腰两洞拐勾])*/g

const withoutCountry = (digits: string): string => digits.replace(/^(?:0086|86)(?=1[3-9]\d{9}$|0\d{9,11}$|10\d{8}$|[2-9]\d{9,10}$)/, '')

/** The phone that a string of digits is, without its country code; undefined when it is none. */
function asPhone(digits: string): string | undefined {
  const bare = withoutCountry(digits)
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

const joinGroups = (groups: DigitGroup[]): string => groups.map((group) => group.digits).join('')

/** Fewest groups first, so that "501 13800138001" is a room and a phone and not one long number. */
function findInGroups(groups: DigitGroup[]): FoundPhone[] {
  for (let width = 1; width <= Math.min(groups.length, 12); width += 1) {
    for (let first = 0; first + width <= groups.length; first += 1) {
      const taken = groups.slice(first, first + width)
      const phone = asPhone(joinGroups(taken))
      const [head] = taken
      const tail = taken.at(-1)
      if (phone === undefined || head === undefined || tail === undefined) continue
      const found = { phone, start: head.start, end: tail.end }
      return [...findInGroups(groups.slice(0, first)), found, ...findInGroups(groups.slice(first + width))]
    }
  }
  return []
}

function findLocal(groups: DigitGroup[]): FoundPhone[] {
  const [first, last] = [groups[0], groups.at(-1)]
  const digits = joinGroups(groups)
  return first !== undefined && last !== undefined && LOCAL_NUMBER.test(digits) ? [{ phone: digits, start: first.start, end: last.end }] : []
}

function findInRun(text: string, run: string, start: number): FoundPhone[] {
  const before = text.slice(Math.max(0, start - 12), start)
  const after = text.slice(start + run.length, start + run.length + 1)
  if (/[a-z@_]-?$/.test(before) && !PHONE_WORD.test(before)) return []
  if (after === '@' || /^x(?![a-z])/.test(text.slice(start + run.length))) return []
  const groups = splitGroups(run, start)
  const digits = joinGroups(groups)
  if (groups.length > 1 && (isIdNumber(digits) || isBankCard(digits))) return []
  if (OTHER_NUMBER_WORD.test(before) && !PHONE_WORD.test(before)) return []
  const found = findInGroups(groups)
  return found.length === 0 && PHONE_WORD.test(before) ? findLocal(groups) : found
}

/** Every phone number in a text with its place: mobile, landline with area code, local ones after 电话; said or written. */
export function locatePhones(text: string): FoundPhone[] {
  const plain = normalize(text)
  return Array.from(plain.matchAll(RUN)).flatMap((match) => (match[0].length < 7 ? [] : findInRun(plain, match[0], match.index)))
}

/** The phone numbers in a text, digits only, in the order said; identity, bank card and order numbers are not taken. */
export function findPhones(text: string): string[] {
  return [...new Set(locatePhones(text).map((found) => found.phone))]
}

// An extension is for the switchboard; the number is told without it.
const EXTENSION = /(?:转|分机|内线|-{2}|#)号?[\s:]*\d{1,5}(?:分机)?[。.\s]*$/

/** The phone in an answer to "your phone?": there a local landline of 7 or 8 digits is one without 电话 before it; undefined when it holds none. */
export function parsePhoneAnswer(text: string): string | undefined {
  const [found] = findPhones(text)
  if (found !== undefined) return found
  const plain = normalize(text).trim().replace(EXTENSION, '')
  const said = readSpokenDigits(plain.replace(/^(?:我的?|家里?的?|是|打|座机|固话|电话|就|留)*[\s,:]*/, '').replace(/(?:吧|就行|都行|可以|[。.,!\s])+$/, ''))
  const digits = said.replace(/[-\s—–.]/g, '')
  return LOCAL_NUMBER.test(digits) ? digits : undefined
}

/** Whether the whole text is one phone number, however it is written. */
export function isValidPhone(text: string): boolean {
  if (LOCAL_NUMBER.test(text.trim().replace(/[-\s]/g, ''))) return true
  const [only, second] = locatePhones(text.trim())
  return only !== undefined && second === undefined && /^[+\d\s().·\-—–_,、]*$/.test(readSpokenDigits(normalize(text)))
}

/** What is wrong with an answer to "your phone?", in one sentence with an example; undefined when a phone is in it. */
export function explainPhoneFault(text: string): string | undefined {
  if (parsePhoneAnswer(text) !== undefined) return undefined
  const plain = normalize(text)
  const digits = readSpokenDigits(plain).replace(/\D/g, '')
  if (digits.length === 0) return '没有看到电话号码。请写手机号，比如 13800138001。'
  if (isIdNumber(digits) || digits.length >= 15) return '这像是证件号或卡号，请不要发。请写手机号，比如 13800138001。'
  if (digits.length > 11) return `电话号码多了几位（您写了 ${digits.length} 位，手机号是 11 位）。请再写一次，比如 13800138001。`
  if (digits.length < 11) return `电话号码少了几位（您写了 ${digits.length} 位，手机号是 11 位）。请再写一次，比如 13800138001；座机请带区号，比如 0457-2123456。`
  return '这个号码好像不对，手机号是 1 开头的 11 位数字。请再看一下，比如 13800138001。'
}
