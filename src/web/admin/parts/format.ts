import type { Area } from '../../../domain/services.ts'
import { formatLocal, formatLocalLong, toLocalDay } from '../../../domain/time.ts'

/** `138****8001`: a phone that can be told apart but not called. */
export function maskPhone(phone: string | null): string {
  if (phone === null || phone === '') return ''
  return phone.length < 7 ? '****' : `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

/** `今天 09:12`, `昨天 21:40`, `11月3日 08:00`, `2025-11-03 08:00`: as short as it is clear. */
export function formatWhen(instant: Date, now: Date): string {
  const day = toLocalDay(instant)
  if (day === toLocalDay(now)) return `今天 ${formatLocalLong(instant).slice(11)}`
  if (day === toLocalDay(new Date(now.getTime() - 24 * 60 * 60 * 1000))) return `昨天 ${formatLocalLong(instant).slice(11)}`
  return day.slice(0, 4) === toLocalDay(now).slice(0, 4) ? formatLocal(instant) : formatLocalLong(instant)
}

/** `3 分钟`, `5 小时`, `2 天`: how long something took or is late. */
export function formatSpan(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 60) return `${minutes} 分钟`
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} 小时`
  return `${Math.round(minutes / 1440)} 天`
}

/** Opening of a text in one line, at most `longest` characters. */
export function shorten(text: string, longest: number): string {
  const line = Array.from(text.replaceAll(/\s+/g, ' '))
  return line.length <= longest ? line.join('') : `${line.slice(0, longest).join('')}…`
}

/** The areas in the order of the tree, each with how deep it lies. */
export function listAreaTree(areas: readonly Area[]): { area: Area; depth: number }[] {
  const below = (parent: string | null, depth: number): { area: Area; depth: number }[] =>
    areas.filter((area) => area.parent === parent).flatMap((area) => [{ area, depth }, ...below(area.code, depth + 1)])
  return below(null, 0)
}
