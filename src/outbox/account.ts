import type { Channel } from '../domain/messages/channel.ts'
import type { SendResult } from '../domain/messages/messages.ts'
import type { AccountBudget, ClaimedRow } from '../store/outbox/outbox-sending.ts'
import { retryDelayMs, TokenBucket } from './rates.ts'

/** Most sends of one account under way at a time. */
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

/** One account as the worker paces it: its rates, what is under way, and whether it is unwell. */
export class PacedAccount {
  readonly channel: Channel
  readonly #all: TokenBucket
  readonly #announcements: TokenBucket | null
  /** How long the bucket takes to fill: nothing is gained by a longer wait. */
  readonly #fillMs: number
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
    this.#fillMs = (rate.burst / rate.perSecond) * 1000 || 0
  }

  get isUnwell(): boolean {
    return this.#inTrouble.size >= SIGNS_OF_TROUBLE || !this.#isOnline
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

  get #isOnline(): boolean {
    return this.channel.capabilities.pulls || this.channel.status().state === 'online'
  }

  budget(now: Date): AccountBudget {
    const { id: channel, account, capabilities } = this.channel
    const isReady = !this.isAway && now.getTime() >= Math.max(this.#pausedUntil, this.#holdUntil)
    const places = (this.isUnwell ? 1 : capabilities.pulls ? MOST_AT_ONCE_PULLED : MOST_AT_ONCE) - this.#underWay
    const total = isReady ? Math.max(0, Math.min(places, this.#all.available(now))) : 0
    const kept = this.isUnwell || capabilities.pulls ? 0 : KEPT_FOR_REPLIES
    const announcements = Math.max(0, Math.min(total, places - kept, this.#announcements?.available(now) ?? Infinity))
    const { proactiveWindowMs, conversationRate, announcementLimits, pictures, silentUntilBound } = capabilities
    return { channel, account, pulls: capabilities.pulls, total, announcements, proactiveWindowMs, ...(conversationRate && { conversationRate }), ...(announcementLimits && { announcementLimits }), ...(pictures && { pictures }), ...(silentUntilBound && { silentUntilBound }) }
  }

  /** Counts rows that were claimed. */
  begin(row: ClaimedRow): void {
    this.#underWay += 1
    this.#all.take(1)
    if (row.isAnnouncement) this.#announcements?.take(1)
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
    if (this.#inTrouble.size < SIGNS_OF_TROUBLE) return
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

  /** The clock was set by `byMs`: what is left to wait stays the same. */
  clockMoved(byMs: number): void {
    this.#pausedUntil += byMs
    this.#holdUntil += byMs
    if (this.#unwellSince !== null) this.#unwellSince += byMs
    this.#all.clockMoved(byMs)
    this.#announcements?.clockMoved(byMs)
  }

  /** When it could send again, if only time keeps it from it; null = it can now, or something else must happen first. */
  msUntilReady(now: Date): number | null {
    const waits = [this.#all.msUntilNext(now), this.#announcements?.msUntilNext(now) ?? 0, Math.max(this.#pausedUntil, this.#holdUntil) - now.getTime()].filter((ms) => ms > 0 && ms !== Infinity)
    return waits.length === 0 ? null : Math.max(Math.min(...waits), Math.min(SATURATED_CLAIM_MS, this.#fillMs))
  }
}
