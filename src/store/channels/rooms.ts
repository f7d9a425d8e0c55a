import type { InboundMessage } from '../../domain/messages/messages.ts'
import { readConversationState } from '../../domain/kept-state.ts'
import type { Store } from '../engine/store.ts'

export interface Room {
  id: string
  channel: string
  account: string
  title: string
}

/** A group of ours by our own id; null when there is none. */
export function findRoom(store: Store, id: string): Promise<Room | null> {
  return store.read.conversation.findFirst({ where: { id, kind: 'group' }, select: { id: true, channel: true, account: true, title: true } })
}

/** The groups that the assistant knows, by name, at most a hundred. */
export function listRoomNames(store: Store): Promise<Room[]> {
  return store.read.conversation.findMany({ where: { kind: 'group' }, orderBy: [{ title: 'asc' }, { createdAt: 'asc' }], take: 100, select: { id: true, channel: true, account: true, title: true } })
}

type Said = Pick<InboundMessage, 'channel' | 'account' | 'conversation' | 'sender'>

const keyOf = ({ channel, account, conversation }: Said) => ({ channel, account, kind: conversation.kind, externalId: conversation.externalId })

/** Whether staff have bound the room of a message; a room that nobody has heard of is not. */
export async function isRoomBound(store: Store, said: Said): Promise<boolean> {
  const room = await store.read.conversation.findUnique({ where: { channel_account_kind_externalId: keyOf(said) }, select: { boundAt: true } })
  return room !== null && room.boundAt !== null
}

/** Who writes in a room: whether this log-in is bound to a member of staff, and when it last reported an emergency there. */
export async function readRoomSender(store: Store, said: Said): Promise<{ isStaff: boolean; emergencyAt: Date | null }> {
  const { channel, account, sender } = said
  const identity = await store.read.identity.findUnique({
    where: { channel_account_externalId: { channel, account, externalId: sender.externalId } },
    select: { personId: true, staff: { select: { disabledAt: true } } },
  })
  if (identity === null) return { isStaff: false, emergencyAt: null }
  const kept = await store.read.dialogState.findFirst({ where: { personId: identity.personId, conversation: keyOf(said) }, select: { state: true } })
  const { value: state } = readConversationState(kept?.state)
  return { isStaff: identity.staff !== null && identity.staff.disabledAt === null, emergencyAt: state.emergencyAt === undefined ? null : new Date(state.emergencyAt) }
}
