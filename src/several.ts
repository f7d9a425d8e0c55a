import type { Logger } from 'pino'
import type { Relay } from './channels/pull/channel.ts'
import type { Assistant } from './dialog/assistant.ts'
import { StoreError } from './domain/errors.ts'
import { describeError } from './domain/faults.ts'
import type { Sweep } from './outbox/sweeps/sweeps.ts'
import type { Others } from './store/engine/others.ts'

/** Who does not do what one does for all looks so often whether that one is gone. */
const LOOK_AGAIN_MS = 5_000
/** A message that is undecided for longer may be one whose process died. */
const LEFT_AFTER_MS = 5_000

/** Passes on what was sent to readers who may be connected to another process; absent where there is none. */
export const relayTo = (others: Others | undefined): Relay | undefined =>
  others && { tell: (detail) => others.tell('mail', detail), hear: (listener) => others.hear('mail', listener) }

/** Work that is done by one process for all: by the others not at all, until that one is gone. */
export const byOne = (others: Others | undefined, sweep: Sweep, now: () => Date): Sweep =>
  others === undefined ? sweep : async () => ((await others.leads()) ? sweep() : new Date(now().getTime() + LOOK_AGAIN_MS))

/** What this process does when another says that something is different. */
export interface Heard {
  outbox(): void
  knowledge(): Promise<void>
  talk(): Promise<void>
}

/** Listens to the others. What fails is told, and is done again at the next word or start. */
export function listenTo(others: Others | undefined, heard: Heard, log: Logger): void {
  const told = (job: () => Promise<void>) => () => {
    job().catch((error: unknown) => {
      if (!(error instanceof StoreError)) log.error({ fault: 'not-taken-over', ...describeError(error) }, 'What staff changed in another process could not be taken over here: this process answers as before. Restart it if it goes on, and report it with this line.')
    })
  }
  others?.hear('outbox', () => heard.outbox())
  others?.hear('knowledge', told(() => heard.knowledge()))
  others?.hear('talk', told(() => heard.talk()))
}

/** Decides what other processes received and left undecided when they ended. Returns what ends it. */
export function takeUpWhatOthersLeft(others: Others | undefined, assistant: Pick<Assistant, 'takeUp'>, now: () => Date): () => void {
  if (others === undefined) return () => undefined
  const look = async () => {
    if (await others.leads()) await assistant.takeUp(new Date(now().getTime() - LEFT_AFTER_MS))
  }
  // Of a database that can't be asked the store itself has spoken.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_AGAIN_MS).unref()
  return () => clearInterval(timer)
}
