import type { Move, MoveName, ReadContext, Reader, Reading } from '../domain/moves.ts'
import type { Area } from '../domain/services.ts'
import type { FormId, Intent, Slots } from '../domain/understanding.ts'
import { readAnnouncement } from './announcements.ts'
import { isBlank } from './clean.ts'
import { findCommand, findRequestNumber } from './commands.ts'
import { readCorrection } from './corrections.ts'
import { splitMatters } from './parts.ts'
import { readRating } from './ratings.ts'
import type { MessageReader } from './reader/message-reader.ts'
import { categoryOf, readMessage, type ReadMessage } from './reader/read-message.ts'
import { withoutValues } from './rest.ts'
import { hasSameWords } from './same-words.ts'
import { afterMore, asksForNotice, readForWhom, wantsNameless, withoutSameContact } from './said-in-forms.ts'

/** What the reader reads with: what was learnt, as it is now, and sentences' vectors where there are any. */
export interface ReaderSources {
  current: () => MessageReader
  areas: readonly Area[]
  /** null where there is no model, or it does not answer in time. */
  vectorOf?: (text: string) => Promise<Float32Array | null>
}

/** A reader of messages: exact commands first, all else by what was learnt from `knowledge/talk`. */
export function createReader(sources: ReaderSources): Reader {
  return {
    read: async (text, context) => {
      const vector = isBlank(text) === undefined && findCommand(text) === undefined ? ((await sources.vectorOf?.(text)) ?? null) : null
      return readWithPieces(sources, text, vector, context)
    },
    category: (text) => categoryOf(sources.current(), text, text),
    slots: (text, { form, asked, now }) => readMessage(sources.current(), text, null, { asked, form, now, areas: sources.areas }).slots,
    saysSame: hasSameWords,
    withoutParticulars: (question) => withoutParticulars(sources, question),
    readAnnouncement,
  }
}

const LONGEST_PIECE = 8

/** A short message that says nothing by itself is read together with what was said before it. */
function readWithPieces(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext): Reading {
  const reading = readWithSameContact(sources, text, vector, context)
  const { before, ...alone } = context
  if (before === undefined || text.length > LONGEST_PIECE || context.form !== undefined || findCommand(text) !== undefined) return reading
  const joined = readMoves(sources, `${before}${text}`, null, alone)
  const [first] = joined.moves
  if (first?.type === 'emergency' || (first?.type === 'report' && first.slots.description !== undefined)) return joined
  return first?.type === 'report' ? { ...reading, moves: [] } : reading
}

/** "楼道灯坏了，还是那个地址": a report, and whose it is. */
function readWithSameContact(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext): Reading {
  const rest = context.form === undefined ? withoutSameContact(text) : undefined
  if (rest !== undefined) {
    const reading = readMoves(sources, rest, null, context)
    if (reading.moves[0]?.type === 'report') return { ...reading, moves: [...reading.moves, { type: 'same_contact', text: text.replace(rest, ''), slots: {} }] }
  }
  return readMoves(sources, text, vector, context)
}

/** A message and the question that is open, as moves. */
function readMoves(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext): Reading {
  const number = findRequestNumber(text)
  const named = number === undefined ? {} : { number }
  const blank = isBlank(text)
  if (blank !== undefined && findCommand(text) === undefined) return { moves: [], intent: blank === 'emoji' ? 'smalltalk' : 'other', intents: [blank === 'emoji' ? 'smalltalk' : 'other'], slots: {}, danger: 0, isSure: true, blank }
  const command = commandIn(text, context)
  if (command !== undefined) return readCommand(command, text, context, named)
  const reader = sources.current()
  const switched = context.form === undefined ? undefined : readSwitch(sources, text, context, context.form)
  if (switched !== undefined) return { ...switched, ...named }
  const parts = splitMatters(text, (part) => reader.gist(part, null), context.form !== undefined)
  const readings = parts.map((part) => readPart(sources, part, parts.length === 1 ? vector : null, context, number))
  const first = readings[0] ?? readPart(sources, text, vector, context, number)
  if (readings.length < 2) return { ...first, ...named }
  const intents = [...new Set(readings.flatMap((reading) => reading.intents))]
  return { ...first, moves: readings.flatMap(({ moves }) => moves), intents, danger: Math.max(...readings.map(({ danger }) => danger)), isSure: readings.every(({ isSure }) => isSure), ...named }
}

const FIRST_CLAUSE = /^([^,，。！!\s]{2,12})[,，。！!\s]+(?=.{3})/
const OPENS = { service_request: 'report', volunteer_signup: 'offer_help' } as const satisfies Record<FormId, MoveName>

/** "不当了，我要报修": one matter is called off, and the other form's begun. */
function readSwitch(sources: ReaderSources, text: string, context: ReadContext, form: FormId): Reading | undefined {
  const [lead, first = ''] = FIRST_CLAUSE.exec(text) ?? []
  if (lead === undefined || (sources.current().gist(first, null).probabilities.get('cancel') ?? 0) < CLEARLY_ANOTHER) return undefined
  const rest = text.slice(lead.length)
  const other: FormId = form === 'service_request' ? 'volunteer_signup' : 'service_request'
  const command = findCommand(rest)
  const read = readMessage(sources.current(), rest, null, { asked: 'nothing', form: undefined, now: context.now, areas: sources.areas })
  if (command?.type !== OPENS[other] && (read.intent !== other || (read.gist.probabilities.get(other) ?? 0) < VERY_LIKELY)) return undefined
  const moves: Move[] = [{ type: 'cancel', text: first }, { type: OPENS[other], text: rest, slots: command === undefined ? read.slots : {} }]
  return { moves, intent: other, intents: [other], slots: read.slots, danger: read.gist.danger, isSure: true }
}

/** A word that stands alone may still be what was asked for: 报修 is no name, but 进度 may be what is the matter. */
function commandIn(text: string, { asked, form }: ReadContext): Move | undefined {
  const command = findCommand(text)
  if (command === undefined && wantsNameless(text) && form === undefined) return { type: 'report', text, slots: {}, isNameless: true }
  if (command === undefined && form !== undefined && asksForNotice(text)) return { type: 'ask_form', text, about: 'notice' }
  const isOwnForm = (command?.type === 'report' && form === 'service_request') || (command?.type === 'offer_help' && form === 'volunteer_signup')
  if (isOwnForm) return undefined
  return command?.type === 'confirm' && asked === 'announcement_sure' && !('of' in command) ? { ...command, of: 'announcement' } : command
}

const INTENT_OF_COMMAND: Partial<Record<Move['type'], Intent>> = {
  cancel: 'cancel', withdraw: 'cancel', status: 'request_status', report: 'service_request', offer_help: 'volunteer_signup', change_registration: 'volunteer_signup',
  leave_volunteers: 'volunteer_signup', person: 'human_handoff', pass_on: 'human_handoff', details: 'ask_policy', help: 'smalltalk', announce: 'announcement_admin', unsolved: 'rate_feedback',
}
/** Commands that are no answer to a form. */
const ANSWERS_FORM: ReadonlySet<Move['type']> = new Set<Move['type']>(['agree', 'refuse', 'confirm', 'skip', 'acknowledge', 'unsolved', 'useful', 'useless', 'accept_offer', 'decline_offer', 'offer_done', 'same_contact'])

function readCommand(command: Move, text: string, { form }: ReadContext, named: { number?: string }): Reading {
  const intent = INTENT_OF_COMMAND[command.type] ?? form ?? 'other'
  const moves: Move[] = form !== undefined && ANSWERS_FORM.has(command.type) && !('of' in command) ? [command, { type: 'give', text, slots: {}, rest: text }] : [command]
  return { moves, intent, intents: [intent], slots: {}, danger: 0, isSure: true, ...named }
}

/** In a form a reading other than an answer is taken when it is this likely. */
const LIKELY = 0.45
/** A further trouble in the middle of one is clearly another, and told in more than a word. */
const CLEARLY_ANOTHER = 0.7
const SHORTEST_MATTER = 6
/** What is neither asked for nor a matter of its own must be this likely where no form is open. */
const VERY_LIKELY = 0.6

function readPart(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext, number: string | undefined): Reading {
  const reader = sources.current()
  const read = readMessage(reader, text, vector, { asked: context.asked, form: context.form, now: context.now, areas: sources.areas })
  const { gist } = read
  const part = new Part(sources, text, read, context, number)
  const moves: Move[] = []
  const isDanger = gist.danger >= 0.5 && !part.isCalledOff()
  if (isDanger) moves.push({ type: 'emergency', text, danger: reader.danger(text), isSure: gist.isSurelyDanger || gist.intents[0] === 'emergency', slots: read.slots })
  if (!isDanger || !(gist.isSurelyDanger || gist.intents[0] === 'emergency')) moves.push(...(context.form === undefined ? part.readFreely() : part.readInForm(context.form)))
  const intent = isDanger && moves.length === 1 ? 'emergency' : read.intent
  const either = context.form === undefined && !gist.isSure && !isDanger ? part.either() : undefined
  return {
    moves,
    intent,
    intents: context.form === undefined ? [intent, ...gist.intents.filter((other) => other !== intent)] : [intent],
    slots: read.slots,
    danger: gist.danger,
    isSure: context.form === undefined ? gist.isSure : part.likelihood >= LIKELY,
    ...(either !== undefined && { either }),
  }
}

const MOVE_OF_INTENT = { ask_policy: 'ask', service_request: 'report', volunteer_signup: 'offer_help', request_status: 'status', announcement_admin: 'announce', rate_feedback: 'praise', emergency: 'emergency', human_handoff: 'person', cancel: 'cancel', smalltalk: 'chat', other: 'ask' } as const satisfies Record<Intent, MoveName>

/** What is said of something that is there already, or of oneself: it is none of the eleven intents, or a finer one. */
const ABOUT_WHAT_IS: ReadonlySet<MoveName> = new Set<MoveName>([
  'add', 'correct', 'same_contact', 'unsolved', 'withdraw', 'change_registration', 'pause_volunteering', 'leave_volunteers', 'my_data', 'delete_data', 'withdraw_consent',
  'subscribe', 'unsubscribe', 'acknowledge', 'details', 'pass_on', 'help', 'agree', 'refuse', 'confirm', 'skip',
])
/** Answers to an offer, to what was answered, to a yes or no: few words. */
const MAY_ANSWER = ['accept_offer', 'decline_offer', 'offer_done', 'useful', 'useless', 'agree', 'refuse', 'unsolved'] as const
const LONGEST_ANSWER = 20
const SPEAKS_AGAINST = /[没不错差]/
const MAY_BE_ANSWER = 0.1
/** A report in so few characters is one only when it is this likely. */
const LONGEST_WORD = 4
const PLAIN_WORD = 0.95
/** Only who was asked answers. */
const ANSWERS_TO: Partial<Record<MoveName, readonly ReadContext['asked'][]>> = {
  accept_offer: ['offer'], decline_offer: ['offer'], offer_done: ['offer'], useful: ['answer'], useless: ['answer'],
}
const RATINGS = ['praise', 'complain', 'unsolved'] as const
const TALK = ['greet', 'thank', 'bye', 'chat', 'help', 'acknowledge'] as const
/** A question is looked up where nothing better is known of a message, if it may be one. */
const MAY_ASK = 0.12

/** One part of a message, and what it may do. */
class Part {
  readonly #sources: ReaderSources
  readonly #text: string
  readonly #read: ReadMessage
  readonly #context: ReadContext
  readonly #number: string | undefined
  readonly #likeliest: MoveName
  readonly likelihood: number

  constructor(sources: ReaderSources, text: string, read: ReadMessage, context: ReadContext, number: string | undefined) {
    this.#sources = sources
    this.#text = text
    this.#read = read
    this.#context = context
    this.#number = number
    const [first = 'chat', likelihood = 0] = read.moves.entries().next().value ?? []
    this.#likeliest = first
    this.likelihood = likelihood
  }

  /** Right after an emergency: that it is over. */
  isCalledOff(): boolean {
    return this.#context.afterEmergency === true && this.#read.gist.intents[0] === 'cancel'
  }

  /** The two that it may be. */
  either(): [MoveName, MoveName] | undefined {
    const [one, other] = this.#read.gist.probabilities.keys()
    if (one === undefined || other === undefined) return undefined
    return MOVE_OF_INTENT[one] === MOVE_OF_INTENT[other] ? undefined : [MOVE_OF_INTENT[one], MOVE_OF_INTENT[other]]
  }

  /** Where no form is open: what it may answer somebody who asked, and what it wants of itself. Whether anybody asked, the dialogue knows. */
  readFreely(): Move[] {
    return [...this.#asAnswer(), ...this.#afterNumber(), ...this.#ofItself()]
  }

  /** A number asks after its request, where nothing else is clearly wanted of it. */
  #afterNumber(): Move[] {
    const isOther = ABOUT_WHAT_IS.has(this.#likeliest) || RATINGS.some((name) => name === this.#likeliest)
    return this.#number === undefined || (isOther && this.likelihood >= LIKELY) ? [] : [this.#move('status')]
  }

  #asAnswer(): Move[] {
    if (this.#text.length > LONGEST_ANSWER) return []
    return MAY_ANSWER.filter((name) => (this.#read.moves.get(name) ?? 0) >= MAY_BE_ANSWER).map((name) => this.#move(name))
  }

  #ofItself(): Move[] {
    const { asked, afterEmergency } = this.#context
    const { slots } = this.#read
    if (this.isCalledOff()) return [{ type: 'safe', text: this.#text }]
    if (afterEmergency === true && (slots.address !== undefined || slots.phone !== undefined || this.#read.gist.danger >= 0.2)) {
      const values: Slots = { ...(slots.address !== undefined && { address: slots.address }), ...(slots.phone !== undefined && { phone: slots.phone }) }
      return [this.#read.gist.danger >= 0.2 ? { type: 'add', text: this.#text, about: 'emergency', slots: values } : this.#give(), ...this.#ofIntents()]
    }
    const answers = ANSWERS_TO[this.#likeliest]
    if (answers !== undefined && this.likelihood >= (answers.includes(asked) ? LIKELY : 0.9)) return [this.#move(this.#likeliest), ...this.#ofIntents()]
    if (asked === 'score' || asked === 'delete_sure' || asked === 'announcement_sure' || asked === 'subscription' || asked === 'nameless') return this.#answerTo(asked)
    // A word or two that may be the beginning of more.
    if (this.#text.length <= LONGEST_WORD && this.#read.gist.intents[0] === 'service_request' && (this.#read.gist.probabilities.get('service_request') ?? 0) < PLAIN_WORD) return []
    const isAbout = ABOUT_WHAT_IS.has(this.#likeliest) && this.likelihood >= VERY_LIKELY
    return isAbout ? [this.#move(this.#likeliest), ...this.#ofIntents()] : this.#ofIntents()
  }

  #answerTo(asked: 'score' | 'delete_sure' | 'announcement_sure' | 'subscription' | 'nameless'): Move[] {
    const text = this.#text
    if (asked === 'score') {
      const rating = readRating(text, true)
      if (rating.score !== undefined || rating.isOutOfRange === true) return [{ ...this.#rating(this.#likeliest === 'complain' ? 'complain' : 'praise'), ...rating }]
    }
    const yes = this.#likeliest === 'agree' || this.#likeliest === 'confirm'
    const no = this.#likeliest === 'refuse' || this.#likeliest === 'cancel' || this.#likeliest === 'skip'
    if (this.likelihood < LIKELY || asked === 'score') return this.#ofIntents()
    if (asked === 'delete_sure' && yes) return [{ type: 'confirm', text, of: 'deletion' }]
    if (asked === 'delete_sure' && no) return [{ type: 'refuse', text, of: 'deletion' }]
    if (asked === 'announcement_sure' && yes) return [{ type: 'confirm', text, of: 'announcement' }]
    if (asked === 'announcement_sure' && no) return [{ type: 'cancel', text, of: 'announcement' }]
    if (yes || no) return [this.#move(yes ? 'agree' : 'refuse'), ...this.#ofIntents()]
    return this.#ofIntents()
  }

  /** The moves of what it asks for. */
  #ofIntents(): Move[] {
    const [first] = this.#read.gist.intents
    // What is called off is not also asked for.
    const calm = first === 'emergency' ? [this.#read.intent] : []
    const intents = first === 'cancel' ? ['cancel' as const] : [...new Set([...calm, ...this.#read.gist.intents])].filter((intent) => intent !== 'emergency')
    return intents.flatMap((intent) => this.#ofIntent(intent))
  }

  #ofIntent(intent: Intent): Move[] {
    const text = this.#text
    switch (intent) {
      case 'rate_feedback':
        return [this.#rating(this.#best(RATINGS))]
      case 'request_status':
        return [this.#move('status')]
      case 'smalltalk':
        return [this.#move(this.#best(TALK))]
      case 'cancel':
        return [this.#move(this.#number !== undefined || this.#best(['cancel', 'withdraw']) === 'withdraw' ? 'withdraw' : 'cancel')]
      case 'other':
        return (this.#read.gist.probabilities.get('ask_policy') ?? 0) >= MAY_ASK ? [{ type: 'ask', text, isSure: false }] : []
      default:
        return [this.#move(MOVE_OF_INTENT[intent])]
    }
  }

  /** What an open form takes it for, the likeliest reading first; an answer is tried besides. */
  readInForm(form: FormId): Move[] {
    const { asked } = this.#context
    const correction = readCorrection(this.#text)
    const named: Move[] = correction === undefined ? [] : [{ ...correction, text: this.#text, slots: this.#read.slots }]
    if (this.isCalledOff()) return [{ type: 'safe', text: this.#text }]
    if (asked === 'category') return [...named, this.#give()]
    const likeliest = this.#likeliest
    switch (likeliest) {
      case 'ask':
      case 'person':
      case 'status':
      case 'announce':
      case 'my_data':
      case 'delete_data':
      case 'withdraw_consent':
      case 'subscribe':
      case 'unsubscribe':
      case 'details':
      case 'pass_on':
      case 'greet':
      case 'thank':
      case 'bye':
      case 'help':
      case 'cancel':
      case 'back':
      case 'restart':
      case 'ask_form':
      case 'withdraw':
        if (this.likelihood >= LIKELY && named.length === 0 && !this.#saysValues()) return [this.#move(likeliest === 'withdraw' ? 'cancel' : likeliest)]
        return [...named, this.#give(), ...(this.likelihood >= VERY_LIKELY && likeliest !== 'greet' && likeliest !== 'cancel' ? [this.#move(likeliest)] : [])]
      case 'report':
      case 'offer_help':
        return this.#otherMatter(form, named)
      case 'add':
        return asked === 'summary' && !this.#saysValues() ? [{ type: 'add', text: this.#text, slots: this.#read.slots }] : [...named, this.#give(), { type: 'add', text: this.#text, slots: this.#read.slots }]
      case 'correct':
        return [...(named.length > 0 ? named : [this.#move('correct')]), this.#give()]
      case 'agree':
      case 'refuse':
      case 'confirm':
      case 'skip':
      case 'same_contact':
        return this.likelihood >= LIKELY && !(likeliest === 'skip' && this.#answers()) ? [this.#move(likeliest), ...named, this.#give()] : [...named, this.#give()]
      default:
        return [...named, this.#give()]
    }
  }

  /** Whether it gives what was asked: 随便 may be nobody's name, but 都行 is when somebody is free. */
  #answers(): boolean {
    return this.#context.asked === 'availability' && this.#read.slots.availability !== undefined
  }

  /** A telephone or an address is no aside. */
  #saysValues(): boolean {
    const { name, phone, address, age } = this.#read.slots
    return phone !== undefined || (address !== undefined && name !== undefined) || (age !== undefined && name !== undefined)
  }

  /** Another trouble, or the other form's matter, in the middle of one. */
  #otherMatter(form: FormId, named: Move[]): Move[] {
    const text = this.#text
    const { asked } = this.#context
    const isOwn = (this.#likeliest === 'report' ? 'service_request' : 'volunteer_signup') === form
    if (this.likelihood < (isOwn ? CLEARLY_ANOTHER : VERY_LIKELY) || (isOwn && (asked === 'description' || text.length < SHORTEST_MATTER))) return [...named, this.#give()]
    const said = afterMore(text) ?? text
    const alone = readMessage(this.#sources.current(), said, null, { asked: 'nothing', form: undefined, now: this.#context.now, areas: this.#sources.areas })
    const move: Move = { type: this.#likeliest === 'report' ? 'report' : 'offer_help', text: said, slots: alone.slots }
    return isOwn ? [move, ...named, this.#give()] : [move]
  }

  #best<T extends MoveName>(names: readonly T[]): T {
    return names.reduce((best, name) => ((this.#read.moves.get(name) ?? 0) > (this.#read.moves.get(best) ?? 0) ? name : best), names[0]!)
  }

  #give(): Move {
    return { type: 'give', text: this.#text, slots: this.#read.slots, rest: withoutValues(this.#text, this.#read.spans) }
  }

  #rating(type: (typeof RATINGS)[number]): Move {
    const named = this.#number === undefined ? {} : { number: this.#number }
    if (type === 'unsolved') return { type, text: this.#text, ...named }
    return { type, text: this.#text, ...named, ...readRating(this.#text, this.#context.asked === 'score') }
  }

  #move(type: MoveName): Move {
    const text = this.#text
    const { slots } = this.#read
    const named = this.#number === undefined ? {} : { number: this.#number }
    switch (type) {
      case 'report':
        return { type, text, slots: withOthers(text, slots) }
      case 'offer_help':
      case 'change_registration':
      case 'same_contact':
      case 'add':
        return { type, text, slots }
      case 'give':
        return this.#give()
      case 'correct':
        return { type, field: '', text, slots, ...readCorrection(text) }
      case 'praise':
      case 'complain':
      case 'unsolved':
        return this.#rating(type)
      case 'useful':
      case 'useless':
        return { type: SPEAKS_AGAINST.test(text) ? 'useless' : 'useful', text }
      case 'ask':
        return { type, text, isSure: true }
      case 'ask_form':
        return { type, text, about: 'why' }
      case 'status':
      case 'withdraw':
      case 'accept_offer':
      case 'decline_offer':
      case 'offer_done':
        return { type, text, ...named }
      case 'announce':
        return { type, text, announcement: '' }
      case 'emergency':
        return { type, text, danger: this.#sources.current().danger(text), isSure: false, slots }
      default:
        return { type, text }
    }
  }
}

/** Who calls and for whom stand apart. What is somebody else's is not the speaker's. */
function withOthers(text: string, slots: Slots): Slots {
  const said = readForWhom(text)
  const { name, ...others } = slots
  const own = name !== undefined && said.forWhom?.name === name ? others : slots
  const forWhom = said.forWhom === undefined ? slots.forWhom : { ...slots.forWhom, ...said.forWhom }
  return { ...own, ...said, ...(forWhom && { forWhom }) }
}

const PARTICULARS: ReadonlySet<string> = new Set(['name', 'phone', 'address', 'guardian_name', 'guardian_phone', 'other_name', 'other_phone'])

/** A question as staff may keep it: whoever asked, without telephone, name or address of anybody. */
function withoutParticulars({ current }: ReaderSources, text: string): string {
  const spans = current().spans(text, { form: 'service_request', asked: 'nothing' }).filter(({ kind }) => PARTICULARS.has(kind))
  let kept = ''
  let at = 0
  for (const { start, end } of spans) {
    kept += text.slice(at, start)
    at = end
  }
  kept = (kept + text.slice(at)).replace(/(?:电话|手机|号码|联系方式)?(?:是|[:：])?\s*[+\d][\d\s-]{5,20}\d/g, '')
  return kept.replace(/^(?:我叫|我是|住在?|[,，。、\s])+/g, '').replace(/[,，、\s]{2,}/g, '，').trim()
}
