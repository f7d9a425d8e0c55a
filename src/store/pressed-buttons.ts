import type { ReplyKind } from '../domain/messages.ts'
import type { AnsweredQuestion } from '../domain/outcome.ts'
import { fromJson } from './json.ts'
import type { Store } from './store.ts'

/** The message of ours whose button was pressed, however long ago it was sent. */
export interface PressedButton {
  kind: ReplyKind
  createdAt: Date
  /** For whom it was sent; null = for everybody in a group. */
  personId: string | null
  /** Whether that person was asked something else after it. */
  isOutdated: boolean
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

/** The message that the platform knows by this id, in this conversation; null when it is none of ours, or its id was never told. */
export async function findPressedButton(store: Store, of: { conversationId: string; platformMessageId: string }): Promise<PressedButton | null> {
  const { conversationId, platformMessageId } = of
  const row = await store.read.outboxMessage.findFirst({
    where: { conversationId, platformMessageId },
    select: { seq: true, kind: true, createdAt: true, personId: true, announcementId: true, requestId: true, inboundId: true },
  })
  if (row === null) return null
  const { seq, kind, ...rest } = row
  const [later, inbound] = await Promise.all([
    store.read.outboxMessage.findFirst({ where: { conversationId, personId: row.personId, seq: { gt: seq }, kind: { in: [...ASKING_KINDS] } }, select: { seq: true } }),
    row.inboundId === null ? null : store.read.inboundMessage.findUnique({ where: { id: row.inboundId }, select: { answered: true, recordNumber: true } }),
  ])
  return { ...rest, kind: kind as ReplyKind, isOutdated: later !== null, answered: fromJson(inbound?.answered) as AnsweredQuestion | null, recordNumber: inbound?.recordNumber ?? null }
}
