import type { Expiry } from '../../domain/retention.ts'
import type { Reader, Transaction } from '../engine/store.ts'
import type { DigestOf } from '../engine/erased/digests.ts'

/** What goes when: the instants before which things go, and since when what was overheard has not been looked through. */
export interface ExpiryRules extends Expiry {
  overheardSince: Date
  digestOf: DigestOf
}

export type Reads = Reader | Transaction
