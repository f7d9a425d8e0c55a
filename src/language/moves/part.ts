import type { Asked, Move, MoveName, ReadContext } from '../../domain/messages/moves.ts'
import type { Area } from '../../domain/services.ts'
import type { FormId, Intent, Slots } from '../../domain/messages/understanding.ts'
import { readCorrection } from '../corrections.ts'
import { readRating } from '../ratings.ts'
import type { MessageReader } from '../reader/message-reader.ts'
import { readMessage, type ReadMessage } from '../reader/read-message.ts'
import { afterMore, readForWhom, refusesName, saysMore } from '../said-in-forms.ts'
import { hideSpans } from '../values/times/look-back.ts'
import { findWishedTime } from '../values/times/times.ts'
import { readVisitTopics } from '../values/times/visit-questions.ts'

/** What the reader reads with: what was learnt, as it is now, and sentences' vectors where there are any. */
export interface ReaderSources {
  current: () => MessageReader
  areas: readonly Area[]
  /** Which of two a message means that is read unsurely, said without anybody's particulars; null when it can't be said. */
  propose?: (message: string, either: readonly [Intent, Intent]) => Promise<Intent | null>
  /** null where there is no model, or it does not answer in time. */
  vectorOf?: (text: string) => Promise<Float32Array | null>
}

/** A reading other than an answer is taken when it is this likely. */
export const LIKELY = 0.45
/** What is neither asked for nor a matter of its own must be this likely. */
export const VERY_LIKELY = 0.6
/** What a message does of each intent, where nothing finer is known. */
export const MOVE_OF_INTENT = {
  ask_policy: 'ask', service_request: 'report', volunteer_signup: 'offer_help', request_status: 'status', announcement_admin: 'announce', rate_feedback: 'praise',
  emergency: 'emergency', human_handoff: 'person', cancel: 'cancel', smalltalk: 'chat', other: 'ask',
} as const satisfies Record<Intent, MoveName>

/** What it does makes plain what it wants, from here on. */
export const PLAIN_MOVE = 0.7
const FURTHER_MOVES: Partial<Record<MoveName, Intent>> = { complain: 'rate_feedback', unsolved: 'rate_feedback', greet: 'smalltalk', thank: 'smalltalk', bye: 'smalltalk', withdraw: 'cancel', mended: 'cancel' }
/** Whether a move is what messages of that intent do. */
export const isOfIntent = (move: MoveName, intent: Intent | undefined): boolean => intent !== undefined && (MOVE_OF_INTENT[intent] === move || FURTHER_MOVES[move] === intent)

/** A question is about a service of the catalogue where that is this likely. */
const SURE_SERVICE = 0.6

const SPEAKS_AGAINST = /[没不错差]/

/** One part of a message as it was read, and the moves that it may be. */
export class Part {
  readonly text: string
  readonly read: ReadMessage
  readonly context: ReadContext
  /** The request that it names. */
  readonly named: { number?: string }
  readonly likeliest: MoveName
  readonly likelihood: number
  readonly #sources: ReaderSources

  constructor(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext, number: string | undefined) {
    this.#sources = sources
    this.text = text
    this.context = context
    this.named = number === undefined ? {} : { number }
    this.read = readMessage(sources.current(), text, vector, { asked: context.asked, form: context.form, now: context.now, areas: sources.areas })
    const [first = 'chat', likelihood = 0] = this.read.moves.entries().next().value ?? []
    this.likeliest = first
    this.likelihood = likelihood
  }

  /** What the words say by themselves, whatever was asked. */
  readAlone(said: string): ReadMessage {
    // Of a long message the question changes little, and it is not read twice while others wait.
    if (said === this.text && said.length > LONGEST_READ_TWICE) return this.read
    return readMessage(this.#sources.current(), said, null, { asked: 'nothing', form: undefined, now: this.context.now, areas: this.#sources.areas })
  }

  /** Another text, as if it had been said in its place. */
  of(text: string): Part {
    return new Part(this.#sources, text, null, this.context, this.named.number)
  }

  /** What it does if this was asked. */
  movesAfter(asked: Asked): ReadonlyMap<MoveName, number> {
    return this.#sources.current().moves(this.text, { asked, form: null }, this.read.spans)
  }

  /** Right after an emergency: that it is over. */
  isCalledOff(): boolean {
    if (this.context.afterEmergency !== true) return false
    const { gist, moves } = this.readAlone(this.text)
    return gist.intents[0] === 'cancel' || moves.keys().next().value === 'safe'
  }

  probabilityOf(move: MoveName): number {
    return this.read.moves.get(move) ?? 0
  }

  best<T extends MoveName>(names: readonly [T, ...T[]]): T {
    return names.reduce((best, name) => (this.probabilityOf(name) > this.probabilityOf(best) ? name : best))
  }

  give(): Move {
    return { type: 'give', text: this.text, slots: this.read.slots, rest: besidesValues(this.text, this.read.spans) }
  }

  rating(type: 'praise' | 'complain' | 'unsolved'): Move {
    const rating = readRating(this.text, this.context.asked === 'score')
    if (type === 'unsolved' && rating.score === undefined) return { type, text: this.text, ...this.named }
    return { type: type === 'unsolved' ? 'complain' : type, text: this.text, ...this.named, ...rating }
  }

  /** A remark on what is filed, for want of a clearer reading. */
  guess(): Move {
    return { type: 'add', text: this.text, isGuess: true, slots: this.read.slots }
  }

  /** The move of that name, with what goes with it. */
  move(type: MoveName): Move {
    const { text, named } = this
    const { slots } = this.read
    switch (type) {
      case 'report':
        return { type, text, slots: withOthers(text, slots), ...(refusesName(text) && { isNameless: true }), ...(afterMore(text) !== undefined && { isFurther: true }) }
      case 'offer_help':
      case 'change_registration':
        return { type, text, slots, adds: saysMore(text) }
      case 'same_contact':
      case 'add':
        return { type, text, slots }
      case 'give':
        return this.give()
      case 'correct':
        return { type, field: '', text, slots: { ...this.wished(), ...slots }, ...readCorrection(text) }
      case 'praise':
      case 'complain':
      case 'unsolved':
        return this.rating(type)
      case 'useful':
      case 'useless':
        return { type: SPEAKS_AGAINST.test(text) ? 'useless' : 'useful', text }
      case 'ask':
        return this.ask(true)
      case 'ask_form':
        return { type, text, about: 'why' }
      case 'status':
        return { type, text, ...named, isSaid: true }
      case 'urge':
        return { type, text, ...named, ...this.wished() }
      case 'withdraw':
      case 'mended':
      case 'accept_offer':
      case 'decline_offer':
      case 'offer_done':
        return { type, text, ...named }
      case 'ask_visit':
        return { type, text, ...named, topics: readVisitTopics(text), ...this.wished() }
      case 'announce':
        return { type, text, announcement: '' }
      case 'emergency':
        return this.emergency()
      default:
        return { type, text }
    }
  }

  /** When somebody is wished for. */
  wished(): { time?: string } {
    const time = findWishedTime(this.text, this.context.now)
    return time === undefined ? {} : { time }
  }

  ask(isSure: boolean): Move {
    const [service] = this.#sources.current().categories(this.text)
    return { type: 'ask', text: this.text, isSure, ...(service !== undefined && service.probability >= SURE_SERVICE && { service: service.service.name }), ...(this.mayAskOfRequest() && { topics: readVisitTopics(this.text) }) }
  }

  /** What is asked while something is filed is of the text where that is plain; else it may be of what was filed. */
  mayAskOfRequest(): boolean {
    return this.context.asked === 'receipt' && !(this.likeliest === 'ask' && this.likelihood >= PLAINLY_OF_TEXT)
  }

  emergency(): Move {
    const { gist, slots } = this.read
    return { type: 'emergency', text: this.text, danger: this.#sources.current().danger(this.text), isSure: gist.isSurelyDanger || gist.intents[0] === 'emergency', slots }
  }
}

const LONGEST_READ_TWICE = 400
const PLAINLY_OF_TEXT = 0.8

/** Which form a move opens. */
export const FORM_OF: Partial<Record<MoveName, FormId>> = { report: 'service_request', offer_help: 'volunteer_signup' }

/** What is left of a message when the values found in it are taken out: tells an answer from a mention of something else. */
function besidesValues(text: string, spans: ReadMessage['spans']): string {
  return hideSpans(text, spans, '').replace(/我叫|我是|监护人|家长|姓名|名字|联系|电话|手机|号码|地址|年龄|今年|岁|[\s\d,，。.;；:：是住在]/g, '')
}

/** Who calls and for whom stand apart. What is somebody else's is not the speaker's. */
function withOthers(text: string, slots: Slots): Slots {
  const said = readForWhom(text)
  const { name, ...others } = slots
  const own = name !== undefined && said.forWhom?.name === name ? others : slots
  const forWhom = said.forWhom === undefined ? slots.forWhom : { ...slots.forWhom, ...said.forWhom }
  return { ...own, ...said, ...(forWhom && { forWhom }) }
}
