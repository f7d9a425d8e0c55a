import { AUTHOR_NAMES } from '../../domain/requests/requests.ts'
import { moveRequest } from '../requests/move-request.ts'
import type { Transaction } from '../engine/store.ts'
import type { WholeAlert } from './alert-notices.ts'

/** A line of its request's history that tells of an alert; a drill has none. */
export async function noteAlert(transaction: Transaction, { requestId }: Pick<WholeAlert, 'requestId'>, note: string, now: Date): Promise<void> {
  if (requestId !== null) await moveRequest(transaction, requestId, { kind: 'alert', author: 'system', by: AUTHOR_NAMES.system, note, isQuiet: true }, now)
}
