import type { Store } from '../engine/store.ts'

/** How far a channel account has read on its platform; null before the first time. */
export async function readCursor(store: Store, account: { channel: string; account: string }): Promise<number | null> {
  const row = await store.read.channelAccount.findUnique({ where: { channel_account: account }, select: { cursor: true } })
  return row?.cursor == null ? null : Number(row.cursor)
}

/** Keeps how far a channel account has read; durable when it resolves. */
export async function writeCursor(store: Store, account: { channel: string; account: string }, cursor: number, now: Date): Promise<void> {
  const values = { cursor: String(cursor), updatedAt: now }
  await store.write((transaction) => transaction.channelAccount.upsert({ where: { channel_account: account }, create: { ...account, ...values }, update: values }))
}

export interface LeaseRequest {
  channel: string
  account: string
  owner: string
  now: Date
  until: Date
  /** Whether the holder of a lease is known to be gone, so that nobody need wait for its end. */
  isGone: (owner: string) => boolean
}

/** Takes or prolongs the lease of an account; false when somebody else holds it. */
export function acquireLease(store: Store, { channel, account, owner, now, until, isGone }: LeaseRequest): Promise<boolean> {
  return store.write(async (transaction) => {
    const row = await transaction.channelAccount.findUnique({ where: { channel_account: { channel, account } }, select: { leaseOwner: true, leaseUntil: true } })
    const isHeld = row?.leaseOwner != null && row.leaseOwner !== owner && row.leaseUntil !== null && row.leaseUntil > now && !isGone(row.leaseOwner)
    if (isHeld) return false
    const values = { leaseOwner: owner, leaseUntil: until, updatedAt: now }
    await transaction.channelAccount.upsert({ where: { channel_account: { channel, account } }, create: { channel, account, ...values }, update: values })
    return true
  })
}

/** Gives the lease back, so that a waiting process need not wait for its end. */
export async function releaseLease(store: Store, { channel, account, owner }: Pick<LeaseRequest, 'channel' | 'account' | 'owner'>): Promise<void> {
  await store.write((transaction) => transaction.channelAccount.updateMany({ where: { channel, account, leaseOwner: owner }, data: { leaseOwner: null, leaseUntil: null } }))
}
