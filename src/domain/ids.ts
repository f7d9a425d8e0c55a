/** Human-readable numbers: `SR-20261123-0007`; the day is Shanghai's. Prefix SR = request, VL = volunteer, YL = alarm drill (演练). */
export type NumberPrefix = 'SR' | 'VL' | 'YL'

export function formatNumber(prefix: NumberPrefix, day: string, count: number): string {
  return `${prefix}-${day.replaceAll('-', '')}-${String(count).padStart(4, '0')}`
}
