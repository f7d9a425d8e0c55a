import type { FieldValue } from '../domain/kept-state.ts'
import { dueAtOf } from '../domain/requests/deadlines.ts'
import { numberPlaceholder, type Change, type NewRequest } from '../domain/messages/outcome.ts'
import { createButton } from '../domain/messages/messages.ts'
import { toLocalDay } from '../domain/time.ts'
import type { Service } from '../domain/services.ts'
import type { Slots } from '../domain/messages/understanding.ts'
import { cleanForEcho, cleanTyped, isBlank } from '../language/clean.ts'
import { findTime } from '../language/values/times/times.ts'
import { mergeAddress } from '../language/values/places/address-parts.ts'
import { findAddress } from '../language/values/places/addresses.ts'
import { extendAddress } from '../language/address-pieces.ts'
import { findAreaCode } from './areas.ts'
import { nameField, phoneField } from './common-fields.ts'
import { tellAllAtOnce } from './service-guide.ts'
import { readAmended } from './amended-request.ts'
import { asText, textOrNull, type FieldValues, type Form, type FormContext, type FormField } from './form.ts'

/** What is told is kept whole for staff. */
const LONGEST_DESCRIPTION = 10_000
const LONGEST_ECHOED = 60
/** A message longer than this is a story: it is kept as it was told. */
const LONGEST_TAKEN_APART = 500
/** 下水道 and 堵了 are one thought. */
const LONGEST_PIECE = 5
const OF_A_HOME = /\d{3,4}|室/
const NO_PHONE = '没有电话'
const FALLBACK_CATEGORY = '其他'

const serviceOf = (values: FieldValues, context: FormContext): Service | undefined =>
  context.services.find((service) => service.name === values['category']) ?? context.services.find((service) => service.name === FALLBACK_CATEGORY)

const needsContact = (values: FieldValues, context: FormContext) => serviceOf(values, context)?.needsPersonalData ?? true

const description: FormField = {
  name: 'description',
  asked: 'description',
  isReplacedInPassing: false,
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
  show: (value) => shorten(asText(value)),
}

const shorten = (told: string): string => (told.length <= LONGEST_ECHOED ? told : `${cleanTyped(told, { longest: LONGEST_ECHOED })}…（全文都记下了）`)

/** "楼道", "我家门口": a place, but nobody could find it. */
const NO_PARTICULAR_PLACE = /^(?:[顶底][楼层]|(?:就|是|在)*(?:我们?|咱们?|这|那|俺们?)?(?:家|小区|整个|楼|楼道|楼梯|走廊|过道|院|院子|单元|门|大门|电梯|屋|厨房|厕所|卫生间|路|街|窗户|楼上|楼下|附近|社区)(?:里|内|口|上|下|外|边|的|门口|旁边|门前|跟前)*)$/

/** A number with what it counts, or a word that places end in. */
const NUMBERED_PLACE = /\d+\s*(?:号|栋|幢|楼|单元|室|组|委|弄|巷|层|门|-)|[一二三四五六七八九十]+(?:号|栋|幢|楼|单元|组|委|门)|^\d{3,4}$/
const ENDS_AS_PLACE = /(?:路|街|巷|村|屯|小区|社区|家园|花园|公寓|大厦|广场|公园|市场|商店|超市|学校|小学|中学|幼儿园|医院|车站|桥|河边|江边|[东南西北]门|大院|家属院|林场|厂|站点?|对面|隔壁|附近|旁边|门口|楼下|道口)(?:那?边|那儿|上|里|内|外)?$/
/** Words for what stands somewhere, behind the name of where: 河沿菜场公厕, 滨江公园西边空地. Who does not know says 不 or 没. */
const ENDS_AS_SPOT = /^[^不没吗呢啥么哪谁]{2,}(?:公厕|厕所|菜场|货场|操场|空地|草坪|栈道|[凉茶]亭|[车雨工]棚|[车地仓冷]库|池|铺|摊位?|坝|湾|苑|弄|排|沟|口|拐?角|底商|宿舍|工地|板房|夜市|早市|棋牌室|活动室|[一二三四五六七八九十]期)$/

const address: FormField = {
  name: 'address',
  asked: 'address',
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
    const isPlace = said.length >= 2 && said.length <= 60 && (NUMBERED_PLACE.test(said) || ENDS_AS_PLACE.test(said) || ENDS_AS_SPOT.test(said)) && !NO_PARTICULAR_PLACE.test(said)
    if (!isFound && !isPlace) return { ok: false, hint: '没看出是什么地方。请写小区、楼号、单元，比如：幸福小区3号楼2单元501。', isAnswer: NO_PARTICULAR_PLACE.test(said) }
    return { ok: true, value: isFound && said.length > 60 ? found : said }
  },
  fromSlots: ({ address: said }) => (said !== undefined && !NO_PARTICULAR_PLACE.test(said) ? said : undefined),
  show: asText,
  merge: (known, said) => mergeAddress(asText(known), said),
  extend: (known, said) => extendAddress(asText(known), said.trim()),
}

/** A field that is never asked for: it is there when it was said. */
const noted = (field: Pick<FormField, 'name' | 'label' | 'words' | 'fromSlots'>): FormField => ({
  ...field,
  asked: 'nothing',
  question: () => `${field.label}是什么？`,
  isPersonal: true,
  isContact: true,
  isAsked: () => false,
  canSkip: true,
  parse: (text) => ({ ok: true, value: cleanTyped(cleanForEcho(text), { longest: 60 }) }),
  show: asText,
})

/** Who calls and for whom stand apart. */
const forWhom = noted({
  name: 'forWhom',
  label: '替谁报',
  words: ['替谁报', '替谁', '给谁'],
  fromSlots: ({ forWhom: whom }) => (whom === undefined ? undefined : [whom.relation, whom.name, whom.phone === undefined ? undefined : `电话 ${whom.phone}`].filter((part) => part !== undefined).join(' ')),
})
const otherPhone = noted({ name: 'otherPhone', label: '另一个电话', words: ['另一个电话', '另外的电话'], fromSlots: (slots) => slots.otherPhone })

const wantedTime: FormField = {
  name: 'time',
  asked: 'time',
  isReplacedInPassing: false,
  label: '时间',
  words: ['时间', '日期', '几点', '上门时间'],
  question: () => '您希望什么时候来人？（比如：明天下午三点；没有要求就说“跳过”）',
  isPersonal: false,
  isAsked: () => false,
  canSkip: true,
  parse: (text, context) => ({ ok: true, value: findTime(text, context.now) ?? cleanTyped(cleanForEcho(text), { longest: 60 }) }),
  // What is over tells when it happened.
  fromSlots: ({ time }, { now }) => (time !== undefined && time.slice(0, 10) >= toLocalDay(now) ? time : undefined),
  show: (value) => asText(value).replace('T', ' '),
}

const category: FormField = {
  name: 'category',
  asked: 'category',
  isDerived: true,
  label: '类别',
  words: ['类别', '类型', '种类', '分类', '类'],
  question: () => '这件事算哪一类？点一个，或者写给我。（比如：公共照明、下水道堵塞）',
  buttons: (values, context) => likelyServices(asText(values['description']), context).map(({ name }) => createButton(name)),
  isPersonal: false,
  isAsked: () => false,
  canSkip: false,
  parse: (text, context) => {
    const named = context.services.find(({ name }) => name === text.trim()) ?? context.services.find(({ words }) => words.some((word) => text.includes(word)))
    const found = named?.name ?? context.read.category(text)
    return found === undefined ? { ok: false, hint: '没看出是哪一类。请写一类，比如：公共照明、下水道堵塞。' } : { ok: true, value: found }
  },
  fromSlots: (slots) => slots.category,
  show: asText,
}

const MOST_OFFERED = 5

/** Those whose words are told, then the first of the catalogue. */
function likelyServices(told: string, { services }: FormContext): Service[] {
  const isNamed = ({ words }: Service): boolean => words.some((word) => told.includes(word))
  return [...services.filter(isNamed), ...services.filter((service) => !isNamed(service))].slice(0, MOST_OFFERED)
}

export const serviceRequestForm: Form = {
  id: 'service_request',
  title: '报修办事',
  opensWith: ['report'],
  takesPhotos: true,
  needs: ['requests'],
  begin: ({ contact }) => ({ values: { ...contact } }),
  fields: [
    category,
    description,
    address,
    nameField({ isAsked: needsContact }),
    phoneField({ isAsked: needsContact, none: NO_PHONE }),
    forWhom,
    otherPhone,
    wantedTime,
  ],
  opening: (text, slots, context) => ({ ...(slots.category !== undefined && { category: slots.category }), ...publicPlace(text, slots, context), ...(text.length > LONGEST_TAKEN_APART && { description: cleanForEcho(text) }) }),
  remark: (values, said, context) => {
    const before = asText(values['description'])
    const isPiece = before.length <= LONGEST_PIECE && said.length <= LONGEST_PIECE && said.endsWith('了') && findAddress(before) === undefined
    const told = [before, cleanForEcho(said)].filter((part) => part !== '').join(isPiece ? '' : '；')
    // 单元门, then 锁不上了: what was nothing in particular may be now.
    const fitting = (values['category'] ?? FALLBACK_CATEGORY) === FALLBACK_CATEGORY ? context.read.category(told) : undefined
    return { ...values, description: told, ...(fitting !== undefined && { category: fitting }) }
  },
  readFurther: (_said, { description, category, address: place }) => (description === undefined ? null : { description: cleanForEcho(description), ...(category !== undefined && { category }), ...(place !== undefined && { address: place }) }),
  nameless: (values, context) => {
    const service = serviceOf(values, context)
    if (service?.publicFault !== true) return null
    const [told, place] = [asText(values['description']), asText(values['address'])]
    // Behind a room's number somebody lives: that is theirs to give.
    return OF_A_HOME.test(place) || OF_A_HOME.test(told) ? { category: service.name } : { category: service.name, ...(told !== '' && { description: told }), ...(place !== '' && { address: place }) }
  },
  reconcile: (values, before, context) => {
    const told = asText(values['description'])
    const fitting = told === asText(before['description']) ? undefined : context.read.category(told)
    return { ...followAddress(values, before), ...(fitting !== undefined && { category: fitting }) }
  },
  records: (values, context, further) => [
    { type: 'create_request', request: toRequest(values, context) },
    ...further.map(({ description: told, category: sort, address: place }): Change => {
      const own = { ...values, description: told, category: sort ?? FALLBACK_CATEGORY, ...(place !== undefined && { address: place }) }
      return { type: 'create_request', request: toRequest(own, context), isFurther: true }
    }),
  ],
  amends: {
    values: ({ requesterName, requesterPhone, address: place, wantedTime: time }) => ({
      ...(requesterName !== null && { name: requesterName }),
      ...(requesterPhone !== null && { phone: requesterPhone }),
      ...(place !== null && { address: place }),
      ...(time !== null && { time }),
    }),
    read: readAmended,
    corrections: ({ name, phone, address: place, time }) => ({
      ...(name !== undefined && { name: asText(name) }),
      ...(phone !== undefined && phone !== NO_PHONE && { phone: asText(phone) }),
      ...(place !== undefined && { address: asText(place) }),
      ...(time !== undefined && { wantedTime: asText(time) }),
    }),
  },
  receipt: (values, context, further) => {
    const service = serviceOf(values, context)
    const details = service && further.length === 0 ? `\n${tellAllAtOnce(service)}` : ''
    const others = further.map(({ description: told }, index) => `\n另外一件“${shorten(told)}”，编号 ${numberPlaceholder(index + 1)}。`).join('')
    return `已登记，编号 {request}。${others}${details}\n想知道办到哪一步，随时说“查进度”。办完了会在这里告诉您。`
  },
}

/** What is everybody's is found where its community alone is said. */
function publicPlace(text: string, { address: said, category: sort }: Slots, { services }: FormContext): Record<string, FieldValue> {
  const isPublic = services.find(({ name }) => name === sort)?.publicFault === true
  const place = isPublic && said === undefined ? findAddress(text) : undefined
  return place === undefined || NO_PARTICULAR_PLACE.test(place) ? {} : { address: place }
}

/** What staff read of it: who has no telephone, and for whom it is, stand with the matter. */
function toRequest(values: FieldValues, context: FormContext): NewRequest {
  const service = serviceOf(values, context)
  const kind = service?.kind ?? 'service'
  const [place, told, phone] = [asText(values['address']), asText(values['description']), asText(values['phone'])]
  const wantedTime = textOrNull(values['time'])
  const notes = [values['forWhom'] === undefined ? '' : `替谁报：${asText(values['forWhom'])}`, values['otherPhone'] === undefined ? '' : `另一个电话 ${asText(values['otherPhone'])}`, phone === NO_PHONE ? NO_PHONE : ''].filter((note) => note !== '')
  return {
    kind,
    serviceCode: service?.code ?? null,
    category: service?.name ?? FALLBACK_CATEGORY,
    description: notes.length === 0 ? told : `${told}（${notes.join('；')}）`,
    address: textOrNull(values['address']),
    areaCode: findAreaCode(`${place} ${asText(values['community'])} ${told}`, context.areas) ?? context.knownArea,
    requesterName: textOrNull(values['name']),
    requesterPhone: phone === NO_PHONE ? null : textOrNull(values['phone']),
    wantedTime,
    dueAt: dueAtOf({ kind, service, wantedTime }, context.deadlines, context.now),
  }
}

/** What was described at the old address is now at the new one. */
function followAddress(values: FieldValues, before: FieldValues): Record<string, FieldValue> {
  const [now, then, said] = [asText(values['address']), asText(before['address']), asText(values['description'])]
  if (now === then || then === '') return {}
  const moved = said.includes(then) ? said.replace(then, now) : UNITS.reduce((words, unit) => moveUnit(words, then, now, unit), said)
  return moved === said ? {} : { description: moved }
}

const UNITS = ['号楼', '栋', '单元', '室'] as const

/** Replaces a building's or staircase's number of the old address, where a text repeats it, by that of the new one. */
function moveUnit(words: string, then: string, now: string, unit: string): string {
  const numberOf = (address: string) => new RegExp(`([\\d一二三四五六七八九十]+)${unit}`).exec(address)?.[0]
  const [old, fresh] = [numberOf(then), numberOf(now)]
  return old !== undefined && fresh !== undefined ? words.replaceAll(old, fresh) : words
}
