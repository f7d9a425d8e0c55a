import type { InboundMessage } from '../../domain/messages/messages.ts'
import { erasedMessageId } from './inbound.ts'
import type { Store } from '../engine/store.ts'

/** What a message said in an earlier version. */
export interface EarlierVersion {
  inboundId: string
  /** '' when it was erased, or only overheard. */
  text: string
  /** Number of the request or volunteer that its words went into; null = none. */
  recordNumber: string | null
}

/**
 * The latest stored version of the message that `message` corrects, before `beforeInboundId` when that is given; null when none
 * is known. The versions of a message carry its external id, followed by `:` and what tells them apart.
 */
export async function findEarlierVersion(store: Store, message: Pick<InboundMessage, 'channel' | 'account' | 'edits'>, beforeInboundId?: string): Promise<EarlierVersion | null> {
  const { channel, account, edits } = message
  if (edits === undefined) return null
  const row = await store.read.inboundMessage.findFirst({
    where: {
      channel,
      account,
      // A range instead of startsWith, so that the index serves it. `;` comes after `:`.
      OR: [{ externalId: { in: [edits, erasedMessageId(store.digestOf, { channel, account, externalId: edits })] } }, { externalId: { gte: `${edits}:`, lt: `${edits};` } }],
      ...(beforeInboundId !== undefined && { id: { not: beforeInboundId } }),
    },
    orderBy: [{ sentAt: 'desc' }, { receivedAt: 'desc' }],
    select: { id: true, text: true, recordNumber: true },
  })
  return row && { inboundId: row.id, text: row.text, recordNumber: row.recordNumber }
}
