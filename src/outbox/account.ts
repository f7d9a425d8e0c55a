import type { Channel } from '../domain/messages/channel.ts'
import type { SendResult } from '../domain/messages/messages.ts'
import type { AccountBudget, ClaimedRow } from '../store/outbox/outbox-sending.ts'
import { retryDelayMs, TokenBucket } from './rates.ts'

/** Most sends of one account under way at a time, those claimed ahead included. */
const MOST_AT_ONCE = 32
const MOST_AT_ONCE_PULLED = 200
/** Places that announcements leave to replies: a platform that hangs must not hold them up. */
const KEPT_FOR_REPLIES = 8
/** Different messages put off or unclear in a row after which it is the account, not the message. */
const SIGNS_OF_TROUBLE = 3
/** An account unwell for so long is worth a word. */
const STUCK_MS = 3 * 60_000
const HOLD = { firstMs: 1_000, longestMs: 15_000 }

/** An account at its limit is claimed for a few sends at a time: a claim for each single one would keep the database busy for nothing. */
const SATURATED_CLAIM_MS = 100

/**
 * One account as the worker paces it: its rates, what is claimed ahead, what is under way, and whether it is unwell. Rows are claimed
 * some time before they may go and are let go by the clock, replies first: what a claim takes is nothing off the pace.
 */
export class PacedAccount {
  readonly channel: Channel
  readonly #all: TokenBucket
  readonly #announcements: TokenBucket | null
  /** Claimed ahead and not yet let go: replies and notices, then announcements, each in the order of their claims. */
  #waiting: ClaimedRow[] = []
  /** Claimed and without a result. */
  #underWay = 0
  #pausedUntil = 0
  #holdUntil = 0
  /** Messages put off or unclear in a row, with no other result in between. */
  readonly #inTrouble = new Set<number>()
  #holds = 0
  /** Since when it has been unwell by what its sends met with. */
  #unwellSince: number | null = null

  constructor(channel: Channel, now: Date) {
    this.channel = channel
    const { rate, announcementRate } = channel.capabilities
    this.#all = new TokenBucket(rate, now)
    this.#announcements = announcementRate ? new TokenBucket(announcementRate, now) : null
  }

  /** Whether no message is to be blamed for what it meets with: its sends say so, or its channel does. */
  get isUnwell(): boolean {
    const isOnline = this.channel.capabilities.pulls || this.channel.status().state === 'online'
    return this.#isStumbling || !isOnline
  }

  /** By its own sends alone: a channel may have trouble in receiving and send as ever. */
  get #isStumbling(): boolean {
    return this.#inTrouble.size >= SIGNS_OF_TROUBLE
  }

  /** Whether nothing has got through for minutes. */
  isStuck(now: Date): boolean {
    return this.#unwellSince !== null && now.getTime() - this.#unwellSince >= STUCK_MS
  }

  /** Whether its channel can't send at present: nothing is tried, so that no message is blamed for it. */
  get isAway(): boolean {
    const { state } = this.channel.status()
    return !this.channel.capabilities.pulls && state !== 'online' && state !== 'degraded'
  }

  /** Whether rows wait here for the clock. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** What may be claimed now to be let go up to `horizon`. */
  budget(now: Date, horizon: Date): AccountBudget {
    const { id: channel, account, capabilities } = this.channel
    const isReady = !this.isAway && horizon.getTime() >= this.#readyAt
    const places = (this.#isStumbling ? 1 : capabilities.pulls ? MOST_AT_ONCE_PULLED : MOST_AT_ONCE) - this.#underWay
    const announced = this.#waiting.filter((row) => row.isAnnouncement).length
    const sends = this.#all.upTo(horizon, now)
    // Replies go before what waits of announcements.
    const total = isReady ? Math.max(0, Math.min(places, sends - (this.#waiting.length - announced))) : 0
    const kept = this.#isStumbling || capabilities.pulls ? 0 : KEPT_FOR_REPLIES
    const announcements = Math.max(0, Math.min(total, places - kept, sends - this.#waiting.length, (this.#announcements?.upTo(horizon, now) ?? Infinity) - announced))
    const { proactiveWindowMs, conversationRate, announcementLimits, pictures, silentUntilBound } = capabilities
    return { channel, account, pulls: capabilities.pulls, total, announcements, proactiveWindowMs, ...(conversationRate && { conversationRate }), ...(announcementLimits && { announcementLimits }), ...(pictures && { pictures }), ...(silentUntilBound && { silentUntilBound }) }
  }

  /** Takes a row that was claimed. */
  add(row: ClaimedRow): void {
    this.#underWay += 1
    const isBehind = (other: ClaimedRow) => other.isAnnouncement && !row.isAnnouncement
    const place = this.#waiting.findIndex(isBehind)
    this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, row)
  }

  /** The row that the clock lets go now; null = none yet. */
  next(now: Date): ClaimedRow | null {
    const [row] = this.#waiting
    if (row === undefined || this.msUntilNext(now) !== 0) return null
    this.#waiting.shift()
    this.#all.take(now)
    if (row.isAnnouncement) this.#announcements?.take(now)
    return row
  }

  /** Milliseconds until `next` gives something; null = nothing waits. */
  msUntilNext(now: Date): number | null {
    const [row] = this.#waiting
    if (row === undefined) return null
    return Math.max(0, this.#readyAt - now.getTime(), this.#all.msUntil(1, now), row.isAnnouncement ? (this.#announcements?.msUntil(1, now) ?? 0) : 0)
  }

  /** Whether what waits is to be claimed anew later, when all that stands against a send is looked at again: nothing waits here beyond `horizon`. */
  mustPutBack(horizon: Date): boolean {
    return this.hasWaiting && (this.isAway || this.#readyAt > horizon.getTime())
  }

  /** Takes away all that waits. */
  putBack(): ClaimedRow[] {
    const rows = this.#waiting
    this.#waiting = []
    this.#underWay -= rows.length
    return rows
  }

  /** Counts a result. What is put off or unclear again and again says that it is the account that suffers. */
  end(row: ClaimedRow, result: SendResult, now: Date, random: () => number): void {
    this.#underWay -= 1
    if (result.outcome !== 'retry' && result.outcome !== 'unknown') {
      this.#inTrouble.clear()
      this.#unwellSince = null
      this.#holds = 0
      return
    }
    if (result.outcome === 'retry' && result.pausesAccount === true) return
    this.#inTrouble.add(row.seq)
    if (!this.#isStumbling) return
    this.#unwellSince ??= now.getTime()
    this.#holds += 1
    this.#holdUntil = now.getTime() + retryDelayMs(this.#holds, HOLD, random)
  }

  pauseUntil(until: Date): void {
    if (until.getTime() <= this.#pausedUntil) return
    this.#pausedUntil = until.getTime()
    this.#all.empty(until)
    this.#announcements?.empty(until)
  }

  get #readyAt(): number {
    return Math.max(this.#pausedUntil, this.#holdUntil)
  }

  /** When more may be claimed for it, `leadMs` ahead, if only time keeps it from that; null = now, or something else must happen first. */
  msUntilReady(now: Date, leadMs: number): number | null {
    const announced = this.#waiting.filter((row) => row.isAnnouncement).length
    const waits = [this.#all.msUntil(this.#waiting.length + 1, now), this.#announcements?.msUntil(announced + 1, now) ?? 0, this.#readyAt - now.getTime()].filter((ms) => ms > 0 && ms !== Infinity)
    return waits.length === 0 ? null : Math.max(Math.min(...waits) - leadMs, SATURATED_CLAIM_MS)
  }

  /** The clock was set by `byMs`: what is left to wait stays the same. */
  clockMoved(byMs: number): void {
    this.#pausedUntil += byMs
    this.#holdUntil += byMs
    if (this.#unwellSince !== null) this.#unwellSince += byMs
    this.#all.clockMoved(byMs)
    this.#announcements?.clockMoved(byMs)
  }
}
