import { ASKED, DANGERS, MOVE_NAMES, type Asked, type MoveName } from '../../domain/messages/moves.ts'
import type { Service } from '../../domain/services.ts'
import { SPAN_KINDS, type Span, type Talk } from '../../domain/messages/talk.ts'
import { INTENTS, type FormId, type Intent } from '../../domain/messages/understanding.ts'
import { featureNames, hashNames, readingForm } from './features.ts'
import { hashName } from './classifiers/hash.ts'
import type { Lesson } from './classifiers/heads.ts'
import type { Syllables } from './syllables.ts'

/** What turns texts into features. */
export interface Sounds {
  syllables: Syllables
  known: ReadonlySet<string>
}

/** A lesson that knows its words, so that a sentence's vector can be put beside it. */
export interface TextLesson extends Lesson {
  text: string
}

export const textFeatures = (text: string, sounds: Sounds): Set<string> => featureNames(text, sounds.syllables, sounds.known)

/** How much of a message's meaning is what it asks for first, where it asks for several things. */
const FIRST_SHARE = 0.65

function sharesOf<T extends string>(first: T, others: readonly T[]): Map<T, number> {
  const shares = new Map<T, number>([[first, others.length === 0 ? 1 : FIRST_SHARE]])
  for (const other of others) shares.set(other, (shares.get(other) ?? 0) + (1 - FIRST_SHARE) / others.length)
  return shares
}

export const INTENT_CLASSES: readonly Intent[] = INTENTS

/** Bounds between which the probability lies from which on the safety words are given. */
export const DANGER_SHARE = { least: 0.1, most: 0.3 }

/** What the intents are learnt from. */
export type IntentTalk = Pick<Talk, 'intents'> & Partial<Pick<Talk, 'spans' | 'moves'>>

export function intentLessons(talk: IntentTalk, sounds: Sounds): TextLesson[] {
  return [
    ...talk.intents.map(({ text, intent, also }) => ({ text, features: hashNames(textFeatures(text, sounds)), targets: sharesOf(intent, also) })),
    ...(talk.spans ?? []).flatMap(({ text, intent }) => (intent === null ? [] : [{ text, features: hashNames(textFeatures(text, sounds)), targets: new Map([[intent, 1]]), importance: MARKED_IMPORTANCE }])),
    ...(talk.moves ?? []).flatMap(({ text, asked, moves: [move] }) => {
      const wants = move === undefined ? undefined : move === 'give' ? INTENTS_OF_ANSWER[asked] : OUTSIDE_OF_FORMS.has(asked) ? INTENTS_OF_MOVE[move] : undefined
      return wants === undefined ? [] : [{ text, features: hashNames(textFeatures(text, sounds)), targets: new Map(wants.map((intent) => [intent, 1 / wants.length])), importance: REMARK_IMPORTANCE }]
    }),
  ]
}

/** Questions beside which a message is whole, and no value of a form. */
const OUTSIDE_OF_FORMS: ReadonlySet<Asked> = new Set<Asked>(['nothing', 'receipt', 'staff_question', 'score', 'answer', 'withdraw_sure'])
/** What somebody wants who does this with what is there already. A remark is of its matter, or of nothing that anybody could do: of no danger, above all. */
const INTENTS_OF_MOVE: Partial<Record<MoveName, readonly Intent[]>> = {
  report: ['service_request'], ask: ['ask_policy'], offer_help: ['volunteer_signup'], emergency: ['emergency'], announce: ['announcement_admin'], person: ['human_handoff'],
  add: ['service_request', 'other'], correct: ['service_request', 'other'], status: ['request_status'], urge: ['request_status'], ask_visit: ['request_status'],
  withdraw: ['cancel'], mended: ['cancel'], cancel: ['cancel'], praise: ['rate_feedback'], complain: ['rate_feedback'], unsolved: ['rate_feedback'],
  acknowledge: ['smalltalk'], greet: ['smalltalk'], thank: ['smalltalk'], bye: ['smalltalk'], chat: ['smalltalk'],
}
/** What is told to a form is of its matter: where a thing is is no danger either. */
const INTENTS_OF_ANSWER: Partial<Record<Asked, readonly Intent[]>> = { description: ['service_request'], address: ['service_request'], time: ['service_request'], skills: ['volunteer_signup'], availability: ['volunteer_signup'] }
/** It counts less than what was written for its intent. */
const REMARK_IMPORTANCE = 0.5

/** A message with marks tells what it wants besides; it counts less than one that was written for its intent. */
const MARKED_IMPORTANCE = 0.4

export const DANGER_CLASSES: readonly string[] = DANGERS

export function dangerLessons(talk: Pick<Talk, 'intents'>, sounds: Sounds): TextLesson[] {
  return talk.intents.flatMap(({ text, danger }) => (danger === undefined ? [] : [{ text, features: hashNames(textFeatures(text, sounds)), targets: new Map([[danger, 1]]) }]))
}

/** A word of the catalogue is an example too, if a bare one. */
const WORD_IMPORTANCE = 0.5

export function categoryLessons(talk: Pick<Talk, 'intents'>, services: readonly Service[], sounds: Sounds): TextLesson[] {
  const lesson = (text: string, category: string, importance: number): TextLesson => ({ text, features: hashNames(textFeatures(text, sounds)), targets: new Map([[category, 1]]), importance })
  const known = new Set(services.map(({ name }) => name))
  const examples = talk.intents.flatMap(({ text, category }) => (category === undefined || !known.has(category) ? [] : [lesson(text, category, 1)]))
  const words = services.flatMap(({ name, words: said }) => [name, ...said].map((word) => lesson(word, name, WORD_IMPORTANCE)))
  return [...examples, ...words]
}

export const MOVE_CLASSES: readonly MoveName[] = MOVE_NAMES

/** Questions that ask for the same sort of answer. */
const ASKED_SORT: Record<Asked, string> = {
  nothing: 'free', answer: 'free', receipt: 'filed', staff_question: 'filed',
  consent: 'yes', summary: 'yes', delete_sure: 'yes', announcement_sure: 'yes', offer: 'yes', subscription: 'yes', nameless: 'yes', withdraw_sure: 'yes',
  name: 'who', guardian_name: 'who', phone: 'number', guardian_phone: 'number', age: 'number', score: 'number',
  address: 'where', community: 'where', description: 'what', skills: 'what', time: 'when', availability: 'when', which_field: 'which', which_of_two: 'which', category: 'what',
}

const SHORT = 8

/** Features of a message that follows a question; `asked` is null when a form is open and it is not known what it asks. */
export function moveFeatures(text: string, context: { asked: Asked | null; form: FormId | null }, spans: readonly Pick<Span, 'kind'>[], sounds: Sounds): Set<string> {
  const names = textFeatures(text, sounds)
  const asked = context.asked ?? 'form'
  const sort = context.asked === null ? 'form' : ASKED_SORT[context.asked]
  const said = readingForm(text)
  const more = [`asked:${asked}`, `sort:${sort}`, `size:${asked}:${Math.min(12, said.length)}`]
  if (said.length <= SHORT) more.push(`whole:${said}`, `whole:${asked}:${said}`, `whole:${sort}:${said}`)
  for (const name of names) if (!name.startsWith('s:') && name.length <= 2) more.push(`${sort}:${name}`)
  for (const kind of new Set(spans.map((span) => span.kind))) more.push(`has:${kind}`, `has:${asked}:${kind}`)
  for (const name of more) names.add(name)
  return names
}

/** What an example of an intent does where nothing is asked, or something else is; absent = not one thing. */
const MOVE_OF_INTENT: Partial<Record<Intent, MoveName>> = {
  ask_policy: 'ask', service_request: 'report', volunteer_signup: 'offer_help', request_status: 'status', announcement_admin: 'announce', emergency: 'emergency', human_handoff: 'person',
}
/** What sounds like danger or a report and is none does one of these. */
const MOVES_OF_INTENT: Partial<Record<Intent, readonly MoveName[]>> = { rate_feedback: ['praise', 'complain'], cancel: ['withdraw', 'cancel'], smalltalk: ['chat'], other: ['chat'] }
const WHERE_IT_ANSWERS: Partial<Record<Intent, readonly Asked[]>> = { service_request: ['description', 'summary', 'consent', 'time', 'address', 'staff_question'], volunteer_signup: ['skills', 'availability', 'offer', 'summary', 'consent'], request_status: ['receipt', 'staff_question'] }
/** Of an intent's examples so many in a hundred are also learnt as said to some question. */
const SAID_TO_A_QUESTION = 45

export interface MoveLesson extends TextLesson {
  asked: Asked | null
}

export function moveLessons(talk: Talk, sounds: Sounds): MoveLesson[] {
  const lessons: MoveLesson[] = []
  const add = (text: string, asked: Asked | null, form: FormId | null, spans: readonly Span[], moves: readonly MoveName[], importance: number) => {
    const [first, ...others] = moves
    if (first === undefined) return
    lessons.push({ text, asked, features: hashNames(moveFeatures(text, { asked, form }, spans, sounds)), targets: sharesOf(first, others), importance })
  }
  for (const { text, asked, form, spans, moves } of talk.moves) {
    add(text, asked, form, spans, moves, 1)
    const isFormQuestion = !['nothing', 'receipt', 'answer', 'offer', 'score', 'delete_sure', 'announcement_sure'].includes(asked)
    if (isFormQuestion && text.length > 4) add(text, null, form, spans, moves, 0.5)
  }
  for (const { text, spans, intent } of talk.spans) {
    const move = intent === null ? undefined : MOVE_OF_INTENT[intent]
    if (move !== undefined) add(text, 'nothing', null, spans, [move], MARKED_IMPORTANCE)
  }
  for (const { text, intent, register } of talk.intents) {
    const move = MOVE_OF_INTENT[intent]
    if (move === undefined) {
      if (register === 'hard_negative') add(text, 'nothing', null, [], MOVES_OF_INTENT[intent] ?? [], MARKED_IMPORTANCE)
      continue
    }
    add(text, 'nothing', null, [], [move], 0.5)
    const draw = hashName(text)
    if (draw % 100 >= SAID_TO_A_QUESTION) continue
    const asked = ASKED[(draw >>> 8) % ASKED.length]!
    if (asked !== 'nothing' && !(WHERE_IT_ANSWERS[intent] ?? []).includes(asked)) add(text, asked, null, [], [move], 0.5)
  }
  return lessons
}

/** 0 = nothing; then for each kind its first character and the others. */
export const LABEL_COUNT = 1 + 2 * SPAN_KINDS.length

export function labelsOf(text: string, spans: readonly Span[]): Uint8Array {
  const labels = new Uint8Array(text.length)
  for (const { start, end, kind } of spans) {
    const first = 1 + 2 * SPAN_KINDS.indexOf(kind)
    for (let at = start; at < end; at += 1) labels[at] = at === start ? first : first + 1
  }
  return labels
}

export function spansOf(labels: Uint8Array): Span[] {
  const spans: Span[] = []
  for (let at = 0; at < labels.length; at += 1) {
    const label = labels[at]!
    if (label === 0 || label % 2 === 0) continue
    let end = at + 1
    while (end < labels.length && labels[end] === label + 1) end += 1
    spans.push({ start: at, end, kind: SPAN_KINDS[(label - 1) / 2]! })
  }
  return spans
}

export const isAllowed = (from: number, to: number): boolean => to === 0 || to % 2 === 1 || from === to || from === to - 1
export const isStart = (label: number): boolean => label === 0 || label % 2 === 1
