import { addWorkingDays } from '../domain/time.ts'
import type { Service } from '../domain/services.ts'
import { cleanForEcho, cleanTyped, isBlank } from '../language/clean.ts'
import { findTime } from '../language/values/times.ts'
import { mergeAddress } from '../language/values/address-parts.ts'
import { findAddress } from '../language/values/addresses.ts'
import { findAreaCode } from './areas.ts'
import { nameField, phoneField } from './common-fields.ts'
import { asText, textOrNull, type FieldValues, type Form, type FormContext, type FormField } from './form.ts'

const LONGEST_DESCRIPTION = 500
const FALLBACK_CATEGORY = '其他'
const PUBLISHED_BY_COMMUNITY = '以社区公布为准'

const serviceOf = (values: FieldValues, context: FormContext): Service | undefined =>
  context.services.find((service) => service.name === values['category']) ?? context.services.find((service) => service.name === FALLBACK_CATEGORY)

const needsContact = (values: FieldValues, context: FormContext) => serviceOf(values, context)?.needsPersonalData ?? true

const description: FormField = {
  name: 'description',
  label: '事情',
  words: ['事情', '内容', '描述', '问题', '情况'],
  question: () => '请说说是什么事、出在哪儿。（比如：3号楼2单元楼道灯坏了）',
  isPersonal: false,
  isAsked: () => true,
  canSkip: false,
  parse: (text) => {
    const said = cleanForEcho(text)
    if (findAddress(said) === said.trim()) return { ok: false, hint: '知道是什么地方了。那里怎么了？请写一句话，比如：楼道灯坏了。' }
    return isBlank(said) || said.length < 2 ? { ok: false, hint: '还没看明白是什么事。请写一句话，比如：3号楼2单元楼道灯坏了。' } : { ok: true, value: cleanTyped(said, { longest: LONGEST_DESCRIPTION }) }
  },
  fromSlots: (slots) => slots.description,
  show: asText,
}

/** "楼道", "我家门口": a place, but nobody could find it. */
const NO_PARTICULAR_PLACE = /^(?:就|是|在)*(?:我们?|咱们?|这|那|俺们?)?(?:家|小区|整个|楼|楼道|楼梯|走廊|过道|院|院子|单元|门|大门|电梯|屋|厨房|厕所|卫生间|路|街|窗户|楼上|楼下|附近|社区)(?:里|内|口|上|下|外|边|的|门口|旁边|门前|跟前)*$/

/** A number with what it counts, or a word that places end in. */
const NUMBERED_PLACE = /\d+\s*(?:号|栋|幢|楼|单元|室|组|委|弄|巷|层|门|-)|[一二三四五六七八九十]+(?:号|栋|幢|楼|单元|组|委|门)|^\d{3,4}$/
const ENDS_AS_PLACE = /(?:路|街|巷|村|屯|小区|社区|家园|花园|公寓|大厦|广场|公园|市场|商店|超市|学校|小学|中学|幼儿园|医院|车站|桥|河边|江边|[东南西北]门|大院|家属院|林场|厂|站点?|对面|隔壁|附近|旁边|门口|楼下|道口)(?:那?边|那儿|上|里|内|外)?$/

const address: FormField = {
  name: 'address',
  label: '地址',
  words: ['地址', '地点', '位置', '住址', '地方', '楼号', '单元', '门牌', '门牌号', '房号', '房间号', '楼层'],
  question: () => '在什么地方？请写小区、楼号、单元或门牌。（比如：幸福小区3号楼2单元501）',
  isPersonal: true,
  isAsked: needsContact,
  canSkip: false,
  parse: (text) => {
    const said = cleanForEcho(text)
    const found = findAddress(said)
    const isFound = found !== undefined && !NO_PARTICULAR_PLACE.test(found)
    const isPlace = said.length >= 2 && said.length <= 60 && (NUMBERED_PLACE.test(said) || ENDS_AS_PLACE.test(said)) && !NO_PARTICULAR_PLACE.test(said)
    if (!isFound && !isPlace) return { ok: false, hint: '没看出是什么地方。请写小区、楼号、单元，比如：幸福小区3号楼2单元501。' }
    return { ok: true, value: isFound && said.length > 60 ? found : said }
  },
  fromSlots: (slots) => (slots.address !== undefined && !NO_PARTICULAR_PLACE.test(slots.address) ? slots.address : undefined),
  show: asText,
  merge: (known, said) => mergeAddress(asText(known), said),
}

const wantedTime: FormField = {
  name: 'time',
  label: '时间',
  words: ['时间', '日期', '几点', '上门时间'],
  question: () => '您希望什么时候来人？（比如：明天下午三点；没有要求就说“跳过”）',
  isPersonal: false,
  isAsked: () => false,
  canSkip: true,
  parse: (text, context) => ({ ok: true, value: findTime(text, context.now) ?? cleanTyped(cleanForEcho(text), { longest: 60 }) }),
  fromSlots: (slots) => slots.time,
  show: (value) => asText(value).replace('T', ' '),
}

export const serviceRequestForm: Form = {
  id: 'service_request',
  title: '报修办事',
  fields: [
    description,
    address,
    nameField({ isAsked: needsContact }),
    phoneField({ isAsked: needsContact }),
    wantedTime,
  ],
  opening: (_text, slots) => ({ ...(slots.category !== undefined && { category: slots.category }) }),
  reconcile: (values, before) => {
    const [now, then, said] = [asText(values['address']), asText(before['address']), asText(values['description'])]
    if (now === then || then === '') return {}
    const moved = said.includes(then) ? said.replace(then, now) : UNITS.reduce((words, unit) => moveUnit(words, then, now, unit), said)
    return moved === said ? {} : { description: moved }
  },
  record: (values, context) => {
    const service = serviceOf(values, context)
    const place = asText(values['address'])
    return {
      type: 'create_request',
      request: {
        kind: service?.kind ?? 'service',
        serviceCode: service?.code ?? null,
        category: service?.name ?? FALLBACK_CATEGORY,
        description: asText(values['description']),
        address: textOrNull(values['address']),
        areaCode: findAreaCode(`${place} ${asText(values['community'])} ${asText(values['description'])}`, context.areas) ?? context.knownArea,
        requesterName: textOrNull(values['name']),
        requesterPhone: textOrNull(values['phone']),
        wantedTime: textOrNull(values['time']),
        dueAt: service?.limitWorkingDays == null ? null : addWorkingDays(context.now, service.limitWorkingDays),
      },
    }
  },
  receipt: (values, context) => {
    const service = serviceOf(values, context)
    const details = service ? tellAllAtOnce(service) : ''
    return `已登记，编号 {request}。${details}\n想知道办到哪一步，随时说“查进度”。办完了会在这里告诉您。`
  },
}

const UNITS = ['号楼', '栋', '单元', '室'] as const

/** Replaces a building's or staircase's number of the old address, where a text repeats it, by that of the new one. */
function moveUnit(words: string, then: string, now: string, unit: string): string {
  const numberOf = (address: string) => new RegExp(`([\\d一二三四五六七八九十]+)${unit}`).exec(address)?.[0]
  const [old, fresh] = [numberOf(then), numberOf(now)]
  return old !== undefined && fresh !== undefined ? words.replaceAll(old, fresh) : words
}

/** 一次性告知: materials, steps, place, time limit and fee of a service in one message. */
function tellAllAtOnce(service: Service): string {
  const { limitWorkingDays, fee } = service
  const isPublished = limitWorkingDays === null && fee === PUBLISHED_BY_COMMUNITY
  const limit = limitWorkingDays === null ? PUBLISHED_BY_COMMUNITY : `${limitWorkingDays} 个工作日`
  const lines = [
    `事项：${service.name}`,
    service.materials.length > 0 ? `材料：${service.materials.join('；')}` : '',
    service.steps.length > 0 ? `步骤：${service.steps.join(' → ')}` : '',
    isPublished ? `时限和费用：${PUBLISHED_BY_COMMUNITY}` : `时限：${limit}；费用：${fee}`,
  ]
  return `\n${lines.filter(Boolean).join('\n')}`
}
