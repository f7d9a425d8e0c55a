import { z } from 'zod'
import { DANGERS, VISIT_TOPICS } from './messages/moves.ts'
import { FormId, Intent } from './messages/understanding.ts'

/*
 * What one turn leaves for the next, as it lies in the store. It outlives the program that wrote it: everything is read through these
 * schemas, older shapes are brought up to date, and what fits none is dropped.
 */

const FieldValue = z.union([z.string(), z.number(), z.array(z.string())])
export type FieldValue = z.infer<typeof FieldValue>

const FurtherPerson = z.object({ name: z.string(), age: z.number().exactOptional(), phone: z.string().exactOptional(), skills: z.array(z.string()).exactOptional() })

/** A second matter that was told together with the first: filed with it, under a number of its own. `person`: it is somebody who signs up too. */
const FurtherMatter = z.object({ description: z.string(), category: z.string().exactOptional(), address: z.string().exactOptional(), person: FurtherPerson.exactOptional() })
export type FurtherMatter = z.infer<typeof FurtherMatter>

const DraftState = z.object({
  v: z.literal(1),
  form: FormId,
  values: z.record(z.string(), FieldValue),
  /** consent = the notice was shown; field = a field was asked; confirm = the summary was shown; which_field = what to change was asked. */
  stage: z.enum(['consent', 'field', 'confirm', 'which_field']),
  /** The field being asked, while stage is 'field'. */
  asking: z.string().nullable(),
  /** Fields asked so far, in order, for 返回. */
  asked: z.array(z.string()),
  /** Fields that may stay empty and were skipped. */
  skipped: z.array(z.string()),
  /** Wrong inputs in a row. */
  misses: z.number(),
  /** Inbound messages that fed it: blanked when the resident refuses, cancels or deletes. */
  messageIds: z.array(z.string()),
  further: z.array(FurtherMatter),
  /** Names of the photos that came with these messages; more than are taken where somebody sent more. */
  photos: z.array(z.string()).exactOptional(),
  /** The requests of others of which was asked whether it is that: by id, with `|confirm` at the summary, with `|no` where it is not. */
  askedIfSame: z.array(z.string()).exactOptional(),
  /** Filled in without name and telephone: consent was refused, and none is needed. */
  isNameless: z.boolean().exactOptional(),
  /** ISO instant of the turn that opened it. */
  openedAt: z.string(),
  /** ISO instant of the last turn. */
  touchedAt: z.string(),
})
/** An unfinished form: what was said so far and what is being asked. */
export type DraftState = z.infer<typeof DraftState>

const ChatAnnouncement = z.object({
  text: z.string(),
  audience: z.object({
    areas: z.array(z.string()).exactOptional(),
    roles: z.array(z.enum(['resident', 'volunteer', 'group'])).exactOptional(),
    skills: z.array(z.string()).exactOptional(),
    tags: z.array(z.string()).exactOptional(),
  }),
})
/** An announcement as it is written in chat; `areas` are area codes. */
export type ChatAnnouncement = z.infer<typeof ChatAnnouncement>

const AmendedSlots = z.object({ name: z.string().exactOptional(), phone: z.string().exactOptional(), address: z.string().exactOptional(), time: z.string().exactOptional() })
/** A correction as it was read, before it was known of which request. */
const SaidCorrection = z.object({ field: z.string(), value: z.string().exactOptional(), instead: z.string().exactOptional(), slots: AmendedSlots })
export type SaidCorrection = z.infer<typeof SaidCorrection>

/** What a resident puts right in a request of theirs; absent = it stays. `wantedTime` is local ISO, as said. */
export interface RequestCorrection {
  name?: string
  phone?: string
  address?: string
  wantedTime?: string
}

const ASKED = { question: z.string(), at: z.string() }

/** What was asked outside of a form and is waited for; `question` is the id of the question, `at` the ISO instant of it. */
const WaitingFor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deletion'), ...ASKED }),
  /** A staff member's announcement that was shown. */
  z.object({ type: z.literal('announcement'), ...ASKED, announcement: ChatAnnouncement }),
  z.object({ type: z.literal('rating'), ...ASKED, requestId: z.string() }),
  /** Whether community notices may be sent; asked once, after a receipt. */
  z.object({ type: z.literal('subscription'), ...ASKED }),
  /** Whether a public fault is reported without name and telephone, after consent was refused. */
  z.object({ type: z.literal('nameless'), ...ASKED, category: z.string(), description: z.string().exactOptional(), address: z.string().exactOptional() }),
  /** Whether what the open form tells is this request, which somebody else has made. */
  z.object({ type: z.literal('same_matter'), ...ASKED, requestId: z.string() }),
  /** Which of two a message meant that was read unsurely. */
  z.object({ type: z.literal('which_of_two'), ...ASKED, text: z.string(), inboundId: z.string(), either: z.tuple([Intent, Intent]) }),
  /** Which of several requests something is about that was said. */
  z.object({ type: z.literal('which_request'), ...ASKED, text: z.string(), move: z.enum(['add', 'correct', 'urge', 'ask_visit', 'withdraw', 'mended', 'complain']), topics: z.array(z.enum(VISIT_TOPICS)).exactOptional(), correct: SaidCorrection.exactOptional(), sole: z.string().exactOptional() }),
])
export type WaitingFor = z.infer<typeof WaitingFor>

const ConversationState = z.object({
  v: z.literal(1),
  lastQuestion: z.string().exactOptional(),
  /** The whole clause behind the last answer, for 详细. */
  lastDetails: z.string().exactOptional(),
  /** The message whose answer `lastDetails` belongs to. */
  lastAnswerIn: z.string().exactOptional(),
  /** The question that was last refused, for 转给工作人员: the message that asked it, and the one after which passing on was offered again. */
  refused: z.object({ question: z.string(), document: z.string().nullable(), clause: z.string().nullable(), inboundId: z.string().exactOptional(), offeredIn: z.string().exactOptional() }).exactOptional(),
  /** ISO instant of an emergency that was just reported: what is said next about it is added to it. */
  emergencyAt: z.string().exactOptional(),
  /** What may have been a danger, until somebody says whether it is one. */
  doubt: z.object({ text: z.string(), danger: z.enum(DANGERS) }).exactOptional(),
  waitingFor: WaitingFor.exactOptional(),
  /** Whether community notices were offered once. */
  wasOfferedNotices: z.boolean().exactOptional(),
  /** Short words that were not understood, the last of them at this ISO instant. */
  pieces: z.object({ text: z.string(), at: z.string(), messageIds: z.array(z.string()) }).exactOptional(),
  /** Photos for the request that follows, by name, with the messages they came with, the last of them at this ISO instant. `asksWhich`: whether they belong to one that is open was asked. */
  photos: z.object({ messageIds: z.array(z.string()), names: z.array(z.string()), at: z.string(), asksWhich: z.literal(true).exactOptional() }).exactOptional(),
  /** The album of whose photos it was said that some were not taken: once is enough. */
  albumTold: z.string().exactOptional(),
  /** What the last turn did, when it was one of these. */
  just: z.enum(['receipt', 'answer']).exactOptional(),
})
/** What the next turn of a conversation needs of the last one. */
export type ConversationState = z.infer<typeof ConversationState>

export const EMPTY_STATE: ConversationState = { v: 1 }

/** `isBroken`: something was kept that no version of the program reads. */
export interface Kept<T> {
  value: T
  isBroken: boolean
}

type Row = Record<string, unknown>
const isRow = (stored: unknown): stored is Row => typeof stored === 'object' && stored !== null && !Array.isArray(stored)

export function readDraftState(stored: unknown): Kept<DraftState | null> {
  if (stored === null || stored === undefined) return { value: null, isBroken: false }
  const parsed = DraftState.safeParse(isRow(stored) && stored['v'] === undefined ? { ...stored, v: 1, further: [] } : stored)
  return { value: parsed.data ?? null, isBroken: !parsed.success }
}

export function readConversationState(stored: unknown): Kept<ConversationState> {
  if (stored === null || stored === undefined) return { value: EMPTY_STATE, isBroken: false }
  const parsed = ConversationState.safeParse(isRow(stored) && stored['v'] === undefined ? migrateState(stored) : stored)
  return { value: parsed.data ?? EMPTY_STATE, isBroken: !parsed.success }
}

/** Before it had a version, each thing that was waited for had a field of its own. */
function migrateState({ pending, announcement, ratingRequestId, ratingAskedIn, shownIn, ...others }: Row): Row {
  const asked = { question: `before-versions:${typeof ratingAskedIn === 'string' ? ratingAskedIn : typeof shownIn === 'string' ? shownIn : ''}`, at: new Date(0).toISOString() }
  const waitingFor =
    pending === 'delete_data' ? { type: 'deletion', ...asked }
    : announcement !== undefined ? { type: 'announcement', ...asked, announcement }
    : ratingRequestId !== undefined ? { type: 'rating', ...asked, requestId: ratingRequestId }
    : undefined
  return { ...others, v: 1, ...(waitingFor && { waitingFor }) }
}
