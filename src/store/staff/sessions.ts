import { createHash, randomBytes } from 'node:crypto'
import { toRecord, type StaffRecord } from './staff.ts'
import type { Store } from '../engine/store.ts'

/** How long a log-in lasts, whatever happens in between. */
export const SESSION_VALID_MS = 12 * 60 * 60 * 1000

export interface StaffSessionRecord {
  id: string
  csrfToken: string
  staff: StaffRecord
}

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Starts a session and forgets those that are over. @returns the cookie's token, which is kept nowhere */
export async function startSession(store: Store, input: { staff: StaffRecord; address: string; now: Date }): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await store.write(async (transaction) => {
    await transaction.staffSession.deleteMany({ where: { expiresAt: { lte: input.now } } })
    await transaction.staffSession.createMany({
      data: [
        {
          id: hashToken(token),
          staffId: input.staff.id,
          csrfToken: randomBytes(24).toString('base64url'),
          createdAt: input.now,
          expiresAt: new Date(input.now.getTime() + SESSION_VALID_MS),
        },
      ],
    })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.staff.user, action: 'log_in', subject: input.staff.user, detail: input.address }] })
  })
  return token
}

/** Two machines' clocks may differ by so much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** The session of a cookie's token; null when there is none, it is over, or its owner was disabled. */
export async function findSession(store: Store, token: string, now: Date): Promise<StaffSessionRecord | null> {
  // One that ends later than any that begins now was begun by a clock that was wrong: it would last until the day that showed.
  const latestEnd = new Date(now.getTime() + SESSION_VALID_MS + CLOCK_TOLERANCE_MS)
  const row = await store.read.staffSession.findFirst({ where: { id: hashToken(token), expiresAt: { gt: now, lte: latestEnd }, staff: { disabledAt: null } }, include: { staff: true } })
  if (!row) return null
  return { id: row.id, csrfToken: row.csrfToken, staff: toRecord(row.staff) }
}

export function endSession(store: Store, session: { id: string; staff: { user: string } }, now: Date): Promise<void> {
  return store.write(async (transaction) => {
    const { count } = await transaction.staffSession.deleteMany({ where: { id: session.id } })
    if (count > 0) await transaction.auditEntry.createMany({ data: [{ at: now, actor: session.staff.user, action: 'log_out', subject: session.staff.user, detail: '' }] })
  })
}
