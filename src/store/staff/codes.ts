import { createHash, randomInt } from 'node:crypto'
import type { Store, Transaction } from '../engine/store.ts'

/** No 0/O, 1/I/L: what is read aloud or copied by hand arrives. 31 signs, so a code of ten holds 49 bits. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 10
const PASSWORD_LENGTH = 14
const STAFF_CODE_VALID_MS = 30 * 60 * 1000
const ROOM_CODE_VALID_MS = 24 * 60 * 60 * 1000
const GUARDIAN_CODE_VALID_MS = 7 * 24 * 60 * 60 * 1000
const REQUEST_CODE_VALID_MS = 30 * 24 * 60 * 60 * 1000

const randomText = (length: number): string => Array.from({ length }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')

/** A password to be handed over once and changed at the first log-in: 14 signs, 69 bits. */
export const createOneTimePassword = (): string => randomText(PASSWORD_LENGTH).toLowerCase()

/** The id under which a one-time code is stored. Blanks, dashes, full width and lower case make no difference. */
export function hashCode(code: string): string {
  const normalised = code.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '').toUpperCase()
  return createHash('sha256').update(normalised).digest('hex')
}

/** A code for `绑定 CODE` in a private conversation, valid for 30 minutes; null when no such active member of staff exists. */
export async function createStaffCode(store: Store, input: { user: string; now: Date }): Promise<string | null> {
  const code = randomText(CODE_LENGTH)
  const isCreated = await store.write(async (transaction) => {
    const staff = await transaction.staffMember.findFirst({ where: { user: input.user, disabledAt: null }, select: { id: true } })
    if (!staff) return false
    await transaction.oneTimeCode.createMany({
      data: [{ id: hashCode(code), purpose: 'staff', staffId: staff.id, createdAt: input.now, expiresAt: new Date(input.now.getTime() + STAFF_CODE_VALID_MS) }],
    })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.user, action: 'create_staff_code', subject: input.user, detail: '' }] })
    return true
  })
  return isCreated ? code : null
}

/**
 * A code for `绑定 CODE` in a group, valid for 24 hours: it binds the group, to `areaCode` when given. With `roomId` it says which
 * of our rooms the group is, whatever id its platform gives it by now.
 */
export async function createRoomCode(store: Store, input: { areaCode?: string; roomId?: string; by?: string; now: Date }): Promise<string> {
  const code = randomText(CODE_LENGTH)
  await store.write(async (transaction) => {
    await transaction.oneTimeCode.createMany({
      data: [{ id: hashCode(code), purpose: 'room', areaCode: input.areaCode ?? null, roomId: input.roomId ?? null, createdAt: input.now, expiresAt: new Date(input.now.getTime() + ROOM_CODE_VALID_MS) }],
    })
    await transaction.auditEntry.createMany({ data: [{ at: input.now, actor: input.by ?? '系统', action: 'create_room_code', subject: input.roomId ?? '', detail: input.areaCode ?? '' }] })
  })
  return code
}

/** A code with which a resident's chat joins a request that was filed for them, valid for 30 days; parted in two so that it can be read out. */
export async function addRequestCode(transaction: Transaction, input: { requestId: string; now: Date }): Promise<string> {
  const code = `${randomText(CODE_LENGTH / 2)}-${randomText(CODE_LENGTH / 2)}`
  await transaction.oneTimeCode.createMany({ data: [{ id: hashCode(code), purpose: 'request', requestId: input.requestId, createdAt: input.now, expiresAt: new Date(input.now.getTime() + REQUEST_CODE_VALID_MS) }] })
  return code
}

/** A code with which the guardian of a child confirms from a chat of their own that it may help, valid for 7 days. Earlier ones for this child are over. */
export async function addGuardianCode(transaction: Transaction, input: { volunteerId: string; number: string; by: string; now: Date }): Promise<string> {
  const { volunteerId, number, by, now } = input
  const code = `${randomText(CODE_LENGTH / 2)}-${randomText(CODE_LENGTH / 2)}`
  await transaction.oneTimeCode.updateMany({ where: { volunteerId, usedAt: null }, data: { expiresAt: now } })
  await transaction.oneTimeCode.createMany({ data: [{ id: hashCode(code), purpose: 'guardian', volunteerId, createdAt: now, expiresAt: new Date(now.getTime() + GUARDIAN_CODE_VALID_MS) }] })
  await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'create_guardian_code', subject: number, detail: '' }] })
  return code
}
