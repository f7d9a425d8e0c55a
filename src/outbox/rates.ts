export interface Rate {
  perSecond: number
  burst: number
}

/**
 * How many sends an account may make now. It starts empty, so that a restart never sends more than the platform allows;
 * an infinite rate is never spent.
 */
export class TokenBucket {
  readonly #rate: Rate
  #tokens = 0
  #filledAt: number

  constructor(rate: Rate, now: Date) {
    this.#rate = rate
    this.#filledAt = now.getTime()
  }

  /** Whole sends that may be made now. */
  available(now: Date): number {
    if (this.#rate.perSecond === Infinity) return Infinity
    this.#fill(now)
    // A rounding error must not cost a whole wait.
    return Math.floor(this.#tokens + 1e-6)
  }

  take(count: number): void {
    if (this.#rate.perSecond !== Infinity) this.#tokens -= count
  }

  /** After a platform's refusal: nothing until it is over, and no burst then. */
  empty(until: Date): void {
    this.#tokens = 0
    this.#filledAt = Math.max(this.#filledAt, until.getTime())
  }

  /** Milliseconds until the next send may be made; 0 when it may be made now. */
  msUntilNext(now: Date): number {
    if (this.available(now) >= 1) return 0
    return Math.max(1, Math.ceil(this.#filledAt - now.getTime() + ((1 - this.#tokens) / this.#rate.perSecond) * 1000))
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

/** Wait before attempt `attempts` + 1: doubled each time up to the longest, its upper half jittered. */
export function retryDelayMs(attempts: number, limits: { firstMs: number; longestMs: number }, random: () => number): number {
  const full = Math.min(limits.longestMs, limits.firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20))
  return Math.round(full / 2 + (full / 2) * random())
}
