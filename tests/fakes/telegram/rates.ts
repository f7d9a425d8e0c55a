/** Telegram's limits for sending, as sliding windows: 30 a second overall, 1 a second in a chat, 20 a minute in a group. */
export const LIMITS = {
  overall: { count: 30, windowMs: 1_000 },
  chat: { count: 1, windowMs: 1_000 },
  group: { count: 20, windowMs: 60_000 },
} as const

interface Limit {
  count: number
  windowMs: number
}

/** Counts what was taken; memory is bounded by what the windows hold. */
export class SendingRates {
  readonly #taken = new Map<string, number[]>()

  /** Takes one send to a chat at `now` (ms); otherwise the seconds after which it may be tried again. */
  take(chat: { id: number; isGroup: boolean }, now: number): number | null {
    const wanted: [string, Limit][] = [
      ['overall', LIMITS.overall],
      [`chat:${chat.id}`, LIMITS.chat],
      ...(chat.isGroup ? [[`group:${chat.id}`, LIMITS.group] as [string, Limit]] : []),
    ]
    const waits = wanted.map(([key, limit]) => this.#waitMs(key, limit, now))
    const longest = Math.max(...waits)
    if (longest > 0) return Math.max(1, Math.ceil(longest / 1_000))
    for (const [key] of wanted) this.#taken.set(key, [...(this.#taken.get(key) ?? []), now])
    return null
  }

  #waitMs(key: string, { count, windowMs }: Limit, now: number): number {
    const inWindow = (this.#taken.get(key) ?? []).filter((at) => now - at < windowMs)
    if (inWindow.length === 0) this.#taken.delete(key)
    else this.#taken.set(key, inWindow)
    return inWindow.length < count ? 0 : (inWindow[inWindow.length - count] ?? now) + windowMs - now
  }
}
