import type { InboundMessage } from '../domain/messages.ts'
import type { TurnResult } from '../domain/outcome.ts'

/** The assistant as channels and the web see it: a message in, a committed turn out. */
export interface Assistant {
  /**
   * Takes one message: resolves with `turn` once the message is stored. A redelivery stores nothing; its `turn` is that of the
   * first delivery.
   * @throws {ServiceStoppingError} after `stop` was called: the caller sends the same message again later
   * @throws {StoreError} when nothing could be stored
   */
  receive(message: InboundMessage): Promise<{ isNew: boolean; turn: Promise<TurnResult> }>
  /** What to do in the danger that a message tells of, without anything being stored; null when it tells of none. For when nothing can be stored, or no more may be. */
  safetyWords(text: string): Promise<string | null>
  /** Decides what was received but not decided before the last stop; resolves when all of it is committed. */
  recover(): Promise<number>
  /** Takes nothing new and resolves when the turns in hand are committed. */
  stop(): Promise<void>
}
