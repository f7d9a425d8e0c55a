import { cleanForEcho } from '../language/clean.ts'
import { isNameLike, readName } from '../language/values/names.ts'
import { explainPhoneFault, readPhone } from '../language/values/phones.ts'
import { asText, type FormField } from './form.ts'

const always = () => true

export function nameField(options: Partial<FormField> = {}): FormField {
  return {
    name: 'name',
    asked: 'name',
    label: '姓名',
    words: ['姓名', '名字', '名', '称呼'],
    question: () => '请问您怎么称呼？（写姓名就行，比如：刘桂兰）',
    isPersonal: true,
    isContact: true,
    isAsked: always,
    canSkip: false,
    parse: (text, context) => {
      const name = readName(text) ?? context.read.slots(text, 'name').name
      return name === undefined ? { ok: false, hint: '没看出姓名。请只写姓名，比如：刘桂兰。' } : { ok: true, value: cleanForEcho(name) }
    },
    fromSlots: (slots) => slots.name,
    show: asText,
    isPlain: (value) => isNameLike(asText(value)),
    resembles: (known, said) => Array.from(asText(known)).some((character) => asText(said).includes(character)),
    merge: (known, said) => {
      const surname = /^姓(\p{Script=Han})$/u.exec(said.trim())?.[1]
      return surname === undefined ? known : surname + asText(known).slice(1)
    },
    ...options,
  }
}

/** More digits are a number that is not whole. */
const MOST_LAST_DIGITS = 4

export function phoneField(options: Partial<FormField> = {}): FormField {
  return {
    name: 'phone',
    asked: 'phone',
    label: '电话',
    takesDigits: true,
    words: ['电话', '手机', '手机号', '电话号', '电话号码', '号码', '联系方式'],
    question: () => '请留一个电话，办事的人好联系您。（比如：13800138001）',
    isPersonal: true,
    isContact: true,
    isAsked: always,
    canSkip: false,
    parse: (text) => {
      const phone = readPhone(text)
      return phone === undefined ? { ok: false, hint: explainPhoneFault(text) ?? '请写手机号，比如 13800138001。' } : { ok: true, value: phone }
    },
    fromSlots: (slots) => slots.phone,
    // Fewer digits may be a room or a house.
    explainFault: (text) => {
      const digits = /\d(?:[\s-]?\d){7,}/.exec(text)?.[0]
      return digits === undefined ? undefined : explainPhoneFault(digits)
    },
    show: asText,
    merge: (known, said) => {
      const digits = said.replace(/\D/g, '')
      return digits.length >= 1 && digits.length <= MOST_LAST_DIGITS ? asText(known).slice(0, -digits.length) + digits : known
    },
    ...options,
  }
}
