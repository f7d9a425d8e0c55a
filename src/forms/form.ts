import type { Deadlines } from '../domain/requests/deadlines.ts'
import type { Button } from '../domain/messages/messages.ts'
import type { FieldValue, FurtherMatter, RequestCorrection } from '../domain/kept-state.ts'
import type { Asked, KnownMatter, MoveName } from '../domain/messages/moves.ts'
import type { Change } from '../domain/messages/outcome.ts'
import type { Area, Service } from '../domain/services.ts'
import type { RequestSummary, VolunteerSummary } from '../domain/office/facts.ts'
import type { FormId, Slots } from '../domain/messages/understanding.ts'

/** What of a request can be put right by the one who filed it. */
export type FiledRequest = Pick<RequestSummary, 'requesterName' | 'requesterPhone' | 'address' | 'wantedTime'>

/** What a form may look at besides what was said. */
export interface FormContext {
  services: readonly Service[]
  areas: readonly Area[]
  /** Where the conversation or the person is known to be, when the message does not say. */
  knownArea: string | null
  deadlines: Deadlines
  now: Date
  /** What the reader finds in a text by itself. */
  read: TextReading
}

export interface TextReading {
  /** Name of the service that it is about; undefined when it tells of no matter. */
  category: (text: string) => string | undefined
  /** Which of several matters it plainly speaks of. */
  nearest: (text: string, matters: readonly string[]) => number | undefined
  /** Whether it may tell of this matter. */
  isAbout: (text: string, matter: KnownMatter) => boolean
  /** Values in an answer to this question. */
  slots: (text: string, asked: Asked) => Slots
}

/** Finds nothing. */
export const READS_NOTHING: TextReading = { category: () => undefined, nearest: () => undefined, isAbout: () => false, slots: () => ({}) }

export type FieldValues = Readonly<Record<string, FieldValue>>

/** `isAnswer`: it was meant for this field, though it is no value. */
export type ParsedField = { ok: true; value: FieldValue } | { ok: false; hint: string; isAnswer?: boolean }

/** One field of a form. All sentences are what residents read. */
export interface FormField {
  name: string
  /** What is asked by its question, as far as messages are read together with that. */
  asked: Asked
  /** Its name in the summary. */
  label: string
  /** Words that residents call it by when they correct it, its label included. */
  words: readonly string[]
  question: (values: FieldValues, context: FormContext) => string
  buttons?: (values: FieldValues, context: FormContext) => Button[]
  isPersonal: boolean
  /** Says who somebody is: left out where somebody reports without giving their name. */
  isContact?: boolean
  /** What stands there when somebody has none (no telephone); without it, there must be one. */
  none?: string
  /** Whether it has to be asked for, given what was said so far. */
  isAsked: (values: FieldValues, context: FormContext) => boolean
  /** Whether "没有" or "跳过" leaves it empty. */
  canSkip: boolean
  /** Reads the answer to its question. */
  parse: (text: string, context: FormContext) => ParsedField
  /** Reads it out of what a whole message says; undefined = not said. */
  fromSlots: (slots: Slots, context: FormContext) => FieldValue | undefined
  show: (value: FieldValue) => string
  /** It follows from what is said of other fields; it is corrected by its name alone. */
  isDerived?: boolean
  /** false: what is said in passing of it does not replace the value that stands; only a correction that names it does. */
  isReplacedInPassing?: boolean
  /** What is wrong with such a value, where the words hold one that is not right; undefined when they hold none. */
  explainFault?: (text: string) => string | undefined
  /** The value with a further piece of it ("2单元" after "3号楼"); undefined when the words are none. */
  extend?: (known: FieldValue, said: string) => FieldValue | undefined
  /** Whether a bare new value is like the known one, so that it may correct it without a word. */
  resembles?: (known: FieldValue, said: FieldValue) => boolean
  /** Both together, where it can be more than one thing. */
  join?: (known: FieldValue, said: FieldValue) => FieldValue
  /** Almost any words answer it: those that are clearly of another field do not. */
  takesAnyWords?: true
  /** Bare digits answer it, however few: they are no piece of another value. */
  takesDigits?: true
  /** Whether it can be nothing else, so that it is taken where it was not asked for yet. */
  isPlain?: (value: FieldValue) => boolean
  /** Asked for with the summary while it is not said; the form can be confirmed without. */
  askedAtSummary?: (values: FieldValues, context: FormContext) => string | undefined
  /** What a correction makes of the value known so far ("是5号楼" keeps the estate); without it the new value stands alone. */
  merge?: (known: FieldValue, said: string) => FieldValue
}

/** What is known of the person when a form begins; what `needs` does not name may be absent. */
export interface Known {
  volunteer?: VolunteerSummary | null
  /** Name and telephone that were given before, with consent; `address` only of a request that was made just now. */
  contact: { name: string; phone: string; address?: string } | null
}

/** How a form begins: with these values under what the message says, or not at all. */
export type Beginning = { values: FieldValues; lead?: string; overwrites?: boolean } | { instead: { text: string; buttons: Button[] } }

/** A public fault that somebody tells who says not who they are. */
export interface Nameless {
  category: string
  description?: string
  address?: string
}

/** What is said of what was filed: with the values that stand there, and those with the named field put right, where one was named. */
export interface SaidOfFiled {
  values: FieldValues
  named: FieldValues | undefined
  words: string
  slots: Pick<Slots, 'name' | 'phone' | 'address' | 'time'>
  /** Whether the words were read as a correction. */
  isCorrection: boolean
}

/** `put`: the values as they are from now on; `asked`: what may be meant by one; `unread`: fields that are to change, it is not known to what. */
export interface AmendedValues {
  put: FieldValues
  asked: FieldValues
  unread: string[]
}

/** A form is data: add one by adding a file and an entry in forms.ts. */
export interface Form {
  id: FormId
  title: string
  /** The moves that open it. */
  opensWith: readonly MoveName[]
  /** Whether photos go with what it files. */
  takesPhotos?: true
  /** What is looked up when it begins. */
  needs: readonly ('volunteer' | 'requests')[]
  /** What it begins with. `said`: the values that the opening message gives. */
  begin: (known: Known, said: FieldValues, opening: MoveName) => Beginning
  fields: readonly FormField[]
  /** What was understood already, from the message that opens the form. */
  opening: (text: string, slots: Slots, context: FormContext) => Record<string, FieldValue>
  /** Other values that a correction touches too: what was described at the old address is now at the new one. */
  reconcile?: (values: FieldValues, before: FieldValues, context: FormContext) => Record<string, FieldValue>
  /** The values with a remark to the matter; absent where there is no place for one. */
  remark?: (values: FieldValues, said: string, context: FormContext) => Record<string, FieldValue>
  /** A second matter that is told while the first is open; null when nothing is told. Absent where the form is about one thing only. */
  readFurther?: (said: string, slots: Slots) => FurtherMatter | null
  /** Those matters that the opening message tells besides its own. */
  furtherIn?: (slots: Slots) => FurtherMatter[]
  /** What can be filed without name and telephone, where consent was refused, and what of it tells of nobody; null when it can't. */
  nameless?: (values: FieldValues, context: FormContext) => Nameless | null
  /** The records it makes when it is confirmed; those of further matters come after its own. */
  records: (values: FieldValues, context: FormContext, further: readonly FurtherMatter[]) => Change[]
  /** The last sentence, once the records are written; may hold number placeholders. */
  /** How the request that it made is put right afterwards: the values that stand in it, and what of other values belongs there. */
  amends?: {
    values: (request: FiledRequest) => FieldValues
    /** What words say of the values that stand in it. */
    read: (said: SaidOfFiled, context: FormContext) => AmendedValues
    corrections: (values: FieldValues) => RequestCorrection
  }
  receipt: (values: FieldValues, context: FormContext, further: readonly FurtherMatter[]) => string
}

export const asText = (value: FieldValue | undefined): string => (value === undefined ? '' : Array.isArray(value) ? value.join('、') : String(value))
export const textOrNull = (value: FieldValue | undefined): string | null => asText(value) || null
