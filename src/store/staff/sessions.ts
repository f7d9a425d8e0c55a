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

/** The session of a cookie's token; null when there is none, it is over, or its owner was disabled. */
export async function findSession(store: Store, token: string, now: Date): Promise<StaffSessionRecord | null> {
  const row = await store.read.staffSession.findFirst({ where: { id: hashToken(token), expiresAt: { gt: now }, staff: { disabledAt: null } }, include: { staff: true } })
  if (!row) return null
  return { id: row.id, csrfToken: row.csrfToken, staff: toRecord(row.staff) }
}

export function endSession(store: Store, session: { id: string; staff: { user: string } }, now: Date): Promise<void> {
  return store.write(async (transaction) => {
    const { count } = await transaction.staffSession.deleteMany({ where: { id: session.id } })
    if (count > 0) await transaction.auditEntry.createMany({ data: [{ at: now, actor: session.staff.user, action: 'log_out', subject: session.staff.user, detail: '' }] })
  })
}
