import type { Message } from 'grammy/types'
import type { z } from 'zod'
import { recordSend, type BotApiWorld } from './methods.ts'
import { UploadedFile } from './multipart.ts'
import { BotApiError, type METHOD_PARAMETERS } from './parameters.ts'

export interface SentPhoto {
  fileId: string
  bytes: Uint8Array
  /** False when it was sent by the reference of an earlier upload. */
  wasUploaded: boolean
}

const LONGEST_CAPTION = 1024
const LARGEST_PHOTO_BYTES = 10 * 1024 * 1024
const LARGEST_SUM_OF_SIDES = 10_000
const LARGEST_RATIO = 20

/** The photos that Telegram has, by its own reference. */
export type PhotoShelf = Map<string, Uint8Array>

export function sendPhoto(world: BotApiWorld, params: z.infer<typeof METHOD_PARAMETERS.sendPhoto>): Message {
  world.chats.writable(params.chat_id)
  const caption = params.caption ?? ''
  if (caption.length > LONGEST_CAPTION) throw new BotApiError(400, 'Bad Request: message caption is too long')
  const { bytes, size } = readPhoto(world, params.photo)
  const wasUploaded = params.photo instanceof UploadedFile
  const fileId = params.photo instanceof UploadedFile ? `photo-${world.photos.size + 1}` : params.photo
  const small = { file_id: `${fileId}-small`, file_unique_id: `${fileId}-s`, width: 90, height: 90 }
  const message = recordSend(world, params, caption, { photo: [small, { file_id: fileId, file_unique_id: fileId, ...size }], ...(caption !== '' && { caption }) })
  world.photos.set(fileId, bytes)
  const sent = world.sent.at(-1)
  if (sent !== undefined) sent.photo = { fileId, bytes, wasUploaded }
  return message
}

function readPhoto(world: BotApiWorld, photo: UploadedFile | string): { bytes: Uint8Array; size: { width: number; height: number } } {
  const bytes = photo instanceof UploadedFile ? photo.bytes : world.photos.get(photo)
  if (bytes === undefined) throw new BotApiError(400, "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
  if (bytes.length > LARGEST_PHOTO_BYTES) throw new BotApiError(400, 'Bad Request: file is too big')
  const size = sizeOf(bytes)
  if (size === null) throw new BotApiError(400, 'Bad Request: IMAGE_PROCESS_FAILED')
  const { width, height } = size
  if (width + height > LARGEST_SUM_OF_SIDES || Math.max(width, height) > LARGEST_RATIO * Math.min(width, height)) throw new BotApiError(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS')
  return { bytes, size }
}

/** Width and height of a PNG or a JPEG; null for anything else. */
function sizeOf(bytes: Uint8Array): { width: number; height: number } | null {
  const buffer = Buffer.from(bytes)
  if (buffer.subarray(1, 4).toString('latin1') === 'PNG') return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) }
  if (buffer.readUInt16BE(0) !== 0xffd8) return null
  for (let at = 2; at + 9 < buffer.length; at += 2 + buffer.readUInt16BE(at + 2)) {
    const marker = buffer[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xc3) return { height: buffer.readUInt16BE(at + 5), width: buffer.readUInt16BE(at + 7) }
  }
  return null
}

/** Largest file that a bot may download. */
const LARGEST_DOWNLOAD_BYTES = 20 * 1024 * 1024

/** Where a file can be fetched, as `getFile` tells it. */
export function describeFile(world: BotApiWorld, fileId: string): object {
  const bytes = world.photos.get(fileId)
  if (bytes === undefined) throw new BotApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
  if (bytes.length > LARGEST_DOWNLOAD_BYTES) throw new BotApiError(400, 'Bad Request: file is too big')
  return { file_id: fileId, file_unique_id: fileId, file_size: bytes.length, file_path: `photos/${fileId}.jpg` }
}
