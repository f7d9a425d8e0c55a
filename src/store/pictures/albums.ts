import { readOrigin } from '../conversations/message-origin.ts'
import type { Store } from '../engine/store.ts'

/** One photo of an album, as it was received. */
export interface AlbumMember {
  inboundId: string
  hasWords: boolean
  /** The record that its words, or it, went into; null = none. */
  recordNumber: string | null
}

/** The members of an album that were received so far, first ones first, of one person in one conversation. */
export async function listAlbum(store: Store, of: { conversationId: string; personId: string; album: string; since: Date }): Promise<AlbumMember[]> {
  const rows = await store.read.inboundMessage.findMany({
    where: { conversationId: of.conversationId, personId: of.personId, receivedAt: { gte: of.since }, isAddressed: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, text: true, origin: true, recordNumber: true },
  })
  return rows.filter((row) => readOrigin(row.origin).album === of.album).map(({ id, text, recordNumber }) => ({ inboundId: id, hasWords: text !== '', recordNumber }))
}
