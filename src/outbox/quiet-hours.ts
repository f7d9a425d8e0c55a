import { fromLocalIso, toLocalDay, toLocalIso } from '../domain/time.ts'

/** Local minutes after midnight, [from, to); when `from` is later than `to` they go over midnight. */
export interface QuietHours {
  fromMinutes: number
  toMinutes: number
}

const DAY_MS = 24 * 60 * 60 * 1000

/** When the quiet hours end in which `now` lies; null outside of them. */
export function endOfQuiet(hours: QuietHours | undefined, now: Date): Date | null {
  if (hours === undefined || hours.fromMinutes === hours.toMinutes) return null
  const local = toLocalIso(now)
  const minutes = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16))
  const isOverMidnight = hours.fromMinutes > hours.toMinutes
  const isQuiet = isOverMidnight ? minutes >= hours.fromMinutes || minutes < hours.toMinutes : minutes >= hours.fromMinutes && minutes < hours.toMinutes
  if (!isQuiet) return null
  const end = fromLocalIso(toLocalDay(now)).getTime() + hours.toMinutes * 60_000
  return new Date(minutes < hours.toMinutes ? end : end + DAY_MS)
}
