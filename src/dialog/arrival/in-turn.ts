import type { TurnResult } from '../../domain/messages/outcome.ts'
import { findUndecided, listUndecided, type StoredMessage } from '../../store/conversations/inbound.ts'
import type { Store } from '../../store/engine/store.ts'
import { createConversationQueue, type ConversationQueue } from './conversation-queue.ts'

/**
 * The queue of each conversation: of this process, and where others decide on the same database, of all of them. There the database holds
 * it, and whoever has it decides first what was received before and is still undecided: its process may be waiting, or dead.
 */
export interface SharedQueue extends Pick<ConversationQueue, 'idle'> {
  /** Decides one message when it is its turn; null when another process has decided it meanwhile. */
  run(conversationId: string, inboundId: string, decide: () => Promise<TurnResult>): Promise<TurnResult | null>
}

export function createSharedQueue(store: Store, decideStored: (message: StoredMessage) => Promise<unknown>): SharedQueue {
  const queue = createConversationQueue()
  const { others } = store
  if (others === undefined) return { idle: () => queue.idle(), run: (conversationId, _, decide) => queue.run(conversationId, decide) }

  const inTurn = async (conversationId: string, inboundId: string, decide: () => Promise<TurnResult>): Promise<TurnResult | null> => {
    const undecided = await listUndecided(store, conversationId)
    const place = undecided.indexOf(inboundId)
    if (place === -1) return null
    if (place > 0) {
      const before = new Set(undecided.slice(0, place))
      for (const message of await findUndecided(store, { conversationId })) if (before.has(message.inboundId)) await decideStored(message)
    }
    return decide()
  }
  return {
    idle: () => queue.idle(),
    run: (conversationId, inboundId, decide) => queue.run(conversationId, () => others.alone(conversationId, () => inTurn(conversationId, inboundId, decide))),
  }
}
