import { GrammyError } from 'grammy'
import { backoffMs, type Backoff } from '../backoff.ts'
import { isTokenTrouble } from './outbound.ts'

export const TOKEN_REMEDY = 'Telegram 不认这个令牌。请在 @BotFather 取新的令牌，写入 TELEGRAM_BOT_TOKEN 后重启。'

export interface Trouble {
  /** One sentence for staff: what is wrong and what to do. */
  detail: string
  waitMs: number
}

/** What a failed call or a failed hand-over means for receiving. `failures` in a row, this one included. */
export function explainTrouble(error: unknown, failures: number, timing: Backoff & { troubleMs: number }): Trouble {
  const backoff = backoffMs(failures, timing)
  const slow = Math.max(backoff, timing.troubleMs)
  if (!(error instanceof GrammyError)) {
    return { detail: isNetworkFault(error) ? 'Telegram 连不上，正在自动重试。请检查网络或 TELEGRAM_API_ROOT。' : STORE_REMEDY, waitMs: backoff }
  }
  if (isTokenTrouble(error.error_code)) return { detail: TOKEN_REMEDY, waitMs: slow }
  if (error.error_code === 409) return { detail: '有另一个程序正在用同一个 Telegram 机器人收消息。请停掉其中一个。', waitMs: slow }
  if (error.error_code === 400 && error.method === 'setWebhook') {
    return { detail: `Telegram 不接受这个 webhook 地址（${error.description}）。请检查 TELEGRAM_WEBHOOK_URL：要用 https，外网要能访问。`, waitMs: slow }
  }
  return { detail: `Telegram 暂时不接受请求（${error.error_code}），正在自动重试。`, waitMs: Math.max(backoff, (error.parameters.retry_after ?? 0) * 1000) }
}

export const STORE_REMEDY = '收到的消息存不下来，正在重试。请检查数据库和磁盘空间。'

/** grammY's network errors are named so; anything else thrown while receiving came from our own store. */
const isNetworkFault = (error: unknown): boolean => error instanceof Error && error.name === 'HttpError'

/** Never the message: it may hold the address, and with it the token. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
