import type { Asked, Danger, MoveName } from './moves.ts'
import type { FormId, Intent } from './understanding.ts'

/** What a marked stretch of a message can be. */
export const SPAN_KINDS = [
  'name', 'phone', 'address', 'community', 'problem', 'time', 'past_time', 'age', 'skill', 'availability',
  'guardian_name', 'guardian_phone', 'other_name', 'other_phone', 'other_place', 'other_age',
] as const
export type SpanKind = (typeof SPAN_KINDS)[number]

/** How people write; figures are reported by these. */
export const REGISTERS = ['plain', 'official', 'spoken_northeast', 'elderly', 'asr', 'typo', 'pinyin', 'traditional', 'group', 'terse', 'story', 'hard_negative', 'staff'] as const
export type Register = (typeof REGISTERS)[number]

/** A stretch of a text, in UTF-16 units. */
export interface Span {
  start: number
  end: number
  kind: SpanKind
}

export interface IntentExample {
  text: string
  intent: Intent
  /** What it asks for besides. */
  also: Intent[]
  register: Register
  /** Of a request: the catalogue's name. */
  category?: string
  /** Of an emergency: its kind. */
  danger?: Danger
}

export interface SpanExample {
  text: string
  spans: Span[]
  form: FormId
  /** What it wants as a first message; null = it only answers what a form asks. */
  intent: Intent | null
  register: Register
}

export interface MoveExample {
  text: string
  spans: Span[]
  asked: Asked
  form: FormId | null
  /** Most important first. */
  moves: MoveName[]
}

/** A message that staff said the meaning of: an example besides those of the knowledge folder. */
export interface TaughtMessage {
  text: string
  intent: Intent
}

/** A message that staff should look at. */
export interface Misread {
  /** Without anybody's particulars. */
  text: string
  /** Nothing was done with it; or a resident said with a button what it means. */
  cause: 'not_understood' | 'put_right'
  /** What it was read as, the likeliest first; the first two are kept. */
  read: { intent: Intent; probability: number }[]
  /** What the button said; null where there was none. */
  chosen: Intent | null
}

/** Messages that people wrote as examples: what the reader learns from. */
export interface Talk {
  intents: IntentExample[]
  spans: SpanExample[]
  moves: MoveExample[]
  /** Never learnt from: what a change of the others does is shown on these. */
  heldBack: IntentExample[]
}
