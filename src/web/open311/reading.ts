import { isOpen } from '../../domain/requests/requests.ts'
import { STATUS_NAMES } from '../../domain/requests/status-names.ts'
import type { PublicFilter, PublicRequest } from '../../store/requests/public-requests.ts'
import { InstantInput } from '../api/schemas.ts'
import { toW3 } from './catalogue.ts'
import type { Value } from './xml.ts'

/** What the specification answers with at most, and how long a span may be asked for. */
export const MOST_REQUESTS = 1_000
const LONGEST_SPAN_MS = 90 * 24 * 60 * 60 * 1000

/** What everybody may read of a request. What would tell whose it is, where, or what was said is empty, as the specification allows. */
export const toRequestValue = (request: PublicRequest): Value => ({
  service_request_id: request.number,
  status: isOpen(request) ? 'open' : 'closed',
  status_notes: STATUS_NAMES[request.status],
  service_name: request.category,
  service_code: request.serviceCode,
  description: null,
  agency_responsible: null,
  service_notice: null,
  requested_datetime: toW3(request.createdAt),
  updated_datetime: toW3(request.finishedAt ?? request.updatedAt),
  expected_datetime: request.dueAt && toW3(request.dueAt),
  address: null,
  address_id: null,
  zipcode: null,
  lat: null,
  long: null,
  media_url: null,
})

/** Values of one parameter: given several times, or divided by commas; empty and absent are the same. */
export const listOf = (values: readonly string[] | undefined): string[] =>
  (values ?? [])
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')

type Query = Partial<Record<'service_code' | 'status' | 'start_date' | 'end_date', string[]>>

/** What a list is asked for by; else what is wrong with it. */
export function readFilter(query: Query, now: Date): PublicFilter | { problems: string[] } {
  const problems: string[] = []
  const instant = (name: 'start_date' | 'end_date'): Date | undefined => {
    const typed = query[name]?.find((value) => value.trim() !== '')?.trim()
    if (typed === undefined) return undefined
    // The plus of an offset that was not encoded arrives as a blank.
    const read = InstantInput.safeParse(typed.replace(' ', '+'))
    if (!read.success) problems.push(`${name}: must be a W3 date and time with its zone, like 2010-01-01T00:00:00Z.`)
    return read.success ? withinReason(new Date(read.data), now) : undefined
  }
  const [start, end] = [instant('start_date'), instant('end_date')]
  const states = new Set(listOf(query.status))
  const unknown = [...states].filter((state) => state !== 'open' && state !== 'closed')
  if (unknown.length > 0) problems.push('status: must be open or closed.')
  const last = end ?? (start === undefined ? now : new Date(Math.min(now.getTime(), start.getTime() + LONGEST_SPAN_MS)))
  const first = start ?? new Date(last.getTime() - LONGEST_SPAN_MS)
  if (start !== undefined && end !== undefined && first > last) problems.push('start_date: must not be later than end_date.')
  if (last.getTime() - first.getTime() > LONGEST_SPAN_MS) problems.push('start_date and end_date may span at most 90 days.')
  if (problems.length > 0) return { problems }
  const serviceCodes = listOf(query.service_code)
  return {
    from: first,
    // Instants are told in whole seconds: what was filed within the last one belongs to it.
    before: new Date(last.getTime() + 1_000),
    ...(serviceCodes.length > 0 && { serviceCodes }),
    ...(states.size === 1 && { isOpen: states.has('open') }),
  }
}

/** Nothing was filed before there were computers, nor is anything yet of next year; not every database knows all years that a program can write. */
const withinReason = (instant: Date, now: Date): Date => new Date(Math.min(Math.max(instant.getTime(), 0), now.getTime() + 365 * 24 * 60 * 60 * 1000))
