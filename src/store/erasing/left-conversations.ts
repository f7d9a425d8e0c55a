import type { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import type { ExpiryRules, Reads } from './expiry-rules.ts'

/** What a conversation is called in the place of its platform's id. */
const NOBODYS = '~'
/** Until then what is on its way arrives, and open pages hear that everything is deleted. */
const LAST_WORDS_MS = 60 * 60_000

/** Private ones that are nobody's any more, with nothing on its way. */
function left({ now }: ExpiryRules): Prisma.ConversationWhereInput {
  const since = new Date(now.getTime() - LAST_WORDS_MS)
  return {
    kind: 'private',
    personId: null,
    outbox: { none: { OR: [{ status: { in: ['queued', 'held', 'sending'] } }, { createdAt: { gte: since } }] } },
    inbound: { none: { receivedAt: { gte: since } } },
    OR: [{ externalId: { not: { startsWith: NOBODYS } } }, { outbox: { none: {} }, inbound: { none: {} } }],
  }
}

export const countLeftConversations = (read: Reads, rules: ExpiryRules): Promise<number> => read.conversation.count({ where: left(rules) })

/** Takes the platform's id from them; those in which nothing is left go. */
export async function removeLeftConversations(transaction: Transaction, rules: ExpiryRules, most: number): Promise<number> {
  const rows = await transaction.conversation.findMany({ where: left(rules), take: most, select: { id: true, _count: { select: { inbound: true, outbox: true } } } })
  for (const { id, _count } of rows) {
    if (_count.inbound + _count.outbox === 0) await transaction.conversation.delete({ where: { id } })
    else {
      await transaction.conversation.updateMany({ where: { id }, data: { externalId: `${NOBODYS}${id}`, title: '' } })
      await transaction.outboxMessage.updateMany({ where: { conversationId: id }, data: { platformMessageId: null, error: null } })
    }
  }
  return rows.length
}
