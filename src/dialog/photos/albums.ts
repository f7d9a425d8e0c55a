import { setTimeout as pause } from 'node:timers/promises'
import { listAlbum, type AlbumMember } from '../../store/pictures/albums.ts'
import type { Store } from '../../store/engine/store.ts'
import type { ReadTurn } from '../turn.ts'

/** A platform sends the photos of an album one by one, within this time; any of them may carry the words. */
const ALBUM_MS = 1_000
/** No album takes longer to arrive, even through a bad line. */
const LONGEST_ALBUM_MS = 10 * 60 * 1000

/**
 * Whether a photo without words is left to another one of its album: to one with words, or else to the first. Five photos get
 * one answer. The first waits for the rest, so that it does not ask for words that are on their way.
 * @returns the album that it is left to; null when it is answered
 */
export async function leftToItsAlbum(services: { store: Store }, turn: Pick<ReadTurn, 'message' | 'context'>): Promise<AlbumMember[] | null> {
  const { message, context } = turn
  const { album } = message
  if (album === undefined || message.text !== '') return null
  const of = { conversationId: context.conversation.id, personId: context.person.id, album, since: new Date(message.sentAt.getTime() - LONGEST_ALBUM_MS) }
  const before = await listAlbum(services.store, of)
  if (before[0]?.inboundId !== context.inboundId) return before
  await pause(ALBUM_MS)
  const whole = await listAlbum(services.store, of)
  return whole.some(({ hasWords }) => hasWords) ? whole : null
}
