import type { RequestKind } from '../domain/requests/requests.ts'
import type { Area, Service } from '../domain/services.ts'
import type { Store } from '../store/engine/store.ts'

/** What the operations of the desk stand on. */
export interface DeskServices {
  store: Store
  now: () => Date
  /** Something was queued that should leave at once. */
  wakeOutbox: () => void
}

/** What those need besides that say what a matter is and where. */
export interface CatalogueServices extends DeskServices {
  catalogue: readonly Service[]
  areas: readonly Area[]
  /** Name of the service that a text is about; undefined when it tells of none. */
  categoryOf: (text: string) => string | undefined
  /** Until when a request that is filed at this instant must be done; null = no limit is known. */
  dueAtOf: (request: { kind: RequestKind; service: Service | undefined; wantedTime?: string | null }, now: Date) => Date | null
}
