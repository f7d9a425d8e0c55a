/** What the service stands on, as staff and whoever runs it are told of it. */
export const HEALTH_PARTS = ['disk', 'database', 'pictures', 'model', 'channels', 'knowledge'] as const
export type HealthPart = (typeof HEALTH_PARTS)[number]

/** `warning`: it works, but not for long, or only in part. */
export interface PartHealth {
  state: 'ok' | 'warning' | 'failed'
  /** For whoever runs it: one English sentence that names no folder, account or person. */
  detail: string
  /** For staff, on each of their pages: what is wrong and what to do; null when they need not know. */
  banner: string | null
}

export interface HealthReport {
  parts: Record<HealthPart, PartHealth>
  /** Whether messages can be taken and answered. */
  isReady: boolean
}

export const healthy = (detail = 'Nothing is wrong.'): PartHealth => ({ state: 'ok', detail, banner: null })
