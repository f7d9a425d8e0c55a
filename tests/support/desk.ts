import type { CatalogueServices } from '../../src/desk/services.ts'
import type { Store } from '../../src/store/engine/store.ts'

/** The desk of a test: what its operations need, with nothing in the catalogue unless it is given. */
export const createDesk = (of: { store: Store; now: () => Date } & Partial<CatalogueServices>): CatalogueServices => ({
  wakeOutbox: () => undefined,
  catalogue: [],
  areas: [],
  categoryOf: () => undefined,
  dueAtOf: () => null,
  ...of,
})
