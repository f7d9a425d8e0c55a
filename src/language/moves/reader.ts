import type { Move, MoveName, ReadContext, Reader, Reading } from '../../domain/messages/moves.ts'
import type { Misread } from '../../domain/messages/talk.ts'
import { FORM_IDS, type FormId, type Intent } from '../../domain/messages/understanding.ts'
import { readAnnouncement } from '../announcements.ts'
import { isBlank } from '../clean.ts'
import { readClauseQuestion } from '../clause-questions.ts'
import { findCommand, findRequestNumber } from '../commands.ts'
import { categoryOf, isAboutMatter, readMessage } from '../reader/read-message.ts'
import { present } from '../reader/slots.ts'
import { nearestOf } from '../compare/nearest.ts'
import { hasSameWords } from '../compare/same-words.ts'
import { asksForNotice, wantsNameless, withoutSameContact } from '../said-in-forms.ts'
import { hideSpans } from '../values/times/look-back.ts'
import { speaksOfRequest } from './about-request.ts'
import { answersWhatWaits, readFreely } from './freely.ts'
import { readInForm } from './in-form.ts'
import { isOfIntent, LIKELY, MOVE_OF_INTENT, PLAIN_MOVE, Part, VERY_LIKELY, type ReaderSources } from './part.ts'
import { splitMatters } from './split.ts'

/** A reader of messages: exact commands first, all else by what was learnt from `knowledge/talk`. */
export function createReader(sources: ReaderSources): Reader {
  return {
    read: async (text, context) => {
      const vector = isBlank(text) === undefined && findCommand(text) === undefined ? ((await sources.vectorOf?.(text)) ?? null) : null
      const reading = readWithPieces(sources, text, vector, context)
      const { either, doubtful } = reading
      const proposed = either === undefined || doubtful === undefined ? undefined : await sources.propose?.(doubtful.text, either)
      return proposed == null ? reading : readAs(sources, text, proposed, context)
    },
    readAs: (text, intent, context) => readAs(sources, text, intent, context),
    category: (text) => categoryOf(sources.current(), text),
    slots: (text, { form, asked, now }) => readMessage(sources.current(), text, null, { asked, form, now, areas: sources.areas }).slots,
    nearest: nearestOf,
    isAbout: (text, matter) => isAboutMatter(sources.current(), text, matter),
    saysSame: hasSameWords,
    withoutParticulars: (question) => withoutParticulars(sources, question),
    readAnnouncement,
  }
}

/** Nothing is asked that the words may answer. */
const OPEN: ReadonlySet<string> = new Set(['nothing', 'receipt', 'answer'])

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

/** ？？ is said to who is waited for. */
const ASKS = /[?？]/

/** A message and the question that is open, as moves. */
function readMoves(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext): Reading {
  const number = findRequestNumber(text)
  const named = number === undefined ? {} : { number }
  const blank = isBlank(text)
  if (blank === 'punctuation' && (context.asked === 'receipt' || context.behind === 'receipt') && ASKS.test(text)) return { moves: [{ type: 'status', text, isSaid: true }], intent: 'request_status', intents: ['request_status'], slots: {}, danger: 0, isSure: true }
  if (blank !== undefined && findCommand(text) === undefined) return { moves: [], intent: blank === 'emoji' ? 'smalltalk' : 'other', intents: [blank === 'emoji' ? 'smalltalk' : 'other'], slots: {}, danger: 0, isSure: true, blank }
  const command = commandIn(text, context)
  if (command !== undefined) return readCommand(command, text, context, named)
  const reader = sources.current()
  const led = readLed(sources, text, vector, context, named)
  if (led !== undefined) return led
  const switched = context.form === undefined ? undefined : readSwitch(sources, text, context, context.form)
  if (switched !== undefined) return { ...switched, ...named }
  const parts = splitMatters(text, { gistOf: (part) => reader.gist(part, null), servicesOf: (part) => reader.categories(part), isInForm: context.form !== undefined, tellsMatter: context.asked === 'description' })
  const readings = parts.map((part, index) => (index > 0 && context.asked === 'description' ? readFurther(sources, part, context) : readPart(sources, part, parts.length === 1 ? vector : null, context, number)))
  const first = readings[0] ?? readPart(sources, text, vector, context, number)
  if (readings.length < 2) return { ...first, ...named }
  const intents = [...new Set(readings.flatMap((reading) => reading.intents))]
  return { ...first, moves: shareContact(readings.flatMap(({ moves }) => moves)), intents, danger: Math.max(...readings.map(({ danger }) => danger)), isSure: readings.every(({ isSure }) => isSure), ...named }
}

/** 嗯 and 好 are said by who is still thinking. */
const SHORTEST_YES = 2
const LED = /^([^,，。！!；;\s]{1,6})[,，。！!；;\s]+(?=.{2})/

/** "同意，我家在3号楼": the answer, and what is said besides. */
function readLed(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext, named: { number?: string }): Reading | undefined {
  if (context.asked !== 'consent' && context.asked !== 'summary') return undefined
  const [lead, word = ''] = LED.exec(text) ?? []
  const command = lead === undefined ? undefined : findCommand(word)
  if (lead === undefined || (command?.type !== 'agree' && command?.type !== 'confirm')) return undefined
  const rest = readMoves(sources, text.slice(lead.length), vector, context)
  // "嗯，我寻思寻思" agrees to nothing.
  const isTold = rest.moves.some((move) => 'slots' in move && Object.keys(move.slots).length > 0)
  if (!isTold && word.length < SHORTEST_YES) return undefined
  return { ...rest, moves: [command, ...rest.moves.filter(({ type }) => type !== 'agree' && type !== 'confirm' && type !== 'add')], ...named }
}

/** A further trouble beside the one that was asked for. */
function readFurther(sources: ReaderSources, text: string, { now }: ReadContext): Reading {
  return readPart(sources, text, null, { asked: 'nothing', now }, undefined)
}

/** Who it is and how to reach them is said once for all that one message reports. */
function shareContact(moves: readonly Move[]): Move[] {
  const told = moves.flatMap((move) => (move.type === 'report' ? [move.slots] : []))
  const first = <K extends 'name' | 'phone' | 'address'>(key: K): string | undefined => told.find((slots) => slots[key] !== undefined)?.[key]
  const shared = present({ name: first('name'), phone: first('phone'), address: first('address') })
  return moves.map((move) => (move.type === 'report' ? { ...move, slots: { ...shared, ...move.slots } } : move))
}

const FIRST_CLAUSE = /^([^,，。！!\s]{2,12})[,，。！!\s]+(?=.{3})/
/** What calls the open form off is clearly that. */
const CLEARLY_OFF = 0.7
const OPENS = { service_request: 'report', volunteer_signup: 'offer_help' } as const satisfies Record<FormId, MoveName>

/** "不当了，我要报修", "灯不报了，改报水管": one matter is called off, and another begun. */
function readSwitch(sources: ReaderSources, text: string, context: ReadContext, form: FormId): Reading | undefined {
  const [lead, first = ''] = FIRST_CLAUSE.exec(text) ?? []
  if (lead === undefined || (sources.current().gist(first, null).probabilities.get('cancel') ?? 0) < CLEARLY_OFF) return undefined
  const rest = text.slice(lead.length)
  const command = findCommand(rest)
  const read = readMessage(sources.current(), rest, null, { asked: 'nothing', form: undefined, now: context.now, areas: sources.areas })
  const other = FORM_IDS.find((one) => (command === undefined ? read.intent === one && (one !== form || read.slots.description !== undefined) && (read.gist.probabilities.get(one) ?? 0) >= VERY_LIKELY : one !== form && command.type === OPENS[one]))
  if (other === undefined) return undefined
  const slots = command === undefined ? read.slots : {}
  const moves: Move[] = [{ type: 'cancel', text: first }, other === 'service_request' ? { type: 'report', text: rest, slots } : { type: 'offer_help', text: rest, slots, adds: false }]
  return { moves, intent: other, intents: [other], slots: read.slots, danger: read.gist.danger, isSure: true }
}

/** A word that stands alone may still be what was asked for: 报修 is no name, but 进度 may be what is the matter. */
function commandIn(text: string, { asked, form }: ReadContext): Move | undefined {
  const command = findCommand(text)
  if (command === undefined && wantsNameless(text) && form === undefined) return { type: 'report', text, slots: {}, isNameless: true }
  // Whatever was asked, nothing else is said so.
  if (command === undefined && readClauseQuestion(text) !== null) return { type: 'ask', text, isSure: true }
  if (command === undefined && form !== undefined && asksForNotice(text)) return { type: 'ask_form', text, about: 'notice' }
  const isOwnForm = (command?.type === 'report' && form === 'service_request') || (command?.type === 'offer_help' && form === 'volunteer_signup')
  if (isOwnForm || (asked === 'staff_question' && command !== undefined && MAY_ANSWER_STAFF.has(command.type))) return undefined
  return command?.type === 'confirm' && asked === 'announcement_sure' && !('of' in command) ? { ...command, of: 'announcement' } : command
}

/** 好的, 没有, 行: whoever was asked something by staff has answered it. */
const MAY_ANSWER_STAFF: ReadonlySet<Move['type']> = new Set<Move['type']>(['agree', 'refuse', 'acknowledge', 'skip', 'same_contact', 'accept_offer', 'decline_offer', 'offer_done', 'useful', 'useless'])

const INTENT_OF_COMMAND: Partial<Record<Move['type'], Intent>> = {
  agree: 'smalltalk', greet: 'smalltalk', thank: 'smalltalk', bye: 'smalltalk', cancel: 'cancel', withdraw: 'cancel', status: 'request_status', report: 'service_request', offer_help: 'volunteer_signup', change_registration: 'volunteer_signup',
  leave_volunteers: 'volunteer_signup', person: 'human_handoff', pass_on: 'human_handoff', details: 'ask_policy', help: 'smalltalk', announce: 'announcement_admin', unsolved: 'rate_feedback',
}
/** Commands that may be what was asked for as well: 没解决 may be the matter. 确认 is no value of anything. */
const MAY_BE_VALUES: ReadonlySet<Move['type']> = new Set<Move['type']>(['acknowledge', 'unsolved', 'useful', 'useless', 'accept_offer', 'decline_offer', 'offer_done', 'same_contact'])

function readCommand(command: Move, text: string, { form }: ReadContext, named: { number?: string }): Reading {
  const intent = INTENT_OF_COMMAND[command.type] ?? form ?? 'other'
  const moves: Move[] = form !== undefined && MAY_BE_VALUES.has(command.type) && !('of' in command) ? [command, { type: 'give', text, slots: {}, rest: text }] : [command]
  return { moves, intent, intents: [intent], slots: {}, danger: 0, isSure: true, ...named }
}

/** One part of a message: what may be a danger first, else what the form takes it for, or what it wants of itself. */
function readPart(sources: ReaderSources, text: string, vector: Float32Array | null, context: ReadContext, number: string | undefined): Reading {
  const part = new Part(sources, text, vector, context, number)
  const { behind, ...filed } = context
  if (behind !== undefined && !answersWhatWaits(part)) return readPart(sources, text, vector, { ...filed, asked: behind }, number)
  const { gist, slots, intent: wanted } = part.read
  const doubt = gist.danger >= DANGER && !part.isCalledOff() ? part.emergency() : undefined
  const isSurelyDanger = doubt?.type === 'emergency' && doubt.isSure
  const read = isSurelyDanger ? [] : context.form === undefined ? readFreely(part) : readInForm(part, context.form)
  const isFree = context.form === undefined
  const isPlain = gist.isSure || speaksOfRequest(part) || (part.likelihood >= PLAIN_MOVE && isOfIntent(part.likeliest, gist.intents[0]))
  const two = isFree && !isPlain && doubt === undefined && number === undefined ? eitherOf(part) : undefined
  const others = isFree && context.asked === 'receipt' && !isSurelyDanger && mayBeRemark(part, two !== undefined || read.length === 0) ? [...read, part.guess()] : read
  const moves = doubt === undefined ? others : [doubt, ...others]
  const intent = doubt !== undefined && others.length === 0 ? 'emergency' : wanted
  const either = OPEN.has(context.asked ?? 'nothing') && others === read ? two : undefined
  const isDoubtful = isFree && (two !== undefined || moves.length === 0)
  return {
    moves,
    intent,
    intents: isFree ? [intent, ...gist.intents.filter((other) => other !== intent)] : [intent],
    slots,
    danger: gist.danger,
    isSure: isFree ? gist.isSure : part.likelihood >= LIKELY,
    ...(either !== undefined && { either }),
    ...(isDoubtful && { doubtful: doubtfulOf(sources, part) }),
  }
}

/** From here on the safety words are given. */
const DANGER = 0.5

/** What is no matter of its own, nor a remark on one. */
const TALK: ReadonlySet<Move['type']> = new Set<Move['type']>(['greet', 'thank', 'bye', 'chat', 'acknowledge'])

/** Whose matter is with staff is asked nothing that may be said of it, and nothing that may be is dropped: it joins that matter, and they are told so. */
const mayBeRemark = ({ likeliest, named }: Part, isUnclear: boolean): boolean => isUnclear && named.number === undefined && !TALK.has(likeliest)

/** What leads to nothing either way is not worth a question. */
const ONLY_TALK: ReadonlySet<Intent> = new Set<Intent>(['smalltalk', 'other'])

/** The two that it may be. */
function eitherOf({ read: { gist } }: Part): [Intent, Intent] | undefined {
  const [one, other] = gist.probabilities.keys()
  if (one === undefined || other === undefined || (ONLY_TALK.has(one) && ONLY_TALK.has(other))) return undefined
  return [one, other]
}

function doubtfulOf(sources: ReaderSources, { text, read: { gist } }: Part): Pick<Misread, 'text' | 'read'> {
  return { text: withoutParticulars(sources, text), read: [...gist.probabilities].slice(0, 2).map(([intent, probability]) => ({ intent, probability })) }
}

function readAs(sources: ReaderSources, text: string, intent: Intent, context: ReadContext): Reading {
  const part = new Part(sources, text, null, context, findRequestNumber(text))
  const { slots, gist } = part.read
  const isDanger = intent === 'emergency'
  const move = isDanger ? { ...part.emergency(), isSure: true } : part.move(MOVE_OF_INTENT[intent])
  return { moves: [move], intent, intents: [intent], slots, danger: isDanger ? 1 : Math.min(gist.danger, DANGER / 2), isSure: true, doubtful: doubtfulOf(sources, part) }
}

const PARTICULARS: ReadonlySet<string> = new Set(['name', 'phone', 'address', 'guardian_name', 'guardian_phone', 'other_name', 'other_phone'])

/** A question as staff may keep it: whoever asked, without telephone, name or address of anybody. */
function withoutParticulars({ current }: ReaderSources, text: string): string {
  const spans = current().spans(text, { form: 'service_request', asked: 'nothing' }).filter(({ kind }) => PARTICULARS.has(kind))
  const kept = hideSpans(text, spans, '').replace(/(?:电话|手机|号码|联系方式)?(?:是|[:：])?\s*[+\d][\d\s-]{5,20}\d/g, '')
  return kept.replace(/^(?:我叫|我是|住在?|[,，。、\s])+/g, '').replace(/[,，、\s]{2,}/g, '，').trim()
}
