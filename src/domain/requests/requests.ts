export const REQUEST_KINDS = ['service', 'help', 'emergency', 'handoff', 'question'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

export const REQUEST_STATUSES = ['submitted', 'accepted', 'rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'closed', 'returned', 'merged', 'escalated', 'reopened', 'cancelled'] as const
export type RequestStatus = (typeof REQUEST_STATUSES)[number]

/** Who is answerable for a request, from the nearest up. */
export const REQUEST_LEVELS = ['community', 'town', 'county', 'prefecture'] as const
export type RequestLevel = (typeof REQUEST_LEVELS)[number]
export const isRequestLevel = (value: string): value is RequestLevel => (REQUEST_LEVELS as readonly string[]).includes(value)

/** Where somebody was heard who did not write: staff wrote it down for them. */
export const CALLER_CHANNELS = ['phone', 'visit'] as const
export type CallerChannel = (typeof CALLER_CHANNELS)[number]
/** Where other programs file for those who use them, by GeoReport v2. */
export const OPEN311_CHANNEL = 'open311'

/** What one line of a request's history is. An internal one never leaves the desk. */
export const ACTIVITY_KINDS = ['status', 'resident', 'staff_note', 'internal', 'assignment', 'correction', 'photo', 'escalation', 'alert'] as const
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

/** Who wrote a line: decided by this, never by the name that is shown. */
export const ACTIVITY_AUTHORS = ['resident', 'staff', 'system', 'volunteer'] as const
export type ActivityAuthor = (typeof ACTIVITY_AUTHORS)[number]

/** Who wrote it, in histories, where it is no user of the staff. */
export const AUTHOR_NAMES = { resident: '居民', system: '系统', volunteer: '志愿者' } as const satisfies Record<Exclude<ActivityAuthor, 'staff'>, string>

/** Longest note to a resident or to colleagues, in characters, wherever it is written: in chat, on a page, over HTTP. Channels that take less send it in parts. */
export const LONGEST_NOTE = 2_000
/** Longest description of what the matter is. */
export const LONGEST_DESCRIPTION = 500
/** The same where it comes by GeoReport v2, which allows 4,000: with what is noted below it of how to reach whoever wrote. */
export const LONGEST_OPEN311_DESCRIPTION = 5_000

/** Where a request may go from each status, whoever moves it. Along the main line staff may jump forward. */
const FLOW: Record<RequestStatus, readonly RequestStatus[]> = {
  submitted: ['accepted', 'rejected', 'dispatched', 'in_progress', 'resolved', 'returned', 'merged', 'escalated', 'cancelled', 'waiting_resident'],
  accepted: ['rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  dispatched: ['in_progress', 'waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  in_progress: ['waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  waiting_resident: ['in_progress', 'resolved', 'escalated', 'merged', 'cancelled'],
  returned: ['accepted', 'rejected', 'dispatched', 'in_progress', 'escalated', 'merged', 'cancelled'],
  escalated: ['accepted', 'rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'returned', 'merged', 'cancelled'],
  reopened: ['accepted', 'rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'returned', 'escalated', 'merged', 'cancelled'],
  resolved: ['closed', 'reopened'],
  closed: ['reopened'],
  rejected: ['reopened'],
  merged: [],
  cancelled: [],
}

export const isAllowedChange = (from: RequestStatus, to: RequestStatus): boolean => FLOW[from].includes(to)
export const allowedChanges = (from: RequestStatus): readonly RequestStatus[] => FLOW[from]
export const isRequestStatus = (value: string): value is RequestStatus => (REQUEST_STATUSES as readonly string[]).includes(value)

const FINISHED: readonly RequestStatus[] = ['resolved', 'closed', 'rejected', 'merged', 'cancelled']
/** Those in which somebody still has to do something. */
export const OPEN_STATUSES: readonly RequestStatus[] = REQUEST_STATUSES.filter((status) => !FINISHED.includes(status))
/** Those that nobody has begun with, or has to begin with again. */
export const FRESH_STATUSES: readonly RequestStatus[] = ['submitted', 'reopened']
/** Those in which somebody is at work. */
export const AT_WORK_STATUSES: readonly RequestStatus[] = ['dispatched', 'in_progress']

interface WithStatus {
  /** One of REQUEST_STATUSES; as the store keeps it, a word. */
  status: string
}

/** Whether nobody has to do anything about it any more. */
export const isFinished = ({ status }: WithStatus): boolean => (FINISHED as readonly string[]).includes(status)
/** Whether somebody still has to do something about it. */
export const isOpen = (request: WithStatus): boolean => !isFinished(request)
/** Whether the resident is asked for something. */
export const isWaiting = ({ status }: WithStatus): boolean => status === 'waiting_resident'
/** Whether somebody was sent or is at work. */
export const isAtWork = ({ status }: WithStatus): boolean => (AT_WORK_STATUSES as readonly string[]).includes(status)
/** Whether it was done: it can be rated. */
export const isDone = ({ status }: WithStatus): boolean => status === 'resolved' || status === 'closed'
/** Whether it should have been done by now. */
export const isLate = (request: WithStatus & { dueAt: Date | null }, now: Date): boolean => request.dueAt !== null && request.dueAt < now && isOpen(request)
export const isEmergency = ({ kind }: { kind: string }): boolean => kind === 'emergency'

/** How long after its end what a resident says may still be about it. */
export const FOLLOW_UP_MS = 7 * 24 * 60 * 60 * 1000

/** Whether what its resident says now may belong to it: it is open, or ended less than seven days ago. */
export const takesFollowUps = (request: WithStatus & { finishedAt: Date | null }, now: Date): boolean =>
  isOpen(request) || (request.finishedAt !== null && now.getTime() - request.finishedAt.getTime() < FOLLOW_UP_MS)
