import { toLocalDay } from '../../../domain/time.ts'

export type PeriodName = 'week' | 'month' | 'quarter' | 'year'

/** The first day of the week (Monday), month, quarter or year that `now` lies in, in Asia/Shanghai. */
export function startOfPeriod(period: PeriodName, now: Date): string {
  const today = new Date(`${toLocalDay(now)}T00:00:00Z`)
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()]
  switch (period) {
    case 'week':
      return isoDay(new Date(Date.UTC(year, month, today.getUTCDate() - ((today.getUTCDay() + 6) % 7))))
    case 'month':
      return isoDay(new Date(Date.UTC(year, month, 1)))
    case 'quarter':
      return isoDay(new Date(Date.UTC(year, month - (month % 3), 1)))
    case 'year':
      return isoDay(new Date(Date.UTC(year, 0, 1)))
    default:
      return period satisfies never
  }
}

const isoDay = (day: Date): string => day.toISOString().slice(0, 10)
