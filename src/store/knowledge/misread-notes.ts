import { randomUUID } from 'node:crypto'
import type { Misread } from '../../domain/messages/talk.ts'
import type { Transaction } from '../engine/store.ts'

/** Longest message that is kept, in UTF-16 units: what is longer makes no example. */
export const LONGEST_MISREAD = 300

/**
 * A message that was not understood, or put right, joins staff's list, or counts up there. What staff decided stays decided; of one that waits, the last
 * reading counts, and what a resident said that it means outlives the readings that nobody put right.
 */
export async function noteMisread(transaction: Transaction, misread: Misread, sighting: { inboundId: string; personId: string; now: Date }): Promise<void> {
  const { inboundId, personId, now } = sighting
  const text = misread.text.trim()
  if (text === '' || text.length > LONGEST_MISREAD) return
  const [first, second] = misread.read
  const read = { first: first?.intent ?? null, firstProbability: first?.probability ?? 0, second: second?.intent ?? null, secondProbability: second?.probability ?? 0 }
  const told = misread.cause === 'put_right' ? { cause: misread.cause, chosen: misread.chosen } : {}
  const row = await transaction.misreadMessage.upsert({
    where: { text },
    create: { id: randomUUID(), text, cause: misread.cause, chosen: null, ...read, ...told, status: 'open', createdAt: now, lastSeenAt: now },
    update: { lastSeenAt: now },
    select: { id: true },
  })
  await transaction.misreadMessage.updateMany({ where: { id: row.id, status: 'open' }, data: { ...read, ...told } })
  const where = { inboundId }
  await transaction.misreadSighting.upsert({ where, create: { inboundId, personId, misreadId: row.id, createdAt: now }, update: { misreadId: row.id } })
}

/** Forgets that somebody said these messages, or said anything; what is on the list for nobody else goes, unless it was made an example. */
export async function eraseMisread(transaction: Transaction, of: { personId: string } | { inboundIds: readonly string[] }): Promise<void> {
  const where = 'personId' in of ? { personId: of.personId } : { inboundId: { in: [...of.inboundIds] } }
  const said = await transaction.misreadSighting.findMany({ where, select: { misreadId: true } })
  if (said.length === 0) return
  await transaction.misreadSighting.deleteMany({ where })
  await transaction.misreadMessage.deleteMany({ where: { id: { in: said.map(({ misreadId }) => misreadId) }, status: { not: 'example' }, sightings: { none: {} } } })
}
