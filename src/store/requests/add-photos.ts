import { photosForStaff, photosInHistory } from '../../domain/pictures/photos.ts'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import { AUTHOR_NAMES, isWaiting } from '../../domain/requests/requests.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { tellStaff } from '../staff/staff-notices.ts'
import { moveRequest, type Move } from './move-request.ts'
import { insertPhotos, joinPhotos } from './photos.ts'

/** Puts photos to a request that is there, in the resident's name: a line of its history, of which whoever has it is told, and the answer where one is waited for. */
export async function addPhotos(transaction: Transaction, to: { request: { id: string; status: string }; personId: string; inboundIds: readonly string[]; now: Date }): Promise<void> {
  const { request, personId, now } = to
  const joined = await joinPhotos(transaction, { requestId: request.id, inboundIds: to.inboundIds, now })
  if (joined === 0) return
  const line: Move = { kind: 'photo', note: photosInHistory(joined), author: 'resident', by: AUTHOR_NAMES.resident, personId, ...(isWaiting(request) && { to: 'in_progress' }) }
  const moved = await moveRequest(transaction, request.id, line, now)
  if (moved.outcome !== 'moved' || moved.request.assigneeId === null) return
  await tellStaff(transaction, { staffId: moved.request.assigneeId, requestId: request.id, key: `photos:${moved.lineId}`, text: photosForStaff(moved.request, joined) }, now)
}

/** Photos of a message whose turn is committed already: they join the request that its words went into, or wait for one. */
export function addLatePhotos(store: Store, message: { inboundId: string; personId: string; photos: readonly PictureReference[]; now: Date }): Promise<void> {
  return store.write(async (transaction) => {
    const inbound = await transaction.inboundMessage.findUnique({ where: { id: message.inboundId }, select: { recordNumber: true, erasedAt: true } })
    if (inbound === null || inbound.erasedAt !== null) return
    await insertPhotos(transaction, message)
    const request = inbound.recordNumber === null ? null : await transaction.serviceRequest.findUnique({ where: { number: inbound.recordNumber }, select: { id: true, status: true } })
    if (request !== null) await addPhotos(transaction, { request, personId: message.personId, inboundIds: [message.inboundId], now: message.now })
  })
}
