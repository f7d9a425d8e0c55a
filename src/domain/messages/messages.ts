import type { Citation } from '../answers.ts'
import type { PhotoProblem } from '../pictures/photos.ts'
import type { OutgoingPicture, PictureReference } from '../pictures/pictures.ts'

/** Longest text that is read of one message, in UTF-16 units; what is longer is cut when it is received. */
export const LONGEST_INBOUND_TEXT = 10_000

export interface Attachment {
  kind: 'photo' | 'voice' | 'video' | 'file' | 'location' | 'sticker' | 'contact' | 'other'
  /** What a person would read of it (a place's name, a file's name), cleaned; '' when there is nothing. */
  caption: string
  /** The platform's own reference to it, opaque to the core. */
  reference?: string
  /** Of a photo whose content is kept here. */
  photo?: PictureReference
  /** Of a photo that was not taken. */
  problem?: PhotoProblem
}

/** One message as a channel hands it over. `channel` + `account` + an external id is unique on its platform. */
export interface InboundMessage {
  channel: string
  account: string
  /** The platform's message id; a redelivery carries the same one. */
  externalId: string
  conversation: { kind: 'private' | 'group'; externalId: string; title?: string }
  sender: { externalId: string; nickname?: string }
  /** True in a private conversation, and in a group when the assistant was mentioned, replied to or commanded. */
  isAddressed: boolean
  text: string
  attachments: Attachment[]
  sentAt: Date
  /** The external id of the message of which this is a new version; what is no news is not answered again. */
  edits?: string
  /** When the message that this one edits was first sent. */
  firstSentAt?: Date
  /** When the message was sent whose button was pressed; absent when the text was typed. */
  buttonSentAt?: Date
  /** The platform's id of the message whose button was pressed, as sending it gave it. */
  buttonOf?: string
  /**
   * The line of ours that it answers, where its channel tells that: with the words of one of its buttons, that was pressed. `seq` as a
   * conversation counts its lines, `pushSeq` as readers of what was pushed do, `platformMessageId` as sending it gave it; `words`: what is quoted of it.
   */
  repliesTo?: { seq: number } | { pushSeq: number } | { platformMessageId: string } | { words: string }
  /** The platform's part of a conversation (a forum's topic) in which it was said: replies go there too. */
  thread?: string
  /** What tells the photos of one album from others: the platform sends each as a message, and a person sent one. */
  album?: string
}

export type ReplyKind = 'answer' | 'refusal' | 'correction' | 'question' | 'confirm' | 'receipt' | 'notice' | 'announcement' | 'emergency' | 'text'

export interface Button {
  label: string
  /** What pressing it says, as if the resident had typed it; at most 20 characters so that every platform can carry it. */
  text: string
  /** Offered in passing: shown where it is a real button, never put into words. */
  isQuiet?: boolean
}

/** Longest data that every platform with buttons carries, in bytes of UTF-8. */
export const LONGEST_BUTTON_BYTES = 64
const LONGEST_BUTTON_TEXT = 20

/**
 * A button; without `text` pressing it says its label.
 * @throws {RangeError} when it says nothing, or more than every platform carries: a mistake in the program, not in what somebody typed
 */
export function createButton(label: string, text = label): Button {
  if (label === '' || text === '' || Array.from(text).length > LONGEST_BUTTON_TEXT || new TextEncoder().encode(text).length > LONGEST_BUTTON_BYTES) {
    throw new RangeError(`The button "${label}" must say 1 to ${LONGEST_BUTTON_TEXT} characters and at most ${LONGEST_BUTTON_BYTES} bytes.`)
  }
  return { label, text }
}

export interface Reply {
  /** Where it goes: into the conversation of the message, or into a private one with its sender. */
  to: 'group' | 'private'
  kind: ReplyKind
  text: string
  buttons?: Button[]
  citations?: Citation[]
  /** Id of the question that it asks, whatever its words: a button under it answers that one and no other. */
  question?: string
}

/** What a channel is asked to send. */
export interface OutgoingMessage {
  /** Idempotency key: one per outbox row, the same at every attempt. */
  key: string
  conversation: { kind: 'private' | 'group'; externalId: string }
  /** In a group: whom it answers. */
  mention?: { externalId: string; nickname: string }
  /** The platform id of the message that it answers, for a native quote. */
  quotes?: string
  /** The platform's part of the conversation in which that message was said. */
  thread?: string
  kind: ReplyKind
  /** '' where a picture goes alone. */
  text: string
  buttons: Button[]
  /** Only where the channel's capabilities take it, and its text as the caption: then both are one send. */
  picture?: OutgoingPicture
}

/** What became of one attempt to send. */
export type SendResult =
  /** `movedTo`: the platform has given the conversation this new id (a migrated group); the next send should use it. */
  | { outcome: 'sent'; platformMessageId?: string; movedTo?: string }
  /** Nothing left this machine, or the platform said to come again. */
  | { outcome: 'retry'; reason: string; afterMs?: number; pausesAccount?: boolean }
  /** The platform will never take this message. */
  | { outcome: 'rejected'; reason: string }
  /** Blocked, kicked, left, deleted. */
  | { outcome: 'recipient_gone'; reason: string }
  /** The bytes went out and no answer came: it may have arrived. */
  | { outcome: 'unknown'; reason: string }
