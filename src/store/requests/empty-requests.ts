import { eraseAlerts } from '../duty/alerts.ts'
import { searchTextOf } from '../engine/search-words.ts'
import type { Transaction } from '../engine/store.ts'
import { UNSENT } from '../outbox/outbox.ts'
import { STAFF_NOTICE } from '../staff/staff-notices.ts'
import { letGoOfPhotosOf } from './photos.ts'

/** What nothing is said in any more. */
export const NO_WORDS = { text: '', extras: { buttons: [], citations: [] } }

/**
 * Takes out of requests all that tells of their residents: names, telephones, addresses, words, photos, alerts, and what staff were told. That
 * they were made, where, of what kind, their course and score stay, for the figures. Their histories are the caller's to blank.
 */
export async function emptyRequests(transaction: Transaction, requests: readonly { id: string; number: string; category: string }[], { words, now }: { words: string; now: Date }): Promise<void> {
  const ids = requests.map(({ id }) => id)
  await letGoOfPhotosOf(transaction, ids, now)
  await eraseAlerts(transaction, ids)
  await transaction.serviceRequest.updateMany({
    where: { id: { in: ids } },
    data: { requesterName: null, requesterPhone: null, address: null, description: words, ratingComment: null, wantedTime: null, requesterId: null, conversationId: null },
  })
  // Its number is found all the same.
  for (const { id, number, category } of requests) {
    await transaction.serviceRequest.updateMany({ where: { id }, data: { searchText: searchTextOf({ number, category, description: words, address: null, requesterName: null, requesterPhone: null }) } })
  }
  await transaction.staffNotice.updateMany({ where: { requestId: { in: ids } }, data: { text: '' } })
  const toldStaff = { requestId: { in: ids }, key: { startsWith: STAFF_NOTICE } }
  await transaction.outboxMessage.updateMany({ where: { ...toldStaff, status: UNSENT }, data: { status: 'cancelled' } })
  await transaction.outboxMessage.updateMany({ where: toldStaff, data: NO_WORDS })
}
