import { randomUUID } from 'node:crypto'
import type { PictureReference } from '../../domain/pictures/pictures.ts'
import { MOST_PHOTOS } from '../../domain/pictures/photos.ts'
import { readDraftState } from '../../domain/kept-state.ts'
import { fromJson } from '../engine/json.ts'
import type { Store, Transaction } from '../engine/store.ts'
import type { Prisma } from '../generated/client.ts'

/** Photos that belong to one request, in the order in which they came. */
export const PHOTOS_OF_REQUEST = { orderBy: [{ createdAt: 'asc' }, { position: 'asc' }], select: { id: true, name: true, createdAt: true } } satisfies Prisma.ServiceRequest$photosArgs

/** Writes down the photos of one message; they wait for a request. Written again they are the same. */
export async function insertPhotos(transaction: Transaction, message: { inboundId: string; personId: string; photos: readonly PictureReference[]; now: Date }): Promise<void> {
  const { inboundId, personId, now } = message
  const known = await transaction.photo.findMany({ where: { inboundId }, select: { name: true } })
  const names = new Set(known.map(({ name }) => name))
  const fresh = message.photos.filter(({ name }, index) => !names.has(name) && message.photos.findIndex((other) => other.name === name) === index)
  await transaction.photo.createMany({ data: fresh.map(({ name, size }, position) => ({ id: randomUUID(), name, size, position, personId, inboundId, createdAt: now })) })
}

/**
 * Puts the photos of these messages to a request: as many as there is room for, and none that it has already.
 * @returns how many came to it
 */
export async function joinPhotos(transaction: Transaction, { requestId, inboundIds, now }: { requestId: string; inboundIds: readonly string[]; now: Date }): Promise<number> {
  const waiting = await transaction.photo.findMany({ where: { inboundId: { in: [...inboundIds] }, requestId: null, goneAt: null }, orderBy: PHOTOS_OF_REQUEST.orderBy })
  if (waiting.length === 0) return 0
  const has = new Set((await transaction.photo.findMany({ where: { requestId }, select: { name: true } })).map(({ name }) => name))
  let joined = 0
  for (const { id, name } of waiting) {
    const isTaken = has.size < MOST_PHOTOS && !has.has(name)
    if (isTaken) {
      joined += 1
      has.add(name)
    }
    await transaction.photo.updateMany({ where: { id }, data: isTaken ? { requestId } : GONE(now) })
  }
  return joined
}

/** Nobody's any more, and in no request: its file goes when nothing else names it. */
const GONE = (now: Date) => ({ personId: null, inboundId: null, requestId: null, goneAt: now })

/** Lets go of what came with these messages and is in no request; without messages of all that this person's requests do not hold. */
export async function letGoOfWaitingPhotos(transaction: Transaction, { personId, inboundIds, now }: { personId: string; inboundIds?: readonly string[]; now: Date }): Promise<void> {
  await transaction.photo.updateMany({ where: { personId, requestId: null, goneAt: null, ...(inboundIds && { inboundId: { in: [...inboundIds] } }) }, data: GONE(now) })
}

/** Lets go of all that this person sent. */
export async function letGoOfPhotos(transaction: Transaction, { personId, now }: { personId: string; now: Date }): Promise<void> {
  await transaction.photo.updateMany({ where: { goneAt: null, personId }, data: GONE(now) })
}

/** Lets go of all that these requests hold, whoever sent it. */
export async function letGoOfPhotosOf(transaction: Transaction, requestIds: readonly string[], now: Date): Promise<void> {
  await transaction.photo.updateMany({ where: { goneAt: null, requestId: { in: [...requestIds] } }, data: GONE(now) })
}

/** Lets go of what has waited for a request since before this instant, but for what an open form holds. */
export async function letGoOfOldPhotos(store: Store, { before, now }: { before: Date; now: Date }): Promise<void> {
  const old = await store.read.photo.findMany({ where: { requestId: null, goneAt: null, createdAt: { lt: before } }, select: { id: true, personId: true, inboundId: true } })
  if (old.length === 0) return
  const drafts = await store.read.draft.findMany({ where: { personId: { in: [...new Set(old.flatMap(({ personId }) => personId ?? []))] } }, select: { state: true } })
  const inForms = new Set(drafts.flatMap(({ state }) => readDraftState(fromJson(state)).value?.messageIds ?? []))
  const ids = old.filter(({ inboundId }) => inboundId === null || !inForms.has(inboundId)).map(({ id }) => id)
  await store.write(async (transaction) => {
    await transaction.photo.updateMany({ where: { id: { in: ids }, requestId: null }, data: GONE(now) })
  })
}

/** Rows that nobody needs any more. */
export const listGonePhotos = (store: Store): Promise<{ id: string; name: string }[]> => store.read.photo.findMany({ where: { goneAt: { not: null } }, select: { id: true, name: true } })

export async function forgetGonePhotos(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await store.write(async (transaction) => {
    await transaction.photo.deleteMany({ where: { id: { in: [...ids] }, goneAt: { not: null } } })
  })
}

/** Those of these files that somebody needs. */
export async function listNeededPhotos(store: Store, names: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await store.read.photo.findMany({ where: { name: { in: [...names] }, goneAt: null }, select: { name: true } })
  return new Set(rows.map(({ name }) => name))
}

/** The file of one photo of a request, which is named by id or number; null when it has none such. */
export async function findPhotoOfRequest(store: Store, request: string, id: string): Promise<string | null> {
  const row = await store.read.photo.findFirst({ where: { id, goneAt: null, request: { OR: [{ id: request }, { number: request }] } }, select: { name: true } })
  return row?.name ?? null
}

/** The file of one photo that was sent in this conversation; null when it is none of it. */
export async function findPhotoOfConversation(store: Store, conversation: { channel: string; account: string; externalId: string }, id: string): Promise<string | null> {
  const row = await store.read.photo.findFirst({ where: { id, goneAt: null, inbound: { conversation } }, select: { name: true } })
  return row?.name ?? null
}
