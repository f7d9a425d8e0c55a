import { Intent } from '../../domain/messages/understanding.ts'
import type { TaughtMessage } from '../../domain/messages/talk.ts'
import type { MisreadMessage, Prisma } from '../generated/client.ts'
import { readNumberedPage, type NumberedPage } from '../engine/numbered-page.ts'
import type { Store, Transaction } from '../engine/store.ts'

/** Messages that staff made examples, oldest first; the reader learns from them besides the knowledge folder. */
export async function listTalkExamples(store: Store): Promise<TaughtMessage[]> {
  const rows = await store.read.talkExample.findMany({ where: { removedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
  return rows.flatMap(({ text, intent }) => {
    const known = Intent.safeParse(intent)
    return known.success ? [{ text, intent: known.data }] : []
  })
}

/** A message on staff's list, and how often it was said. */
export interface ListedMessage extends MisreadMessage {
  timesSeen: number
  /** What it became an example of; null when it is none. */
  example: Intent | null
}

const WITH_COUNT = { _count: { select: { sightings: true } } } satisfies Prisma.MisreadMessageInclude
type Counted = Prisma.MisreadMessageGetPayload<{ include: typeof WITH_COUNT }>

async function toListed(store: Store, rows: readonly Counted[]): Promise<ListedMessage[]> {
  const examples = await store.read.talkExample.findMany({ where: { id: { in: rows.map(({ id }) => id) }, removedAt: null }, select: { id: true, intent: true } })
  return rows.map(({ _count, ...row }) => ({ ...row, timesSeen: _count.sightings, example: Intent.safeParse(examples.find(({ id }) => id === row.id)?.intent).data ?? null }))
}

const PAGE_SIZE = 20

/** Messages that wait for staff, those said most first, 20 a page. */
export function pageMisread(store: Store, page: number): Promise<NumberedPage<ListedMessage>> {
  const where = { status: 'open' }
  const orderBy: Prisma.MisreadMessageOrderByWithRelationInput[] = [{ sightings: { _count: 'desc' } }, { lastSeenAt: 'desc' }, { id: 'asc' }]
  return readNumberedPage(page, PAGE_SIZE, () => countOpenMisread(store), async (range) => toListed(store, await store.read.misreadMessage.findMany({ where, orderBy, ...range, include: WITH_COUNT })))
}

/** Decisions, latest first, 20 a page. */
export function pageDecidedMisread(store: Store, page: number): Promise<NumberedPage<ListedMessage>> {
  const where = { status: { not: 'open' } }
  const orderBy: Prisma.MisreadMessageOrderByWithRelationInput[] = [{ decidedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }]
  return readNumberedPage(page, PAGE_SIZE, () => store.read.misreadMessage.count({ where }), async (range) => toListed(store, await store.read.misreadMessage.findMany({ where, orderBy, ...range, include: WITH_COUNT })))
}

export const countOpenMisread = (store: Store): Promise<number> => store.read.misreadMessage.count({ where: { status: 'open' } })

/** A message of the list, whatever became of it; null when it is gone. */
export async function findMisread(store: Store, id: string): Promise<ListedMessage | null> {
  const row = await store.read.misreadMessage.findUnique({ where: { id }, include: WITH_COUNT })
  return row && ((await toListed(store, [row]))[0] ?? null)
}

export type MisreadDecision = { as: 'example'; intent: Intent } | { as: 'dismissed' }

/**
 * Decides what a message that waits is: an example of an intent, or nothing. The example has its id, so that `undoMisread` finds it. The log holds the id, not the
 * words: they have to be erasable. The reader has to be told to make it count.
 * @returns whether it waited
 */
export function decideMisread(store: Store, input: { id: string; decision: MisreadDecision; by: string; now: Date }): Promise<boolean> {
  const { id, decision, by, now } = input
  return store.write(async (transaction) => {
    const row = await transaction.misreadMessage.findFirst({ where: { id, status: 'open' }, select: { text: true } })
    if (row === null) return false
    if (decision.as === 'example') {
      const example = { text: row.text, intent: decision.intent, createdBy: by, createdAt: now, removedAt: null }
      await transaction.talkExample.upsert({ where: { id }, create: { id, ...example }, update: example })
    }
    await transaction.misreadMessage.updateMany({ where: { id }, data: { status: decision.as, decidedBy: by, decidedAt: now } })
    await logDecision(transaction, { at: now, actor: by, action: `misread_${decision.as}`, subject: id, detail: decision.as === 'example' ? decision.intent : '' })
    return true
  })
}

/**
 * Takes a decision back: the message waits again, and its example counts no more. One that nobody said who is still known goes instead, and its example's words with it.
 * @returns what was undone; null when there was nothing
 */
export function undoMisread(store: Store, input: { id: string; by: string; now: Date }): Promise<'example' | 'dismissed' | null> {
  const { id, by, now } = input
  return store.write(async (transaction) => {
    const row = await transaction.misreadMessage.findFirst({ where: { id, status: { not: 'open' } }, select: { status: true, ...WITH_COUNT } })
    if (row === null) return null
    await transaction.talkExample.updateMany({ where: { id, removedAt: null }, data: { removedAt: now } })
    if (row._count.sightings > 0) await transaction.misreadMessage.updateMany({ where: { id }, data: { status: 'open', decidedBy: null, decidedAt: null } })
    else {
      await transaction.talkExample.deleteMany({ where: { id } })
      await transaction.misreadMessage.deleteMany({ where: { id } })
    }
    await logDecision(transaction, { at: now, actor: by, action: 'misread_undo', subject: id, detail: '' })
    return row.status === 'example' ? 'example' : 'dismissed'
  })
}

const logDecision = (transaction: Transaction, entry: Prisma.AuditEntryCreateManyInput) => transaction.auditEntry.createMany({ data: [entry] })
