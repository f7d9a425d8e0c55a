/** How long what residents say is kept. What is overheard in a group is not kept at all. */
export interface Retention {
  /** An unfinished form of somebody who has not agreed to the notice, from its last word on. */
  draftHours: number
  /** Messages and what was answered, questions nobody decided about. */
  messageDays: number
  /** Requests, from their end on; then nobody's words stand in them any more, and they are kept for the figures. */
  requestYears: number
}

/** The one place of these numbers: settings, sweeps and the notice that residents agree to take them from here. */
export const USUAL_RETENTION: Retention = Object.freeze({ draftHours: 24, messageDays: 180, requestYears: 2 })

/** What a setting may be: nothing goes while it is still being dealt with, and nothing is kept for a lifetime. No message outlives its request. */
export const RETENTION_BOUNDS: Record<keyof Retention, { least: number; most: number }> = {
  draftHours: { least: 1, most: 168 },
  messageDays: { least: 30, most: 365 },
  requestYears: { least: 1, most: 10 },
}

const HOUR_MS = 60 * 60_000

/** What is older than these instants goes. */
export interface Expiry {
  now: Date
  drafts: Date
  messages: Date
  requests: Date
  /** Of what was overheard not even that something was said stays longer than platforms deliver things again. */
  overheard: Date
}

export function expiryAt(now: Date, retention: Retention): Expiry {
  const before = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)
  const requests = new Date(now)
  requests.setUTCFullYear(now.getUTCFullYear() - retention.requestYears)
  return { now, drafts: before(retention.draftHours), messages: before(retention.messageDays * 24), requests, overheard: before(24) }
}

/** The periods as residents read them. */
export const describeRetention = ({ draftHours, messageDays, requestYears }: Retention): string =>
  `聊天的话存 ${messageDays} 天；办完的事存 ${requestYears} 年，到时去掉姓名、电话、地址、照片和写的话，只留着数一数办了多少件；没填完又没同意的表，${draftHours} 小时就删；群里不是对我说的话不存`

/** Version of the notice: raise it when its meaning changes, and everybody is asked again. */
const NOTICE = '2026-12'

/** What is kept of a consent: the version of the notice, and the periods that were agreed to. */
export const noticeVersion = ({ draftHours, messageDays, requestYears }: Retention): string => `${NOTICE}:${draftHours}h:${messageDays}d:${requestYears}y`

/**
 * Whether who agreed to this version has agreed to these periods: to the same or to longer ones. Before there were any it was agreed to
 * until they are deleted, which holds for all. null = nothing was agreed to.
 */
export function coversNotice(agreed: string | null, { draftHours, messageDays, requestYears }: Retention): boolean {
  if (agreed === NOTICE) return true
  const [, notice, hours, days, years] = /^(.+):(\d+)h:(\d+)d:(\d+)y$/.exec(agreed ?? '') ?? []
  return notice === NOTICE && Number(hours) >= draftHours && Number(days) >= messageDays && Number(years) >= requestYears
}
