import { randomUUID } from 'node:crypto'
import type { DocumentVersion, Prisma } from '../generated/client.ts'
import { fromJson, toJson } from '../engine/json.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** A clause of a version: what it was called, its fingerprint, its words. */
export interface KeptClause {
  key: string
  print: string
  text: string
}

export type VersionAction = 'found' | 'added' | 'changed' | 'removed' | 'superseded' | 'undone'

export interface NewVersion {
  documentId: string
  title: string
  /** Fingerprint of the whole file. */
  print: string
  /** '' = it was taken away. */
  markdown: string
  clauses: readonly KeptClause[]
  /** Files of its questions and gaps that went with it, by their path. */
  besides?: Record<string, string>
  by: string
  action: VersionAction
  now: Date
}

/** A version without its text. */
export type ListedVersion = Pick<DocumentVersion, 'id' | 'documentId' | 'title' | 'print' | 'by' | 'action' | 'createdAt'>
const LISTED = { id: true, documentId: true, title: true, print: true, by: true, action: true, createdAt: true } as const
const NEWEST_FIRST: Prisma.DocumentVersionOrderByWithRelationInput[] = [{ createdAt: 'desc' }, { id: 'desc' }]

/** Keeps what a document is from now on, with a line in the log of who did it. */
export async function keepVersion(transaction: Transaction, { now, clauses, besides, ...version }: NewVersion): Promise<void> {
  // Two of one instant stay in order.
  const last = await transaction.documentVersion.findFirst({ where: { documentId: version.documentId }, orderBy: NEWEST_FIRST, select: { createdAt: true } })
  const createdAt = last !== null && last.createdAt >= now ? new Date(last.createdAt.getTime() + 1) : now
  await transaction.documentVersion.create({ data: { id: randomUUID(), ...version, clauses: toJson(clauses), ...(besides && { besides: toJson(besides) }), createdAt } })
  await transaction.auditEntry.create({ data: { at: now, actor: version.by, action: `document_${version.action}`, subject: version.documentId, detail: version.title } })
}

/** All versions of a document, newest first. */
export const listVersions = (store: Store, documentId: string): Promise<ListedVersion[]> => store.read.documentVersion.findMany({ where: { documentId }, orderBy: NEWEST_FIRST, select: LISTED })

/** The newest version of every document that was ever there. */
export function listNewestVersions(store: Store): Promise<ListedVersion[]> {
  return store.read.documentVersion.findMany({ orderBy: NEWEST_FIRST, distinct: ['documentId'], select: LISTED })
}

export interface VersionText {
  markdown: string
  besides: Record<string, string>
}

export async function readVersion(store: Store, id: string): Promise<(ListedVersion & VersionText) | null> {
  const row = await store.read.documentVersion.findUnique({ where: { id } })
  return row && { ...row, besides: (fromJson(row.besides) as Record<string, string> | null) ?? {} }
}

const MOST_FOLLOWED = 30

/** The clauses of these documents as they were, newest version first: what is tied to them is followed from there. Of each its last 30 versions. */
export async function listFormerDocuments(store: Store, ids: readonly string[]): Promise<{ documentId: string; clauses: KeptClause[] }[]> {
  const rows = await Promise.all(ids.map((documentId) => store.read.documentVersion.findMany({ where: { documentId, NOT: { markdown: '' } }, orderBy: NEWEST_FIRST, take: MOST_FOLLOWED, select: { documentId: true, clauses: true } })))
  return rows.flat().map(({ documentId, clauses }) => ({ documentId, clauses: fromJson(clauses) as KeptClause[] }))
}

/** Gives rows that were written before there were fingerprints that of the clause whose number they have. */
export async function fillPrints(store: Store, clauses: readonly { documentId: string; clause: string; print: string }[]): Promise<void> {
  const wanted = await placesWithoutPrint(store)
  const filled = clauses.filter(({ documentId, clause }) => wanted.has(`${documentId} ${clause}`))
  if (filled.length === 0) return
  await store.write(async (transaction) => {
    for (const { documentId, clause, print } of filled) {
      const [where, data] = [{ documentId, clause, print: null }, { print }]
      await transaction.typicalQuestion.updateMany({ where, data })
      await transaction.knownGap.updateMany({ where, data })
      await transaction.officeAnswer.updateMany({ where, data })
      await transaction.unansweredQuestion.updateMany({ where, data })
    }
  })
}

async function placesWithoutPrint({ read }: Store): Promise<Set<string>> {
  const without = { print: null, clause: { not: null } }
  const places = await Promise.all([
    read.typicalQuestion.findMany({ where: { print: null }, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] }),
    read.knownGap.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] }),
    read.officeAnswer.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] }),
    read.unansweredQuestion.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] }),
  ])
  return new Set(places.flat().map(({ documentId, clause }) => `${documentId} ${clause}`))
}

/** Ties questions that staff added to another clause. */
export const moveTypical = async (transaction: Transaction, ids: readonly string[], to: { clause: string; print: string }): Promise<void> =>
  void (await transaction.typicalQuestion.updateMany({ where: { id: { in: [...ids] } }, data: to }))

/** Questions that staff added and that belong to no clause any more. */
export const removeTypical = async (transaction: Transaction, ids: readonly string[], now: Date): Promise<void> =>
  void (await transaction.typicalQuestion.updateMany({ where: { id: { in: [...ids] }, removedAt: null }, data: { removedAt: now } }))
