import type { Answer } from '../answers.ts'
import type { ChatAnnouncement, ConversationState, DraftState, RequestCorrection } from '../kept-state.ts'
import type { Button, Reply, ReplyKind } from './messages.ts'
import type { OfferRefusal } from '../volunteers/offers.ts'
import type { RequestKind, RequestStatus } from '../requests/requests.ts'
import type { Misread } from './talk.ts'
import type { Intent } from './understanding.ts'

export interface NewRequest {
  kind: RequestKind
  serviceCode: string | null
  category: string
  description: string
  address: string | null
  areaCode: string | null
  requesterName: string | null
  requesterPhone: string | null
  wantedTime: string | null
  dueAt: Date | null
}

export interface NewVolunteer {
  name: string
  phone: string
  age: number | null
  guardian: { name: string; phone: string } | null
  areaCode: string | null
  skills: string[]
  availability: string
  status: 'pending' | 'active'
}

/** A record to write; all changes of one turn are written in one transaction with its replies. */
export type Change =
  /** `fedBy`: the messages whose words it holds, besides the one that is decided; an edit of one of them is told to staff. */
  /** `isFurther`: told together with another one; the messages count as that one's. */
  /** `call`: of an emergency, the telephones in its safety words. */
  | { type: 'create_request'; request: NewRequest; fedBy?: string[]; isFurther?: true; call?: string }
  /** `otherwise`: what is answered in place of the turn's replies when somebody else has changed it meanwhile, so that the flow does not allow it any more. */
  | { type: 'change_request'; requestId: string; status: RequestStatus; note: string; otherwise: Reply[] }
  /** What its resident says about it. `to`: where that moves it; `correction`: what was wrong in it; `urges`: it is asked for sooner; whoever has it is told. Of an emergency staff are alerted again: `call` as above. */
  | { type: 'note_on_request'; requestId: string; note: string; to?: RequestStatus; correction?: RequestCorrection; urges?: true; call?: string }
  /** Of a request that somebody else has made: this person follows it from now on, and what they told stands in it. `messageIds`: those that told it. */
  | { type: 'join_report'; requestId: string; note: string; messageIds: string[] }
  /** Place and telephone said after the request was made; what is there already stays. */
  | { type: 'complete_request'; requestId: string; address: string | null; phone: string | null; note: string; isSafe?: true }
  /** The photos of these messages, as far as there is room for them: into a request that is there, or into the first that this turn makes. One that waits for its resident has its answer. */
  | { type: 'add_photos'; request: { id: string } | { number: string } | 'new'; messageIds: string[] }
  | { type: 'rate_request'; requestId: string; score: number; comment: string }
  /** `isFurther`: somebody else whom this person names, and who has said nothing here. */
  | { type: 'save_volunteer'; volunteer: NewVolunteer; fedBy?: string[]; isFurther?: true }
  | { type: 'leave_volunteers' }
  /** Of one who is registered: nobody is sent, or again. */
  | { type: 'set_volunteering'; isPaused: boolean }
  /** The first to accept gets it: who does not is told `otherwise` instead of the turn's replies. */
  | { type: 'accept_offer'; offerId: string; otherwise: Record<OfferRefusal, Reply[]> }
  | { type: 'decline_offer'; offerId: string }
  /** Of one that was accepted: it is offered again. */
  | { type: 'give_up_offer'; offerId: string }
  /** `notice`: what the requester is told, and who else follows the request. */
  | { type: 'finish_offer'; offerId: string; notice: { text: string; buttons: Button[]; toFollowers: string } }
  | { type: 'grant_consent'; noticeVersion: string; subscribes: boolean }
  | { type: 'withdraw_consent' }
  /** Those that fed a form, and all that this person said since it was opened. `since` is an ISO instant. */
  | { type: 'blank_messages'; messageIds: string[]; since: string }
  | { type: 'erase_person' }
  | { type: 'set_subscribed'; isSubscribed: boolean }
  | { type: 'note_unanswered'; question: string; answer: Pick<Answer, 'ranked'> }
  /** A message that was not understood, or that a button put right. `inboundId`: in which it was said; absent = in the one that is decided. */
  | { type: 'note_misread'; misread: Misread; inboundId?: string }
  /** `inboundId`: the message that was answered. The last vote of a person on an answer counts. */
  | { type: 'vote_answer'; inboundId: string; isUseful: boolean; answered: AnsweredQuestion }
  /** 收到: the announcement whose button it was, or else the last one that reached this person. */
  | { type: 'acknowledge'; announcementId?: string }
  /** By the staff member who writes. It waits for a second person. */
  | { type: 'create_announcement'; announcement: ChatAnnouncement }
  /** 收到 of the staff member who writes: the alert is theirs. */
  | { type: 'answer_alert'; alertId: string }
  /** By the staff member who writes. */
  | { type: 'begin_drill' }
  | { type: 'bind_staff'; codeId: string }
  | { type: 'bind_room'; codeId: string }
  /** Of a request that staff filed for them: it is theirs from now on, or they follow it. */
  | { type: 'join_request'; codeId: string }
  /** The guardian of a child, from a chat of their own: it may help. */
  | { type: 'confirm_child'; codeId: string }
  | { type: 'count_failed_code' }

/**
 * Reply text may hold `{request}`, `{request2}` and so on, or `{volunteer}`: the numbers of the records that the same turn creates,
 * known only inside the transaction.
 */
export const NUMBER_PLACEHOLDERS = { request: '{request}', volunteer: '{volunteer}' } as const
/** What came of an alert: who was told of it, who has answered before. Known only inside the transaction, too. */
export const ALERT_PLACEHOLDER = '{alert}'
/** That of the request made in this place among those of the turn, from 0. */
export const numberPlaceholder = (index: number): string => (index === 0 ? NUMBER_PLACEHOLDERS.request : `{request${index + 1}}`)

/** The policy question that a turn answered or refused: what a vote is about. */
export interface AnsweredQuestion {
  /** As it was understood, without anybody's particulars. */
  question: string
  kind: Answer['kind']
  /** The clause that was found best; null when none is near. */
  document: string | null
  clause: string | null
  /** The fingerprint of that clause's words. */
  print?: string
  score: number
  /** In a turn that was a vote: the message whose answer was voted on. */
  votedOn?: string
}

/** What one message leads to. */
export interface Outcome {
  intent: Intent
  replies: Reply[]
  /** undefined = the draft stays as it is; null = it is over. */
  draft?: DraftState | null
  /** Where the draft lives: with the message, or in the sender's private conversation (when a group message opened it). */
  draftIn?: 'here' | 'private'
  /** undefined = unchanged. */
  state?: ConversationState
  /** Where the state is kept: with the message, or in the sender's private conversation too. */
  stateIn?: 'here' | 'both'
  answered?: AnsweredQuestion
  /** A button was pressed that belongs to nothing open any more. */
  isStaleButton?: true
  changes: Change[]
}

/** A turn as it was committed: what the caller of the API reads. */
export interface TurnResult {
  intent: Intent
  isDuplicate: boolean
  replies: CommittedReply[]
}

export interface CommittedReply extends Reply {
  /** The private conversation's external id, when a reply to a group message goes on there. */
  conversation?: string
}

/** One line of a conversation as its readers see it. */
export interface ConversationLine {
  seq: number
  kind: ReplyKind
  text: string
  buttons: Button[]
  at: Date
}
