import { randomUUID } from 'node:crypto'
import type { TurnContext } from '../../domain/office/facts.ts'
import { FOLLOW_UP_MS } from '../../domain/requests/requests.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { readConversationState, readDraftState, type ConversationState, type DraftState } from '../../domain/kept-state.ts'
import { ALERT_PLACEHOLDER, NUMBER_PLACEHOLDERS, numberPlaceholder, type CommittedReply, type Outcome } from '../../domain/messages/outcome.ts'
import { applyChange, type CreatedNumbers } from './changes.ts'
import { StoreError } from '../../domain/errors.ts'
import type { DigestOf } from '../engine/erased/digests.ts'
import { writeDialogState } from './dialog-state.ts'
import { fromJson } from '../engine/json.ts'
import { countUse } from '../knowledge/clause-use.ts'
import { removeCredentials } from '../../language/links.ts'
import { queueMessages, type NewOutboxMessage } from '../outbox/outbox.ts'
import { insertPhotos } from '../requests/photos.ts'
import type { Store, Transaction } from '../engine/store.ts'

export interface LoadedTurn {
  context: TurnContext
  draft: DraftState | null
  state: ConversationState
  /** Something was kept that no version of the program reads: it was dropped. */
  isKeptBroken: boolean
}

interface TurnRow {
  personId: string
  nickname: string
  areaCode: string | null
  isSubscribed: boolean | number | bigint
  optedOutAt: unknown
  consentVersion: string | null
  staffId: string | null
  staffUser: string | null
  staffName: string | null
  conversationId: string
  conversationKind: 'private' | 'group'
  conversationArea: string | null
  boundAt: unknown
  state: unknown
  draft: unknown
  takenFor: string | null
  askedAt: Instant
  touchedAt: Instant
}

/** As a raw query gives it: SQLite keeps a date as text, PostgreSQL has a type for it. */
type Instant = Date | string | number | bigint | null

/**
 * What a turn is decided from, read before anything is looked up for it; in one statement, since every turn pays for it. Of the requests
 * that may be spoken of, what staff wait for an answer to comes before what is open or ended lately, and among those the one that something
 * happened to last. An emergency is spoken of otherwise.
 */
export async function loadTurn(store: Store, inboundId: string, now: Date): Promise<LoadedTurn> {
  const since = new Date(now.getTime() - FOLLOW_UP_MS)
  const [row] = await store.read.$queryRaw<TurnRow[]>`
    SELECT p."id" AS "personId", p."nickname", p."areaCode", p."isSubscribed", p."optedOutAt",
      (SELECT k."noticeVersion" FROM "Consent" k WHERE k."personId" = p."id" AND k."withdrawnAt" IS NULL ORDER BY k."grantedAt" DESC LIMIT 1) AS "consentVersion",
      s."id" AS "staffId", s."user" AS "staffUser", s."name" AS "staffName",
      c."id" AS "conversationId", c."kind" AS "conversationKind", c."areaCode" AS "conversationArea", c."boundAt", CASE WHEN c."takenUntil" > ${now} THEN c."takenFor" END AS "takenFor", t."state", d."state" AS "draft",
      r."waitingSince" AS "askedAt", r."updatedAt" AS "touchedAt"
    FROM "InboundMessage" m
    JOIN "Person" p ON p."id" = m."personId"
    JOIN "Conversation" c ON c."id" = m."conversationId"
    LEFT JOIN "Draft" d ON d."conversationId" = c."id" AND d."personId" = p."id"
    LEFT JOIN "DialogState" t ON t."conversationId" = c."id" AND t."personId" = p."id"
    LEFT JOIN "Identity" i ON i."personId" = p."id" AND i."channel" = m."channel" AND i."account" = m."account" AND i."staffId" IS NOT NULL
    LEFT JOIN "StaffMember" s ON s."id" = i."staffId" AND s."disabledAt" IS NULL
    LEFT JOIN "ServiceRequest" r ON r."id" = (
      SELECT q."id" FROM "ServiceRequest" q
      WHERE q."kind" <> 'emergency' AND (q."finishedAt" IS NULL OR q."finishedAt" > ${since})
        AND (q."requesterId" = p."id" OR q."id" IN (SELECT f."requestId" FROM "RequestFollower" f WHERE f."personId" = p."id"))
      ORDER BY CASE WHEN q."waitingSince" IS NULL THEN 1 ELSE 0 END, q."updatedAt" DESC LIMIT 1)
    WHERE m."id" = ${inboundId}
    LIMIT 1`
  if (!row) throw new StoreError(`The message ${inboundId} is not in the store any more.`)
  const draft = readDraftState(parseKept(row.draft))
  const state = readConversationState(parseKept(row.state))
  const touchedAt = toInstant(row.touchedAt)
  return {
    context: {
      inboundId,
      person: {
        id: row.personId,
        nickname: row.nickname,
        areaCode: row.areaCode,
        isSubscribed: Boolean(Number(row.isSubscribed)),
        hasOptedOut: row.optedOutAt !== null,
        consentVersion: row.consentVersion,
        staff: row.staffId === null ? null : { id: row.staffId, user: row.staffUser ?? '', name: row.staffName ?? '' },
        request: touchedAt === null ? null : { askedAt: toInstant(row.askedAt), touchedAt },
      },
      conversation: { id: row.conversationId, kind: row.conversationKind, areaCode: row.conversationArea, isBound: row.boundAt !== null, ...(row.takenFor !== null && { takenFor: row.takenFor }) },
    },
    draft: draft.value,
    state: state.value,
    isKeptBroken: draft.isBroken || state.isBroken,
  }
}

const toInstant = (value: Instant): Date | null => (value === null ? null : value instanceof Date ? value : new Date(typeof value === 'bigint' ? Number(value) : value))

/** What is not even JSON fits no schema. */
function parseKept(column: unknown): unknown {
  try {
    return fromJson(column)
  } catch {
    return 'broken'
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
export async function commitTurn(store: Store, commit: TurnCommit): Promise<CommitResult> {
  return store.write((transaction) => writeTurn(transaction, commit, store.digestOf), staysInItsConversation(commit) ? 'beside' : 'alone')
}

/** A turn that only speaks and keeps its draft; what changes records may meet others' changes. */
const staysInItsConversation = ({ outcome, context, message }: TurnCommit): boolean =>
  outcome.changes.length === 0 && context.conversation.kind === 'private' && message.attachments.length === 0

async function writeTurn(transaction: Transaction, commit: TurnCommit, digestOf: DigestOf): Promise<CommitResult> {
  const { context, outcome, message, now } = commit
  // First of all, so that a turn that was decided elsewhere has nothing to take back, and takes nobody's along.
  if (!(await markDecided(transaction, commit, outcome.replies))) return { status: 'already_decided' }
  const needsPrivate = context.conversation.kind === 'group' && (outcome.draftIn === 'private' || outcome.stateIn === 'both' || outcome.replies.some((reply) => reply.to === 'private'))
  const privately = needsPrivate ? await ensurePrivateConversation(transaction, commit) : { id: context.conversation.id, externalId: message.conversation.externalId }

  await notePhotos(transaction, commit)
  const numbers: CreatedNumbers = { requests: [] }
  for (const change of outcome.changes) await applyChange(transaction, change, { context, channel: message.channel, conversationId: privately.id, now, numbers, digestOf })
  const here = numbers.room ?? context.conversation.id
  await writeDraft(transaction, commit, outcome.draftIn === 'private' ? privately.id : here)
  for (const conversationId of outcome.stateIn === 'both' ? new Set([here, privately.id]) : [here]) {
    if (outcome.state !== undefined) await writeDialogState(transaction, { conversationId, personId: context.person.id, state: outcome.state, now })
  }

  const replies = (numbers.instead ?? outcome.replies).map((reply): CommittedReply => {
    const movesToPrivate = reply.to === 'private' && context.conversation.kind === 'group'
    return { ...reply, text: removeCredentials(fillNumbers(reply.text, numbers)), ...(movesToPrivate && { conversation: privately.externalId }) }
  })
  const rows = replies.map((reply, index) => toOutboxRow(commit, reply, index, reply.conversation === undefined ? here : privately.id))
  await queueMessages(transaction, rows, now)
  const said = JSON.stringify(replies)
  // What was written may have given the replies their numbers and their place, or have blanked them with others.
  if (outcome.changes.length > 0 || said !== JSON.stringify(outcome.replies)) await transaction.$executeRaw`UPDATE "InboundMessage" SET "replies" = ${said}, "answered" = ${answeredJson(outcome)} WHERE "id" = ${context.inboundId}`
  await countUse(transaction, outcome.answered, now)
  return { status: 'committed', replies }
}

/** False when somebody else decided the message in the meantime. */
async function markDecided(transaction: Transaction, { context, outcome, now }: TurnCommit, replies: readonly CommittedReply[]): Promise<boolean> {
  const marked = await transaction.$executeRaw`
    UPDATE "InboundMessage" SET "decidedAt" = ${now}, "intent" = ${outcome.intent}, "replies" = ${JSON.stringify(replies)}, "answered" = ${answeredJson(outcome)} WHERE "id" = ${context.inboundId} AND "decidedAt" IS NULL`
  return marked > 0
}

const answeredJson = ({ answered }: Outcome): string | null => (answered === undefined ? null : JSON.stringify(answered))

/** The photos that are kept of this message, so that its changes can put them where they belong. Who takes everything back leaves none. */
async function notePhotos(transaction: Transaction, { context, outcome, message, now }: TurnCommit): Promise<void> {
  const photos = message.attachments.flatMap(({ photo }) => photo ?? [])
  const isForgetting = outcome.changes.some(({ type }) => type === 'blank_messages' || type === 'erase_person')
  if (photos.length > 0 && !isForgetting) await insertPhotos(transaction, { inboundId: context.inboundId, personId: context.person.id, photos, now })
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
      ...(reply.question !== undefined && { question: reply.question }),
      ...(isInGroup && { mention: { externalId: message.sender.externalId, nickname: message.sender.nickname ?? '' }, quotes: message.externalId }),
      ...(message.thread !== undefined && reply.conversation === undefined && { thread: message.thread }),
    },
    isDelivered: commit.pulls,
    isPushed: reply.conversation !== undefined,
  }
}

const fillNumbers = (text: string, numbers: CreatedNumbers): string =>
  numbers.requests.reduce((filled, number, index) => filled.replaceAll(numberPlaceholder(index), number), text).replaceAll(numberPlaceholder(0), '').replaceAll(NUMBER_PLACEHOLDERS.volunteer, numbers.volunteer ?? '').replaceAll(ALERT_PLACEHOLDER, numbers.alert ?? '')

async function writeDraft(transaction: Transaction, commit: TurnCommit, conversationId: string): Promise<void> {
  const { outcome, context, now } = commit
  if (outcome.draft === undefined) return
  if (outcome.draft === null) {
    await transaction.$executeRaw`DELETE FROM "Draft" WHERE "conversationId" = ${conversationId} AND "personId" = ${context.person.id}`
    return
  }
  const state = JSON.stringify(outcome.draft)
  await transaction.$executeRaw`
    INSERT INTO "Draft" ("conversationId", "personId", "form", "state", "updatedAt") VALUES (${conversationId}, ${context.person.id}, ${outcome.draft.form}, ${state}, ${now})
    ON CONFLICT ("conversationId", "personId") DO UPDATE SET "form" = excluded."form", "state" = excluded."state", "updatedAt" = excluded."updatedAt"`
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
  const id = randomUUID()
  const created = { id, externalId: taken ? `private:${id}` : message.sender.externalId }
  await transaction.conversation.createMany({ data: [{ ...created, ...account, kind: 'private', personId: context.person.id, createdAt: now }] })
  return created
}
