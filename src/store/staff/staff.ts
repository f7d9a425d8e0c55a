import { randomUUID } from 'node:crypto'
import { createOneTimePassword } from './codes.ts'
import type { StaffMember } from '../generated/client.ts'
import { hashPassword, isPassword, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './passwords.ts'
import type { Store, Transaction } from '../engine/store.ts'
import { noteSuccess, takeAttempt, type ThrottleRule } from '../engine/throttle.ts'

export const STAFF_ROLES = ['admin', 'staff'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]
export const isStaffRole = (value: string): value is StaffRole => (STAFF_ROLES as readonly string[]).includes(value)

/** A member of staff without the password's hash. */
export interface StaffRecord {
  id: string
  user: string
  name: string
  role: StaffRole
  /** The area that they are answerable for; null = none in particular. */
  areaCode: string | null
  mustChangePassword: boolean
  createdAt: Date
  disabledAt: Date | null
}

const USER_PATTERN = /^[\p{Script=Han}A-Za-z0-9][\p{Script=Han}A-Za-z0-9._-]{1,31}$/u

/** 2 to 32 letters, digits, Chinese characters, `.`, `_` or `-`: a name that is the same wherever it is shown. */
export const isStaffUser = (user: string): boolean => USER_PATTERN.test(user)

export const toRecord = (row: StaffMember): StaffRecord => ({
  id: row.id,
  user: row.user,
  name: row.name,
  role: row.role === 'admin' ? 'admin' : 'staff',
  areaCode: row.areaCode,
  mustChangePassword: row.mustChangePassword,
  createdAt: row.createdAt,
  disabledAt: row.disabledAt,
})

export type AddStaffResult = { outcome: 'added'; staff: StaffRecord; oneTimePassword: string } | { outcome: 'user_exists' } | { outcome: 'invalid_user' }

/** Adds a member of staff with a one-time password that has to be changed at the first log-in. `by` is for the audit log. */
export async function addStaff(store: Store, input: { user: string; name?: string; role: StaffRole; by?: string; now: Date }): Promise<AddStaffResult> {
  if (!isStaffUser(input.user)) return { outcome: 'invalid_user' }
  const oneTimePassword = createOneTimePassword()
  const passwordHash = await hashPassword(oneTimePassword)
  return store.write(async (transaction) => {
    const known = await transaction.staffMember.findUnique({ where: { user: input.user }, select: { id: true } })
    if (known) return { outcome: 'user_exists' }
    const row = await transaction.staffMember.create({
      data: { id: randomUUID(), user: input.user, name: input.name?.trim() || input.user, role: input.role, passwordHash, mustChangePassword: true, createdAt: input.now },
    })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by ?? '系统', action: 'add_staff', subject: input.user, detail: input.role }] })
    return { outcome: 'added', staff: toRecord(row), oneTimePassword }
  })
}

/**
 * Makes the first administrator when there is none yet: with the credentials given, else `admin` with a one-time password.
 * Staff added on the command line before the first start don't stand in for one.
 * @returns null when there is one, or that user exists already (nothing is changed); `oneTimePassword` is null when the given password counts
 */
export async function ensureFirstStaff(
  store: Store,
  input: { user?: string; password?: string; now: Date },
): Promise<{ user: string; oneTimePassword: string | null } | null> {
  const user = input.user ?? 'admin'
  const isThere = { OR: [{ role: 'admin' }, { user }] }
  if ((await store.read.staffMember.count({ where: isThere })) > 0) return null
  const oneTimePassword = input.password === undefined ? createOneTimePassword() : null
  const passwordHash = await hashPassword(input.password ?? oneTimePassword ?? '')
  return store.write(async (transaction) => {
    if ((await transaction.staffMember.count({ where: isThere })) > 0) return null
    await transaction.staffMember.createMany({
      data: [{ id: randomUUID(), user, name: user === 'admin' ? '管理员' : user, role: 'admin', passwordHash, mustChangePassword: oneTimePassword !== null, createdAt: input.now }],
    })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: '系统', action: 'add_staff', subject: user, detail: 'admin' }] })
    return { user, oneTimePassword }
  })
}

export async function findStaff(store: Store, user: string): Promise<StaffRecord | null> {
  const row = await store.read.staffMember.findUnique({ where: { user } })
  return row && toRecord(row)
}

/** All members of staff, active ones first, then by name. */
export async function listStaff(store: Store): Promise<StaffRecord[]> {
  const rows = await store.read.staffMember.findMany({ orderBy: { user: 'asc' } })
  return rows.map(toRecord).sort((a, b) => Number(a.disabledAt !== null) - Number(b.disabledAt !== null))
}

const loginRules = (user: string, address: string): [ThrottleRule, ThrottleRule] => [
  { key: `login:user:${user.slice(0, 64)}`, freeAttempts: 5, firstWaitMs: 30_000, longestWaitMs: 15 * 60_000 },
  // Staff of one office often share an address, so it takes more to shut it out.
  { key: `login:address:${address.slice(0, 64)}`, freeAttempts: 30, firstWaitMs: 30_000, longestWaitMs: 5 * 60_000 },
]

export type LoginResult = { outcome: 'ok'; staff: StaffRecord } | { outcome: 'wrong' } | { outcome: 'throttled'; waitMs: number }

/**
 * Checks a user name and a password. Unknown, disabled and wrong look the same and take as long; after five failures of a user
 * or thirty of an address the next try has to wait, even with the right password.
 */
export async function verifyLogin(store: Store, input: { user: string; password: string; address: string; now: Date }): Promise<LoginResult> {
  const [userRule, addressRule] = loginRules(input.user, input.address)
  const waitMs = await takeAttempt(store, [userRule, addressRule], input.now)
  if (waitMs > 0) return { outcome: 'throttled', waitMs }
  const row = await store.read.staffMember.findUnique({ where: { user: input.user } })
  const isRight = await isPassword(input.password, row && row.disabledAt === null ? row.passwordHash : null)
  if (!row || !isRight) return { outcome: 'wrong' }
  await noteSuccess(store, { forget: [userRule.key], undo: [addressRule.key] })
  return { outcome: 'ok', staff: toRecord(row) }
}

/** Judged without the user's name, as "li" stands in many a good pass phrase. */
function isTooEasy(password: string, user: string): boolean {
  const rest = password.toLowerCase().replaceAll(user.toLowerCase(), '')
  return new Set(password).size < 5 || (rest.length < password.length && rest.length < SHORTEST_REST)
}
const SHORTEST_REST = 8

export type ChangePasswordResult = 'changed' | 'wrong_password' | 'too_short' | 'too_long' | 'too_easy' | 'same_password' | { waitMs: number }

/** Changes one's own password and ends all sessions but the one that is kept. */
export async function changePassword(
  store: Store,
  input: { staffId: string; current: string; next: string; keepSessionId?: string; now: Date },
): Promise<ChangePasswordResult> {
  if (input.next.length < SHORTEST_PASSWORD) return 'too_short'
  if (input.next.length > LONGEST_PASSWORD) return 'too_long'
  const row = await store.read.staffMember.findUniqueOrThrow({ where: { id: input.staffId } })
  if (isTooEasy(input.next, row.user)) return 'too_easy'
  const [rule] = loginRules(row.user, '')
  const waitMs = await takeAttempt(store, [rule], input.now)
  if (waitMs > 0) return { waitMs }
  if (!(await isPassword(input.current, row.passwordHash))) return 'wrong_password'
  await noteSuccess(store, { forget: [rule.key], undo: [] })
  if (input.current === input.next) return 'same_password'
  const passwordHash = await hashPassword(input.next)
  await store.write(async (transaction) => {
    await transaction.staffMember.updateMany({ where: { id: row.id }, data: { passwordHash, mustChangePassword: false } })
    await transaction.staffSession.deleteMany({ where: { staffId: row.id, ...(input.keepSessionId !== undefined && { id: { not: input.keepSessionId } }) } })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: row.user, action: 'change_password', subject: row.user, detail: '' }] })
  })
  return 'changed'
}

/** Gives a member of staff a new one-time password and ends their sessions; null when there is no such user. */
export async function resetPassword(store: Store, input: { user: string; by: string; now: Date }): Promise<string | null> {
  const oneTimePassword = createOneTimePassword()
  const passwordHash = await hashPassword(oneTimePassword)
  return store.write(async (transaction) => {
    const row = await transaction.staffMember.findUnique({ where: { user: input.user }, select: { id: true } })
    if (!row) return null
    await transaction.staffMember.updateMany({ where: { id: row.id }, data: { passwordHash, mustChangePassword: true } })
    await transaction.staffSession.deleteMany({ where: { staffId: row.id } })
    await transaction.failedAttempt.deleteMany({ where: { key: loginRules(input.user, '')[0].key } })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: 'reset_password', subject: input.user, detail: '' }] })
    return oneTimePassword
  })
}

/** Says for which area a member of staff is answerable; null = none in particular. */
export function setStaffArea(store: Store, input: { user: string; areaCode: string | null; by: string; now: Date }): Promise<'changed' | 'unchanged' | 'not_found'> {
  return store.write(async (transaction) => {
    const row = await transaction.staffMember.findUnique({ where: { user: input.user }, select: { id: true, areaCode: true } })
    if (!row) return 'not_found'
    if (row.areaCode === input.areaCode) return 'unchanged'
    await transaction.staffMember.updateMany({ where: { id: row.id }, data: { areaCode: input.areaCode } })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: 'staff_area', subject: input.user, detail: input.areaCode ?? '' }] })
    return 'changed'
  })
}

export type SetDisabledResult = 'changed' | 'unchanged' | 'not_found' | 'last_admin'

/** Disables a member of staff (sessions end, chat log-ins are unbound, codes are void) or enables them again. The last active admin stays. */
export const setStaffDisabled = (store: Store, input: { user: string; isDisabled: boolean; by: string; now: Date }): Promise<SetDisabledResult> => store.write((transaction) => setDisabledIn(transaction, input))

/** The same within a transaction that does more. */
export async function setDisabledIn(transaction: Transaction, input: { user: string; isDisabled: boolean; by: string; now: Date }): Promise<SetDisabledResult> {
  const row = await transaction.staffMember.findUnique({ where: { user: input.user } })
  if (!row) return 'not_found'
  if ((row.disabledAt !== null) === input.isDisabled) return 'unchanged'
  if (input.isDisabled && row.role === 'admin') {
    const others = await transaction.staffMember.count({ where: { role: 'admin', disabledAt: null, id: { not: row.id } } })
    if (others === 0) return 'last_admin'
  }
  await transaction.staffMember.updateMany({ where: { id: row.id }, data: { disabledAt: input.isDisabled ? input.now : null } })
  if (input.isDisabled) {
    await transaction.staffSession.deleteMany({ where: { staffId: row.id } })
    await transaction.oneTimeCode.deleteMany({ where: { staffId: row.id, usedAt: null } })
    await transaction.identity.updateMany({ where: { staffId: row.id }, data: { staffId: null } })
  }
  await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by, action: input.isDisabled ? 'disable_staff' : 'enable_staff', subject: input.user, detail: '' }] })
  return 'changed'
}
