import type { Answer } from '../domain/answers.ts'
import type { RequestSummary, TurnContext, VolunteerSummary } from '../domain/facts.ts'
import type { Button, InboundMessage, Reply, ReplyKind } from '../domain/messages.ts'
import type { OwnOffer } from '../domain/offers.ts'
import type { ChatAnnouncement, ConversationState, DraftState, Outcome } from '../domain/outcome.ts'
import type { Slots, Understanding } from '../domain/understanding.ts'
import type { FormContext } from '../forms/form.ts'
import type { Command } from '../language/commands.ts'
import type { Fed } from '../store/fed-records.ts'
import type { PersonalData } from '../store/people.ts'
import type { Room } from '../store/rooms.ts'
import type { PressedButton } from '../store/pressed-buttons.ts'
import type { VotedAnswer } from '../store/votes.ts'

/** What was looked up for one turn; absent = this turn does not need it. */
export interface Facts {
  answer?: Answer
  requests?: RequestSummary[]
  volunteer?: VolunteerSummary | null
  personalData?: PersonalData
  code?: { id: string; purpose: 'staff' | 'room'; staffName: string; roomId: string | null } | null
  /** The room of ours that the code names; null when it is not there any more. */
  room?: Room | null
  failedCodes?: number
  /** The message of ours whose button was pressed; absent also when the platform's id of it is not known. */
  button?: PressedButton
  /** What a vote is about; null when that answer is not there any more. Absent when the message is no vote. */
  vote?: { isUseful: boolean; on: VotedAnswer | null }
  /** What this person was asked to help with, newest first, and how often they have helped; absent when the words are no answer to that. */
  offers?: OwnOffer[]
  helped?: number
  /** The announcement that a staff member writes, and whom it would reach now. */
  announcement?: ChatAnnouncement & { whom: string; count: number; examples: string[] }
}

/** Everything that decides a turn. */
export interface Turn {
  message: InboundMessage
  understanding: Understanding
  command: Command | undefined
  context: TurnContext
  draft: DraftState | null
  state: ConversationState
  facts: Facts
  form: FormContext
  now: Date
  /** What the message said before it was edited, and what that led to. */
  earlier?: { inboundId: string; text: string; slots: Slots } & Fed
  /** The link that opens a private conversation, where the platform has one. */
  privateLink?: string
  /** Nobody is reached in private here before being a friend of the account. */
  needsFriend?: boolean
  /** Written in a room in which the assistant says nothing, as staff have not bound it. */
  isInSilentRoom?: boolean
}

/** One step of the route: an outcome when the message is its business, undefined when it is not. */
export type Step = (turn: Turn) => Outcome | undefined

export const isInGroup = (turn: Turn): boolean => turn.context.conversation.kind === 'group'

/** A reply into the conversation of the message. */
export const say = (turn: Turn, kind: ReplyKind, text: string, buttons: Button[] = []): Reply => ({ to: isInGroup(turn) ? 'group' : 'private', kind, text, ...(buttons.length > 0 && { buttons }) })

/** A reply that only its sender may see, with a hint in the group when it was asked there, and the way to it where one must be shown. */
export function sayPrivately(turn: Turn, kind: ReplyKind, text: string, buttons: Button[], hint: string): Reply[] {
  const reply: Reply = { to: 'private', kind, text, ...(buttons.length > 0 && { buttons }) }
  return isInGroup(turn) ? [say(turn, 'text', withWayToPrivate(turn, hint)), reply] : [reply]
}

/** A platform may keep us from writing first: then the resident has to open the private conversation. */
export function withWayToPrivate(turn: Turn, hint: string): string {
  if (turn.privateLink !== undefined) return `${hint}\n没收到私信？点这里找我：${turn.privateLink}`
  return turn.needsFriend === true ? `${hint}\n没收到私信？请先加我为好友，加上了我们接着说。` : hint
}
