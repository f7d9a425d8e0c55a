import type { InboundMessage, ReplyKind } from '../../domain/messages/messages.ts'
import type { AnsweredQuestion } from '../../domain/messages/outcome.ts'
import { fromJson } from '../engine/json.ts'
import type { OutboxExtras } from '../outbox/outbox.ts'
import type { Store } from '../engine/store.ts'

/** The message of ours whose button was pressed, however long ago it was sent. */
export interface PressedButton {
  kind: ReplyKind
  /** Id of the question that it asked; absent when it asked nothing, or was sent by an older program. */
  question?: string
  createdAt: Date
  /** For whom it was sent; null = for everybody in a group. */
  personId: string | null
  /** The announcement that it is. */
  announcementId: string | null
  /** The request whose change it told. */
  requestId: string | null
  /** The message that it answered. */
  inboundId: string | null
  /** The policy question that it answered. */
  answered: AnsweredQuestion | null
  /** Number of the request that the answered message's words went into. */
  recordNumber: string | null
}

/** What asks something; a button under it answers that and nothing else. */
export const ASKING_KINDS: readonly ReplyKind[] = ['question', 'confirm']

type LineOfOurs = NonNullable<InboundMessage['repliesTo']>

const QUOTED = 30

/** The line as a reply names it. A quote may be cut: its head is looked for. */
const whereLine = (line: LineOfOurs) => ('words' in line ? { text: { startsWith: line.words.trim().slice(0, QUOTED) } } : line)

/**
 * The message of this conversation whose button was pressed: the one that the platform knows by its id, or the line that was answered, if it has
 * a button with these words. null when it is none of ours, or its id was never told.
 */
export async function findPressedButton(store: Store, of: { conversationId: string; text: string; line: LineOfOurs; isPressed: boolean }): Promise<PressedButton | null> {
  const row = await store.read.outboxMessage.findFirst({
    where: { conversationId: of.conversationId, ...whereLine(of.line) },
    orderBy: { createdAt: 'desc' },
    select: { kind: true, extras: true, createdAt: true, personId: true, announcementId: true, requestId: true, inboundId: true },
  })
  if (row === null) return null
  const { extras, ...others } = row
  const { question, buttons = [] } = extras as unknown as OutboxExtras
  if (!of.isPressed && !buttons.some(({ text }) => text === of.text)) return null
  const inbound = row.inboundId === null ? null : await store.read.inboundMessage.findUnique({ where: { id: row.inboundId }, select: { answered: true, recordNumber: true } })
  return { ...others, kind: row.kind as ReplyKind, ...(question !== undefined && { question }), answered: fromJson(inbound?.answered) as AnsweredQuestion | null, recordNumber: inbound?.recordNumber ?? null }
}

/** The request that a line of ours was about, by its id or its number; null when it was about none. */
export async function findRepliedRequest(store: Store, of: { conversationId: string; line: LineOfOurs }): Promise<string | null> {
  const row = await store.read.outboxMessage.findFirst({ where: { conversationId: of.conversationId, ...whereLine(of.line) }, orderBy: { createdAt: 'desc' }, select: { requestId: true, inboundId: true } })
  if (row === null || row.requestId !== null || row.inboundId === null) return row?.requestId ?? null
  const inbound = await store.read.inboundMessage.findUnique({ where: { id: row.inboundId }, select: { recordNumber: true } })
  return inbound?.recordNumber ?? null
}
