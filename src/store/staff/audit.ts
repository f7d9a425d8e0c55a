import type { AuditEntry } from '../generated/client.ts'
import type { NumberedPage } from '../engine/numbered-page.ts'
import { readNumberedPage } from '../engine/numbered-page.ts'
import type { Store, Transaction } from '../engine/store.ts'

export type AuditRecord = AuditEntry

export interface AuditFilter {
  actor?: string
  action?: string
  /** Part of the subject: a request's number, a user. */
  subject?: string
}

/** Who did what, newest first. */
export function listAudit(store: Store, filter: AuditFilter, page: number): Promise<NumberedPage<AuditEntry>> {
  const where = {
    ...(filter.actor && { actor: filter.actor }),
    ...(filter.action && { action: filter.action }),
    ...(filter.subject && { subject: { contains: filter.subject } }),
  }
  return readNumberedPage(page, 50, () => store.read.auditEntry.count({ where }), (range) => store.read.auditEntry.findMany({ where, orderBy: { id: 'desc' }, ...range }))
}

/** The actors and actions that the log holds, for its filter. */
export async function listAuditWords(store: Store): Promise<{ actors: string[]; actions: string[] }> {
  const [actors, actions] = await Promise.all([
    store.read.auditEntry.groupBy({ by: ['actor'], orderBy: { actor: 'asc' } }),
    store.read.auditEntry.groupBy({ by: ['action'], orderBy: { action: 'asc' } }),
  ])
  return { actors: actors.map((row) => row.actor), actions: actions.map((row) => row.action) }
}

/** One line of the log, with what it tells of. */
export async function addAudit(transaction: Transaction, entry: { at: Date; actor: string; action: string; subject: string; detail: string }): Promise<void> {
  await transaction.auditEntry.createMany({ data: [entry] })
}
