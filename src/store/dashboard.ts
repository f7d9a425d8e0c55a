import type { Announcement, ServiceRequest, UnansweredQuestion, Volunteer } from './generated/client.ts'
import { OPEN_STATUSES } from './request-board.ts'
import type { Store } from './store.ts'
import { countOpenMisread } from './talk/misread.ts'

/** A few of something, and how many there are in all. */
export interface Shortlist<T> {
  items: T[]
  total: number
}

export interface Today {
  emergencies: Shortlist<ServiceRequest>
  fresh: Shortlist<ServiceRequest>
  /** For which no volunteer was found. */
  unhelped: Shortlist<ServiceRequest>
  overdue: Shortlist<ServiceRequest>
  waiting: Shortlist<ServiceRequest>
  mine: Shortlist<ServiceRequest>
  volunteers: Shortlist<Volunteer>
  announcements: Shortlist<Announcement>
  unanswered: Shortlist<UnansweredQuestion>
}

const SHOWN = 5

/** What waits for staff now: most urgent kind first, oldest first within a kind. */
export async function readToday(store: Store, input: { staffId: string; now: Date }): Promise<Today> {
  const open = { in: [...OPEN_STATUSES] }
  const requests = async (where: NonNullable<Parameters<typeof store.read.serviceRequest.count>[0]>['where']): Promise<Shortlist<ServiceRequest>> => {
    const [items, total] = await Promise.all([
      store.read.serviceRequest.findMany({ where: where ?? {}, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: SHOWN }),
      store.read.serviceRequest.count({ where: where ?? {} }),
    ])
    return { items, total }
  }
  const isUrgent = { kind: 'emergency', acknowledgedAt: null, status: open }
  const isUnhelped = { search: { state: 'staff' }, status: { in: OPEN_STATUSES.filter((status) => status !== 'dispatched' && status !== 'in_progress') } }
  const [emergencies, fresh, unhelped, overdue, waiting, mine, volunteers, volunteerTotal, announcements, announcementTotal, questions, questionTotal] = await Promise.all([
    requests(isUrgent),
    requests({ status: { in: ['submitted', 'reopened'] }, NOT: [isUrgent, isUnhelped] }),
    requests(isUnhelped),
    requests({ status: open, dueAt: { lt: input.now } }),
    requests({ status: 'waiting_resident' }),
    requests({ status: open, assigneeId: input.staffId }),
    store.read.volunteer.findMany({ where: { status: 'pending' }, orderBy: { createdAt: 'asc' }, take: SHOWN }),
    store.read.volunteer.count({ where: { status: 'pending' } }),
    store.read.announcement.findMany({ where: { status: 'draft' }, orderBy: { createdAt: 'asc' }, take: SHOWN }),
    store.read.announcement.count({ where: { status: 'draft' } }),
    store.read.unansweredQuestion.findMany({ where: { status: 'open' }, orderBy: [{ timesAsked: 'desc' }, { lastAskedAt: 'desc' }], take: SHOWN }),
    store.read.unansweredQuestion.count({ where: { status: 'open' } }),
  ])
  return {
    emergencies,
    fresh,
    unhelped,
    overdue,
    waiting,
    mine,
    volunteers: { items: volunteers, total: volunteerTotal },
    announcements: { items: announcements, total: announcementTotal },
    unanswered: { items: questions, total: questionTotal },
  }
}

export interface WeekFigures {
  newRequests: number
  resolved: number
  /** Mean of the ratings given to requests changed this week; null when there are none. */
  rating: number | null
  messages: number
  newVolunteers: number
  open: number
}

/** Figures of the seven days before `now`. */
export async function readWeek(store: Store, now: Date): Promise<WeekFigures> {
  const since = new Date(now.getTime() - 7 * 24 * 60 * 60 * 1000)
  const [newRequests, resolved, rating, messages, newVolunteers, open] = await Promise.all([
    store.read.serviceRequest.count({ where: { createdAt: { gte: since } } }),
    store.read.activity.findMany({ where: { at: { gte: since }, status: 'resolved' }, distinct: ['requestId'], select: { requestId: true } }),
    store.read.serviceRequest.aggregate({ _avg: { ratingScore: true }, where: { ratingScore: { not: null }, updatedAt: { gte: since } } }),
    store.read.inboundMessage.count({ where: { receivedAt: { gte: since } } }),
    store.read.volunteer.count({ where: { createdAt: { gte: since } } }),
    store.read.serviceRequest.count({ where: { status: { in: [...OPEN_STATUSES] } } }),
  ])
  return { newRequests, resolved: resolved.length, rating: rating._avg.ratingScore, messages, newVolunteers, open }
}

/** Numbers beside the menu. */
export async function countWork(store: Store): Promise<{ requests: number; volunteers: number; announcements: number; unanswered: number; misread: number }> {
  const [requests, volunteers, announcements, unanswered, misread] = await Promise.all([
    store.read.serviceRequest.count({ where: { status: { in: ['submitted', 'reopened'] } } }),
    store.read.volunteer.count({ where: { status: 'pending' } }),
    store.read.announcement.count({ where: { status: 'draft' } }),
    store.read.unansweredQuestion.count({ where: { status: 'open' } }),
    countOpenMisread(store),
  ])
  return { requests, volunteers, announcements, unanswered, misread }
}
