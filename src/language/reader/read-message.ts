import type { Asked, KnownMatter, MoveName } from '../../domain/messages/moves.ts'
import type { Area } from '../../domain/services.ts'
import type { Span, SpanKind } from '../../domain/messages/talk.ts'
import type { FormId, Intent, Slots } from '../../domain/messages/understanding.ts'
import { sharesWords } from '../compare/same-matter.ts'
import { findSpot } from '../values/places/spots.ts'
import { hideSpans } from '../values/times/look-back.ts'
import { describe } from './describe.ts'
import type { Gist, MessageReader } from './message-reader.ts'
import { present, readSlots } from './slots.ts'

export interface MessageContext {
  /** What was asked last; null when a form is open and it is not known what it asks. */
  asked: Asked | null
  form: FormId | undefined
  now: Date
  areas: readonly Area[]
}

/** All that the weights say of one message. */
export interface ReadMessage {
  gist: Gist
  spans: readonly Span[]
  slots: Slots
  /** What it does, the likeliest first. */
  moves: ReadonlyMap<MoveName, number>
  /** What it wants, with what is open in mind: an answer to a form has the form's intent. */
  intent: Intent
}

/** The catalogue's name for what nothing else fits. */
export const OTHER_CATEGORY = '其他'

/** Moves that a form does not take: whatever is open, they are what they are. */
const INTENT_OF_MOVE: Partial<Record<MoveName, Intent>> = {
  ask: 'ask_policy', status: 'request_status', person: 'human_handoff', announce: 'announcement_admin', cancel: 'cancel', withdraw: 'cancel',
  greet: 'smalltalk', thank: 'smalltalk', bye: 'smalltalk', report: 'service_request', offer_help: 'volunteer_signup', emergency: 'emergency',
}

/** In a form a message is something else than an answer only when that is this likely. */
const ASIDE = 0.5

function intentInForm(form: FormId, moves: ReadonlyMap<MoveName, number>, slots: Slots): Intent {
  const [first = 'give', probability = 0] = moves.entries().next().value ?? []
  const own = INTENT_OF_MOVE[first]
  if (own === undefined || probability < ASIDE || own === form) return form
  const saysValues = Object.keys(slots).some((key) => key !== 'description' && key !== 'category')
  // A greeting before a value is no greeting, and a wish with a value belongs to the form.
  return saysValues && (own === 'smalltalk' || own === 'cancel') ? form : own
}

/** A first message is a danger where what it does reads so too, or what it is about surely does. */
const DANGER_AS_MOVE = 0.05
const DANGER_ALONE = 0.3
/** What it does must not speak against it altogether, unless it is certain. */
const SPEAKS_AGAINST = 0.02
const CERTAIN = 0.9
const BELOW_DANGER = 0.49

function calmedByMove(gist: Gist, asMove: number): Gist {
  const alone = gist.probabilities.get('emergency') ?? 0
  const isDanger = asMove >= DANGER_AS_MOVE || (alone >= DANGER_ALONE && asMove >= SPEAKS_AGAINST) || alone >= CERTAIN
  return isDanger ? gist : { ...gist, danger: Math.min(gist.danger, BELOW_DANGER), isSurelyDanger: false }
}

const logit = (probability: number): number => Math.log(Math.max(1e-6, probability) / Math.max(1e-6, 1 - probability))
/** Beside what is filed, or asked by a form, most of what is said is a remark or a value: both readings are weighed, and this is where the words of safety begin. */
const DANGER_BESIDE = { filed: 0.2, inForm: 0.3 }
/** What is less sure is asked, with the words of safety: staff are called for what surely is one. */
const SURE_BESIDE_FILED = { both: 0.6, asMove: 0.3 }

/** What it is about, which most was learnt of, weighs twice what it does. What is not sure beside something filed is asked, and is a remark as well. */
function dangerBeside(gist: Gist, asMove: number, where: keyof typeof DANGER_BESIDE): Gist {
  const both = (2 * logit(gist.probabilities.get('emergency') ?? 0) + logit(asMove)) / 3
  const danger = 1 / (1 + Math.exp(logit(DANGER_BESIDE[where]) - both))
  if (where === 'inForm') return { ...gist, danger, isSurelyDanger: gist.isSurelyDanger && danger >= 0.5 }
  const isSurelyDanger = both >= logit(SURE_BESIDE_FILED.both) && asMove >= SURE_BESIDE_FILED.asMove && (gist.isSurelyDanger || gist.intents[0] === 'emergency')
  const others = gist.intents.filter((intent) => intent !== 'emergency')
  const second = [...gist.probabilities.keys()].find((intent) => intent !== 'emergency') ?? 'other'
  return { ...gist, danger, isSurelyDanger, intents: isSurelyDanger || others.length === gist.intents.length ? gist.intents : [...(others.length > 0 ? others : [second]), 'emergency'] }
}

const formWanted = ({ intents }: Gist): FormId => (intents.includes('volunteer_signup') && (!intents.includes('service_request') || intents[0] === 'volunteer_signup') ? 'volunteer_signup' : 'service_request')

const SHORTEST_DANGER = 3
/** In a longer text the particulars are too little of it to drown anything, and one message never holds up the others. */
const LONGEST_CRY = 400
/** 我叫, 电话, 住在: what led to a name, a number, a place. */
const LEFT_OVER = /(?:我(?:叫|是|姓)|电话|手机号?|号码|地址|我?家?住在?|在)(?:是|:|：|的)*(?=[,，。;；!！\s]|$)/g

/** Name, telephone and address speak for a report, and drown a cry for help: the danger is that of the words without them, where that is greater. */
function withDangerOf(gist: Gist, bare: Gist): Gist {
  if (bare.danger <= gist.danger) return gist
  const isFirst = bare.intents[0] === 'emergency'
  const emergency = bare.probabilities.get('emergency') ?? 0
  const others = [...gist.probabilities].filter(([intent]) => intent !== 'emergency')
  const probabilities = new Map([...others, ['emergency', emergency] as const].sort(([, one], [, other]) => other - one))
  return { ...gist, danger: bare.danger, isSurelyDanger: bare.isSurelyDanger, probabilities, intents: isFirst ? ['emergency', ...gist.intents.filter((intent) => intent !== 'emergency')] : gist.intents }
}

/** Something is with staff, or was until just now: "还在漏" is said of that. */
const FILED: ReadonlySet<Asked | null> = new Set<Asked>(['receipt', 'staff_question', 'score'])

/** Reads one message by what was learnt. */
export function readMessage(reader: MessageReader, text: string, vector: Float32Array | null, context: MessageContext): ReadMessage {
  const said = reader.gist(text, vector)
  const form: FormId = context.form ?? formWanted(said)
  const spans = reader.spans(text, { form, asked: context.asked })
  const moves = reader.moves(text, { asked: context.asked, form: context.form ?? null }, spans)
  const values = readSlots(text, spans, { form, now: context.now, areas: context.areas })
  const bare = text.length > LONGEST_CRY ? text : withoutParticulars(text, spans).replace(LEFT_OVER, '')
  const whole = bare === text || bare.length < SHORTEST_DANGER ? said : withDangerOf(said, reader.gist(bare, null))
  const asMove = Math.max(moves.get('emergency') ?? 0, whole === said ? 0 : (reader.moves(bare, { asked: context.asked, form: context.form ?? null }, []).get('emergency') ?? 0))
  const where = context.form !== undefined ? 'inForm' : FILED.has(context.asked) ? 'filed' : undefined
  const gist = where === undefined ? calmedByMove(whole, asMove) : dangerBeside(whole, asMove, where)
  const [first = 'other'] = gist.intents
  const calm = gist.danger < 0.5 && first === 'emergency' ? ([...gist.probabilities.keys()].find((one) => one !== 'emergency') ?? 'other') : first
  const intent = gist.danger >= 0.5 && (first === 'emergency' || gist.isSurelyDanger) ? 'emergency' : context.form === undefined ? calm : intentInForm(context.form, moves, values)
  return { gist, spans, slots: slotsFor(reader, intent, text, spans, values, context), moves, intent }
}

/** What of the values belongs to what is wanted. */
function slotsFor(reader: MessageReader, intent: Intent, text: string, spans: readonly Span[], values: Slots, { form, asked }: MessageContext): Slots {
  switch (intent) {
    case 'service_request': {
      // Where it is not known what the form asks, the words may tell the matter.
      const told = form === undefined || asked === null || spans.some(({ kind }) => kind === 'problem') ? describe(text, spans) : undefined
      const description = told !== undefined && tellsNothing(reader, told, spans) ? undefined : told
      const { skills: _skills, availability: _availability, guardian: _guardian, ...said } = values
      const category = description === undefined ? undefined : likeliestService(reader, [withoutParticulars(text, spans), description])
      // What is everybody's is found where it stands; who needs something at home is asked where that is.
      return present({ ...said, address: said.address ?? (form === undefined && reader.isPublicFault(category) ? findSpot(text) : undefined), description, category })
    }
    case 'emergency': {
      const { skills: _skills, availability: _availability, guardian: _guardian, ...said } = values
      return present({ ...said, address: said.address ?? findSpot(text), description: describe(text, spans) })
    }
    case 'volunteer_signup':
      return values
    case 'request_status':
    case 'cancel':
    case 'human_handoff':
      return present({ name: values.name, phone: values.phone, address: values.address })
    case 'announcement_admin':
      return present({ community: values.community, description: text, time: values.time })
    case 'ask_policy':
    case 'rate_feedback':
    case 'smalltalk':
    case 'other':
      return {}
    default:
      return intent satisfies never
  }
}

const LONGEST_WISH = 10

/** 我要反映个事, 帮我个忙: a wish to be heard, and nothing of the matter yet. */
const tellsNothing = (reader: MessageReader, told: string, spans: readonly Span[]): boolean =>
  told.length <= LONGEST_WISH && !spans.some(({ kind }) => kind === 'problem') && [undefined, OTHER_CATEGORY].includes(likeliestService(reader, [told]))

/** Less likely than this nothing of the catalogue fits. */
const FITS = 0.2

/** Name of the service that a text is about. */
export function categoryOf(reader: MessageReader, text: string): string | undefined {
  return likeliestService(reader, [withoutParticulars(text, reader.spans(text, { form: 'service_request', asked: null }))])
}

/** Of another service when that is this likely. */
const SURELY_OTHER = 0.6

/** Whether a text may tell of a matter that is known: it is of its service, or of no other surely and near in words. */
export function isAboutMatter(reader: MessageReader, text: string, matter: KnownMatter): boolean {
  const [likeliest] = reader.categories(withoutParticulars(text, reader.spans(text, { form: 'service_request', asked: null })))
  if (likeliest?.service.name === matter.category && likeliest.probability >= FITS) return true
  return (likeliest?.probability ?? 0) < SURELY_OTHER && sharesWords(text, matter)
}

function likeliestService(reader: MessageReader, texts: readonly string[]): string | undefined {
  const [likeliest] = texts.flatMap((text) => reader.categories(text).slice(0, 1)).sort((one, other) => other.probability - one.probability)
  if (likeliest === undefined) return undefined
  return likeliest.probability >= FITS ? likeliest.service.name : OTHER_CATEGORY
}

const PARTICULARS: ReadonlySet<SpanKind> = new Set<SpanKind>(['name', 'phone', 'address', 'community', 'guardian_name', 'guardian_phone', 'other_name', 'other_phone', 'other_place'])
/** A message without who and where: a house's number is about no service. */
const withoutParticulars = (text: string, spans: readonly Span[]): string => hideSpans(text, spans.filter(({ kind }) => PARTICULARS.has(kind)), '')
