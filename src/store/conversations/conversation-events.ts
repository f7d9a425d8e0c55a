import type { ConversationEvent } from '../../domain/messages/channel.ts'
import { StoreError } from '../../domain/errors.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** Stores what a platform told of a conversation; one that nobody has heard of is left out. Durable when it resolves; the same event again changes nothing, and false says so. */
export function noteConversationEvent(store: Store, account: { channel: string; account: string }, event: ConversationEvent, now: Date): Promise<boolean> {
  return store.write(async (transaction) => {
    const { kind, externalId } = event.conversation
    const conversation = await transaction.conversation.findUnique({ where: { channel_account_kind_externalId: { ...account, kind, externalId } }, select: { id: true, goneAt: true } })
    if (conversation === null) return false
    if (event.type === 'moved') await moveConversation(transaction, conversation.id, event.to)
    else if (event.type === 'gone') await markGone(transaction, [conversation.id], now)
    else await transaction.conversation.updateMany({ where: { id: conversation.id }, data: { goneAt: null } })
    return event.type === 'moved' || (conversation.goneAt !== null) !== (event.type === 'gone')
  })
}

/** From when on nothing reaches these conversations; one that is gone already keeps its instant. */
export async function markGone(transaction: Transaction, conversationIds: readonly string[], now: Date): Promise<void> {
  if (conversationIds.length === 0) return
  await transaction.conversation.updateMany({ where: { id: { in: [...conversationIds] }, goneAt: null }, data: { goneAt: now } })
}

/**
 * Gives a conversation the new id that its platform gave it. Its binding, history and open forms stay with it; where something
 * was heard under the new id already, that is taken in.
 */
export async function moveConversation(transaction: Transaction, conversationId: string, to: string): Promise<void> {
  const conversation = await transaction.conversation.findUnique({ where: { id: conversationId }, select: { channel: true, account: true, kind: true, externalId: true } })
  if (conversation === null || conversation.externalId === to) return
  const { channel, account, kind } = conversation
  const newer = await transaction.conversation.findUnique({ where: { channel_account_kind_externalId: { channel, account, kind, externalId: to } }, select: { id: true, boundAt: true, areaCode: true } })
  if (newer !== null) await takeOver(transaction, newer, conversationId)
  await transaction.conversation.updateMany({ where: { id: conversationId }, data: { externalId: to, goneAt: null } })
}

/**
 * A room of ours goes on where another conversation is by now: its platform has given it a new id, and staff said so. What was
 * being announced to it and found nobody there is sent again: the platform itself said that it was not.
 * @throws {StoreError} when one of them is gone
 */
export async function moveRoom(transaction: Transaction, roomId: string, nowAt: string): Promise<void> {
  const found = await transaction.conversation.findUnique({ where: { id: nowAt }, select: { externalId: true } })
  if (found === null) throw new StoreError('The group was taken into another one in the same moment.', { retryable: true })
  await moveConversation(transaction, roomId, found.externalId)
  await transaction.outboxMessage.updateMany({
    where: { conversationId: roomId, status: 'failed', error: { startsWith: 'recipient_gone' }, announcement: { status: { in: ['sending', 'paused'] } } },
    data: { status: 'queued', attempts: 0, error: null },
  })
}

async function takeOver(transaction: Transaction, newer: { id: string; boundAt: Date | null; areaCode: string | null }, conversationId: string): Promise<void> {
  const of = { where: { conversationId: newer.id }, data: { conversationId } }
  await transaction.inboundMessage.updateMany(of)
  await transaction.outboxMessage.updateMany(of)
  await transaction.serviceRequest.updateMany(of)
  await transaction.requestFollower.updateMany(of)
  await transaction.volunteer.updateMany(of)
  // Of a form that is open in both, the one under the new id is the later one.
  const drafts = await transaction.draft.findMany({ where: { conversationId: newer.id }, select: { personId: true } })
  const states = await transaction.dialogState.findMany({ where: { conversationId: newer.id }, select: { personId: true } })
  await transaction.draft.deleteMany({ where: { conversationId, personId: { in: drafts.map((draft) => draft.personId) } } })
  await transaction.dialogState.deleteMany({ where: { conversationId, personId: { in: states.map((state) => state.personId) } } })
  await transaction.draft.updateMany(of)
  await transaction.dialogState.updateMany(of)
  await transaction.conversation.deleteMany({ where: { id: newer.id } })
  if (newer.boundAt !== null) await transaction.conversation.updateMany({ where: { id: conversationId, boundAt: null }, data: { boundAt: newer.boundAt, areaCode: newer.areaCode } })
}
