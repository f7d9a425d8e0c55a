import type { ChatAnnouncement } from '../kept-state.ts'
import type { Area } from '../services.ts'
import type { Misread } from './talk.ts'
import type { FormId, Intent, Slots } from './understanding.ts'

/** What one message can do to the conversation. `knowledge/talk/moves` holds messages by these names. */
export const MOVE_NAMES = [
  // Answers to what was asked.
  'agree', 'refuse', 'confirm', 'cancel', 'back', 'restart', 'skip', 'give', 'correct', 'add', 'same_contact',
  // New matters.
  'report', 'ask', 'ask_form', 'offer_help', 'emergency', 'safe',
  // About something filed, answered or announced.
  'status', 'withdraw', 'mended', 'urge', 'ask_visit', 'praise', 'complain', 'unsolved', 'acknowledge', 'details', 'pass_on', 'useful', 'useless',
  // Somebody's own registration, help among neighbours, data.
  'change_registration', 'pause_volunteering', 'leave_volunteers', 'accept_offer', 'decline_offer', 'offer_done',
  'my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe',
  // Staff, talk.
  'announce', 'person', 'help', 'greet', 'thank', 'bye', 'chat',
] as const
export type MoveName = (typeof MOVE_NAMES)[number]

/** What the assistant asked last, as far as it bears on how the next message is read. */
export const ASKED = [
  'nothing', 'consent', 'name', 'phone', 'address', 'description', 'category', 'time', 'age', 'guardian_name', 'guardian_phone', 'community', 'skills', 'availability',
  'summary', 'which_field', 'score', 'delete_sure', 'offer', 'announcement_sure', 'subscription', 'nameless', 'which_of_two', 'withdraw_sure', 'receipt', 'staff_question', 'answer',
] as const
export type Asked = (typeof ASKED)[number]

/** The kinds of danger, each with safety words of its own. */
export const DANGERS = ['fire', 'gas', 'carbon_monoxide', 'electric', 'medical', 'poisoning', 'burn', 'water', 'fall', 'trapped', 'violence', 'missing', 'suicide', 'traffic', 'collapse', 'intruder', 'animal', 'other'] as const
export type Danger = (typeof DANGERS)[number]

/** What somebody asks of a visit that was promised, or of what they told for it (`record`). */
export const VISIT_TOPICS = ['record', 'when', 'who', 'fee', 'bring', 'home'] as const
export type VisitTopic = (typeof VISIT_TOPICS)[number]

/** Why a message says nothing in words. */
export type Blankness = 'empty' | 'emoji' | 'punctuation'

/** What goes with a move; a move that is not named here says all by its name. */
export interface MoveDetails {
  /** `rest`: what the words say besides the values in `slots`; '' = nothing. */
  give: { slots: Slots; rest: string }
  /** `isNameless`: without saying who reports it. */
  /** `isFurther`: led in as a matter besides (另外, 还有个事). */
  report: { slots: Slots; isNameless?: true; isFurther?: true }
  /** `adds`: what it says comes to what is registered already, and takes no place of it (礼拜四也行了). */
  offer_help: { slots: Slots; adds: boolean }
  change_registration: { slots: Slots; adds: boolean }
  same_contact: { slots: Slots }
  /** `field` is the word said for it ('' = none was said); `value` the new one where it was said, as typed; `instead` what it stands for, where only a part is wrong (灯). */
  correct: { field: string; value?: string; instead?: string; slots: Slots }
  /** What of the form it asks about: what becomes of the data (`notice`: all of it), or why they are wanted. */
  ask_form: { about: 'notice' | 'why' }
  /** A remark to what is filed or being filled in. `about` emergency: help is on its way, and the like. `isAnswer`: staff had asked for it. */
  /** `isGuess`: it reads as nothing else clearly, and something of this person is with staff. */
  add: { about?: 'emergency'; isAnswer?: true; isGuess?: true; slots: Slots }
  /** Whether it surely asks something; what is only near a question is answered when the text holds the answer. */
  /** `service`: what of the catalogue it asks about, where it surely does. */
  /** `topics`: said while something is filed, and not plainly of the text: what of a visit it may ask. */
  ask: { isSure: boolean; service?: string; topics?: VisitTopic[] }
  /** `of`: what the words themselves name as that which is confirmed or called off (确认发布, 确认删除, 不删了). */
  confirm: { of?: 'announcement' | 'deletion' }
  refuse: { of?: 'announcement' | 'deletion' }
  cancel: { of?: 'announcement' | 'deletion' }
  /** `number` is the request's own, when it was said. */
  /** `isSaid`: in words of one's own, not by a command. */
  status: { number?: string; isSaid?: true }
  /** `isGuess`: it may be a remark as well. */
  withdraw: { number?: string; isGuess?: true }
  /** The trouble is over: whether anybody is still to come is not said. */
  mended: { number?: string }
  /** That it be done sooner. `time`: when somebody is wished for, where that was said. */
  urge: { number?: string; time?: string }
  /** When somebody comes, who, what it costs, what is to be ready: about a request that is open. `time`: when somebody is wished for (能不能明天上午来). */
  ask_visit: { number?: string; topics: VisitTopic[]; time?: string }
  unsolved: { number?: string }
  /** `score` 1..5, when one was given. */
  praise: { number?: string; score?: number; comment?: string }
  complain: { number?: string; score?: number; comment?: string }
  /** `code` names the answer that a button stood under. */
  useful: { code?: string }
  useless: { code?: string }
  accept_offer: { number?: string }
  decline_offer: { number?: string }
  offer_done: { number?: string }
  /** '' when only 发公告 was said. */
  announce: { announcement: string }
  /** `isBare`: a code and nothing else, which may be none. */
  bind: { code: string; isBare?: true }
  /** `number`: of the alert, where it was said. */
  acknowledge: { number?: string }
  /** `isSure` false: the safety words in one line, and the question whether it is so. */
  emergency: { danger: Danger; isSure: boolean; slots: Slots }
}

/** Besides what is learnt: what only the words of a command say. */
export type MoveType = MoveName | 'bind' | 'drill'
/** `text`: the words of the message that do it, all of it or one of its parts. Moves of the same words are readings of them, of which one is meant. */
export type MoveOf<T extends MoveType> = { type: T; text: string } & (T extends keyof MoveDetails ? MoveDetails[T] : unknown)
export type Move = { [T in MoveType]: MoveOf<T> }[MoveType]

/** A message as it was read together with what was asked. */
export interface Reading {
  /** Most certain first; empty when it says nothing that could be read. */
  moves: Move[]
  intent: Intent
  /** All intents that it asks for, `intent` first. */
  intents: Intent[]
  /** What the whole message says. */
  slots: Slots
  /** 0..1; from .5 on the safety words are given. */
  danger: number
  isSure: boolean
  /** Where it is not sure: the two that it may want, the likelier first. */
  either?: [Intent, Intent]
  /** How it was read, where that was not sure or led to nothing: for staff, without anybody's particulars. */
  doubtful?: Pick<Misread, 'text' | 'read'>
  /** Number of the request that it names. */
  number?: string
  /** Absent when it says something in words. */
  blank?: Blankness
}

/** What a message is read together with. */
export interface ReadContext {
  /** null: a form is open, and it is not known what it asks. */
  asked: Asked | null
  /** What it is said to that is no answer to `asked`: a request was filed just before something else was asked. */
  behind?: Asked
  /** The form that is open in this conversation. */
  form?: FormId | undefined
  /** The instant that 明天 counts from. */
  now: Date
  /** An emergency was reported so shortly ago that this may be about it. */
  afterEmergency?: boolean
  /** The question that was answered just before: "那周六呢" goes on from it. */
  lastQuestion?: string
  /** What was said just before and not understood: a thought may come in pieces. */
  before?: string
}

/** A matter that was told before. */
export interface KnownMatter {
  /** Name of its service. */
  category: string
  description: string
  address: string | null
}

/** Everything that is read out of a text, in one place: the dialogue itself reads none. */
export interface Reader {
  read(text: string, context: ReadContext): Reading | Promise<Reading>
  /** A message that somebody has said the meaning of. */
  readAs(text: string, intent: Intent, context: ReadContext): Reading
  /** Name of the service that a text is about; undefined when it tells of no matter. */
  category(text: string): string | undefined
  /** Which of several matters a text plainly speaks of; undefined where none is plainly nearer than the others. */
  nearest(text: string, matters: readonly string[]): number | undefined
  /** Whether a text may tell of a matter that is known: it is of its service, or of no other surely and near in words. */
  isAbout(text: string, matter: KnownMatter): boolean
  /** The values in an answer to one question of a form. */
  slots(text: string, context: { form: FormId; asked: Asked; now: Date }): Slots
  /** Whether two texts say the same in the same words, whatever their marks and blanks. */
  saysSame(one: string, other: string): boolean
  /** A question as staff may keep it: without anybody's name, telephone or address. */
  withoutParticulars(question: string): string
  /** The text of an announcement without the words that say for whom it is; `tags`: those in use. */
  readAnnouncement(said: string, known: { areas: readonly Area[]; tags: readonly string[] }): ChatAnnouncement
}
