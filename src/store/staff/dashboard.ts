import type { Announcement, Prisma, UnansweredQuestion, Volunteer } from '../generated/client.ts'
import { boxes, type ClimbedTo } from '../requests/request-boxes.ts'
import { FRESH_STATUSES, isAtWork, OPEN_STATUSES } from '../../domain/requests/requests.ts'
import { WITH_ASSIGNEE, type RequestRow } from '../requests/request-board.ts'
import { staffNames } from '../announcements/announcement-records.ts'
import type { Store } from '../engine/store.ts'
import { countOpenMisread } from '../knowledge/misread.ts'

/** A few of something, and how many there are in all. */
export interface Shortlist<T> {
  items: T[]
  total: number
}

export interface Today {
  fresh: Shortlist<RequestRow>
  /** For which no volunteer was found. */
  unhelped: Shortlist<RequestRow>
  /** Shown are those that are no emergency which nobody has seen: they stand first. */
  overdue: Shortlist<RequestRow>
  /** Of which today is the last working day. */
  lastDay: Shortlist<RequestRow>
  /** Which climbed to those who look at the page. */
  climbed: Shortlist<RequestRow>
  /** Which staff did nothing on for days. */
  notMoved: Shortlist<RequestRow>
  /** Shown are those that are not new: new ones have a heap of their own. */
  nobodys: Shortlist<RequestRow>
  waiting: Shortlist<RequestRow>
  mine: Shortlist<RequestRow>
  volunteers: Shortlist<Volunteer>
  /** Drafts that wait for approval; those that were returned wait for their author. */
  announcements: Shortlist<Announcement & { byName: string }>
  unanswered: Shortlist<UnansweredQuestion>
}

const SHOWN = 5

const AWAITS_APPROVAL = { status: 'draft', returnedAt: null }

type Where = Prisma.ServiceRequestWhereInput

export interface TodayQuery {
  staffId: string
  now: Date
  /** Until when what is due has no working day left after today. */
  lastDayUntil: Date
  notMovedSince: Date
  climbedTo: ClimbedTo
}

/** What waits for staff now: most urgent kind first, oldest first within a kind. */
export async function readToday(store: Store, input: TodayQuery): Promise<Today> {
  const open = { in: [...OPEN_STATUSES] }
  const requests = async (where: Where, shown: Where = {}): Promise<Shortlist<RequestRow>> => {
    const [items, total] = await Promise.all([
      store.read.serviceRequest.findMany({ where: { AND: [where, shown] }, include: WITH_ASSIGNEE, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: SHOWN }),
      store.read.serviceRequest.count({ where }),
    ])
    return { items, total }
  }
  const isUrgent = { kind: 'emergency', acknowledgedAt: null, status: open }
  const isUnhelped = { search: { state: 'staff' }, status: { in: OPEN_STATUSES.filter((status) => !isAtWork({ status })) } }
  const [fresh, unhelped, overdue, lastDay, climbed, notMoved, nobodys, waiting, mine, volunteers, volunteerTotal, announcements, announcementTotal, questions, questionTotal] = await Promise.all([
    requests({ status: { in: [...FRESH_STATUSES] }, NOT: [isUrgent, isUnhelped] }),
    requests(isUnhelped),
    requests(boxes.late(input.now), { NOT: isUrgent }),
    requests(boxes.lastDay(input.now, input.lastDayUntil)),
    requests(boxes.climbed(input.climbedTo)),
    requests(boxes.notMoved(input.notMovedSince)),
    requests(boxes.nobodys, { NOT: { status: { in: [...FRESH_STATUSES] } } }),
    requests({ status: 'waiting_resident' }),
    requests({ status: open, assigneeId: input.staffId }),
    store.read.volunteer.findMany({ where: { status: 'pending' }, orderBy: { createdAt: 'asc' }, take: SHOWN }),
    store.read.volunteer.count({ where: { status: 'pending' } }),
    store.read.announcement.findMany({ where: AWAITS_APPROVAL, orderBy: { createdAt: 'asc' }, take: SHOWN }),
    store.read.announcement.count({ where: AWAITS_APPROVAL }),
    store.read.unansweredQuestion.findMany({ where: { status: 'open' }, orderBy: [{ timesAsked: 'desc' }, { lastAskedAt: 'desc' }], take: SHOWN }),
    store.read.unansweredQuestion.count({ where: { status: 'open' } }),
  ])
  const names = await staffNames(store.read, announcements.map(({ by }) => by))
  return {
    fresh,
    unhelped,
    overdue,
    lastDay,
    climbed,
    notMoved,
    nobodys,
    waiting,
    mine,
    volunteers: { items: volunteers, total: volunteerTotal },
    announcements: { items: announcements.map((announcement) => ({ ...announcement, byName: names.of(announcement.by) })), total: announcementTotal },
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
    store.read.activity.findMany({ where: { at: { gte: since }, kind: 'status', status: 'resolved' }, distinct: ['requestId'], select: { requestId: true } }),
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
    store.read.serviceRequest.count({ where: { status: { in: [...FRESH_STATUSES] } } }),
    store.read.volunteer.count({ where: { status: 'pending' } }),
    store.read.announcement.count({ where: AWAITS_APPROVAL }),
    store.read.unansweredQuestion.count({ where: { status: 'open' } }),
    countOpenMisread(store),
  ])
  return { requests, volunteers, announcements, unanswered, misread }
}
