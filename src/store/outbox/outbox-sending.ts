import type { OutgoingMessage } from '../../domain/messages/messages.ts'
import type { ChannelCapabilities } from '../../domain/messages/channel.ts'
import type { PictureCapability } from '../../domain/pictures/pictures.ts'
import { announcementsLeft, readClosedWindows, readConversationPace, type PacedRow } from './outbox-pacing.ts'
import { settleAnnouncements } from '../announcements/announcements.ts'
import type { Prisma } from '../generated/client.ts'
import { CANDIDATE, END, ENDS, endOf, toClaimedRow, type Candidate, type End } from './outbox-candidates.ts'
import { NoticeCounter, type ClaimNotice } from './outbox-notices.ts'
import { holdOldReplies } from './held.ts'
import { PRIORITIES } from './outbox.ts'
import { holdAccounts } from './outbox-accounts.ts'
import { putPicturesFirst, type ClaimedPicture } from './outbox-pictures.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** An account as the claim sees it: how many rows of each class may be taken for it now. */
export interface AccountBudget {
  channel: string
  account: string
  pulls: boolean
  /** Of any class. */
  total: number
  announcements: number
  /** How long after somebody's message they may be written to; null or absent = always. */
  proactiveWindowMs?: number | null
  conversationRate?: NonNullable<ChannelCapabilities['conversationRate']>
  announcementLimits?: NonNullable<ChannelCapabilities['announcementLimits']>
  pictures?: PictureCapability
  /** Whether groups get nothing but replies before they are bound. */
  silentUntilBound?: boolean
}

export interface ClaimRequest {
  owner: string
  now: Date
  /** Until when what is claimed now is let go; absent = at once. */
  horizon?: Date
  leaseUntil: Date
  accounts: AccountBudget[]
  /** Whether announcements that are no emergency must wait. */
  isQuiet: boolean
  /** Rows that this process holds: their leases are its own business. */
  held: ReadonlySet<number>
  /** Replies to what was received before this wait for a word of staff; null or absent = they do not. */
  heldSince?: Date | null
}

export interface ClaimedRow {
  seq: number
  channel: string
  account: string
  conversationId: string
  isAnnouncement: boolean
  /** This attempt included. */
  attempts: number
  createdAt: Date
  leaseUntil: Date
  /** Without its picture, whose content is not in the store. */
  message: OutgoingMessage
  picture: ClaimedPicture | null
}

export interface Claim {
  rows: ClaimedRow[]
  /** Whether a second claim would find more at once. */
  hasMore: boolean
  /** When a conversation that has had its share may get the next; null = none waits for that. */
  pacedUntil: Date | null
  pauses: { channel: string; account: string; until: Date }[]
  notices: ClaimNotice[]
}

/** Most rows looked at in one step of a claim, and most that one claim takes. */
const WINDOW = 200
/** Rows looked at when little may be sent: some of them may be closed instead. */
const SMALLEST_WINDOW = 20
/** Steps of one claim: each may find rows that are closed instead of sent. */
const LARGEST_STEPS = 10

/** How often it is looked whether somebody has written again to whom the platform does not let us write first. */
const WINDOW_CHECK_MS = 60_000
const WINDOW_CLOSED = 'window: The platform lets us write only for a while after the resident has.'

export const LEASE_LAPSED = 'unknown: The process that was sending it ended before the answer was noted.'

/** Takes rows for sending in one transaction: nobody else gets them while the lease lasts. */
export function claimRows(store: Store, asked: ClaimRequest): Promise<Claim> {
  return store.write(async (transaction) => {
    const { accounts, againAt } = await holdAccounts(store, transaction, asked.accounts, asked.now)
    const request = { ...asked, accounts }
    const pauses = await readPauses(transaction, request.now)
    const notices = new NoticeCounter()
    if (request.heldSince != null) await holdOldReplies(transaction, request.heldSince)
    await releaseLapsed(transaction, request, notices)
    await settleAnnouncements(transaction, request.now)
    const claim = new ClaimInProgress(transaction, request, pauses, notices)
    await claim.takeReplies()
    await claim.takeAnnouncements()
    return { rows: await claim.finish(), hasMore: claim.hasMore, pacedUntil: claim.pacedUntil ?? againAt, pauses, notices: notices.list() }
  }, 'beside')
}

async function readPauses(transaction: Transaction, now: Date): Promise<Claim['pauses']> {
  const rows = await transaction.channelAccount.findMany({ where: { pausedUntil: { gt: now } }, select: { channel: true, account: true, pausedUntil: true } })
  return rows.map(({ channel, account, pausedUntil }) => ({ channel, account, until: pausedUntil ?? now }))
}

/** Rows whose sender died: what is pushed may have arrived, so staff decide; what is pulled can't be there twice. */
async function releaseLapsed(transaction: Transaction, { now, held, accounts }: ClaimRequest, notices: NoticeCounter): Promise<void> {
  const rows = await transaction.outboxMessage.findMany({ where: { status: 'sending', leaseUntil: { lte: now } }, select: { seq: true, conversation: { select: { channel: true, account: true } } } })
  const lapsed = rows.filter((row) => !held.has(row.seq))
  if (lapsed.length === 0) return
  const rowsOf = (pulls: boolean) => lapsed.filter((row) => accounts.some((one) => one.pulls === pulls && one.channel === row.conversation.channel && one.account === row.conversation.account))
  const unclear = rowsOf(false)
  // Another process may have done the same a moment ago.
  const isStill = { status: 'sending', leaseUntil: { lte: now } }
  for (const { conversation } of unclear) notices.add('lapsed', conversation)
  await transaction.outboxMessage.updateMany({ where: { seq: { in: unclear.map((row) => row.seq) }, ...isStill }, data: { status: 'unknown', error: LEASE_LAPSED, leaseUntil: null } })
  const again = rowsOf(true).map((row) => row.seq)
  await transaction.outboxMessage.updateMany({ where: { seq: { in: again }, ...isStill }, data: { status: 'queued', leaseUntil: null, leaseOwner: null } })
  await closeWithTheirAnnouncement(transaction, again)
}

/** A row that comes back from sending has no place in the queue of an announcement that is over. */
export async function closeWithTheirAnnouncement(transaction: Transaction, seqs: number[]): Promise<void> {
  if (seqs.length === 0) return
  for (const status of ['cancelled', 'expired']) {
    await transaction.outboxMessage.updateMany({ where: { seq: { in: seqs }, status: 'queued', announcement: { status } }, data: { status } })
  }
}

class ClaimInProgress {
  readonly #transaction: Transaction
  readonly #request: ClaimRequest
  readonly #budgets: AccountBudget[]
  readonly #notices: NoticeCounter
  readonly #picked: Candidate[] = []
  /** Conversations that this claim is done with: a message is under way, was picked, or must wait. */
  #closed: Set<string> | undefined
  /** What the announcement being taken may still send this minute. */
  #leftOfAnnouncement = Infinity
  hasMore = false
  pacedUntil: Date | null = null

  constructor(transaction: Transaction, request: ClaimRequest, pauses: Claim['pauses'], notices: NoticeCounter) {
    this.#notices = notices
    this.#transaction = transaction
    this.#request = request
    const isPaused = (one: AccountBudget) => pauses.some((pause) => pause.until > (request.horizon ?? request.now) && pause.channel === one.channel && pause.account === one.account)
    this.#budgets = request.accounts.filter((one) => one.total >= 1 && !isPaused(one)).map((one) => ({ ...one }))
  }

  async takeReplies(): Promise<void> {
    await this.#take(false, (accounts) => ({ where: { priority: { lt: PRIORITIES.announcement }, ...accounts }, orderBy: [{ priority: 'asc' }, { notBefore: 'asc' }, { seq: 'asc' }] }))
  }

  async takeAnnouncements(): Promise<void> {
    if (this.#budgets.length === 0) return
    const announcements = await this.#transaction.announcement.findMany({
      where: { status: 'sending', ...(this.#request.isQuiet && { isEmergency: true }) },
      orderBy: [{ isEmergency: 'desc' }, { approvedAt: 'asc' }],
      select: { id: true, perMinute: true },
    })
    await this.#keepLimits(announcements.map(({ id }) => id))
    for (const { id, perMinute } of announcements) {
      this.#leftOfAnnouncement = perMinute === null ? Infinity : perMinute - (await this.#sentLastMinute(id))
      if (this.#leftOfAnnouncement >= 1) await this.#take(true, (accounts) => ({ where: { announcementId: id, ...accounts }, orderBy: [{ seq: 'asc' }] }))
    }
  }

  /** Lowers what an account may still announce to its share of the hour and the day. */
  async #keepLimits(announcementIds: string[]): Promise<void> {
    for (const budget of this.#budgets) {
      if (budget.announcementLimits === undefined || budget.announcements < 1) continue
      const left = await announcementsLeft(this.#transaction, budget, this.#request.now)
      budget.announcements = Math.min(budget.announcements, left)
      if (left >= 1) continue
      const { channel, account } = budget
      const messages = await this.#transaction.outboxMessage.count({ where: { announcementId: { in: announcementIds }, status: 'queued', conversation: { channel, account } } })
      if (messages > 0) this.#notices.add('limit_reached', budget, messages)
    }
  }

  /** What an announcement with a pace of its own has used up of the last minute. */
  #sentLastMinute(announcementId: string): Promise<number> {
    const since = new Date(this.#request.now.getTime() - 60_000)
    return this.#transaction.outboxMessage.count({ where: { announcementId, OR: [{ status: 'sending' }, { sentAt: { gt: since } }] } })
  }

  /** Marks what was picked as being sent. */
  async finish(): Promise<ClaimedRow[]> {
    const { owner, now, leaseUntil } = this.#request
    if (this.#picked.length === 0) return []
    const capabilityOf = (row: PacedRow) => this.#budgets.find((one) => one.channel === row.conversation.channel && one.account === row.conversation.account)?.pictures
    const { queued, pictures } = await putPicturesFirst(this.#transaction, this.#picked, capabilityOf, { owner, now, leaseUntil })
    await this.#transaction.outboxMessage.updateMany({ where: { seq: { in: queued.map((row) => row.seq) } }, data: { status: 'sending', leaseOwner: owner, leaseUntil, attempts: { increment: 1 } } })
    return [...queued, ...pictures].map((row) => toClaimedRow(row, leaseUntil, capabilityOf(row)))
  }

  async #take(isAnnouncement: boolean, query: (accounts: Prisma.OutboxMessageWhereInput) => { where: Prisma.OutboxMessageWhereInput; orderBy: Prisma.OutboxMessageOrderByWithRelationInput[] }): Promise<void> {
    for (let step = 0; ; step += 1) {
      const ready = this.#budgets.filter((one) => this.#left(one, isAnnouncement) >= 1)
      if (ready.length === 0) return
      if (step === LARGEST_STEPS || this.#picked.length >= WINDOW) {
        this.hasMore = true
        return
      }
      this.#closed ??= await this.#busyConversations()
      const { where, orderBy } = query({ conversation: { OR: ready.map(({ channel, account }) => ({ channel, account })) }, conversationId: { notIn: [...this.#closed] } })
      const take = Math.min(WINDOW, Math.max(SMALLEST_WINDOW, ready.reduce((sum, one) => sum + this.#left(one, isAnnouncement), 0)))
      const rows = await this.#transaction.outboxMessage.findMany({ where: { ...where, status: 'queued', notBefore: { lte: this.#request.now } }, orderBy, take, select: CANDIDATE })
      await this.#pick(rows, isAnnouncement)
      if (rows.length < take) return
    }
  }

  async #pick(rows: Candidate[], isAnnouncement: boolean): Promise<void> {
    const isBehind = isAnnouncement ? () => false : await this.#laterOnes(rows)
    const isUnsubscribed = isAnnouncement ? await this.#unsubscribed(rows) : new Set<string>()
    const budgetOf = (row: PacedRow) => this.#budgets.find((one) => one.channel === row.conversation.channel && one.account === row.conversation.account)
    const pacedUntil = await readConversationPace(this.#transaction, rows, budgetOf, this.#request.now)
    const isClosed = await readClosedWindows(this.#transaction, rows, budgetOf, this.#request.now)
    const deferred: number[] = []
    const ends: { seq: number; reason: End }[] = []
    const taken = new Set<string>()
    for (const row of rows) {
      const reason = endOf(row, isAnnouncement, isUnsubscribed, this.#request.now, budgetOf(row)?.silentUntilBound === true)
      if (reason !== null) {
        ends.push({ seq: row.seq, reason })
        if (reason === END.gone) this.#notices.add('gone', row.conversation)
        if (reason === END.unbound) this.#notices.add('unbound', row.conversation)
        continue
      }
      if (isClosed(row)) {
        deferred.push(row.seq)
        this.#notices.add('window_closed', row.conversation)
        continue
      }
      const until = pacedUntil(row)
      if (until !== null) {
        this.pacedUntil = this.pacedUntil === null || until < this.pacedUntil ? until : this.pacedUntil
        continue
      }
      const budget = budgetOf(row)
      if (budget === undefined || this.#left(budget, isAnnouncement) < 1 || taken.has(row.conversationId) || isBehind(row)) continue
      taken.add(row.conversationId)
      budget.total -= 1
      if (isAnnouncement) {
        budget.announcements -= 1
        this.#leftOfAnnouncement -= 1
      }
      this.#picked.push(row)
    }
    for (const row of rows) this.#closed?.add(row.conversationId)
    if (deferred.length > 0) await this.#transaction.outboxMessage.updateMany({ where: { seq: { in: deferred } }, data: { notBefore: new Date(this.#request.now.getTime() + WINDOW_CHECK_MS), error: WINDOW_CLOSED } })
    // Closed rows may have been the last ones of their announcement.
    if (ends.length > 0) this.hasMore = true
    for (const reason of ENDS) {
      const seqs = ends.filter((end) => end.reason === reason).map((end) => end.seq)
      if (seqs.length > 0) await this.#transaction.outboxMessage.updateMany({ where: { seq: { in: seqs } }, data: reason })
    }
  }

  #left(budget: AccountBudget, isAnnouncement: boolean): number {
    return isAnnouncement ? Math.min(budget.total, budget.announcements, this.#leftOfAnnouncement) : budget.total
  }

  async #busyConversations(): Promise<Set<string>> {
    const rows = await this.#transaction.outboxMessage.findMany({ where: { status: 'sending' }, select: { conversationId: true } })
    return new Set(rows.map((row) => row.conversationId))
  }

  /** Whether an earlier reply or notice to the same conversation is still queued, perhaps for its next attempt: nothing of its kind overtakes it. */
  async #laterOnes(rows: Candidate[]): Promise<(row: Candidate) => boolean> {
    const firsts = await this.#transaction.outboxMessage.groupBy({
      by: ['conversationId', 'priority'],
      where: { conversationId: { in: [...new Set(rows.map((row) => row.conversationId))] }, status: 'queued', priority: { lt: PRIORITIES.announcement } },
      _min: { seq: true },
    })
    return (row) => firsts.some((first) => first.conversationId === row.conversationId && first.priority === row.priority && (first._min.seq ?? row.seq) < row.seq)
  }

  async #unsubscribed(rows: Candidate[]): Promise<Set<string>> {
    const people = rows.map((row) => row.personId).filter((id) => id !== null)
    const found = await this.#transaction.person.findMany({ where: { id: { in: people }, isSubscribed: false }, select: { id: true } })
    return new Set(found.map((person) => person.id))
  }
}

/** Prolongs the leases of rows that are still being sent. */
export async function renewLeases(store: Store, { owner, seqs, leaseUntil }: { owner: string; seqs: number[]; leaseUntil: Date }): Promise<void> {
  await store.write((transaction) => transaction.outboxMessage.updateMany({ where: { seq: { in: seqs }, leaseOwner: owner, status: 'sending' }, data: { leaseUntil } }))
}
