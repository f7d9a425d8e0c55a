import { z } from 'zod'
import { fromLocalIso, toLocalDay } from '../../domain/time.ts'

export type Period = { outcome: 'period'; from: Date; to: Date } | { outcome: 'wrong'; reason: string }

const DAY_MS = 24 * 60 * 60 * 1000
const USUAL_DAYS = 30

const Day = z.iso.date()
const Instant = z.iso.datetime({ offset: true })

/** The time from `from` on and before `to`: days in Asia/Shanghai, the last one whole, or instants. The last 30 days when nothing is said. */
export function readPeriod(said: { from?: string | undefined; to?: string | undefined }, now: Date): Period {
  const to = said.to === undefined ? now : readEnd(said.to)
  if (to === undefined) return { outcome: 'wrong', reason: 'to: neither a day (2026-11-30) nor an instant (2026-11-30T08:00:00Z).' }
  const from = said.from === undefined ? fromLocalIso(toLocalDay(new Date(to.getTime() - USUAL_DAYS * DAY_MS))) : readStart(said.from)
  if (from === undefined) return { outcome: 'wrong', reason: 'from: neither a day (2026-11-01) nor an instant (2026-11-01T00:00:00Z).' }
  return from < to ? { outcome: 'period', from, to } : { outcome: 'wrong', reason: 'from: it must lie before to.' }
}

function readStart(text: string): Date | undefined {
  if (Day.safeParse(text).success) return fromLocalIso(text)
  return Instant.safeParse(text).success ? new Date(text) : undefined
}

function readEnd(text: string): Date | undefined {
  const start = readStart(text)
  return start === undefined || !Day.safeParse(text).success ? start : new Date(start.getTime() + DAY_MS)
}
