import type { Store } from '../engine/store.ts'

export interface AccountQueue {
  channel: string
  account: string
  waiting: number
  unknown: number
  /** The latest sends that failed or are in doubt, newest first, at most five. */
  troubles: { at: Date; status: string; error: string; kind: string }[]
  pausedUntil: Date | null
  pauseReason: string | null
}

/** What waits to be sent on each account, and what went wrong lately. */
export async function readQueues(store: Store, accounts: { channel: string; account: string }[], now: Date): Promise<AccountQueue[]> {
  const since = new Date(now.getTime() - 7 * 24 * 60 * 60 * 1000)
  return Promise.all(
    accounts.map(async ({ channel, account }) => {
      const conversation = { channel, account }
      const [waiting, unknown, troubles, state] = await Promise.all([
        store.read.outboxMessage.count({ where: { conversation, status: { in: ['queued', 'held', 'sending'] } } }),
        store.read.outboxMessage.count({ where: { conversation, status: 'unknown', createdAt: { gte: since } } }),
        store.read.outboxMessage.findMany({ where: { conversation, error: { not: null }, createdAt: { gte: since } }, orderBy: { seq: 'desc' }, take: 5 }),
        store.read.channelAccount.findUnique({ where: { channel_account: { channel, account } } }),
      ])
      return {
        channel,
        account,
        waiting,
        unknown,
        troubles: troubles.map((row) => ({ at: row.sentAt ?? row.createdAt, status: row.status, error: row.error ?? '', kind: row.kind })),
        pausedUntil: state?.pausedUntil && state.pausedUntil > now ? state.pausedUntil : null,
        pauseReason: state?.pauseReason ?? null,
      }
    }),
  )
}

export interface Room {
  id: string
  channel: string
  title: string
  areaCode: string | null
  boundAt: Date | null
  /** Since when nothing reaches it. */
  goneAt: Date | null
  messageCount: number
  lastMessageAt: Date | null
  tags: string[]
}

/** Groups the assistant is in, at most 200: bound ones first, then those in which something was said last. */
export async function listRooms(store: Store): Promise<Room[]> {
  const rows = await store.read.conversation.findMany({
    where: { kind: 'group' },
    orderBy: [{ boundAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'desc' }],
    take: 200,
    select: { id: true, channel: true, title: true, areaCode: true, boundAt: true, goneAt: true, tags: { select: { tag: true }, orderBy: [{ createdAt: 'asc' }, { tag: 'asc' }] } },
  })
  const heard = await store.read.inboundMessage.groupBy({ by: ['conversationId'], where: { conversationId: { in: rows.map((row) => row.id) } }, _count: { _all: true }, _max: { receivedAt: true } })
  return rows
    .map((row) => {
      const messages = heard.find((one) => one.conversationId === row.id)
      return { ...row, tags: row.tags.map(({ tag }) => tag), messageCount: messages?._count._all ?? 0, lastMessageAt: messages?._max.receivedAt ?? null }
    })
    .sort((a, b) => Number(b.boundAt !== null) - Number(a.boundAt !== null) || (b.lastMessageAt?.getTime() ?? 0) - (a.lastMessageAt?.getTime() ?? 0))
}

/** Unbinds a group: it receives nothing more until it is bound again. */
export function unbindRoom(store: Store, input: { id: string; by: string; now: Date }): Promise<boolean> {
  return store.write(async (transaction) => {
    const { count } = await transaction.conversation.updateMany({ where: { id: input.id, kind: 'group', boundAt: { not: null } }, data: { boundAt: null } })
    if (count > 0) await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: 'unbind_room', subject: input.id, detail: '' }] })
    return count > 0
  })
}

/** The chat log-ins that are bound to a member of staff. */
export function listStaffLogins(store: Store, staffId: string): Promise<{ id: string; channel: string; createdAt: Date; person: { nickname: string } }[]> {
  return store.read.identity.findMany({ where: { staffId }, orderBy: { createdAt: 'asc' }, select: { id: true, channel: true, createdAt: true, person: { select: { nickname: true } } } })
}

/** Unbinds one of one's own chat log-ins. */
export function unbindStaffLogin(store: Store, input: { id: string; staffId: string; by: string; now: Date }): Promise<boolean> {
  return store.write(async (transaction) => {
    const { count } = await transaction.identity.updateMany({ where: { id: input.id, staffId: input.staffId }, data: { staffId: null } })
    if (count > 0) await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: 'unbind_staff', subject: input.by, detail: '' }] })
    return count > 0
  })
}
