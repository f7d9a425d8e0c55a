import type { Area, Service } from '../domain/services.ts'
import type { FormId, Intent, Slots, Understanding } from '../domain/understanding.ts'
import { findAddress } from './values/addresses.ts'
import { findCommunity } from './values/communities.ts'
import { findAge } from './ages.ts'
import { findCategory, otherService } from './categories.ts'
import { cleanTyped, withoutMention } from './clean.ts'
import { findCommand } from './commands.ts'
import type { Command } from './commands.ts'
import { findDescription } from './descriptions.ts'
import { findChildName, findGuardian } from './guardians.ts'
import { findIntent, intentOfCommand } from './intents.ts'
import type { Evidence } from './intents.ts'
import { findName } from './names.ts'
import { plain } from './normalize.ts'
import { afterCallingOff, findOtherMatter } from './other-matter.ts'
import { readAge } from './values/ages.ts'
import { isNameLike, readName } from './values/names.ts'
import { findPhones, readPhone } from './values/phones.ts'
import { findSkills } from './skills.ts'
import { locateAvailability } from './availability.ts'
import { findTime } from './values/times.ts'

export interface UnderstandOptions {
  /** The instant that 明天 counts from. */
  now: Date
  /** The form that is open in this conversation. */
  form?: FormId | undefined
}

export type Understand = (text: string, options: UnderstandOptions) => Understanding

/** Longest text that is read closely; of a longer one only its head, so that one message never holds up the others. */
const LONGEST_READ = 1000

/** Reads messages by rules alone: the same message is always understood the same way, in well under a millisecond. */
export function createUnderstanding(knowledge: { services: readonly Service[]; areas: readonly Area[] }): Understand {
  const understand: Understand = (text, { now, form }) => {
    const typed = withoutMention(cleanTyped(text)).slice(0, LONGEST_READ)
    const other = form === undefined ? undefined : understandOtherForm(typed, now, form)
    if (other !== undefined) return other
    const read = readEverything(typed, now, knowledge)
    const intent = findIntent(typed, plain(typed), read.evidence)
    const inForm = form === undefined ? intent : intentInForm(typed, intent, form, findCommand(typed))
    const slots = form !== undefined && inForm === form ? slotsInForm(typed, form, now, knowledge, read.slots) : slotsOf(inForm, typed, now, knowledge, read.slots)
    return { intent: inForm, slots }
  }

  /** "不当了，我要报修" while signing up: the other form's, as if nothing were open. */
  function understandOtherForm(typed: string, now: Date, form: FormId): Understanding | undefined {
    const said = findOtherMatter(typed)
    const alone = said === undefined ? undefined : understand(said, { now })
    const opensForm = alone?.intent === 'service_request' || alone?.intent === 'volunteer_signup'
    return opensForm && alone.intent !== form ? alone : undefined
  }

  return understand
}

interface Reading {
  slots: Pick<Slots, 'name' | 'phone' | 'address' | 'community'>
  evidence: Evidence
}

function readEverything(text: string, _now: Date, { services, areas }: { services: readonly Service[]; areas: readonly Area[] }): Reading {
  const name = findName(text)
  const phone = findPhones(text)[0]?.phone
  const community = findCommunity(text, areas)
  const said = findAddress(text)
  // A community alone is no address yet.
  const address = said === community ? undefined : said
  const hasAddress = address !== undefined && /[\d一二三四五六七八九十]/.test(address)
  return {
    slots: present({ name, phone, address, community }),
    evidence: { hasAddress, hasPlace: hasAddress || community !== undefined, hasPhone: phone !== undefined, hasName: name !== undefined, hasCategory: findCategory(text, services) !== undefined },
  }
}

/** Leaves out what was not said. */
function present(slots: { [K in keyof Slots]: Slots[K] | undefined }): Slots {
  return Object.fromEntries(Object.entries(slots).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)))
}

function slotsOf(intent: Intent, text: string, now: Date, knowledge: { services: readonly Service[] }, read: Reading['slots']): Slots {
  switch (intent) {
    case 'service_request':
      return serviceSlots(text, now, knowledge.services, read, true)
    case 'emergency':
      return present({ ...read, description: findDescription(text, read), time: findTime(text, now) })
    case 'volunteer_signup':
      return volunteerSlots(text, now, read)
    case 'announcement_admin': {
      const command = findCommand(text)
      const said = command?.type === 'announce' ? command.text : text
      return present({ community: read.community, description: said === '' ? undefined : said, time: findTime(said, now) })
    }
    case 'request_status':
    case 'cancel':
    case 'human_handoff':
      return present({ name: read.name, phone: read.phone, ...(read.address !== undefined && /\d|[一二三四五六七八九十]/.test(read.address) && { address: read.address }) })
    case 'ask_policy':
    case 'rate_feedback':
    case 'smalltalk':
    case 'other':
      return {}
    default:
      return intent satisfies never
  }
}

function serviceSlots(text: string, now: Date, services: readonly Service[], read: Reading['slots'], guessesOther: boolean): Slots {
  const description = findDescription(text, read)
  const category = findCategory(description ?? text, services) ?? findCategory(text, services) ?? (guessesOther && description !== undefined ? otherService(services) : undefined)
  return present({ ...read, category: category?.name, description, time: findTime(withoutName(text, read.name), now), age: findAge(text) })
}

/** 吴国庆 is no holiday. */
const withoutName = (text: string, name: string | undefined): string => (name === undefined ? text : text.replace(name, '〇'.repeat(name.length)))

/** The text without the span that says when somebody is free as a rule, so that "每周三" is not a date. */
function withoutAvailability(text: string): { rest: string; availability: string | undefined } {
  const span = locateAvailability(text)
  return span === undefined ? { rest: text, availability: undefined } : { rest: `${text.slice(0, span.start)}，${text.slice(span.end)}`, availability: span.text }
}

/** Name, phone and age of whom it signs up, apart from what is said of a parent. */
function ownParticulars(text: string, read: Reading['slots']): { [K in 'name' | 'phone' | 'age' | 'guardian']: Slots[K] | undefined } {
  const guardian = findGuardian(text)
  const child = findChildName(guardian?.rest ?? text)
  const age = (child === undefined ? undefined : findAge(`我${text.slice(text.indexOf(child) + child.length)}`)) ?? findAge(text)
  if (guardian === undefined) return { name: child ?? read.name, phone: read.phone, age, guardian: undefined }
  const { rest, ...said } = guardian
  return { name: child ?? findName(rest) ?? bareName(rest), phone: findPhones(rest)[0]?.phone, age, guardian: said }
}

function volunteerSlots(text: string, now: Date, read: Reading['slots']): Slots {
  const { rest, availability } = withoutAvailability(text)
  return present({ ...read, ...ownParticulars(text, read), skills: findSkills(text), availability, time: findTime(withoutName(rest, read.name), now) })
}

/** "算了，地址就写3号楼吧" calls off nothing. */
const givesValue = (rest: string | undefined): boolean => rest !== undefined && (findAddress(rest) !== undefined || findPhones(rest).length > 0)

const KEPT_IN_FORM: ReadonlySet<Intent> = new Set<Intent>(['cancel', 'human_handoff', 'request_status', 'announcement_admin'])

/** Commands and questions keep their own intent while a form is open; everything else answers the form. */
function intentInForm(text: string, intent: Intent, form: FormId, command: Command | undefined): Intent {
  if (command !== undefined) {
    const own = intentOfCommand(command)
    return own !== undefined && KEPT_IN_FORM.has(own) ? own : form
  }
  switch (intent) {
    case 'emergency':
    case 'human_handoff':
    case 'announcement_admin':
    case 'request_status':
      return intent
    case 'cancel':
      return text.length <= 24 && !givesValue(afterCallingOff(text)) ? intent : form
    case 'ask_policy':
      return /[?？]|[吗呢]\s*$|多少|怎么|什么|哪|(?:几[点号天]|多久|多长时间|谁)(?!都)/.test(text) ? intent : form
    case 'smalltalk':
      return /^(?:你好|您好|谢谢|再见|你是谁|你叫)/.test(text) ? intent : form
    case 'service_request':
    case 'volunteer_signup':
    case 'rate_feedback':
    case 'other':
      return form
    default:
      return intent satisfies never
  }
}

const NO_VALUE: ReadonlySet<Command['type']> = new Set<Command['type']>(['agree', 'refuse', 'confirm', 'back', 'restart', 'skip', 'help', 'acknowledge', 'details', 'start_service', 'start_volunteer', 'my_data', 'delete_data', 'subscribe', 'unsubscribe', 'bind', 'rate'])

/** A bare name as the whole answer ("刘桂兰"), where nothing else explains the words better. */
function bareName(text: string): string | undefined {
  const name = readName(text)
  return name !== undefined && (isNameLike(plain(name)) || findName(text) !== undefined) ? name : undefined
}

/** What a message says while a form is open: bare values count as answers. */
function slotsInForm(text: string, form: FormId, now: Date, knowledge: { services: readonly Service[] }, read: Reading['slots']): Slots {
  const command = findCommand(text)
  const saysMore = command?.type === 'agree' && (read.name ?? read.phone ?? read.address) !== undefined
  if (command !== undefined && NO_VALUE.has(command.type) && !saysMore) return {}
  const said = command?.type === 'correct' ? (command.value ?? '') : text
  if (said === '') return {}
  const name = read.name ?? (command?.type === 'correct' && /名|称呼/.test(command.field) ? readName(said) : bareName(said))
  // A local landline needs no 电话 before it where it is the whole answer.
  const phone = read.phone ?? (/[一-龥]/.test(said) ? undefined : readPhone(said))
  const known = present({ ...read, name, phone })
  if (form === 'volunteer_signup') {
    const slots = volunteerSlots(text, now, known)
    const age = slots.age ?? (text.length <= 8 ? readAge(text, now) : undefined)
    return present({ ...slots, age })
  }
  const slots = serviceSlots(text, now, knowledge.services, known, false)
  const isOnlyValue = command?.type === 'correct' || slots.description === undefined || onlySaysValues(slots.description, slots)
  if (!isOnlyValue) return slots
  return present({ ...slots, description: undefined })
}

/** Whether nothing is left of a message when its name, phone, address and time are taken out. */
function onlySaysValues(description: string, slots: Slots): boolean {
  if (slots.category !== undefined) return false
  const rest = [slots.name, slots.phone, slots.address, slots.community].reduce<string>((left, value) => (value === undefined ? left : left.replace(value, '')), description)
  const words = rest.replace(/[^\u4e00-\u9fff]/g, '').replace(/我|家|住|在|的|是|就|地址|电话|姓名|名字|叫|上门|时间|都行|可以|方便|吧|[上下中]午|[早晚]上|左右/g, '')
  return words.length <= (slots.time === undefined ? 1 : 6)
}
