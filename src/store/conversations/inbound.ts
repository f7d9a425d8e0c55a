import { randomUUID } from 'node:crypto'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import type { CommittedReply, TurnResult } from '../../domain/messages/outcome.ts'
import type { Intent } from '../../domain/messages/understanding.ts'
import { readOrigin, writeOrigin } from './message-origin.ts'
import type { Store, Transaction } from '../engine/store.ts'
import type { DigestOf } from '../engine/erased/digests.ts'
import { findOptOut } from '../erasing/logins.ts'
import type { InboundMessage as KnownMessage } from '../generated/client.ts'

/** Where a received message stands. A known one is a redelivery: of a decided turn (`result`), or of one still to be decided. */
export interface Receipt {
  inboundId: string
  conversationId: string
  isNew: boolean
  /** The turn as it was committed; undefined while it is not decided. */
  result?: TurnResult
}

/** Stores a message, or finds it already there. Durable when it resolves. Every turn pays for it, hence plain statements. */
export function receiveMessage(store: Store, message: InboundMessage, now: Date): Promise<Receipt> {
  return store.write(async (transaction) => {
    const { channel, account, externalId } = message
    const erasedId = erasedMessageId(store.digestOf, message)
    const parties = await findParties(transaction, message, { now, digestOf: store.digestOf })
    if ('known' in parties) return toReceipt(parties.known)
    const { personId, conversationId } = parties
    const inboundId = randomUUID()
    const inserted = await transaction.$executeRaw`
      INSERT INTO "InboundMessage" ("id", "channel", "account", "externalId", "conversationId", "personId", "text", "attachments", "isAddressed", "edits", "origin", "sentAt", "receivedAt")
      SELECT ${inboundId}, ${channel}, ${account}, ${externalId}, ${conversationId}, ${personId}, ${message.text}, ${JSON.stringify(message.attachments)}, ${message.isAddressed}, ${message.edits ?? null}, ${writeOrigin(message)}, ${message.sentAt}, ${now}
      WHERE NOT EXISTS (SELECT 1 FROM "InboundMessage" WHERE "channel" = ${channel} AND "account" = ${account} AND "externalId" = ${erasedId})
      ON CONFLICT ("channel", "account", "externalId") DO NOTHING`
    if (inserted > 0) return { inboundId, conversationId, isNew: true }
    return toReceipt(await transaction.inboundMessage.findFirstOrThrow({ where: { channel, account, externalId: { in: [externalId, erasedId] } } }))
  }, 'beside')
}

function toReceipt(known: KnownMessage): Receipt {
  const result = known.decidedAt ? readResult(known.intent, known.replies, known.erasedAt !== null) : undefined
  return { inboundId: known.id, conversationId: known.conversationId, isNew: false, ...(result && { result }) }
}

interface Parties {
  personId: string
  conversationId: string
}

/** The id by which a message of somebody who had everything deleted is recognised when it is delivered again. */
export const erasedMessageId = (digestOf: DigestOf, { channel, account, externalId }: Pick<InboundMessage, 'channel' | 'account' | 'externalId'>): string => digestOf('message', channel, account, externalId)

/** Who wrote it and where; both are made when they are new. `known`: it was erased with all of its sender, and nobody is made anew for it. */
async function findParties(transaction: Transaction, message: InboundMessage, { now, digestOf }: { now: Date; digestOf: DigestOf }): Promise<Parties | { known: KnownMessage }> {
  const { channel, account, sender, conversation } = message
  const [known] = await transaction.$queryRaw<{ personId: string; nickname: string; conversationId: string | null; owner: string | null; title: string | null; goneAt: unknown }[]>`
    SELECT i."personId", p."nickname", c."id" AS "conversationId", c."personId" AS "owner", c."title", c."goneAt"
    FROM "Identity" i JOIN "Person" p ON p."id" = i."personId"
    LEFT JOIN "Conversation" c ON c."channel" = i."channel" AND c."account" = i."account" AND c."kind" = ${conversation.kind} AND c."externalId" = ${conversation.externalId}
    WHERE i."channel" = ${channel} AND i."account" = ${account} AND i."externalId" = ${sender.externalId}`
  const nickname = sender.nickname ?? ''
  if (known && nickname !== '' && nickname !== known.nickname) await transaction.person.updateMany({ where: { id: known.personId }, data: { nickname } })
  // Who writes is there again.
  if (known?.conversationId && known.goneAt !== null) await transaction.conversation.updateMany({ where: { id: known.conversationId }, data: { goneAt: null } })
  const isRenamed = conversation.kind === 'group' && conversation.title !== undefined && conversation.title !== '' && conversation.title !== known?.title
  if (known?.conversationId && isRenamed) await transaction.conversation.updateMany({ where: { id: known.conversationId }, data: { title: conversation.title ?? '' } })
  const isWhole = known?.conversationId && (conversation.kind === 'group' || known.owner !== null)
  if (isWhole && known.conversationId) return { personId: known.personId, conversationId: known.conversationId }
  if (known === undefined) {
    const erased = await transaction.inboundMessage.findUnique({ where: { channel_account_externalId: { channel, account, externalId: erasedMessageId(digestOf, message) } } })
    if (erased !== null) return { known: erased }
  }
  const personId = known?.personId ?? (await addPerson(transaction, message, { now, digestOf }))
  return { personId, conversationId: await ensureConversation(transaction, message, personId, now) }
}

function readResult(intent: string | null, replies: unknown, isErased: boolean): TurnResult {
  return { intent: (intent ?? 'other') as Intent, isDuplicate: true, replies: isErased ? [] : ((replies ?? []) as CommittedReply[]) }
}

async function addPerson(transaction: Transaction, message: InboundMessage, { now, digestOf }: { now: Date; digestOf: DigestOf }): Promise<string> {
  const personId = randomUUID()
  const optedOutAt = await findOptOut(transaction, digestOf, { ...message, externalId: message.sender.externalId })
  await transaction.person.createMany({ data: [{ id: personId, nickname: message.sender.nickname ?? '', createdAt: now, optedOutAt }] })
  await transaction.identity.createMany({ data: [{ id: randomUUID(), channel: message.channel, account: message.account, externalId: message.sender.externalId, personId, createdAt: now }] })
  return personId
}

async function ensureConversation(transaction: Transaction, message: InboundMessage, personId: string, now: Date): Promise<string> {
  const unique = { channel: message.channel, account: message.account, kind: message.conversation.kind, externalId: message.conversation.externalId }
  const known = await transaction.conversation.findUnique({ where: { channel_account_kind_externalId: unique }, select: { id: true, kind: true, personId: true } })
  if (known) {
    if (known.kind === 'private' && known.personId === null) await transaction.conversation.updateMany({ where: { id: known.id }, data: { personId } })
    return known.id
  }
  const conversationId = randomUUID()
  await transaction.conversation.createMany({
    data: [
      {
        id: conversationId,
        ...unique,
        title: message.conversation.title ?? '',
        personId: message.conversation.kind === 'private' ? personId : null,
        createdAt: now,
      },
    ],
  })
  return conversationId
}

/** Ids of what a conversation has undecided, oldest first; every turn asks where several processes decide. */
export async function listUndecided(store: Store, conversationId: string): Promise<string[]> {
  const rows = await store.read.$queryRaw<{ id: string }[]>`SELECT "id" FROM "InboundMessage" WHERE "conversationId" = ${conversationId} AND "decidedAt" IS NULL ORDER BY "receivedAt", "id"`
  return rows.map(({ id }) => id)
}

/** A stored message, as the route needs it to decide a turn again after a crash. */
export interface StoredMessage extends InboundMessage {
  inboundId: string
  conversationId: string
  receivedAt: Date
}

/** Messages received but not decided, oldest first: what a crash left. Of one conversation, or of those received until `before`, where that is asked for. */
export async function findUndecided(store: Store, of: { conversationId?: string; before?: Date } = {}): Promise<StoredMessage[]> {
  const { conversationId, before } = of
  const where = { decidedAt: null, ...(conversationId !== undefined && { conversationId }), ...(before && { receivedAt: { lte: before } }) }
  const rows = await store.read.inboundMessage.findMany({ where, orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }], include: { conversation: true } })
  if (rows.length === 0) return []
  const identities = await store.read.identity.findMany({ where: { personId: { in: [...new Set(rows.map((row) => row.personId))] } }, include: { person: true } })
  return rows.map((row) => {
    const identity = identities.find((candidate) => candidate.personId === row.personId && candidate.channel === row.channel && candidate.account === row.account)
    return {
      inboundId: row.id,
      conversationId: row.conversationId,
      receivedAt: row.receivedAt,
      channel: row.channel,
      account: row.account,
      externalId: row.externalId,
      conversation: { kind: row.conversation.kind as 'private' | 'group', externalId: row.conversation.externalId, title: row.conversation.title },
      sender: { externalId: identity?.externalId ?? '', nickname: identity?.person.nickname ?? '' },
      isAddressed: row.isAddressed,
      text: row.text,
      attachments: row.attachments as unknown as InboundMessage['attachments'],
      sentAt: row.sentAt,
      ...(row.edits !== null && { edits: row.edits }),
      ...readOrigin(row.origin),
    }
  })
}
