import type { Transaction } from '../engine/store.ts'

/** Lets somebody be told of a request, where they are; the requester is told anyway, and who follows it already goes on where they did. */
export async function addFollower(transaction: Transaction, follower: { requestId: string; personId: string; conversationId: string; followsFromId?: string; since: Date }): Promise<'added' | 'follows_already' | 'is_requester'> {
  const { requestId, personId } = follower
  const isRequester = await transaction.serviceRequest.count({ where: { id: requestId, requesterId: personId } })
  if (isRequester > 0) return 'is_requester'
  const isKnown = await transaction.requestFollower.count({ where: { requestId, personId } })
  if (isKnown > 0) return 'follows_already'
  await transaction.requestFollower.createMany({ data: [{ ...follower, followsFromId: follower.followsFromId ?? null }] })
  return 'added'
}

/** Nobody who came with a request that was merged into this one is told of this one any more. */
export async function removeFollowersFrom(transaction: Transaction, { requestId, followsFromId }: { requestId: string; followsFromId: string }): Promise<void> {
  await transaction.requestFollower.deleteMany({ where: { requestId, followsFromId } })
}

/** More steps than merges ever make: none leads into a request that was merged itself. */
const MOST_MERGES = 20

/** The request that one went into, through all that those went into; itself where it went into none. */
export async function throughMerges(transaction: Pick<Transaction, '$queryRaw'>, id: string): Promise<string> {
  let at = id
  for (let step = 0; step < MOST_MERGES; step += 1) {
    const [row] = await transaction.$queryRaw<{ mergedIntoId: string | null }[]>`SELECT "mergedIntoId" FROM "ServiceRequest" WHERE "id" = ${at}`
    if (row === undefined || row.mergedIntoId === null) return at
    at = row.mergedIntoId
  }
  return at
}

/** Nobody tells them of it any more. */
export async function removeFollower(transaction: Transaction, { requestId, personId }: { requestId: string; personId: string }): Promise<void> {
  await transaction.requestFollower.deleteMany({ where: { requestId, personId } })
}
