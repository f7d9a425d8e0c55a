import type { Move, MoveType, ReadContext, Reader, Reading } from '../domain/moves.ts'
import type { Intent, Slots, Understanding } from '../domain/understanding.ts'
import { findAddress } from './values/addresses.ts'
import { readAnnouncement } from './announcements.ts'
import { asksAfterEmergency, asksWhy, mindsBefore, saysHelpIsComing, saysItIsOver, withoutValues } from './asides.ts'
import { isBlank } from './clean.ts'
import { findCommand, findRequestNumber, type Command } from './commands.ts'
import { findDanger } from './danger-kinds.ts'
import { plain } from './normalize.ts'
import { readOfferAnswer } from './offers.ts'
import { findOtherMatter } from './other-matter.ts'
import { splitMatters } from './parts.ts'
import { isBareParticulars, withoutParticulars } from './particulars.ts'
import { findPhones } from './values/phones.ts'
import { asksForInformation, isQuestion } from './questions.ts'
import { isUnsolved } from './ratings.ts'
import { isRemark } from './remarks.ts'
import { afterMore, asksForNotice, readForWhom, saysNoPhone, saysSameContact, wantsNameless, withoutSameContact } from './said-in-forms.ts'
import { hasSameWords } from './same-words.ts'
import { kindOfTalk } from './talk.ts'
import type { Understand } from './understand.ts'
import { readVote } from './votes.ts'

/** The reader that reads by rules: moves put together from what the older parts of this folder find, each by itself. */
export function createReader(understand: Understand): Reader {
  return {
    read: (text, context) => readMoves(understand, text, context),
    saysSame: hasSameWords,
    withoutParticulars,
    readAnnouncement,
  }
}

const LONGEST_PIECE = 8

/** A message and the question that is open, as moves. A short one that says nothing by itself is read together with what was said before it. */
function readMoves(understand: Understand, text: string, context: ReadContext): Reading {
  const { before, ...alone } = context
  const reading = readAlone(understand, text, alone)
  if (before === undefined || text.length > LONGEST_PIECE || context.form !== undefined || findCommand(text) !== undefined) return reading
  const joined = readAlone(understand, `${before}${text}`, alone)
  return joined.moves[0]?.type === 'report' || joined.moves[0]?.type === 'emergency' ? joined : reading
}

function readAlone(understand: Understand, text: string, context: ReadContext): Reading {
  const rest = context.form === undefined ? withoutSameContact(text) : undefined
  if (rest !== undefined) {
    const reading = readAlone(understand, rest, context)
    if (reading.moves[0]?.type === 'report') return { ...reading, moves: [...reading.moves, { type: 'same_contact', text: text.replace(rest, ''), slots: {} }] }
  }
  const parts = splitMatters(text, (part) => understand(part, { now: context.now }), context.form !== undefined)
  const readings = parts.map((part) => asPart(readPart(understand, part, context), parts.length))
  const [first] = readings
  if (first === undefined || readings.length === 1) return first ?? readPart(understand, text, context)
  const intents = [...new Set(readings.flatMap((reading) => reading.intents))]
  return { ...first, moves: readings.flatMap(({ moves }) => moves), intents, danger: Math.max(...readings.map(({ danger }) => danger)) }
}

/** Beside another matter, how one signs up is a question. */
function asPart(reading: Reading, parts: number): Reading {
  if (parts === 1) return reading
  const moves = reading.moves.map((move): Move => (move.type === 'offer_help' && isQuestion(plain(move.text)) && move.slots.name === undefined ? { type: 'ask', text: move.text, isSure: true } : move))
  return { ...reading, moves }
}

const FORM_INTENTS: ReadonlySet<Intent> = new Set<Intent>(['service_request', 'volunteer_signup'])

/** Who calls and for whom stand apart. What is somebody else's is not the speaker's. */
function withOthers(text: string, slots: Slots): Slots {
  const { name } = slots
  const said = readForWhom(text)
  const isTheirs = name !== undefined && said.forWhom?.name === name
  const { name: _theirs, ...own } = slots
  return { ...(isTheirs ? own : slots), ...said }
}

function readPart(understand: Understand, text: string, context: ReadContext): Reading {
  const read = understand(text, { now: context.now, ...(context.form && { form: context.form }) })
  const understanding: Understanding = read.intent === 'service_request' ? { ...read, slots: withOthers(text, read.slots) } : read
  const { intent, slots } = understanding
  const number = findRequestNumber(text)
  const blank = isBlank(text)
  const isEmergency = intent === 'emergency'
  const moves = isEmergency ? [{ type: 'emergency' as const, text, danger: findDanger(text), isSure: true, slots }] : new PartReader(understand, text, understanding, context, number).read()
  return { moves, intent, intents: [intent], slots, danger: isEmergency ? 1 : 0, isSure: true, ...(number !== undefined && { number }), ...(blank !== undefined && { blank }) }
}

/** Commands by the moves that they are, where the names differ. */
const OTHER_NAMES: Partial<Record<Command['type'], MoveType>> = { human: 'person', start_service: 'report', start_volunteer: 'offer_help', update_volunteer: 'change_registration' }
/** Moves that are no answer to a form, whatever it asks. */
const LEAVES_FORM: ReadonlySet<string> = new Set<MoveType>(['status', 'withdraw', 'details', 'pass_on', 'person', 'help', 'praise', 'complain', 'my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe', 'leave_volunteers', 'bind', 'announce', 'cancel', 'back', 'restart', 'ask_form', 'ask', 'greet', 'thank', 'bye', 'chat'])

const CONFIRMS_ANNOUNCEMENT = /^(?:确认(?:发布|发送|提交|发)?|发布|就这样发?)[!！。.]*$/
const DROPS_ANNOUNCEMENT = /^(?:取消|不发了?|算了|先不发)[!！。.]*$/
const WITHDRAWS = /撤回|撤销|撤单|取消|不用(?:修|办|来)/
const LOW_SCORE = 3

/** Reads one part of a message: every reading of its words, the most certain first. */
class PartReader {
  readonly #moves: Move[] = []
  readonly #command: Command | undefined
  readonly #text: string
  readonly #slots: Slots
  readonly #intent: Intent
  readonly #context: ReadContext
  readonly #number: string | undefined

  readonly #understand: Understand

  constructor(understand: Understand, text: string, { intent, slots }: Understanding, context: ReadContext, number: string | undefined) {
    this.#understand = understand
    this.#text = text
    this.#intent = intent
    this.#slots = slots
    this.#context = context
    this.#number = number
    this.#command = findCommand(text)
  }

  read(): Move[] {
    this.#readAfterEmergency()
    this.#readConfirmations()
    this.#readVoteAndOffer()
    if (wantsNameless(this.#text) && this.#context.form === undefined) return [{ type: 'report', text: this.#text, slots: {}, isNameless: true }]
    const isOther = this.#readOtherMatter() || this.#readFurther()
    if (!isOther) {
      this.#readUnsolved()
      this.#readCommand()
      this.#readIntent()
      this.#readAnswer()
    }
    return this.#moves
  }

  #readAfterEmergency(): void {
    const text = this.#text
    if (this.#context.afterEmergency !== true || this.#command !== undefined || asksAfterEmergency(text)) return
    const address = findAddress(text)
    const phone = findPhones(text)[0]?.phone
    const slots: Slots = { ...(address !== undefined && { address }), ...(phone !== undefined && { phone }) }
    if (saysItIsOver(text)) this.#moves.push({ type: 'safe', text })
    else if (saysHelpIsComing(text)) this.#moves.push({ type: 'add', text, about: 'emergency', slots })
    else if (this.#context.form === undefined && Object.keys(slots).length > 0) this.#moves.push({ type: 'give', text, slots, rest: withoutValues(text, slots) })
  }

  /** What names itself what it confirms or calls off. */
  #readConfirmations(): void {
    const text = this.#text
    const said = text.trim()
    const isAsked = this.#context.asked === 'announcement_sure'
    if (CONFIRMS_ANNOUNCEMENT.test(said) && (isAsked || said.includes('发'))) this.#moves.push({ type: 'confirm', text, of: 'announcement' })
    if (DROPS_ANNOUNCEMENT.test(said) && (isAsked || said.includes('发'))) this.#moves.push({ type: 'cancel', text, of: 'announcement' })
    if (/^确认删除[。！!]*$/.test(said)) this.#moves.push({ type: 'confirm', text, of: 'deletion' })
    if (/^不删/.test(said)) this.#moves.push({ type: 'refuse', text, of: 'deletion' })
  }

  #readVoteAndOffer(): void {
    const text = this.#text
    const vote = readVote(text)
    if (vote !== undefined) this.#moves.push({ type: vote.isUseful ? 'useful' : 'useless', text, ...(vote.code !== undefined && { code: vote.code }) })
    const offer = readOfferAnswer(text)
    // While a form is open 没空 or 办好了 may be meant for it.
    if (offer === undefined || (this.#context.form !== undefined && offer.number === undefined && !text.includes('去'))) return
    const type = ({ accept: 'accept_offer', decline: 'decline_offer', done: 'offer_done' } as const)[offer.type]
    this.#moves.push({ type, text, ...(offer.number !== undefined && { number: offer.number }) })
  }

  /** "不当了，我要报修": one matter is called off, and another begun. */
  #readOtherMatter(): boolean {
    const { form } = this.#context
    if (form === undefined || !FORM_INTENTS.has(this.#intent) || this.#intent === form) return false
    const rest = findOtherMatter(this.#text)
    if (rest === undefined) return false
    if (rest !== this.#text) this.#moves.push({ type: 'cancel', text: this.#text.slice(0, this.#text.length - rest.length) })
    this.#moves.push({ type: this.#intent === 'volunteer_signup' ? 'offer_help' : 'report', text: rest, slots: this.#slots })
    return true
  }

  /** "还有下水道也堵了" while another trouble is being filled in. */
  #readFurther(): boolean {
    if (this.#context.form !== 'service_request') return false
    const rest = afterMore(this.#text)
    const alone = rest === undefined ? undefined : this.#understand(rest, { now: this.#context.now })
    if (rest === undefined || alone?.intent !== 'service_request' || alone.slots.category === undefined || alone.slots.description === undefined) return false
    this.#moves.push({ type: 'report', text: rest, slots: alone.slots })
    return true
  }

  #readUnsolved(): void {
    if (isUnsolved(this.#text)) this.#moves.push({ type: 'unsolved', text: this.#text, ...this.#named() })
  }

  #named = (): { number?: string } => (this.#number === undefined ? {} : { number: this.#number })

  #readCommand(): void {
    const [command, text, slots] = [this.#command, this.#text, this.#slots]
    if (this.#number !== undefined && WITHDRAWS.test(text)) {
      this.#moves.push({ type: 'withdraw', text, ...this.#named() })
      return
    }
    if (command === undefined) return
    switch (command.type) {
      case 'correct':
        this.#moves.push({ type: 'correct', text, field: command.field, slots, ...(command.value !== undefined && { value: command.value }), ...(command.instead !== undefined && { instead: command.instead }) })
        return
      case 'status':
        this.#moves.push({ type: 'status', text, ...this.#named() })
        return
      case 'bind':
        this.#moves.push({ type: 'bind', text, code: command.code })
        return
      case 'announce':
        this.#moves.push({ type: 'announce', text, announcement: command.text })
        return
      case 'rate': {
        // A digit alone answers the open form, unless a score was asked for.
        if (this.#context.form !== undefined && this.#context.asked !== 'score' && /^\s*[1-5１-５一二三四五]\s*$/.test(text)) return
        const { score, comment } = command
        this.#moves.push({ type: score !== undefined && score <= LOW_SCORE ? 'complain' : 'praise', text, ...this.#named(), ...(score !== undefined && { score }), ...(comment !== undefined && { comment }) })
        return
      }
      case 'start_service':
      case 'start_volunteer':
      case 'update_volunteer': {
        const type = OTHER_NAMES[command.type] as 'report' | 'offer_help' | 'change_registration'
        const isOwnForm = (type === 'report' ? 'service_request' : 'volunteer_signup') === this.#context.form
        if (!isOwnForm) this.#moves.push({ type, text, slots })
        return
      }
      default:
        this.#moves.push({ type: OTHER_NAMES[command.type] ?? command.type, text } as Move)
    }
  }

  #readIntent(): void {
    const { form, asked } = this.#context
    const [text, slots, intent] = [this.#text, this.#slots, this.#intent]
    if (form !== undefined && asksForNotice(text)) {
      this.#moves.push({ type: 'ask_form', text, about: 'notice' })
      return
    }
    if (form !== undefined && this.#command === undefined && asksWhy(text, asked === 'consent')) {
      this.#moves.push({ type: 'ask_form', text, about: 'why' })
      return
    }
    if (this.#command !== undefined) return
    switch (intent) {
      case 'cancel':
        if (!this.#moves.some(({ type }) => type === 'withdraw')) this.#moves.push({ type: 'cancel', text })
        return
      case 'human_handoff':
        this.#moves.push({ type: 'person', text })
        return
      case 'request_status':
        if (!this.#moves.some(({ type }) => type === 'withdraw')) this.#moves.push({ type: 'status', text, ...this.#named() })
        return
      case 'rate_feedback':
        this.#moves.push({ type: 'praise', text, ...this.#named() })
        return
      case 'announcement_admin':
        this.#moves.push({ type: 'announce', text, announcement: '' })
        return
      case 'smalltalk':
        if (isBlank(text) === undefined) this.#moves.push({ type: kindOfTalk(text), text })
        return
      case 'service_request':
        if (form !== intent) this.#moves.push({ type: 'report', text, slots })
        return
      case 'volunteer_signup':
        if (form !== intent) this.#moves.push({ type: 'offer_help', text, slots })
        return
      case 'ask_policy':
      case 'other':
        if (this.#mayAsk()) this.#moves.push({ type: 'ask', text, isSure: intent === 'ask_policy' })
        return
      case 'emergency':
        return
      default:
        intent satisfies never
    }
  }

  /** A mood or a remark is not met with a clause, however near one is. */
  #mayAsk(): boolean {
    const text = this.#text
    if (isBlank(text) !== undefined || isBareParticulars(text) || readVote(text) !== undefined) return false
    return this.#intent === 'ask_policy' || (this.#context.form === undefined && (isQuestion(plain(text)) || asksForInformation(plain(text))))
  }

  /** What it says to the open form, besides what else it may be. */
  #readAnswer(): void {
    const { form, asked } = this.#context
    const [text, slots] = [this.#text, this.#slots]
    if (form === undefined || this.#moves.some(({ type, ...move }) => LEAVES_FORM.has(type) && !('of' in move))) return
    if (this.#command === undefined && saysSameContact(text)) this.#moves.push({ type: 'same_contact', text, slots })
    if (asked === 'phone' && saysNoPhone(text)) this.#moves.push({ type: 'skip', text })
    const minds = this.#command?.type === 'correct' ? undefined : mindsBefore(text)
    if (asked === 'summary' && this.#command === undefined && minds === undefined && isRemark(text, slots)) {
      this.#moves.push({ type: 'add', text, slots })
      return
    }
    const correction: Move = { type: 'correct', text, field: '', slots }
    if (minds === 'first') this.#moves.push(correction)
    this.#moves.push({ type: 'give', text, slots, rest: withoutValues(text, slots) })
    if (minds === 'also') this.#moves.push(correction)
  }
}
