import { type Api, GrammyError } from 'grammy'
import { LARGEST_PHOTO_BYTES, type FetchedPhoto } from '../../domain/pictures/photos.ts'
import { pause } from '../backoff.ts'
import { readWhole } from '../whole.ts'
import { toGrammySignal } from './signal.ts'

/** Tries before a photo is given up; the first failure is often the network's. */
const TRIES = 3
const PAUSE_MS = 500

/**
 * Fetches what residents send, by Telegram's own reference. The address of a file holds the token, so no error of it is told to anybody.
 * `fileRoot`: where files are, up to the path that Telegram gives.
 */
export function createPhotoFetcher(api: Api, fileRoot: string): (reference: string, signal: AbortSignal) => Promise<FetchedPhoto> {
  async function fetchOnce(reference: string, signal: AbortSignal): Promise<FetchedPhoto | null> {
    const { file_path: path } = await api.getFile(reference, toGrammySignal(signal))
    if (path === undefined) return null
    const response = await fetch(`${fileRoot}/${path}`, { signal, redirect: 'error' })
    if (!response.ok || response.body === null) return null
    const bytes = await readWhole(response.body as AsyncIterable<Uint8Array>, LARGEST_PHOTO_BYTES, signal)
    return bytes === null ? { outcome: 'failed', problem: 'too_large' } : { outcome: 'fetched', bytes }
  }

  return async (reference, signal) => {
    for (let tries = 1; tries <= TRIES && !signal.aborted; tries += 1) {
      try {
        const fetched = await fetchOnce(reference, signal)
        if (fetched !== null) return fetched
      } catch (error) {
        if (error instanceof GrammyError && /too big/i.test(error.description)) return { outcome: 'failed', problem: 'too_large' }
        // What Telegram refuses it refuses again.
        if (error instanceof GrammyError && error.error_code === 400) break
      }
      if (tries < TRIES) await pause(PAUSE_MS, signal)
    }
    return { outcome: 'failed', problem: 'lost' }
  }
}
