import { LARGEST_PICTURE_BYTES, type PictureType } from '../../domain/pictures/pictures.ts'
import { cleanJpeg } from './picture-jpeg.ts'
import { cleanPng } from './picture-png.ts'

/** `format`: a picture that some platforms don't show, by its name; `shape`: larger or longer than platforms take. */
export type PictureProblem = { kind: 'too_large' | 'no_picture' | 'broken' } | { kind: 'format'; format: string } | { kind: 'shape'; width: number; height: number }

/** What a cleaner of one format found; null = the file is broken. */
export type CleanedPicture = { bytes: Uint8Array<ArrayBuffer>; width: number; height: number } | null

export type PictureCheck = { outcome: 'clean'; type: PictureType; bytes: Uint8Array<ArrayBuffer> } | { outcome: 'refused'; problem: PictureProblem }

/** What a picture may be for those who are to see it. */
export interface PictureLimits {
  largestBytes: number
  /** Keeps a small file from unpacking into gigabytes, too; `bytes` are those of the file. */
  isShapeTaken: (width: number, height: number, bytes: number) => boolean
}

/** Telegram's limits for pictures that are sent; others take more. */
const LARGEST_SUM_OF_SIDES = 10_000
const LARGEST_RATIO = 20
export const SENT_PICTURE: PictureLimits = {
  largestBytes: LARGEST_PICTURE_BYTES,
  isShapeTaken: (width, height) => width + height <= LARGEST_SUM_OF_SIDES && Math.max(width, height) <= LARGEST_RATIO * Math.min(width, height),
}

const text = (bytes: Uint8Array, start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end))

/** Other formats by their first bytes, so that whoever chose one learns what to do. */
function nameFormat(bytes: Uint8Array): string | null {
  if (text(bytes, 0, 4) === 'GIF8') return 'GIF'
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'WebP'
  if (text(bytes, 4, 8) === 'ftyp') return /^(?:hei|hev|mif|msf)/.test(text(bytes, 8, 12)) ? 'HEIC' : text(bytes, 8, 11) === 'avi' ? 'AVIF' : null
  if (text(bytes, 0, 2) === 'BM') return 'BMP'
  if (/^(?:II\*\0|MM\0\*)$/.test(text(bytes, 0, 4))) return 'TIFF'
  return null
}

const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte)

/**
 * Tells by its content, not by its name, whether a file is a picture that every platform shows, and takes out of it whatever is
 * not needed to show it: the place where it was taken, the camera, comments, previews and what was appended.
 */
export function checkPicture(bytes: Uint8Array, limits: PictureLimits = SENT_PICTURE): PictureCheck {
  const refuse = (problem: PictureProblem): PictureCheck => ({ outcome: 'refused', problem })
  if (bytes.length > limits.largestBytes) return refuse({ kind: 'too_large' })
  const type = startsWith(bytes, 0xff, 0xd8, 0xff) ? 'image/jpeg' : startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : null
  if (type === null) {
    const format = nameFormat(bytes)
    return refuse(format === null ? { kind: 'no_picture' } : { kind: 'format', format })
  }
  const cleaned = type === 'image/jpeg' ? cleanJpeg(bytes) : cleanPng(bytes)
  if (cleaned === null) return refuse({ kind: 'broken' })
  const { width, height } = cleaned
  return limits.isShapeTaken(width, height, cleaned.bytes.length) ? { outcome: 'clean', type, bytes: cleaned.bytes } : refuse({ kind: 'shape', width, height })
}
