import type { AccountBudget } from './outbox-sending.ts'
import { Prisma } from '../generated/client.ts'
import type { Store, Transaction } from '../engine/store.ts'

export interface HeldAccounts {
  /** Those that nobody else claims for, and those for which nothing may be taken now. */
  accounts: AccountBudget[]
  /** When to ask again for the others; null = there are none. */
  againAt: Date | null
}

/** A claim takes some milliseconds. */
const AGAIN_MS = 20

/**
 * The accounts for which this claim is the only one until its transaction ends: of several processes each leaves alone what another is
 * claiming for, so that limits and the order of a conversation's messages hold.
 */
export async function holdAccounts({ others }: Pick<Store, 'others'>, transaction: Transaction, accounts: AccountBudget[], now: Date): Promise<HeldAccounts> {
  const wanted = accounts.filter(({ total }) => total >= 1)
  if (others === undefined || wanted.length === 0) return { accounts, againAt: null }
  let free = await lock(transaction, wanted)
  if (free.length < wanted.length && (await addMissing(transaction, wanted, now)) > 0) free = await lock(transaction, wanted)
  return { accounts: accounts.filter((one) => one.total < 1 || free.includes(one)), againAt: free.length < wanted.length ? new Date(now.getTime() + AGAIN_MS) : null }
}

async function lock(transaction: Transaction, accounts: AccountBudget[]): Promise<AccountBudget[]> {
  const keys = accounts.map(({ channel, account }) => Prisma.sql`(${channel}, ${account})`)
  const rows = await transaction.$queryRaw<{ channel: string; account: string }[]>`
    SELECT "channel", "account" FROM "ChannelAccount" WHERE ("channel", "account") IN (${Prisma.join(keys)}) ORDER BY "channel", "account" FOR UPDATE SKIP LOCKED`
  return accounts.filter((one) => rows.some((row) => row.channel === one.channel && row.account === one.account))
}

const addMissing = (transaction: Transaction, accounts: AccountBudget[], now: Date): Promise<number> =>
  transaction.$executeRaw`INSERT INTO "ChannelAccount" ("channel", "account", "updatedAt") VALUES ${Prisma.join(accounts.map(({ channel, account }) => Prisma.sql`(${channel}, ${account}, ${now})`))} ON CONFLICT DO NOTHING`
