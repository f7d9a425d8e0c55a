import { toLocalDay } from '../../domain/time.ts'
import { AUTHOR_NAMES } from '../../domain/requests/requests.ts'
import type { Store } from '../engine/store.ts'
import { insertRequest } from '../requests/move-request.ts'

export interface StagePerson {
  user: string
  name: string
  /** On each of these a login of theirs is bound. */
  channels: readonly string[]
}

/** Staff with bound logins, a roster for the day of `now`, and an emergency of a resident on the web chat. @returns the emergency's id */
export async function addEscalationStage(store: Store, stage: { people: readonly StagePerson[]; duty: readonly [string | null, string | null]; now: Date }): Promise<string> {
  const { people, duty, now } = stage
  return store.write(async (transaction) => {
    for (const { user, name, channels } of people) {
      await transaction.staffMember.createMany({ data: [{ id: user, user, name, role: 'staff', passwordHash: '', mustChangePassword: false, createdAt: now }] })
      for (const channel of channels) {
        const personId = `${user}-${channel}`
        await transaction.person.createMany({ data: [{ id: personId, createdAt: now }] })
        await transaction.identity.createMany({ data: [{ id: personId, channel, account: 'bench', externalId: personId, personId, staffId: user, createdAt: now }] })
        await transaction.conversation.createMany({ data: [{ id: personId, channel, account: 'bench', externalId: personId, kind: 'private', personId, createdAt: now }] })
      }
    }
    await transaction.dutyDay.createMany({ data: [{ date: toLocalDay(now), personId: duty[0], deputyId: duty[1], by: 'bench', updatedAt: now }] })
    await transaction.person.createMany({ data: [{ id: 'resident', createdAt: now }] })
    await transaction.conversation.createMany({ data: [{ id: 'resident', channel: 'web', account: 'web', externalId: 'resident', kind: 'private', personId: 'resident', createdAt: now }] })
    const request = { kind: 'emergency', serviceCode: null, category: '紧急情况', description: '厨房着火了', address: null, areaCode: null, requesterName: null, requesterPhone: null, wantedTime: null, dueAt: now } as const
    const { id } = await insertRequest(transaction, request, { author: 'resident', by: AUTHOR_NAMES.resident, personId: 'resident', channel: 'web', requesterId: 'resident', conversationId: 'resident' }, now)
    return id
  })
}
