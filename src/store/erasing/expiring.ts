import { Prisma } from '../generated/client.ts'
import type { Transaction } from '../engine/store.ts'
import { readDraftState } from '../../domain/kept-state.ts'
import { fromJson } from '../engine/json.ts'
import { blankFormMessages } from '../people/erasure.ts'
import { NO_WORDS } from '../requests/empty-requests.ts'
import { anonymizeRequests, findRequestsToAnonymize } from '../requests/anonymize.ts'
import { countBarePeople, removeBarePeople } from './bare-people.ts'
import type { ExpiryRules, Reads } from './expiry-rules.ts'
import { countLeftConversations, removeLeftConversations } from './left-conversations.ts'


interface Kind {
  /** As staff read it, with a number behind it. */
  label: string
  /** How many go in one transaction: residents' turns wait for no longer than that takes. */
  most: number
  count(read: Reads, rules: ExpiryRules): Promise<number>
  /** Lets at most so many go; returns how many went. */
  expire(transaction: Transaction, rules: ExpiryRules, most: number): Promise<number>
}

const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)

const drafts = ({ drafts: unagreed, messages }: ExpiryRules): Prisma.DraftWhereInput => ({
  OR: [{ updatedAt: { lt: unagreed }, person: { consents: { none: { withdrawnAt: null } } } }, { updatedAt: { lt: messages } }],
})

/** Without whatever asks for a score: that may be answered for as long as messages are kept. */
const states = ({ drafts: unagreed, messages }: ExpiryRules): Prisma.Sql => Prisma.sql`
  FROM "DialogState" s WHERE s."updatedAt" < ${messages} OR (s."updatedAt" < ${unagreed} AND CAST(s."state" AS TEXT) NOT LIKE '%"rating"%'
    AND NOT EXISTS (SELECT 1 FROM "Consent" c WHERE c."personId" = s."personId" AND c."withdrawnAt" IS NULL))`

const overheard = (rules: ExpiryRules): Prisma.InboundMessageWhereInput => ({ decidedAt: { gte: rules.overheardSince, lt: rules.overheard }, isAddressed: false })
const messages = (rules: ExpiryRules): Prisma.InboundMessageWhereInput => ({ decidedAt: { lt: rules.messages } })
const inHand = { in: ['queued', 'held', 'sending'] }

/** What is told and done with; the deliveries of an announcement stay, as its count, and say no more than that. */
async function deliveries(read: Reads, rules: ExpiryRules): Promise<Prisma.OutboxMessageWhereInput> {
  // By number, which grows with time: of what is kept nothing is looked through.
  const kept = await read.outboxMessage.findFirst({ where: { createdAt: { gte: rules.messages } }, orderBy: { seq: 'asc' }, select: { seq: true } })
  return { ...(kept && { seq: { lt: kept.seq } }), createdAt: { lt: rules.messages }, status: { not: inHand }, OR: [{ announcementId: null }, { text: { not: '' } }] }
}

const questions = (rules: ExpiryRules): Prisma.UnansweredQuestionWhereInput => ({ lastAskedAt: { lt: rules.messages }, status: { in: ['open', 'dismissed'] } })
const misread = (rules: ExpiryRules): Prisma.MisreadMessageWhereInput => ({ lastSeenAt: { lt: rules.messages }, status: { not: 'example' } })

/** All that goes by itself, in the order in which it goes: what hangs on something after it. */
export const EXPIRING = {
  drafts: {
    label: '没填完的表',
    most: 20,
    count: async (read, rules) => read.draft.count({ where: drafts(rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.draft.findMany({ where: drafts(rules), take: most })
      for (const { conversationId, personId, state, updatedAt } of rows) {
        const form = readDraftState(fromJson(state)).value
        if (form !== null) await blankFormMessages(transaction, { personId, inboundIds: form.messageIds, since: new Date(form.openedAt), until: updatedAt, now: rules.now })
        await transaction.draft.deleteMany({ where: { conversationId, personId } })
      }
      return rows.length
    },
  },
  states: {
    label: '上一句话的记忆',
    most: 200,
    async count(read, rules) {
      const [row] = await read.$queryRaw<{ count: number | bigint }[]>(Prisma.sql`SELECT COUNT(*) AS "count" ${states(rules)}`)
      return Number(row?.count ?? 0)
    },
    async expire(transaction, rules, most) {
      const rows = await transaction.$queryRaw<{ conversationId: string; personId: string }[]>(Prisma.sql`SELECT s."conversationId", s."personId" ${states(rules)} LIMIT ${most}`)
      for (const key of rows) await transaction.dialogState.deleteMany({ where: key })
      return rows.length
    },
  },
  overheard: {
    label: '群里别人的话（只有编号）',
    most: 500,
    count: async (read, rules) => read.inboundMessage.count({ where: overheard(rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.inboundMessage.findMany({ where: overheard(rules), take: most, select: { id: true } })
      await transaction.inboundMessage.deleteMany({ where: { id: { in: ids(rows) } } })
      return rows.length
    },
  },
  messages: {
    label: '收到的消息',
    most: 200,
    count: async (read, rules) => read.inboundMessage.count({ where: messages(rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.inboundMessage.findMany({ where: messages(rules), take: most, select: { id: true } })
      await transaction.inboundMessage.deleteMany({ where: { id: { in: ids(rows) } } })
      return rows.length
    },
  },
  deliveries: {
    label: '发出的消息',
    most: 300,
    count: async (read, rules) => read.outboxMessage.count({ where: await deliveries(read, rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.outboxMessage.findMany({ where: await deliveries(transaction, rules), orderBy: { seq: 'asc' }, take: most, select: { seq: true, announcementId: true } })
      const of = (isAnnounced: boolean) => ({ seq: { in: rows.filter(({ announcementId }) => (announcementId !== null) === isAnnounced).map(({ seq }) => seq) } })
      await transaction.outboxMessage.deleteMany({ where: of(false) })
      await transaction.outboxMessage.updateMany({ where: of(true), data: { ...NO_WORDS, personId: null, error: null, platformMessageId: null } })
      return rows.length
    },
  },
  questions: {
    label: '没答上的问题',
    most: 200,
    count: async (read, rules) => read.unansweredQuestion.count({ where: questions(rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.unansweredQuestion.findMany({ where: questions(rules), take: most, select: { id: true } })
      await transaction.unansweredQuestion.deleteMany({ where: { id: { in: ids(rows) } } })
      return rows.length
    },
  },
  misread: {
    label: '没听懂的话',
    most: 200,
    count: async (read, rules) => read.misreadMessage.count({ where: misread(rules) }),
    async expire(transaction, rules, most) {
      const rows = await transaction.misreadMessage.findMany({ where: misread(rules), take: most, select: { id: true } })
      await transaction.misreadMessage.deleteMany({ where: { id: { in: ids(rows) } } })
      return rows.length
    },
  },
  requests: {
    label: '变成只有数字的工单',
    most: 30,
    count: async (read, rules) => (await findRequestsToAnonymize(read, rules)).length,
    async expire(transaction, rules, most) {
      const rows = await findRequestsToAnonymize(transaction, rules, most)
      await anonymizeRequests(transaction, rows, rules.now)
      return rows.length
    },
  },
  traces: {
    label: '用过的码和看过的提醒',
    // Few and small: all at once.
    most: Number.MAX_SAFE_INTEGER,
    async count(read, rules) {
      const counts = await Promise.all([
        read.oneTimeCode.count({ where: { expiresAt: { lt: rules.messages } } }),
        read.staffNotice.count({ where: { at: { lt: rules.messages } } }),
        read.bulkAction.count({ where: { at: { lt: rules.messages } } }),
        read.failedAttempt.count({ where: { updatedAt: { lt: rules.messages } } }),
        read.erasedLogin.count({ where: { erasedAt: { lt: rules.requests }, optedOutAt: null } }),
      ])
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async expire(transaction, rules) {
      const done = [
        await transaction.oneTimeCode.deleteMany({ where: { expiresAt: { lt: rules.messages } } }),
        await transaction.staffNotice.deleteMany({ where: { at: { lt: rules.messages } } }),
        await transaction.bulkAction.deleteMany({ where: { at: { lt: rules.messages } } }),
        await transaction.failedAttempt.deleteMany({ where: { updatedAt: { lt: rules.messages } } }),
        await transaction.erasedLogin.deleteMany({ where: { erasedAt: { lt: rules.requests }, optedOutAt: null } }),
      ]
      return done.reduce((sum, { count }) => sum + count, 0)
    },
  },
  people: { label: '什么都没留下的人', most: 30, count: countBarePeople, expire: removeBarePeople },
  conversations: { label: '没有主人的聊天编号', most: 100, count: countLeftConversations, expire: removeLeftConversations },
} as const satisfies Record<string, Kind>

export type ExpiringKind = keyof typeof EXPIRING
export const EXPIRING_KINDS = Object.keys(EXPIRING) as ExpiringKind[]
