export interface Rate {
  perSecond: number
  burst: number
  /** What the platform counts: so many within any span of this length, however they are spread. */
  most?: { sends: number; withinMs: number }
}

/**
 * How many sends an account may make now. It starts empty, so that a restart never sends more than the platform allows;
 * an infinite rate is never spent.
 */
export class TokenBucket {
  readonly #rate: Rate
  #tokens = 0
  #filledAt: number
  /** When the last sends were made, oldest first; kept only where the platform counts them. */
  #sentAt: number[] = []

  constructor(rate: Rate, now: Date) {
    this.#rate = rate
    this.#filledAt = now.getTime()
  }

  /** Whole sends that may be made between now and `horizon`, both included; what the platform counts over a span left aside. */
  upTo(horizon: Date, now: Date): number {
    if (this.#rate.perSecond === Infinity) return Infinity
    this.#fill(now)
    const aheadMs = horizon.getTime() - this.#filledAt
    return aheadMs < 0 ? 0 : wholeOf(this.#tokens + (aheadMs / 1000) * this.#rate.perSecond)
  }

  take(now: Date): void {
    if (this.#rate.perSecond === Infinity) return
    this.#tokens -= 1
    const { most } = this.#rate
    if (most !== undefined) this.#sentAt = [...this.#sentAt, now.getTime()].slice(-most.sends)
  }

  /** After a platform's refusal: nothing until it is over, then one at once, and no burst. */
  empty(until: Date): void {
    this.#tokens = 1
    this.#filledAt = Math.max(this.#filledAt, until.getTime())
  }

  /** Milliseconds until `count` more sends may have been made; 0 when that may be now. */
  msUntil(count: number, now: Date): number {
    const filledMs = this.upTo(now, now) >= count ? 0 : this.#filledAt - now.getTime() + ((count - this.#tokens) / this.#rate.perSecond) * 1000
    const ms = Math.max(filledMs, this.#msUntilMost(now.getTime()))
    return ms <= 0 ? 0 : Math.max(1, Math.ceil(ms - 1e-6))
  }

  #msUntilMost(ms: number): number {
    const { most } = this.#rate
    const [oldest] = this.#sentAt
    return most === undefined || oldest === undefined || this.#sentAt.length < most.sends ? 0 : oldest + most.withinMs - ms
  }

  /** The clock was set by `byMs`: what is left to wait stays the same. */
  clockMoved(byMs: number): void {
    this.#filledAt += byMs
  }

  #fill(now: Date): void {
    const elapsedMs = now.getTime() - this.#filledAt
    if (elapsedMs <= 0) return
    this.#tokens = Math.min(Math.max(1, this.#rate.burst), this.#tokens + (elapsedMs / 1000) * this.#rate.perSecond)
    this.#filledAt = now.getTime()
  }
}

/** A rounding error must not cost a whole wait. */
const wholeOf = (tokens: number): number => Math.floor(tokens + 1e-6)

/** Wait before attempt `attempts` + 1: doubled each time up to the longest, its upper half jittered. */
export function retryDelayMs(attempts: number, limits: { firstMs: number; longestMs: number }, random: () => number): number {
  const full = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20))
  return Math.round(full / 2 + (full / 2) * random())
}
