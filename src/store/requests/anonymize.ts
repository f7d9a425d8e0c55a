import type { Expiry } from '../../domain/retention.ts'
import type { Reader, Transaction } from '../engine/store.ts'
import { eraseRequesters } from '../volunteers/volunteer-erasure.ts'
import { emptyRequests, NO_WORDS } from './empty-requests.ts'
import { blankHistory } from './move-request.ts'

const EXPIRED = '（已过保存期）'

interface Expired {
  id: string
  number: string
  category: string
}

/** Those that ended long enough ago, and of which something was written since they were made anonymous, if they were. */
export function findRequestsToAnonymize(read: Reader | Transaction, { requests }: Expiry, most?: number): Promise<Expired[]> {
  const { updatedAt } = read.serviceRequest.fields
  return read.serviceRequest.findMany({
    where: { createdAt: { lt: requests }, finishedAt: { lt: requests }, OR: [{ anonymizedAt: null }, { anonymizedAt: { lt: updatedAt } }] },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, number: true, category: true },
    ...(most !== undefined && { take: most }),
  })
}

/** Where, of what kind, when, how long and with what score stays; who asked for it and every word goes. */
export async function anonymizeRequests(transaction: Transaction, requests: readonly Expired[], now: Date): Promise<void> {
  const requestIds = requests.map(({ id }) => id)
  await eraseRequesters(transaction, requestIds)
  await emptyRequests(transaction, requests, { words: EXPIRED, now })
  await blankHistory(transaction, { requestIds })
  await transaction.requestFollower.deleteMany({ where: { requestId: { in: requestIds } } })
  await transaction.outboxMessage.updateMany({ where: { requestId: { in: requestIds } }, data: NO_WORDS })
  await transaction.serviceRequest.updateMany({ where: { id: { in: requestIds } }, data: { anonymizedAt: now } })
}
