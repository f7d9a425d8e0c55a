import type { SendResult } from '../domain/messages/messages.ts'

/** Keys whose progress is remembered; the oldest are forgotten first. */
const REMEMBERED = 1_000

/**
 * Sends the parts of one message in order. What is sent is remembered by the message's key, so that a repetition after a
 * failure in the middle goes on with the part that is missing and nobody reads one twice. The result is that of the last
 * part tried: its platform id stands for the whole, as it bears the buttons.
 */
export function createPartSender(): (key: string, parts: readonly string[], sendPart: (part: string, index: number) => Promise<SendResult>) => Promise<SendResult> {
  const progress = new Map<string, { sent: number; last: SendResult }>()
  return async (key, parts, sendPart) => {
    let sent = progress.get(key)?.sent ?? 0
    let last: SendResult = progress.get(key)?.last ?? { outcome: 'rejected', reason: 'There is no text to send.' }
    while (sent < parts.length) {
      const result = await sendPart(parts[sent] ?? '', sent)
      if (result.outcome !== 'sent') return result
      last = result
      sent += 1
      if (parts.length > 1) remember(progress, key, { sent, last })
    }
    return last
  }
}

function remember<T>(progress: Map<string, T>, key: string, value: T): void {
  progress.delete(key)
  progress.set(key, value)
  for (const oldest of progress.keys()) {
    if (progress.size <= REMEMBERED) break
    progress.delete(oldest)
  }
}
