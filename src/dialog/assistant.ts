import type { Answer } from '../domain/answers.ts'
import type { ChannelCapabilities } from '../domain/messages/channel.ts'
import type { Deadlines } from '../domain/requests/deadlines.ts'
import type { InboundMessage } from '../domain/messages/messages.ts'
import type { Reader } from '../domain/messages/moves.ts'
import type { Retention } from '../domain/retention.ts'
import type { TurnResult } from '../domain/messages/outcome.ts'
import type { Area, Service } from '../domain/services.ts'
import type { Intent } from '../domain/messages/understanding.ts'
import type { Answerer } from '../knowledge/answer/answerer.ts'
import type { Store } from '../store/engine/store.ts'
import type { PhotoServices } from './photos/fetch-photos.ts'
import type { Logger } from 'pino'

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
  /** The same of what another process received until then and left when it ended; what others have in hand is waited for. */
  takeUp(receivedBefore: Date): Promise<number>
  /** Takes nothing new and resolves when the turns in hand are committed. */
  stop(): Promise<void>
}

/** What the route of a message stands on. */
export interface AssistantServices extends PhotoServices {
  store: Store
  answerer: Answerer
  /** What a message means; everything that is read out of a text is read here. */
  reader: Reader
  services: readonly Service[]
  areas: readonly Area[]
  deadlines: Deadlines
  /** Whether a channel reads replies from the turn itself. */
  pulls: (channel: string) => boolean
  /** What else a channel declares, as far as the route asks for it. */
  capabilities?: (channel: string) => Partial<ChannelCapabilities> | undefined
  /** The link that opens a private conversation on an account; null where there is none. */
  privateLink?: (channel: string, account: string) => string | null
  wakeOutbox: () => void
  /** The office's telephone and hours in one line, for greetings; null = nobody wrote any. */
  officeLine?: () => string | null
  onTurn?: (turn: { intent: Intent; channel: string; durationMs: number; answer?: Answer['kind'] }) => void
  /** How long what residents say is kept, as the notice tells them. */
  retention?: Retention
  log: Logger
  now: () => Date
  /** The time had nobody set the machine's clock; absent = `now`. */
  steadyNow?: () => Date
}
