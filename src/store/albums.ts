import { readOrigin } from './message-origin.ts'
import type { Store } from './store.ts'

/** One photo of an album, as it was received. */
export interface AlbumMember {
  inboundId: string
  hasWords: boolean
}

/** The members of an album that were received so far, first ones first, of one person in one conversation. */
export async function listAlbum(store: Store, of: { conversationId: string; personId: string; album: string; since: Date }): Promise<AlbumMember[]> {
  const rows = await store.read.inboundMessage.findMany({
    where: { conversationId: of.conversationId, personId: of.personId, receivedAt: { gte: of.since }, isAddressed: true },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, text: true, origin: true },
  })
  return rows.filter((row) => readOrigin(row.origin).album === of.album).map(({ id, text }) => ({ inboundId: id, hasWords: text !== '' }))
}
