import { randomUUID } from 'node:crypto'
import type { TurnContext } from '../domain/facts.ts'
import type { InboundMessage } from '../domain/messages.ts'
import { NUMBER_PLACEHOLDERS, type CommittedReply, type ConversationState, type DraftState, type Outcome } from '../domain/outcome.ts'
import { applyChange, type CreatedNumbers } from './changes.ts'
import { toJson } from './json.ts'
import { queueMessages, type NewOutboxMessage } from './outbox.ts'
import type { Store, Transaction } from './store.ts'

export interface LoadedTurn {
  context: TurnContext
  draft: DraftState | null
  state: ConversationState
}

/** What a turn is decided from, read before anything is looked up for it. */
export async function loadTurn(store: Store, inboundId: string): Promise<LoadedTurn> {
  const inbound = await store.read.inboundMessage.findUniqueOrThrow({
    where: { id: inboundId },
    select: { personId: true, channel: true, account: true, conversation: true },
  })
  const { conversation, personId } = inbound
  const [person, draft, staffIdentity] = await Promise.all([
    store.read.person.findUniqueOrThrow({ where: { id: personId }, include: { consents: { where: { withdrawnAt: null }, orderBy: { grantedAt: 'desc' }, take: 1 } } }),
    store.read.draft.findUnique({ where: { conversationId_personId: { conversationId: conversation.id, personId } } }),
    store.read.identity.findFirst({ where: { personId, channel: inbound.channel, account: inbound.account, staffId: { not: null }, staff: { disabledAt: null } }, include: { staff: true } }),
  ])
  return {
    context: {
      inboundId,
      person: {
        id: person.id,
        nickname: person.nickname,
        areaCode: person.areaCode,
        isSubscribed: person.isSubscribed,
        consentVersion: person.consents[0]?.noticeVersion ?? null,
        staff: staffIdentity?.staff ? { id: staffIdentity.staff.id, user: staffIdentity.staff.user, name: staffIdentity.staff.name } : null,
      },
      conversation: {
        id: conversation.id,
        kind: conversation.kind as 'private' | 'group',
        areaCode: conversation.areaCode,
        isBound: conversation.boundAt !== null,
      },
    },
    draft: (draft?.state as unknown as DraftState | undefined) ?? null,
    state: conversation.state as ConversationState,
  }
}

export interface TurnCommit {
  message: InboundMessage
  context: TurnContext
  outcome: Outcome
  /** Whether the channel reads its replies from the answer itself: they are then delivered by being committed. */
  pulls: boolean
  now: Date
}

/** The turn was decided by somebody else in the meantime; nothing of this one was written. */
export type CommitResult = { status: 'committed'; replies: CommittedReply[] } | { status: 'already_decided' }

/** Writes draft, records, replies and the mark that the message is decided, in one durable transaction. */
export function commitTurn(store: Store, commit: TurnCommit): Promise<CommitResult> {
  return store.write((transaction) => writeTurn(transaction, commit))
}

async function writeTurn(transaction: Transaction, commit: TurnCommit): Promise<CommitResult> {
  const { context, outcome, message, now } = commit
  const current = await transaction.inboundMessage.findUnique({ where: { id: context.inboundId }, select: { decidedAt: true } })
  if (!current || current.decidedAt !== null) return { status: 'already_decided' }

  const needsPrivate = context.conversation.kind === 'group' && (outcome.draftIn === 'private' || outcome.replies.some((reply) => reply.to === 'private'))
  const privately = needsPrivate ? await ensurePrivateConversation(transaction, commit) : { id: context.conversation.id, externalId: message.conversation.externalId }

  const numbers: CreatedNumbers = {}
  for (const change of outcome.changes) await applyChange(transaction, change, { context, conversationId: privately.id, now, numbers })
  await writeDraft(transaction, commit, outcome.draftIn === 'private' ? privately.id : context.conversation.id)
  if (outcome.state !== undefined) await transaction.conversation.updateMany({ where: { id: context.conversation.id }, data: { state: toJson(outcome.state) } })

  const replies = outcome.replies.map((reply): CommittedReply => {
    const movesToPrivate = reply.to === 'private' && context.conversation.kind === 'group'
    return { ...reply, text: fillNumbers(reply.text, numbers), ...(movesToPrivate && { conversation: privately.externalId }) }
  })
  const rows = replies.map((reply, index) => toOutboxRow(commit, reply, index, reply.conversation === undefined ? context.conversation.id : privately.id))
  await queueMessages(transaction, rows, now)
  await transaction.inboundMessage.updateMany({ where: { id: context.inboundId }, data: { decidedAt: now, intent: outcome.intent, replies: toJson(replies) } })
  return { status: 'committed', replies }
}

function toOutboxRow(commit: TurnCommit, reply: CommittedReply, index: number, conversationId: string): NewOutboxMessage {
  const { context, message } = commit
  const isInGroup = context.conversation.kind === 'group' && reply.conversation === undefined
  return {
    key: `reply:${context.inboundId}:${index}`,
    conversationId,
    personId: context.person.id,
    inboundId: context.inboundId,
    priority: 'reply',
    kind: reply.kind,
    text: reply.text,
    extras: {
      buttons: reply.buttons ?? [],
      citations: reply.citations ?? [],
      ...(isInGroup && { mention: { externalId: message.sender.externalId, nickname: message.sender.nickname ?? '' }, quotes: message.externalId }),
    },
    isDelivered: commit.pulls,
    isPushed: reply.conversation !== undefined,
  }
}

const fillNumbers = (text: string, numbers: CreatedNumbers): string =>
  text.replaceAll(NUMBER_PLACEHOLDERS.request, numbers.request ?? '').replaceAll(NUMBER_PLACEHOLDERS.volunteer, numbers.volunteer ?? '')

async function writeDraft(transaction: Transaction, commit: TurnCommit, conversationId: string): Promise<void> {
  const { outcome, context, now } = commit
  if (outcome.draft === undefined) return
  const key = { conversationId, personId: context.person.id }
  if (outcome.draft === null) {
    await transaction.draft.deleteMany({ where: key })
    return
  }
  const values = { form: outcome.draft.form, state: toJson(outcome.draft), updatedAt: now }
  await transaction.draft.upsert({ where: { conversationId_personId: key }, create: { ...key, ...values }, update: values })
}

/** The sender's most recent private conversation on this account, or a new one under the sender's own id. */
async function ensurePrivateConversation(transaction: Transaction, commit: TurnCommit): Promise<{ id: string; externalId: string }> {
  const { message, context, now } = commit
  const account = { channel: message.channel, account: message.account }
  const lastPrivate = await transaction.inboundMessage.findFirst({
    where: { personId: context.person.id, ...account, conversation: { kind: 'private', personId: context.person.id } },
    orderBy: { receivedAt: 'desc' },
    select: { conversation: { select: { id: true, externalId: true } } },
  })
  if (lastPrivate) return lastPrivate.conversation
  const own = await transaction.conversation.findFirst({ where: { ...account, kind: 'private', personId: context.person.id }, select: { id: true, externalId: true } })
  if (own) return own
  const taken = await transaction.conversation.findUnique({ where: { channel_account_kind_externalId: { ...account, kind: 'private', externalId: message.sender.externalId } } })
  const created = { id: randomUUID(), externalId: taken ? `private:${message.sender.externalId}` : message.sender.externalId }
  await transaction.conversation.createMany({ data: [{ ...created, ...account, kind: 'private', personId: context.person.id, state: {}, createdAt: now }] })
  return created
}
