import type { RequestStatus } from '../domain/requests.ts'
import type { Store } from '../store/store.ts'
import { changeRequest, type RequestChangeResult } from '../store/requests.ts'
import { statusNotice } from './text.ts'

/** What staff do to a request, from the admin page or over HTTP: the change, its history, and one notice to the resident. */
export async function changeRequestAsStaff(
  services: { store: Store; now: () => Date; wakeOutbox: () => void },
  change: { id: string; status: RequestStatus; note: string; by: string },
): Promise<RequestChangeResult> {
  const result = await changeRequest(services.store, { ...change, now: services.now(), notice: (request) => statusNotice(request, change.note) })
  if (result.outcome === 'changed') services.wakeOutbox()
  return result
}
