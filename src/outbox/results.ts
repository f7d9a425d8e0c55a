import type { SendResult } from '../domain/messages/messages.ts'
import type { AccountPause, RowNote } from '../store/outbox/outbox-results.ts'
import type { ClaimedRow } from '../store/outbox/outbox-sending.ts'
import { retryDelayMs } from './rates.ts'

/** Attempts after which a message that the platform keeps putting off is given up. */
export const MOST_ATTEMPTS = 8
/** After this a message is given up, whatever its account suffers from. */
const LONGEST_TRYING_MS = 24 * 60 * 60 * 1000
const OWN_FAULT = { firstMs: 2_000, longestMs: 5 * 60_000 }
/** Once an account is well again, its messages go on within 30 s. */
const ACCOUNT_FAULT = { firstMs: 2_000, longestMs: 20_000 }
const PAUSE_MS = 30_000
const LONGEST_REASON = 300

export interface AttemptContext {
  now: Date
  /** Whether the account as a whole seems unwell: then no message is blamed. */
  isAccountUnwell: boolean
  random: () => number
}

/** What is stored of one attempt: of the row, and of the account when the platform wants it to wait. */
export function toNote(row: ClaimedRow, result: SendResult, context: AttemptContext): { note: RowNote; pause?: AccountPause } {
  const { seq } = row
  switch (result.outcome) {
    case 'sent': {
      const moved = result.movedTo === undefined ? {} : { moved: { conversationId: row.conversationId, externalId: result.movedTo } }
      return { note: { seq, status: 'sent', at: context.now, platformMessageId: result.platformMessageId ?? null, ...moved } }
    }
    case 'rejected':
      return { note: { seq, status: 'failed', error: describe(result.outcome, result.reason) } }
    case 'recipient_gone':
      return { note: { seq, status: 'failed', error: describe(result.outcome, result.reason), gone: { conversationId: row.conversationId } } }
    case 'unknown':
      return { note: { seq, status: 'unknown', error: describe('unknown', result.reason) } }
    case 'retry':
      return toRetry(row, result, context)
    default:
      return result satisfies never
  }
}

function toRetry(row: ClaimedRow, result: Extract<SendResult, { outcome: 'retry' }>, { now, isAccountUnwell, random }: AttemptContext): { note: RowNote; pause?: AccountPause } {
  const { seq, channel, account } = row
  const after = (ms: number) => new Date(now.getTime() + ms)
  const isTooOld = now.getTime() - row.createdAt.getTime() > LONGEST_TRYING_MS
  const isBlamed = result.pausesAccount !== true && !isAccountUnwell && row.attempts >= MOST_ATTEMPTS
  const pause = result.pausesAccount === true ? { pause: { channel, account, until: after(result.afterMs ?? PAUSE_MS), reason: result.reason.slice(0, LONGEST_REASON) } } : {}
  if (isTooOld || isBlamed) return { note: { seq, status: 'failed', error: describe('gave_up', result.reason) }, ...pause }
  // While the account is paused nothing of it goes, so that the row keeps its place.
  const delayMs = result.pausesAccount === true ? 0 : Math.max(result.afterMs ?? 0, retryDelayMs(row.attempts, isAccountUnwell ? ACCOUNT_FAULT : OWN_FAULT, random))
  return { note: { seq, status: 'queued', notBefore: after(delayMs), error: describe('retry', result.reason) }, ...pause }
}

/** `kind: reason`, read by explainDeliveryError. */
const describe = (kind: string, reason: string): string => `${kind}: ${reason.slice(0, LONGEST_REASON)}`
