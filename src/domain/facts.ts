import type { RequestKind, RequestStatus } from './requests.ts'

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
  }
  conversation: {
    id: string
    kind: 'private' | 'group'
    areaCode: string | null
    isBound: boolean
  }
}

export interface RequestSummary {
  id: string
  number: string
  kind: RequestKind
  category: string
  status: RequestStatus
  description: string
  createdAt: Date
  updatedAt: Date
  lastNote: string
  address: string | null
  requesterName: string | null
  requesterPhone: string | null
  rating: number | null
  /** The volunteer who has promised to come. */
  helper?: { name: string; phone: string }
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
