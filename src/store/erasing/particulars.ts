import type { Transaction } from '../engine/store.ts'
import { scrubHistories } from '../requests/move-request.ts'

/** What tells of one person wherever it stands. */
export interface Particulars {
  /** Telephones that nobody else gave. */
  phones: string[]
  /** Names that nobody else bears here, and addresses that nobody else gave. */
  names: string[]
  /** Tags that only this person has. */
  tags: string[]
}

const MARK = '（已删除）'
/** What the log says of tags. */
const TAG_ACTIONS = ['tag_people', 'untag_people', 'rename_tag', 'remove_tag', 'tag_room']
/** In more lines of others than that, it is a word and no name: nobody blanks histories by giving 路灯 for a name. */
const MOST_LINES = 20
/** In characters: what is shorter says nothing of anybody. */
const SHORTEST = { phone: 7, name: 2, nickname: 4, address: 6 }

const distinct = (values: readonly (string | null | undefined)[], shortest: number): string[] => [...new Set(values.flatMap((value) => (value && value.length >= shortest ? [value] : [])))].sort((a, b) => b.length - a.length)

/** Reads them before they go. */
export async function readParticulars(transaction: Transaction, personId: string): Promise<Particulars> {
  const { nickname, requests, volunteer, ...person } = await transaction.person.findUniqueOrThrow({ where: { id: personId }, include: { requests: true, volunteer: true, tags: true } })
  const of: Others = { personId, requestIds: requests.map(({ id }) => id) }
  const phones = distinct([volunteer?.phone, ...requests.map((request) => request.requesterPhone)], SHORTEST.phone)
  const names = [
    ...distinct([volunteer?.name, ...requests.map((request) => request.requesterName)], SHORTEST.name),
    ...distinct([nickname], SHORTEST.nickname),
    ...distinct(requests.map((request) => request.address), SHORTEST.address),
  ]
  const tags = person.tags.map(({ tag }) => tag)
  return {
    phones: await filter(phones, async (phone) => !(await isPhoneOfOthers(transaction, phone, of))),
    names: await filter([...new Set(names)], async (name) => !(await isNameOfOthers(transaction, name, of))),
    tags: await filter(tags, async (tag) => (await transaction.personTag.count({ where: { tag, personId: { not: personId } } })) + (await transaction.roomTag.count({ where: { tag } })) === 0),
  }
}

interface Others {
  personId: string
  /** Those that are this person's own. */
  requestIds: string[]
}

async function filter(values: readonly string[], isTheirs: (value: string) => Promise<boolean>): Promise<string[]> {
  const theirs: string[] = []
  for (const value of values) if (await isTheirs(value)) theirs.push(value)
  return theirs
}

async function isPhoneOfOthers(transaction: Transaction, phone: string, { personId, requestIds }: Others): Promise<boolean> {
  const ofVolunteer = await transaction.volunteer.count({ where: { OR: [{ phone }, { guardianPhone: phone }], personId: { not: personId }, namedById: null } })
  return ofVolunteer + (await transaction.serviceRequest.count({ where: { id: { notIn: requestIds }, requesterPhone: phone } })) > 0
}

async function isNameOfOthers(transaction: Transaction, name: string, { personId, requestIds }: Others): Promise<boolean> {
  const others = { id: { notIn: requestIds } }
  const bearers = [
    await transaction.person.count({ where: { nickname: name, id: { not: personId } } }),
    await transaction.volunteer.count({ where: { name, personId: { not: personId } } }),
    await transaction.staffMember.count({ where: { name } }),
    await transaction.serviceRequest.count({ where: { ...others, OR: [{ requesterName: name }, { address: { contains: name } }] } }),
  ]
  if (bearers.some((count) => count > 0)) return true
  return (await transaction.activity.count({ where: { requestId: { notIn: requestIds }, note: { contains: name } } })) > MOST_LINES
}

/** Takes them out of what others have written at the desk and of what others were told: a mark stands in their place. */
export async function scrubParticulars(transaction: Transaction, { phones, names, tags }: Particulars): Promise<void> {
  const needles = [...phones, ...names]
  if (needles.length > 0) {
    const scrub = (text: string): string => needles.reduce((scrubbed, needle) => scrubbed.replaceAll(needle, MARK), text)
    await scrubHistories(transaction, { needles, phones, scrub })
    await scrubTold(transaction, needles, scrub)
    await scrubLog(transaction, { needles, scrub })
  }
  for (const tag of tags) {
    const scrub = (text: string): string => text.split('、').map((one) => (one === tag ? MARK : one.replace(`改成 ${tag}`, `改成 ${MARK}`))).join('、')
    await scrubLog(transaction, { needles: [tag], scrub, actions: TAG_ACTIONS })
  }
}

async function scrubTold(transaction: Transaction, needles: readonly string[], scrub: (text: string) => string): Promise<void> {
  const holds = { OR: needles.map((needle) => ({ text: { contains: needle } })) }
  for (const { seq, text } of await transaction.outboxMessage.findMany({ where: { ...holds, announcementId: null }, select: { seq: true, text: true } })) {
    await transaction.outboxMessage.updateMany({ where: { seq }, data: { text: scrub(text) } })
  }
  for (const { id, text } of await transaction.staffNotice.findMany({ where: holds, select: { id: true, text: true } })) await transaction.staffNotice.updateMany({ where: { id }, data: { text: scrub(text) } })
  // Why a draft was returned.
  const inNote = { OR: needles.map((needle) => ({ note: { contains: needle } })) }
  for (const { id, note } of await transaction.announcementLine.findMany({ where: inNote, select: { id: true, note: true } })) await transaction.announcementLine.updateMany({ where: { id }, data: { note: scrub(note) } })
  const inComment = { OR: needles.map((needle) => ({ returnComment: { contains: needle } })) }
  for (const { id, returnComment } of await transaction.announcement.findMany({ where: inComment, select: { id: true, returnComment: true } })) {
    await transaction.announcement.updateMany({ where: { id }, data: { returnComment: scrub(returnComment ?? '') } })
  }
}

async function scrubLog(transaction: Transaction, { needles, scrub, actions }: { needles: readonly string[]; scrub: (text: string) => string; actions?: string[] }): Promise<void> {
  const where = { OR: needles.flatMap((needle) => [{ subject: { contains: needle } }, { detail: { contains: needle } }]), ...(actions && { action: { in: actions } }) }
  for (const { id, subject, detail } of await transaction.auditEntry.findMany({ where, select: { id: true, subject: true, detail: true } })) {
    await transaction.auditEntry.updateMany({ where: { id }, data: { subject: scrub(subject), detail: scrub(detail) } })
  }
}
