import type { RequestStatus } from '../../../domain/requests/requests.ts'
import type { RequestRecord } from '../../../store/requests/requests.ts'
import { shorten } from '../parts/format.ts'
import { STAFF_STATUS_NAMES } from '../parts/words.ts'

/** What the form's writer last saw of the request. */
export function readSeen(form: URLSearchParams): { ifUpdatedAt?: Date } {
  const seen = new Date(form.get('seen') ?? '')
  return Number.isNaN(seen.getTime()) ? {} : { ifUpdatedAt: seen }
}

/** What came in between, in one line. */
export const describeSince = (since: RequestRecord['activities']): string =>
  `刚才有变化：${since.map(({ by, status, note }) => `${by} ${STAFF_STATUS_NAMES[status as RequestStatus]}${note === '' ? '' : `“${shorten(note, 40)}”`}`).join('；')}。`
