import type { Api } from 'grammy'
import type { Update } from 'grammy/types'
import type { Logger } from 'pino'
import type { ConversationEvent } from '../../domain/messages/channel.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../../domain/faults.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { readEvent, readUpdate, type TelegramSelf } from './inbound.ts'
import { toGrammySignal } from './signal.ts'
import { nameOf } from './trouble.ts'

/** The kinds of update that are asked for, by poll and by webhook alike. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

/** Where updates go; each resolves once what it was given is stored. */
export interface Receivers {
  receive: (message: InboundMessage) => Promise<void>
  observe: (event: ConversationEvent) => Promise<void>
}

/** Hands one update over; resolves when it is stored and rejects when it is not. */
export type TakeUpdate = (update: Update, self: TelegramSelf, to: Receivers, signal: AbortSignal) => Promise<void>

const BUTTON_IS_DEAD = '这个按钮用不了了，请直接写给我。'

const UNREADABLE: Fault = {
  name: 'unreadable-update',
  level: 'error',
  message: 'An update of Telegram could not be read and was left out; everything after it goes on. Report it with this line.',
  end: 'Every update could be read for ten minutes.',
  quietMs: QUIET_MS,
}
const DEAD_BUTTON: Fault = {
  name: 'stale-button',
  level: 'warn',
  message: 'Somebody pressed a button of a message that Telegram no longer knows; they were told to write instead. Nothing to do.',
  end: 'No such button was pressed for ten minutes.',
  quietMs: QUIET_MS,
}

export function createUpdateTaker({ api, account, log, now }: { api: Api; account: string; log: Logger; now: () => Date }): TakeUpdate {
  const faults = createFaultLog(log, now)
  const subject = { channel: 'telegram', account }

  /** A shape that we do not know is skipped: asking for it again would hold up everybody behind it. */
  function readSafely(update: Update, self: TelegramSelf): { event: ConversationEvent | null; message: InboundMessage | null } {
    try {
      const event = readEvent(update)
      return { event, message: event === null ? readUpdate(update, account, self, now()) : null }
    } catch (error) {
      faults.say(UNREADABLE, subject, { updateId: update.update_id, ...describeError(error) })
      return { event: null, message: null }
    }
  }

  /** Ends the button's spinner; a late or failed answer harms nobody, so it holds nothing up. */
  function answerButton(queryId: string, text: string | null, signal: AbortSignal): void {
    api.answerCallbackQuery(queryId, text === null ? {} : { text }, toGrammySignal(signal)).catch((error: unknown) => {
      log.debug({ channel: 'telegram', account, error: nameOf(error) }, 'A pressed button could not be confirmed; its text was taken in all the same.')
    })
  }

  return async (update, self, to, signal) => {
    faults.sweep()
    const { event, message } = readSafely(update, self)
    const query = update.callback_query
    if (query !== undefined && !query.from.is_bot) {
      if (message === null) faults.say(DEAD_BUTTON, subject)
      // At once: Telegram takes the answer for seconds only, and our store may take longer. It says nothing of what the button did.
      answerButton(query.id, message === null ? BUTTON_IS_DEAD : null, signal)
    }
    if (event !== null) await to.observe(event)
    if (message !== null) await to.receive(message)
  }
}
