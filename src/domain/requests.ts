export const REQUEST_KINDS = ['service', 'help', 'emergency', 'handoff', 'question'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

export const REQUEST_STATUSES = ['submitted', 'accepted', 'rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'closed', 'returned', 'merged', 'escalated', 'reopened', 'cancelled'] as const
export type RequestStatus = (typeof REQUEST_STATUSES)[number]

/** Where a request may go from each status. Along the main line staff may jump forward. */
const FLOW: Record<RequestStatus, readonly RequestStatus[]> = {
  submitted: ['accepted', 'rejected', 'dispatched', 'in_progress', 'resolved', 'returned', 'merged', 'escalated', 'cancelled', 'waiting_resident'],
  accepted: ['rejected', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  dispatched: ['in_progress', 'waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  in_progress: ['waiting_resident', 'resolved', 'returned', 'merged', 'escalated', 'cancelled'],
  waiting_resident: ['in_progress', 'resolved', 'escalated', 'cancelled'],
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

/** Whether nobody has to do anything about it any more. */
export const isFinished = (status: RequestStatus): boolean => ['resolved', 'closed', 'rejected', 'merged', 'cancelled'].includes(status)
