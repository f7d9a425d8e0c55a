/** Human-readable numbers: `SR-20261123-0007`; the day is Shanghai's. Prefix SR = request, VL = volunteer. */
export type NumberPrefix = 'SR' | 'VL'

export function formatNumber(prefix: NumberPrefix, day: string, count: number): string {
  return `${prefix}-${day.replaceAll('-', '')}-${String(count).padStart(4, '0')}`
}
