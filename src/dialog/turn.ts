import type { OneTimeCodeView } from '../store/people/people.ts'
import type { Answer } from '../domain/answers.ts'
import type { ReportedFault, RequestSummary, TurnContext, VolunteerSummary } from '../domain/office/facts.ts'
import type { ChatAnnouncement, ConversationState, DraftState } from '../domain/kept-state.ts'
import type { Button, InboundMessage, Reply, ReplyKind } from '../domain/messages/messages.ts'
import type { Asked, Move, MoveType, Reading } from '../domain/messages/moves.ts'
import type { OwnOffer } from '../domain/volunteers/offers.ts'
import type { Outcome } from '../domain/messages/outcome.ts'
import type { Retention } from '../domain/retention.ts'
import type { Intent } from '../domain/messages/understanding.ts'
import type { FormContext } from '../forms/form.ts'
import type { Fed } from '../store/requests/fed-records.ts'
import type { OwnWords } from '../store/people/own-words.ts'
import type { PersonalData } from '../store/people/people.ts'
import type { PressedButton } from '../store/conversations/pressed-buttons.ts'
import type { Room } from '../store/channels/rooms.ts'
import type { ToldAlert } from '../store/duty/alert-answers.ts'
import type { VotedAnswer } from '../store/knowledge/votes.ts'

/** What was looked up for one turn; absent = this turn does not need it. */
export interface Facts {
  answer?: Answer
  /** The question of `answer` as staff may keep it, without anybody's particulars. */
  listedQuestion?: string
  requests?: RequestSummary[]
  /** Public faults that others have reported and that are open, of the services that this message may be about. */
  reported?: ReportedFault[]
  volunteer?: VolunteerSummary | null
  personalData?: PersonalData
  /** Their own words, the latest first; absent where they are not told in replies. */
  ownWords?: OwnWords[]
  code?: OneTimeCodeView | null
  /** The room of ours that the code names; null when it is not there any more. */
  room?: Room | null
  failedCodes?: number
  /** The message of ours whose button was pressed; absent also when the platform's id of it is not known. */
  button?: PressedButton
  /** The request that the message of ours was about which this one answers: its id, or its number. */
  repliedTo?: string
  /** What a vote is about; null when that answer is not there any more. Absent when the message is no vote, or its words are not meant for an answer. */
  vote?: { isUseful: boolean; on: VotedAnswer | null }
  /** What this person was asked to help with, newest first, and how often they have helped; absent when that is nothing. */
  offers?: OwnOffer[]
  helped?: number
  /** Of a member of staff: open alerts they were told of, the latest first; `named` by a message with a number, null = there is none. */
  alerts?: { told: ToldAlert[]; named?: ToldAlert | null }
  /** The announcement that a staff member writes, and whom it would reach now. */
  announcement?: ChatAnnouncement & { whom: string; count: number; examples: string[] }
}

/** What can be looked up for a turn. */
export type LookUp = 'answer' | 'requests' | 'reported' | 'volunteer' | 'personal data' | 'code' | 'button' | 'vote' | 'offers' | 'alerts' | 'announcement'

/** What a message was meant to be, as its sender said with a button under the question which of two. */
export interface PutRight {
  text: string
  intent: Intent
  /** The message that was read unsurely. */
  inboundId: string
}

/** Everything that decides a turn but what is looked up for it. */
export interface ReadTurn {
  message: InboundMessage
  reading: Reading
  /** Those of the reading's moves that no step has served yet, the most certain first. */
  moves: readonly Move[]
  asked: Asked
  context: TurnContext
  draft: DraftState | null
  state: ConversationState
  form: FormContext
  now: Date
  /** How long what is said is kept, as the notice tells it. */
  retention: Retention
  /** The time had nobody set the machine's clock; absent = `now`. */
  steadyNow?: Date
  /** What an earlier message meant: this one says so. */
  putRight?: PutRight
  /** What the message said before it was edited, and what that led to. */
  earlier?: { inboundId: string; text: string; reading: Reading } & Fed
  /** The link that opens a private conversation, where the platform has one. */
  privateLink?: string
  /** Nobody is reached in private here before being a friend of the account. */
  needsFriend?: boolean
  /** Whoever writes here can fetch all that is kept of them as a file. */
  hasOwnDataFile?: true
  /** The office's telephone and hours in one line. */
  officeLine?: string
  /** Written in a room in which the assistant says nothing, as staff have not bound it. */
  isInSilentRoom?: boolean
}

export interface Turn extends ReadTurn {
  facts: Facts
}

/** One step of the policy. */
export interface Step {
  name: string
  /** The reason for its place in the order. */
  why: string
  /** The moves that it serves: they, and other readings of the same words, are no other step's business any more. 'all': nothing comes after it. */
  takes: readonly MoveType[] | 'all'
  /** Whether the turn may be its business, before anything is looked up. */
  applies: (turn: ReadTurn) => boolean
  /** What it looks at besides the turn. */
  needs: readonly LookUp[]
  /** undefined: it is not its business after all. */
  decide: (turn: Turn) => Outcome | undefined
}

/** The most certain of the moves of one type. */
export const findMove = <T extends MoveType>({ moves }: Pick<ReadTurn, 'moves'>, type: T): Extract<Move, { type: T }> | undefined => moves.find((move): move is Extract<Move, { type: T }> => move.type === type)

export const hasMove = ({ moves }: Pick<ReadTurn, 'moves'>, ...types: readonly MoveType[]): boolean => moves.some(({ type }) => types.includes(type))

/** The most certain of the moves of these types. */
export const firstMove = <T extends MoveType>({ moves }: Pick<ReadTurn, 'moves'>, types: readonly T[]): Extract<Move, { type: T }> | undefined =>
  moves.find((move): move is Extract<Move, { type: T }> => (types as readonly MoveType[]).includes(move.type))

export const isInGroup = (turn: Pick<ReadTurn, 'context'>): boolean => turn.context.conversation.kind === 'group'

/** A reply into the conversation of the message. */
export const say = (turn: Pick<ReadTurn, 'context'>, kind: ReplyKind, text: string, buttons: Button[] = []): Reply => ({ to: isInGroup(turn) ? 'group' : 'private', kind, text, ...(buttons.length > 0 && { buttons }) })

/** A reply that only its sender may see, with a hint in the group when it was asked there, and the way to it where one must be shown. */
export function sayPrivately(turn: ReadTurn, kind: ReplyKind, text: string, buttons: Button[], hint: string): Reply[] {
  const reply: Reply = { to: 'private', kind, text, ...(buttons.length > 0 && { buttons }) }
  return isInGroup(turn) ? [say(turn, 'text', withWayToPrivate(turn, hint)), reply] : [reply]
}

/** A platform may keep us from writing first: then the resident has to open the private conversation. */
export function withWayToPrivate(turn: ReadTurn, hint: string): string {
  if (turn.privateLink !== undefined) return `${hint}\n没收到私信？点这里找我：${turn.privateLink}`
  return turn.needsFriend === true ? `${hint}\n没收到私信？请先加我为好友，加上了我们接着说。` : hint
}
