import type { Citation } from '../../domain/answers.ts'
import type { Button, ReplyKind } from '../../domain/messages/messages.ts'
import { erasedMessageId } from './inbound.ts'
import type { Prisma } from '../generated/client.ts'
import { PRIORITIES, type OutboxExtras } from '../outbox/outbox.ts'
import { PHOTOS_OF_REQUEST } from '../requests/photos.ts'
import type { Store } from '../engine/store.ts'

export interface ConversationKey {
  channel: string
  account: string
  externalId: string
}

/** What a resident wrote. */
export interface ResidentLine {
  from: 'resident'
  /** External id of the message. */
  id: string
  text: string
  /** Ids of the photos that came with it. */
  photos: string[]
  at: Date
}

/** What the assistant or the staff wrote. */
export interface AssistantLine {
  from: 'assistant'
  seq: number
  /** Idempotency key of its outbox row. */
  key: string
  kind: ReplyKind
  text: string
  buttons: Button[]
  citations: Citation[]
  /** Name of the picture that goes with it. */
  picture?: string
  at: Date
}

export type Line = ResidentLine | AssistantLine

/** Readers see a line once it is theirs: an announcement, and a notice that was held back, when it is sent, the rest as soon as it is committed. Erased lines are gone. */
const VISIBLE = {
  text: { not: '' },
  OR: [{ status: 'sent' }, { status: { in: ['queued', 'held', 'sending', 'unknown', 'failed'] }, priority: { lt: PRIORITIES.announcement }, NOT: { isPushed: true, pushSeq: null } }],
} satisfies Prisma.OutboxMessageWhereInput

const LINE = { seq: true, key: true, kind: true, text: true, extras: true, createdAt: true, sentAt: true, priority: true } satisfies Prisma.OutboxMessageSelect
type LineRow = Prisma.OutboxMessageGetPayload<{ select: typeof LINE }>

function toLine(row: LineRow): AssistantLine {
  const extras = row.extras as unknown as OutboxExtras
  return {
    from: 'assistant',
    seq: row.seq,
    key: row.key,
    kind: row.kind as ReplyKind,
    text: row.text,
    buttons: extras.buttons ?? [],
    citations: extras.citations ?? [],
    ...(extras.picture && { picture: extras.picture.name }),
    at: row.priority === PRIORITIES.announcement ? (row.sentAt ?? row.createdAt) : row.createdAt,
  }
}

/** Whether anything was ever said in a private conversation. */
export async function isPrivateConversationKnown(store: Store, conversation: ConversationKey): Promise<boolean> {
  return (await store.read.conversation.findUnique({ where: { channel_account_kind_externalId: { ...conversation, kind: 'private' } }, select: { id: true } })) !== null
}

/** The last `limit` lines of a conversation, oldest first: what was written into it and what it was told. */
export async function listConversation(store: Store, conversation: ConversationKey, limit = 200): Promise<Line[]> {
  const [inbound, outbox] = await Promise.all([
    store.read.inboundMessage.findMany({
      where: { conversation, OR: [{ text: { not: '' } }, { photos: { some: {} } }] },
      orderBy: { receivedAt: 'desc' },
      take: limit,
      select: { externalId: true, text: true, receivedAt: true, photos: { orderBy: PHOTOS_OF_REQUEST.orderBy, select: { id: true } } },
    }),
    store.read.outboxMessage.findMany({ where: { conversation, ...VISIBLE }, orderBy: { seq: 'desc' }, take: limit, select: LINE }),
  ])
  const residentLines = inbound.reverse().map((row): ResidentLine => ({ from: 'resident', id: row.externalId, text: row.text, photos: row.photos.map(({ id }) => id), at: row.receivedAt }))
  return mergeLines(residentLines, outbox.reverse().map(toLine)).slice(-limit)
}

/** By time; what was asked stands before what was answered in the same millisecond. */
function mergeLines(resident: ResidentLine[], assistant: AssistantLine[]): Line[] {
  const rank = (line: Line) => (line.from === 'resident' ? 0 : 1)
  const seq = (line: Line) => (line.from === 'resident' ? 0 : line.seq)
  return [...resident, ...assistant].sort((a, b) => a.at.getTime() - b.at.getTime() || rank(a) - rank(b) || seq(a) - seq(b))
}

/** What one message was answered with, in this conversation. */
export async function listReplies(store: Store, conversation: ConversationKey, messageExternalId: string): Promise<AssistantLine[]> {
  const { channel, account } = conversation
  const inbound = await store.read.inboundMessage.findFirst({
    where: { channel, account, externalId: { in: [messageExternalId, erasedMessageId(store.digestOf, { channel, account, externalId: messageExternalId })] } },
    select: { id: true },
  })
  if (!inbound) return []
  const rows = await store.read.outboxMessage.findMany({ where: { inboundId: inbound.id, conversation, ...VISIBLE }, orderBy: { seq: 'asc' }, select: LINE })
  return rows.map(toLine)
}

/**
 * What was pushed into a conversation after a seq, oldest first; and what is being sent under one of `keys`, which a channel
 * hears of a moment before its row says so.
 */
export async function listPushedLines(store: Store, conversation: ConversationKey, after: { seq: number; keys?: string[] }, limit = 200): Promise<AssistantLine[]> {
  const isWanted = [{ seq: { gt: after.seq }, ...VISIBLE }, ...(after.keys?.length ? [{ key: { in: after.keys }, status: { in: ['queued', 'sending', 'sent'] } }] : [])]
  const rows = await store.read.outboxMessage.findMany({
    where: { conversation, isPushed: true, text: { not: '' }, OR: isWanted },
    orderBy: { seq: 'asc' },
    take: limit,
    select: LINE,
  })
  return rows.map(toLine)
}

/** Whether words of this conversation were erased at or after `since`: a reader should then forget what it shows. */
export async function wasErasedSince(store: Store, conversation: ConversationKey, since: Date): Promise<boolean> {
  return (await store.read.inboundMessage.count({ where: { conversation, erasedAt: { gte: since } } })) > 0
}
