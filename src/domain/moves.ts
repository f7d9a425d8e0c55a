import type { Intent, Slots } from './understanding.ts'

/** What one message can do to the conversation. `knowledge/talk/moves` holds messages by these names. */
export const MOVE_NAMES = [
  // Answers to what was asked.
  'agree', 'refuse', 'confirm', 'cancel', 'back', 'restart', 'skip', 'give', 'correct', 'add', 'same_contact',
  // New matters.
  'report', 'ask', 'ask_form', 'offer_help', 'emergency',
  // About something filed, answered or announced.
  'status', 'withdraw', 'praise', 'complain', 'unsolved', 'acknowledge', 'details', 'pass_on', 'useful', 'useless',
  // Somebody's own registration, help among neighbours, data.
  'change_registration', 'pause_volunteering', 'leave_volunteers', 'accept_offer', 'decline_offer', 'offer_done',
  'my_data', 'delete_data', 'withdraw_consent', 'subscribe', 'unsubscribe',
  // Staff, talk.
  'announce', 'person', 'help', 'greet', 'thank', 'bye', 'chat',
] as const
export type MoveName = (typeof MOVE_NAMES)[number]

/** What the assistant asked last, as far as it bears on how the next message is read. */
export const ASKED = [
  'nothing', 'consent', 'name', 'phone', 'address', 'description', 'time', 'age', 'guardian_name', 'guardian_phone', 'community', 'skills', 'availability',
  'summary', 'which_field', 'score', 'delete_sure', 'offer', 'announcement_sure', 'receipt', 'answer',
] as const
export type Asked = (typeof ASKED)[number]

/** The kinds of danger, each with safety words of its own. */
export const DANGERS = ['fire', 'gas', 'carbon_monoxide', 'electric', 'medical', 'poisoning', 'burn', 'water', 'fall', 'trapped', 'violence', 'missing', 'suicide', 'traffic', 'collapse', 'intruder', 'animal', 'other'] as const
export type Danger = (typeof DANGERS)[number]

interface Said {
  /** The words of the message that do it: all of it, or one of its parts. */
  text: string
}

export type Move = Said &
  (
    | { type: Exclude<MoveName, 'give' | 'correct' | 'report' | 'offer_help' | 'change_registration' | 'same_contact' | 'status' | 'praise' | 'complain' | 'useful' | 'useless' | 'accept_offer' | 'decline_offer' | 'offer_done' | 'announce' | 'emergency'> }
    | { type: 'give' | 'report' | 'offer_help' | 'change_registration' | 'same_contact'; slots: Slots }
    /** `field` is the word said for it ('' = none was said); `value` the new one where it was said, as typed. */
    | { type: 'correct'; field: string; value?: string; slots: Slots }
    /** `number` is the request's own, when it was said. */
    | { type: 'status'; number?: string }
    /** `score` 1..5, when one was given. */
    | { type: 'praise' | 'complain'; score?: number; comment?: string }
    /** `code` names the answer that a button stood under. */
    | { type: 'useful' | 'useless'; code?: string }
    | { type: 'accept_offer' | 'decline_offer' | 'offer_done'; number?: string }
    | { type: 'announce'; announcement: string }
    | { type: 'bind'; code: string }
    /** `isSure` false: the safety words in one line, and the question whether it is so. */
    | { type: 'emergency'; danger: Danger; isSure: boolean; slots: Slots }
  )

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
  /** Where it is not sure: the two that it may mean, the likelier first. */
  either?: [MoveName, MoveName]
}
