import type { VolunteerSummary } from '../domain/office/facts.ts'
import { needsGuardiansWord } from '../domain/volunteers/guardians.ts'
import type { Change, NewVolunteer } from '../domain/messages/outcome.ts'
import { ADULT_AGE } from '../domain/volunteers/matching.ts'
import { createButton } from '../domain/messages/messages.ts'
import type { MoveName } from '../domain/messages/moves.ts'
import { findAddress } from '../language/values/places/addresses.ts'
import { readAge } from '../language/values/ages.ts'
import { readName } from '../language/values/names.ts'
import { cleanForEcho, cleanTyped, isBlank } from '../language/clean.ts'
import { findAreaCode } from './areas.ts'
import { nameField, phoneField } from './common-fields.ts'
import type { Companion } from '../domain/messages/understanding.ts'
import { asText, type Beginning, type FieldValues, type Form, type FormContext, type FormField, type Known } from './form.ts'

const YOUNGEST = 6
const OLDEST = 100

const isMinor = (values: FieldValues) => typeof values['age'] === 'number' && values['age'] < ADULT_AGE

const age: FormField = {
  name: 'age',
  asked: 'age',
  label: '年龄',
  words: ['年龄', '岁数', '年纪'],
  question: () => '您今年多大岁数？（写数字就行，比如：62）',
  isPersonal: true,
  isAsked: () => true,
  canSkip: false,
  parse: (text, { now }) => {
    const years = readAge(text, now)
    if (years === undefined) return { ok: false, hint: '没看出岁数。请写数字，比如：62。' }
    if (years < YOUNGEST || years > OLDEST) return { ok: false, hint: `岁数要在 ${YOUNGEST} 到 ${OLDEST} 之间，请再写一次，比如：62。` }
    return { ok: true, value: years }
  },
  fromSlots: (slots) => (slots.age !== undefined && slots.age >= YOUNGEST && slots.age <= OLDEST ? slots.age : undefined),
  show: (value) => `${asText(value)} 岁`,
}

/** An address alone: an answer to another question. */
const saysWhere = (said: string): boolean => findAddress(said) !== undefined && /^(?:我家?|家)?(?:就)?(?:住|在)|(?:小区|社区|家园|花园|号楼|单元|村|屯|路|街|\d)(?:的|住)?$/.test(said.trim())
const SPEAKS_OF_TIME = /[早晚午夜天周末日点时月年假闲空班课]|随|平常|一直|一般|都行|都可|不忙|退休|通知|再说/

const skills: FormField = {
  name: 'skills',
  asked: 'skills',
  takesAnyWords: true,
  label: '能帮的忙',
  words: ['能帮的忙', '特长', '技能', '会什么', '能力'],
  question: () => '您能帮些什么忙？（比如：陪老人聊天、修水电、理发、跑腿；没有特长就说“跑腿”）',
  isPersonal: false,
  isAsked: () => true,
  canSkip: true,
  parse: (text, context) => {
    const said = cleanForEcho(text)
    if (isBlank(said)) return { ok: false, hint: '请写一两样您能帮的忙，比如：陪聊、修水电。' }
    const { skills: found = [], availability: when } = context.read.slots(said, 'skills')
    if (found.length === 0 && (saysWhere(said) || when !== undefined)) return { ok: false, hint: '没看出能帮什么忙。请写一两样，比如：陪聊、修水电。' }
    const asSaid = cleanTyped(said, { longest: 60 }).split(/[、，,；;。\s和及跟]+/).filter((word) => word.length >= 2 && word.length <= 12)
    return { ok: true, value: found.length > 0 ? found : asSaid.length > 0 ? asSaid : [cleanTyped(said, { longest: 20 })] }
  },
  fromSlots: (slots) => (slots.skills && slots.skills.length > 0 ? slots.skills : undefined),
  join: (known, said) => [...new Set([known, said].flat().map(String))],
  show: asText,
}

const availability: FormField = {
  name: 'availability',
  asked: 'availability',
  takesAnyWords: true,
  label: '有空的时间',
  words: ['有空的时间', '时间', '空闲时间', '什么时候有空'],
  question: () => '一般什么时候有空？（比如：周末、工作日晚上、随时）',
  isPersonal: false,
  isAsked: () => true,
  canSkip: true,
  parse: (text, context) => {
    const said = cleanForEcho(text)
    const { availability: when, skills: can = [] } = context.read.slots(said, 'availability')
    const isOther = when === undefined && !SPEAKS_OF_TIME.test(said) && (saysWhere(said) || can.length > 0)
    return isBlank(said) || isOther ? { ok: false, hint: '请写什么时候有空，比如：周末上午。' } : { ok: true, value: cleanTyped(when ?? said, { longest: 60 }) }
  },
  fromSlots: (slots) => slots.availability,
  join: (known, said) => (asText(known).includes(asText(said)) ? known : `${asText(known)}、${asText(said)}`),
  show: asText,
}

const community: FormField = {
  name: 'community',
  asked: 'community',
  label: '小区',
  words: ['住在', '小区', '社区', '住址', '地址', '哪个小区'],
  question: () => '您住在哪个小区？有邻居要帮忙，先找住得近的。（比如：幸福小区）',
  isPersonal: true,
  isAsked: () => false,
  askedAtSummary: (values, context) => (values['community'] === undefined && context.knownArea === null ? '您住在哪个小区？告诉我，有邻居要帮忙就先找住得近的。' : undefined),
  canSkip: true,
  parse: (text, context) => {
    const said = cleanForEcho(text)
    const place = context.read.slots(said, 'community').community ?? findAddress(said)
    return place === undefined ? { ok: false, hint: '没看出是哪个小区。请只写小区或者社区的名字，比如：幸福小区。' } : { ok: true, value: cleanTyped(place, { longest: 60 }) }
  },
  fromSlots: (slots) => slots.community ?? slots.address,
  show: asText,
}

const STATUS_NAMES: Record<VolunteerSummary['status'], string> = { pending: '等工作人员确认', active: '已登记', paused: '暂停', left: '已退出' }

/** Somebody who is registered already is told so, or shown what would change. */
function begin({ volunteer }: Known, said: FieldValues, opening: MoveName): Beginning {
  if (!volunteer || volunteer.status === 'left') return { values: {} }
  const { number, status, values } = volunteer
  if (opening !== 'change_registration' && Object.keys(said).length === 0) {
    return { instead: { text: `您已经登记过了，志愿者编号 ${number}（${STATUS_NAMES[status]}）。要改资料就说“更新资料”。`, buttons: [createButton('更新资料')] } }
  }
  return { values, overwrites: true, lead: `您已经登记过了，编号 ${number}。资料要改成下面这样吗？` }
}

const describeCompanion = ({ name, age: years, phone, skills: can }: Companion): string =>
  [name, years === undefined ? '' : `${years} 岁`, phone ?? '', can === undefined ? '' : `会${can.join('、')}`].filter((part) => part !== '').join('，')

/** Whoever is named by another waits until staff have asked them; a child's answers for it is the one who names it. */
function toCompanion(person: Companion, speaker: NewVolunteer): NewVolunteer {
  const isChild = person.age !== undefined && person.age < ADULT_AGE
  return {
    ...speaker,
    name: person.name,
    phone: person.phone ?? speaker.phone,
    age: person.age ?? null,
    guardian: isChild ? { name: speaker.name, phone: speaker.phone } : null,
    skills: person.skills ?? [],
    status: 'pending',
  }
}

function toVolunteer(values: FieldValues, context: FormContext): NewVolunteer {
  return {
    name: asText(values['name']),
    phone: asText(values['phone'] ?? values['guardianPhone']),
    age: typeof values['age'] === 'number' ? values['age'] : null,
    guardian: isMinor(values) ? { name: asText(values['guardianName']), phone: asText(values['guardianPhone']) } : null,
    areaCode: findAreaCode(`${asText(values['community'])} ${asText(values['address'])}`, context.areas) ?? context.knownArea,
    skills: Array.isArray(values['skills']) ? values['skills'] : [],
    availability: asText(values['availability']),
    status: isMinor(values) ? 'pending' : 'active',
  }
}

export const volunteerSignupForm: Form = {
  id: 'volunteer_signup',
  title: '志愿者报名',
  opensWith: ['offer_help', 'change_registration'],
  needs: ['volunteer'],
  begin,
  fields: [
    nameField(),
    phoneField({
      question: () => '请留一个电话，需要帮忙的时候好联系您。（比如：13800138001）',
      // A child is reached through whoever answers for it.
      isAsked: (values) => !isMinor(values),
    }),
    age,
    nameField({
      name: 'guardianName',
      asked: 'guardian_name',
      label: '监护人姓名',
      words: ['监护人', '监护人姓名', '家长', '家长姓名'],
      question: () => '您还不满 18 岁，要有监护人（爸爸、妈妈等）同意。请问监护人叫什么名字？',
      isAsked: isMinor,
      parse: (text, context) => {
        const name = context.read.slots(text, 'guardian_name').guardian?.name ?? readName(text)
        return name === undefined ? { ok: false, hint: '没看出监护人的姓名。请只写姓名，比如：张大勇。' } : { ok: true, value: cleanForEcho(name) }
      },
      fromSlots: (slots) => slots.guardian?.name,
    }),
    phoneField({
      name: 'guardianPhone',
      asked: 'guardian_phone',
      label: '监护人电话',
      words: ['监护人电话', '家长电话', '监护人手机'],
      question: () => '监护人的电话是多少？（比如：13800138001）',
      isAsked: isMinor,
      fromSlots: (slots) => slots.guardian?.phone,
    }),
    skills,
    availability,
    community,
  ],
  opening: () => ({}),
  furtherIn: ({ companion }) => (companion === undefined ? [] : [{ description: describeCompanion(companion), person: companion }]),
  records: (values, context, further) => {
    const speaker = toVolunteer(values, context)
    const others = isMinor(values) ? [] : further.flatMap(({ person }) => (person === undefined ? [] : [toCompanion(person, speaker)]))
    return [{ type: 'save_volunteer', volunteer: speaker }, ...others.map((volunteer): Change => ({ type: 'save_volunteer', volunteer, isFurther: true }))]
  },
  receipt: (values, _context, further) =>
    typeof values['age'] === 'number' && needsGuardiansWord({ age: values['age'] })
      ? '报名收到了，志愿者编号 {volunteer}。您还不满 14 岁，要监护人自己说同意：工作人员会和监护人联系，监护人说了同意才算登记好，会在这里告诉您。'
      : isMinor(values)
      ? '报名收到了，志愿者编号 {volunteer}。您还不满 18 岁，工作人员会先和监护人联系，同意以后就算登记好了，会在这里告诉您。'
      : '登记好了，谢谢您！志愿者编号 {volunteer}。有邻居需要帮忙时会联系您。不想做了，随时说“退出志愿者”。' + further.map(({ person }) => (person === undefined ? '' : `\n${person.name}也先记下了，工作人员会和本人联系，本人同意以后就算登记好了。`)).join(''),
}
