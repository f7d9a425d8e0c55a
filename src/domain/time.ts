const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000

/** The local (Asia/Shanghai, no summer time since 1991) wall clock of an instant, as an ISO string without zone. */
export function toLocalIso(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)
}

/** The local calendar day, `2026-11-23`. */
export function toLocalDay(instant: Date): string {
  return toLocalIso(instant).slice(0, 10)
}

/** `11月23日 15:04`, for residents and staff. */
export function formatLocal(instant: Date): string {
  const iso = toLocalIso(instant)
  return `${Number(iso.slice(5, 7))}月${Number(iso.slice(8, 10))}日 ${iso.slice(11, 16)}`
}

/** `2026-11-23 15:04`, where the year matters. */
export function formatLocalLong(instant: Date): string {
  return toLocalIso(instant).slice(0, 16).replace('T', ' ')
}

/** The instant of a local wall-clock time (`2026-11-23T15:04` or `2026-11-23`, then midnight). */
export function fromLocalIso(local: string): Date {
  const padded = local.length === 10 ? `${local}T00:00` : local
  return new Date(new Date(`${padded}Z`).getTime() - SHANGHAI_OFFSET_MS)
}
