import { beginDrill, raiseAlert } from '../../src/store/duty/alerts.ts'
import type { Store } from '../../src/store/engine/store.ts'

const EARLIER = new Date('2026-11-20T00:00:00Z')

/** A member of staff, with a login on each of these channels (account a1); `c-NAME-CHANNEL` is the private conversation there, `x-…` its id on the platform. */
export async function addStaffWithLogins(store: Store, user: string, channels: readonly string[], options: { name?: string; isDisabled?: boolean; account?: string } = {}): Promise<void> {
  const { name = user, isDisabled = false, account = 'a1' } = options
  await store.write(async (transaction) => {
    await transaction.staffMember.createMany({ data: [{ id: `s-${user}`, user, name, role: 'staff', passwordHash: '', mustChangePassword: false, createdAt: EARLIER, disabledAt: isDisabled ? EARLIER : null }] })
    for (const channel of channels) {
      const personId = `p-${user}-${channel}`
      await transaction.person.createMany({ data: [{ id: personId, createdAt: EARLIER }] })
      await transaction.identity.createMany({ data: [{ id: `i-${user}-${channel}`, channel, account, externalId: `${user}-${channel}`, personId, staffId: `s-${user}`, createdAt: EARLIER }] })
      await transaction.conversation.createMany({ data: [{ id: `c-${user}-${channel}`, channel, account, externalId: `x-${user}-${channel}`, kind: 'private', personId, createdAt: EARLIER }] })
    }
  })
}

export async function setDuty(store: Store, date: string, person: string | null, deputy: string | null): Promise<void> {
  await store.write((transaction) => transaction.dutyDay.create({ data: { date, personId: person && `s-${person}`, deputyId: deputy && `s-${deputy}`, by: 'test', updatedAt: EARLIER } }))
}

/** An emergency of the resident `liu` of `addPeople`, as a turn writes it. */
export function fileEmergency(store: Store, now: Date, options: { id?: string; words?: string; call?: string } = {}) {
  const { id = 'r1', words = '厨房着火了', call = '119' } = options
  return store.write(async (transaction) => {
    await transaction.serviceRequest.createMany({ data: [{ id, number: `SR-20261124-${id}`, kind: 'emergency', category: '紧急情况', status: 'submitted', description: words, address: '3号楼2单元501', requesterId: 'liu', requesterName: '刘桂兰', requesterPhone: '13800138001', conversationId: 'c-liu', createdAt: now, updatedAt: now }] })
    return raiseAlert(transaction, { requestId: id, words, call, by: '居民', now })
  })
}

export const sayMore = (store: Store, now: Date, words: string, options: { id?: string; isSafe?: true } = {}) =>
  store.write((transaction) => raiseAlert(transaction, { requestId: options.id ?? 'r1', words, by: '居民', now, ...(options.isSafe && { isSafe: true }) }))

export const drill = (store: Store, now: Date, by = 'wang') => store.write((transaction) => beginDrill(transaction, { by, words: '演练', now }))

