import { type Api, GrammyError, InputFile } from 'grammy'
import type { Message } from 'grammy/types'
import type { OutgoingPicture } from '../../domain/pictures/pictures.ts'
import { within } from '../backoff.ts'

/** Longest caption of a photo, in UTF-16 units. */
export const LONGEST_CAPTION = 1024
/** Pictures whose reference is remembered; the oldest are forgotten first. */
const REMEMBERED = 50
/** How long a send waits for the first upload of its picture; longer, and the outbox would take it for lost. */
const LONGEST_WAIT_MS = 15_000

export type PhotoOptions = NonNullable<Parameters<Api['sendPhoto']>[2]>
export type PhotoSender = (chatId: number, picture: OutgoingPicture, options: PhotoOptions) => Promise<Message.PhotoMessage>

/**
 * Sends photos. A picture goes up once, however many are to get it: the others wait a moment and are sent by the reference that
 * Telegram gave. `uploadApi` has more patience than `api`.
 * @throws what grammY throws; whatever it is, at most one photo was sent
 */
export function createPhotoSender(api: Api, uploadApi: Api): PhotoSender {
  const references = new Map<string, string>()
  const uploads = new Map<string, Promise<void>>()

  function remember(name: string, { photo }: Message.PhotoMessage): void {
    const largest = photo.at(-1)
    if (largest === undefined) return
    references.set(name, largest.file_id)
    for (const oldest of [...references.keys()].slice(0, -REMEMBERED)) references.delete(oldest)
  }

  async function upload(chatId: number, picture: OutgoingPicture, options: PhotoOptions): Promise<Message.PhotoMessage> {
    const sending = uploadApi.sendPhoto(chatId, new InputFile(picture.bytes, picture.name), options)
    const over = sending.then((message) => remember(picture.name, message), () => undefined)
    uploads.set(picture.name, over)
    try {
      return await sending
    } finally {
      await over
      if (uploads.get(picture.name) === over) uploads.delete(picture.name)
    }
  }

  return async (chatId, picture, options) => {
    const { name } = picture
    const end = Date.now() + LONGEST_WAIT_MS
    for (let under = uploads.get(name); under !== undefined && !references.has(name) && Date.now() < end; under = uploads.get(name)) await within(under, end - Date.now())
    // Between this look and `upload`, which claims the picture, nothing is awaited: else two of one moment would both upload it.
    const reference = references.get(name)
    if (reference === undefined) return upload(chatId, picture, options)
    try {
      return await api.sendPhoto(chatId, reference, options)
    } catch (error) {
      // Refused for its reference, nothing was sent; the picture goes up anew.
      if (!isReferenceTrouble(error)) throw error
      references.delete(name)
      return upload(chatId, picture, options)
    }
  }
}

const isRefusal = (error: unknown, why: RegExp): boolean => error instanceof GrammyError && error.error_code === 400 && why.test(error.description)
const isReferenceTrouble = (error: unknown): boolean => isRefusal(error, /wrong (?:remote )?file|file (?:identifier|reference)|FILE_REFERENCE/i)

/** Whether Telegram refused the photo itself: then nothing was sent, and its text may go alone. */
export const isPhotoTrouble = (error: unknown): boolean => isRefusal(error, /PHOTO|IMAGE|wrong (?:remote )?file|failed to get|not enough rights to send photos/i)
