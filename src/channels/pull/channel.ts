import type { Channel, Mailbox } from '../../domain/messages/channel.ts'
import type { OutgoingMessage } from '../../domain/messages/messages.ts'
import { LARGEST_PICTURE_BYTES, PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { createStatus } from '../state.ts'

const LONGEST_TEXT = { limit: 100_000, unit: 'utf16' } as const

export type PullChannelId = 'web' | 'http' | 'terminal'

/** Passes on to the processes that readers may be connected to. */
export interface Relay {
  tell(detail: string): void
  hear(listener: (detail: string) => void): void
}

/**
 * A channel whose readers fetch from the store what is addressed to them: what is committed is delivered. `send` only wakes
 * the readers who listen at the moment, and so never fails and has no rate.
 */
export function createPullChannel(id: PullChannelId, account: string, now: () => Date = () => new Date(), relay?: Relay): Channel & { readonly mailbox: Mailbox } {
  const listeners = new Map<string, Set<(message: Pick<OutgoingMessage, 'key'>) => void>>()
  const status = createStatus(now)

  const mailbox: Mailbox = {
    subscribe(conversationExternalId, listener) {
      const ofConversation = listeners.get(conversationExternalId) ?? new Set()
      listeners.set(conversationExternalId, ofConversation.add(listener))
      return () => {
        ofConversation.delete(listener)
        if (ofConversation.size === 0 && listeners.get(conversationExternalId) === ofConversation) listeners.delete(conversationExternalId)
      }
    },
  }

  const wakeReaders = (conversationExternalId: string, message: Pick<OutgoingMessage, 'key'>): void => {
    for (const listener of [...(listeners.get(conversationExternalId) ?? [])]) {
      try {
        listener(message)
      } catch {
        // A reader that went away harms neither the others nor the message: it stands in the store.
        continue
      }
    }
  }
  relay?.hear((detail) => {
    if (detail === '') return
    const [channel, externalId, key] = JSON.parse(detail) as [string, string, string]
    if (channel === id) wakeReaders(externalId, { key })
  })

  return {
    id,
    account,
    capabilities: {
      groups: true,
      mentions: true,
      buttons: true,
      pulls: true,
      proactiveWindowMs: null,
      canSendProactively: true,
      ...(id === 'web' && { givesOwnDataFile: true }),
      longestText: LONGEST_TEXT,
      // Its readers see it under the text, or get its address; a terminal shows none.
      ...(id !== 'terminal' && { pictures: { types: PICTURE_TYPES, largestBytes: LARGEST_PICTURE_BYTES, longestCaption: LONGEST_TEXT } }),
      rate: { perSecond: Infinity, burst: Infinity },
    },
    mailbox,
    async start() {
      status.set('online')
    },
    async stop() {
      status.set('stopped')
    },
    async send(message) {
      const { externalId } = message.conversation
      wakeReaders(externalId, message)
      relay?.tell(JSON.stringify([id, externalId, message.key]))
      return { outcome: 'sent' }
    },
    status: () => status.read(),
  }
}
