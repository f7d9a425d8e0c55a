import type { FileBoxInterface } from 'file-box'
import { LARGEST_PHOTO_BYTES, type FetchedPhoto } from '../../domain/pictures/photos.ts'
import { pause } from '../backoff.ts'
import { readWhole } from '../whole.ts'
import { isConnectionFault } from './outbound.ts'

/** wechaty's kinds of an image, by number as they travel. */
const ARTWORK = 3
const HD = 2
/** Tries on a connection that stands. */
const TRIES = 2

/** The part of wechaty's puppet that holds what was sent. */
export interface PhotoSource {
  messageFile(messageId: string): Promise<FileBoxInterface>
  messageImage(messageId: string, imageType: number): Promise<FileBoxInterface>
}

/** Fetches the photo of a message through whichever puppet is online; waits for the next connection when this one breaks. */
export async function fetchPhoto(connection: { online(): PhotoSource | null; lost(): void }, messageId: string, { signal, retryMs }: { signal: AbortSignal; retryMs: number }): Promise<FetchedPhoto> {
  for (let tries = 0; tries < TRIES && !signal.aborted; ) {
    const puppet = connection.online()
    if (puppet !== null) {
      try {
        const bytes = await readFile(await openFile(puppet, messageId, tries), signal)
        return bytes === null ? { outcome: 'failed', problem: 'too_large' } : { outcome: 'fetched', bytes }
      } catch (error) {
        if (isConnectionFault(error)) connection.lost()
        else tries += 1
      }
    }
    await pause(retryMs, signal)
  }
  return { outcome: 'failed', problem: 'lost' }
}

/** As it was sent; where a puppet does not give that, as WeChat shows it. */
const openFile = (puppet: PhotoSource, messageId: string, tries: number): Promise<FileBoxInterface> =>
  tries === 0 ? puppet.messageFile(messageId).catch((error: unknown) => (isConnectionFault(error) ? Promise.reject(error as Error) : puppet.messageImage(messageId, ARTWORK))) : puppet.messageImage(messageId, HD)

const readFile = async (file: FileBoxInterface, signal: AbortSignal): Promise<Uint8Array | null> => readWhole((await file.toStream()) as AsyncIterable<Uint8Array>, LARGEST_PHOTO_BYTES, signal)
