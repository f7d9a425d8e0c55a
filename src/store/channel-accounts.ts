import type { Store } from './store.ts'

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
