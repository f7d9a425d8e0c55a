import { randomUUID } from 'node:crypto'
import type { Store } from '../engine/store.ts'

export interface PushRoom {
  channel: string
  account: string
  externalId: string
  title: string
  areaCode: string | null
}

/** Groups that the settings name and that never say anything themselves: each is a bound conversation from the start. One that staff unbound stays so. */
export async function ensurePushRooms(store: Store, rooms: readonly PushRoom[], now: Date): Promise<void> {
  if (rooms.length === 0) return
  await store.write(async (transaction) => {
    for (const room of rooms) {
      const key = { channel: room.channel, account: room.account, kind: 'group', externalId: room.externalId }
      const { count } = await transaction.conversation.updateMany({ where: key, data: { title: room.title, areaCode: room.areaCode, goneAt: null } })
      if (count === 0) await transaction.conversation.createMany({ data: [{ ...key, id: randomUUID(), title: room.title, areaCode: room.areaCode, boundAt: now, createdAt: now }] })
    }
  })
}
