import type { RequestRecord } from '../../../store/requests/requests.ts'
import type { AdminContext } from '../parts/options.ts'
import type { TypedHere } from './detail/request-answer.tsx'

/** What somebody typed on the page of a request that was not taken, or not yet. */
export interface PageState {
  problem?: string
  status?: { status: string; note: string }
  said?: string
  answer?: TypedHere
  /** Values of the form that corrects it, by field. */
  correction?: Record<string, string>
}

/** Shows the page of a request again, with what was typed. */
export type ShowRequest = (c: AdminContext, request: RequestRecord, state?: PageState) => Promise<Response>
