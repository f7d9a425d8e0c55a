import type { Reader } from '../engine/store.ts'

/** One message of a person's own, as it is kept. */
export interface OwnWords {
  at: Date
  text: string
}

/** What a person has said, newest first, as far as its words are kept. `limit`: at most so many. */
export async function listOwnWords(reader: Pick<Reader, 'inboundMessage'>, personId: string, limit?: number): Promise<OwnWords[]> {
  const rows = await reader.inboundMessage.findMany({ where: { personId, text: { not: '' }, erasedAt: null }, orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }], select: { receivedAt: true, text: true }, ...(limit !== undefined && { take: limit }) })
  return rows.map(({ receivedAt, text }) => ({ at: receivedAt, text }))
}

/** Whose private conversation this is; null = nobody has written in it. */
export async function findPersonOfConversation(reader: Pick<Reader, 'conversation'>, conversation: { channel: string; account: string; externalId: string }): Promise<string | null> {
  const row = await reader.conversation.findFirst({ where: { ...conversation, kind: 'private' }, select: { personId: true } })
  return row?.personId ?? null
}
