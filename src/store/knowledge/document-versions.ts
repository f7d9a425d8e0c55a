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

export const VERSION_ACTIONS = ['found', 'added', 'changed', 'removed', 'superseded', 'undone'] as const
export type VersionAction = (typeof VERSION_ACTIONS)[number]

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
export async function listNewestVersions(store: Store): Promise<ListedVersion[]> {
  const rows = await store.read.documentVersion.findMany({ orderBy: NEWEST_FIRST, select: LISTED })
  return rows.filter(({ documentId }, place) => rows.findIndex((row) => row.documentId === documentId) === place)
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

/** The clauses of documents as they were, newest version first: what is tied to them is followed from there. Of each document its last 30 versions. */
export async function listFormerDocuments(store: Store): Promise<{ documentId: string; clauses: KeptClause[] }[]> {
  const ids = await store.read.documentVersion.groupBy({ by: ['documentId'] })
  const rows = await Promise.all(ids.map(({ documentId }) => store.read.documentVersion.findMany({ where: { documentId, NOT: { markdown: '' } }, orderBy: NEWEST_FIRST, take: MOST_FOLLOWED, select: { documentId: true, clauses: true } })))
  return rows.flat().map(({ documentId, clauses }) => ({ documentId, clauses: fromJson(clauses) as KeptClause[] }))
}

/** Gives rows that were written before there were fingerprints that of the clause whose number they have. */
export function fillPrints(store: Store, clauses: readonly { documentId: string; clause: string; print: string }[]): Promise<void> {
  return store.write(async (transaction) => {
    const without = { print: null, clause: { not: null } }
    const places = [
      ...(await transaction.typicalQuestion.findMany({ where: { print: null }, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] })),
      ...(await transaction.knownGap.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] })),
      ...(await transaction.officeAnswer.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] })),
      ...(await transaction.unansweredQuestion.findMany({ where: without, select: { documentId: true, clause: true }, distinct: ['documentId', 'clause'] })),
    ]
    const wanted = new Set(places.map(({ documentId, clause }) => `${documentId} ${clause}`))
    for (const { documentId, clause, print } of clauses) {
      if (!wanted.has(`${documentId} ${clause}`)) continue
      const [where, data] = [{ documentId, clause, print: null }, { print }]
      await transaction.typicalQuestion.updateMany({ where, data })
      await transaction.knownGap.updateMany({ where, data })
      await transaction.officeAnswer.updateMany({ where, data })
      await transaction.unansweredQuestion.updateMany({ where, data })
    }
  })
}

/** Ties questions that staff added to another clause. */
export const moveTypical = async (transaction: Transaction, ids: readonly string[], to: { clause: string; print: string }): Promise<void> =>
  void (await transaction.typicalQuestion.updateMany({ where: { id: { in: [...ids] } }, data: to }))

/** Questions that staff added and that belong to no clause any more. */
export const removeTypical = async (transaction: Transaction, ids: readonly string[], now: Date): Promise<void> =>
  void (await transaction.typicalQuestion.updateMany({ where: { id: { in: [...ids] }, removedAt: null }, data: { removedAt: now } }))
