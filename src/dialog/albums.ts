import { setTimeout as pause } from 'node:timers/promises'
import { listAlbum } from '../store/albums.ts'
import type { Store } from '../store/store.ts'
import type { ReadTurn } from './turn.ts'

/** A platform sends the photos of an album one by one, within this time; any of them may carry the words. */
const ALBUM_MS = 1_000
/** No album takes longer to arrive, even through a bad line. */
const LONGEST_ALBUM_MS = 10 * 60 * 1000

/**
 * Whether a photo without words is left to another one of its album: to one with words, or else to the first. Five photos get
 * one answer. The first waits for the rest, so that it does not ask for words that are on their way.
 */
export async function isLeftToItsAlbum(services: { store: Store }, turn: Pick<ReadTurn, 'message' | 'context'>): Promise<boolean> {
  const { message, context } = turn
  const { album } = message
  if (album === undefined || message.text !== '') return false
  const of = { conversationId: context.conversation.id, personId: context.person.id, album, since: new Date(message.sentAt.getTime() - LONGEST_ALBUM_MS) }
  const isFirst = (await listAlbum(services.store, of))[0]?.inboundId === context.inboundId
  if (!isFirst) return true
  await pause(ALBUM_MS)
  return (await listAlbum(services.store, of)).some(({ hasWords }) => hasWords)
}
