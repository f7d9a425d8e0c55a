import type { Channel, ConversationEvent } from '../domain/messages/channel.ts'
import { createFaultLog, QUIET_MS, type Fault, type FaultLogger } from '../domain/faults.ts'
import { noteConversationEvent } from '../store/conversations/conversation-events.ts'
import type { Store } from '../store/engine/store.ts'

const SENT_AWAY: Fault = {
  name: 'sent-away',
  level: 'warn',
  message: 'The assistant was removed from a group: nothing is sent there any more. If it should be there, let an administrator of the group add it again; nothing else is to do then.',
  end: 'The assistant was removed from no further group for ten minutes.',
  quietMs: QUIET_MS,
}
const MOVED: Fault = {
  name: 'group-moved',
  level: 'warn',
  message: 'A group goes on under a new id; its binding and everything known of it went along. Nothing to do.',
  end: 'No further group has moved for ten minutes.',
  quietMs: QUIET_MS,
}

/** Stores what a platform tells of conversations, and says what operators should know of it. Somebody who blocks the assistant is no news. */
export function createEventNoter(channel: Pick<Channel, 'id' | 'account'>, { store, log, now }: { store: Store; log: FaultLogger; now: () => Date }): (event: ConversationEvent) => Promise<void> {
  const account = { channel: channel.id, account: channel.account }
  const faults = createFaultLog(log, now)
  return async (event) => {
    faults.sweep()
    const hasChanged = await noteConversationEvent(store, account, event, now())
    if (!hasChanged || event.conversation.kind !== 'group') return
    if (event.type === 'gone') faults.say(SENT_AWAY, account)
    if (event.type === 'moved') faults.say(MOVED, account)
  }
}
