/** Messages of one sender in one conversation that are answered within the window; nobody types so many. */
const MOST_IN_GROUP = 20
const MOST_IN_PRIVATE = 60
const WINDOW_MS = 5 * 60 * 1000
/** Senders that are remembered; who is quiet longest is forgotten first. */
const MOST_SENDERS = 1_000

export interface LoopGuard {
  /** Counts a message that is addressed to us; false when its sender goes on faster than a person would. */
  mayAnswer(said: { conversation: { kind: 'private' | 'group'; externalId: string }; sender: { externalId: string } }): boolean
}

/**
 * Two programs that answer each other never end, and on platforms that do not mark programs the other one looks like a person.
 * Who addresses us faster than anybody types is not answered until there is a pause.
 */
export function createLoopGuard(now: () => Date): LoopGuard {
  const heard = new Map<string, number[]>()
  return {
    mayAnswer({ conversation, sender }) {
      const key = JSON.stringify([conversation.kind, conversation.externalId, sender.externalId])
      const at = now().getTime()
      const most = conversation.kind === 'group' ? MOST_IN_GROUP : MOST_IN_PRIVATE
      const recent = (heard.get(key) ?? []).filter((before) => at - before < WINDOW_MS).slice(-most)
      heard.delete(key)
      heard.set(key, [...recent, at])
      const oldest = heard.keys().next().value
      if (heard.size > MOST_SENDERS && oldest !== undefined) heard.delete(oldest)
      return recent.length < most
    },
  }
}
