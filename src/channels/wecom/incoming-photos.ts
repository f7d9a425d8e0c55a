import { LARGEST_PHOTO_BYTES, type FetchedPhoto } from '../../domain/pictures/photos.ts'
import { pause } from '../backoff.ts'
import { readWhole } from '../whole.ts'
import { readReference } from './inbound.ts'

const TRIES = 3
const PAUSE_MS = 500
/** What encryption puts to a file. */
const LONGEST_PADDING = 32

/** Fetches a picture from where WeCom says that it lies, and decrypts it. */
export async function fetchPhoto(reference: string, signal: AbortSignal): Promise<FetchedPhoto> {
  const image = readReference(reference)
  for (let tries = 1; image !== null && URL.canParse(image.url) && tries <= TRIES && !signal.aborted; tries += 1) {
    try {
      const response = await fetch(image.url, { signal })
      if (response.ok && response.body !== null) {
        const bytes = await readWhole(response.body as AsyncIterable<Uint8Array>, LARGEST_PHOTO_BYTES + LONGEST_PADDING, signal)
        if (bytes === null) return { outcome: 'failed', problem: 'too_large' }
        return { outcome: 'fetched', bytes: image.aeskey === undefined ? bytes : await decrypt(bytes, image.aeskey) }
      }
    } catch {
      // Neither the address nor the key is told to anybody; what came of it is.
    }
    if (tries < TRIES) await pause(PAUSE_MS, signal)
  }
  return { outcome: 'failed', problem: 'lost' }
}

/** By WeCom's own SDK, loaded only where it is used. */
async function decrypt(bytes: Uint8Array, key: string): Promise<Uint8Array> {
  const { decryptFile } = await import('@wecom/aibot-node-sdk')
  return new Uint8Array(decryptFile(Buffer.from(bytes), key))
}
