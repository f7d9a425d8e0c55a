import { GrammyError } from 'grammy'
import { StoreError } from '../../domain/errors.ts'
import { backoffMs, type Backoff } from '../backoff.ts'
import { storeTrouble, type Trouble } from '../state.ts'
import { isTokenTrouble } from './outbound.ts'

export const TOKEN_REFUSED: Trouble = {
  name: 'token-refused',
  detail: 'Telegram 不认这个令牌。请在 @BotFather 取新的令牌，写入 TELEGRAM_BOT_TOKEN 后重启。',
  says: 'Telegram does not accept the token: nothing is received or sent. Get a new one from @BotFather, set TELEGRAM_BOT_TOKEN and restart.',
}

const UNREACHABLE: Trouble = {
  name: 'network',
  detail: 'Telegram 连不上，正在自动重试。请检查网络或 TELEGRAM_API_ROOT。',
  says: 'Telegram cannot be reached: it is tried every few seconds and goes on by itself when the network is back; nothing is lost. Check the network and TELEGRAM_API_ROOT if it lasts.',
}

const SECOND_POLLER: Trouble = {
  name: 'second-poller',
  detail: '有另一个程序正在用同一个 Telegram 机器人收消息。请停掉其中一个。',
  says: 'Another program receives for the same Telegram bot, so that messages reach only one of the two. Stop one of them; this one goes on by itself then.',
}

export const CALLED_ELSEWHERE: Trouble = {
  name: 'webhook-taken',
  detail: '有另一个程序改了这个 Telegram 机器人的 webhook，消息到不了这里。请停掉那个程序，再重启本服务。',
  says: 'Another program has set its own webhook for this Telegram bot: nothing arrives here. Stop that program, then restart this service.',
}

/** `said`: Telegram's own words, for staff; they name our address. */
export const CANNOT_CALL_US = (said: string): Trouble => ({
  name: 'webhook-unreachable',
  detail: `Telegram 送不到这里（${said}），会自动重送。请检查 TELEGRAM_WEBHOOK_URL、证书和反向代理。`,
  says: 'Telegram cannot deliver to the webhook and keeps the messages, to deliver them later. Check TELEGRAM_WEBHOOK_URL, the certificate and the reverse proxy; the admin page shows what Telegram says.',
})

/** What a failed call or a failed hand-over means for receiving, and how long to wait. `failures` in a row, this one included. */
export function explainTrouble(error: unknown, failures: number, timing: Backoff & { troubleMs: number }): Trouble & { waitMs: number } {
  const backoff = backoffMs(failures, timing)
  const slow = Math.max(backoff, timing.troubleMs)
  if (!(error instanceof GrammyError)) {
    return { ...(isNetworkFault(error) ? UNREACHABLE : storeTrouble(error instanceof StoreError)), waitMs: backoff }
  }
  if (isTokenTrouble(error.error_code)) return { ...TOKEN_REFUSED, waitMs: slow }
  if (error.error_code === 409) return { ...SECOND_POLLER, waitMs: slow }
  if (error.error_code === 400 && error.method === 'setWebhook') {
    return {
      name: 'webhook-refused',
      detail: `Telegram 不接受这个 webhook 地址（${error.description}）。请检查 TELEGRAM_WEBHOOK_URL：要用 https，外网要能访问。`,
      says: 'Telegram does not accept the address of the webhook: nothing is received. Set TELEGRAM_WEBHOOK_URL to an https address that can be reached from outside, then restart.',
      waitMs: slow,
    }
  }
  return {
    name: 'busy',
    detail: `Telegram 暂时不接受请求（${error.error_code}），正在自动重试。`,
    says: 'Telegram takes no requests at present; it is tried again by itself, and nothing is lost. Nothing to do.',
    waitMs: Math.max(backoff, (error.parameters.retry_after ?? 0) * 1000),
  }
}

/** grammY's network errors are named so; anything else thrown while receiving came from our own store. */
const isNetworkFault = (error: unknown): boolean => error instanceof Error && error.name === 'HttpError'

/** Never the message: it may hold the address, and with it the token. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
