import type { RequestKind, RequestStatus } from '../requests/requests.ts'

/** Who wrote a message and where the conversation stands: what is looked up before a turn is decided. */
export interface TurnContext {
  inboundId: string
  person: {
    id: string
    nickname: string
    areaCode: string | null
    isSubscribed: boolean
    /** Has said 退订, and not 订阅 since. */
    hasOptedOut: boolean
    /** Version of the notice agreed to and not withdrawn; null = none. */
    consentVersion: string | null
    staff: { id: string; user: string; name: string } | null
    /** Something of theirs is with staff: what is said may be about it. null = nothing is. */
    request: OpenRequest | null
  }
  conversation: {
    id: string
    kind: 'private' | 'group'
    areaCode: string | null
    isBound: boolean
    /** A member of staff speaks here in the assistant's place: the request that it is about. */
    takenFor?: string
  }
}

/** What is open, or ended lately: staff wait for an answer (`askedAt`: since when), or not. */
export interface OpenRequest {
  askedAt: Date | null
  /** When staff or the program last did something about it. */
  touchedAt: Date
}

export interface RequestSummary {
  id: string
  /** Theirs, or one that somebody else filed and they follow. */
  isOwn: boolean
  number: string
  kind: RequestKind
  category: string
  status: RequestStatus
  description: string
  createdAt: Date
  /** Of the last line that is no internal one. */
  updatedAt: Date
  /** Since when nobody has to do anything about it; null = it is open. */
  finishedAt: Date | null
  /** Since when staff wait for the resident; null = they do not. */
  waitingSince: Date | null
  /** When it was asked for sooner, the last time. */
  urgedAt: Date | null
  dueAt: Date | null
  /** When somebody should come, local ISO as said. */
  wantedTime: string | null
  serviceCode: string | null
  /** Name of the member of staff who has it; null = nobody yet. */
  assignee: string | null
  lastNote: string
  address: string | null
  requesterName: string | null
  requesterPhone: string | null
  rating: number | null
  /** Names of the photos that it has; absent = none. */
  photos?: string[]
  /** Ids and numbers of the requests that were merged into it: what is said of those is said of this one. */
  also?: string[]
  /** The volunteer who has promised to come. */
  helper?: { name: string; phone: string }
}

/** A public fault that somebody else has reported: nothing of it says who. */
export interface ReportedFault {
  id: string
  number: string
  serviceCode: string | null
  category: string
  areaCode: string | null
  address: string | null
  /** To compare, never to show. */
  description: string
  status: RequestStatus
  createdAt: Date
}

export interface VolunteerSummary {
  number: string
  name: string
  status: 'pending' | 'active' | 'paused' | 'left'
  skills: string[]
  availability: string
  /** What is registered, by the names of the sign-up form's fields. */
  values: Record<string, string | number | string[]>
}

/** Whether this id or number means a request: its own, or that of one that was merged into it. */
export const isCalled = ({ id, number, also = [] }: Pick<RequestSummary, 'id' | 'number' | 'also'>, named: string | null | undefined): boolean => named != null && (id === named || number === named || also.includes(named))
