import { crc32 } from 'node:zlib'
import type { CleanedPicture } from './picture-file.ts'

const SIGNATURE_BYTES = 8
/** Length and name before a chunk's data, and the checksum behind it. */
const CHUNK_FRAME_BYTES = 12
const LARGEST_SIDE = 0x7fffffff
/** What a picture needs to be shown as it was meant: no texts, times, EXIF, frames of animations, nor colour profiles, whose size packed tells nothing of their size. */
const KEPT = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs', 'bKGD'])

/** A PNG with only the chunks that are needed to show it; null when a chunk is cut off or does not match its checksum, or a second size stands behind the first. */
export function cleanPng(bytes: Uint8Array): CleanedPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE_BYTES)]
  const seen = new Set<string>()
  for (let start = SIGNATURE_BYTES; ; ) {
    if (start + CHUNK_FRAME_BYTES > bytes.length) return null
    const end = start + CHUNK_FRAME_BYTES + view.getUint32(start)
    if (end > bytes.length) return null
    const name = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    if ((seen.size === 0) !== (name === 'IHDR')) return null
    if (name === 'IHDR' && end - start !== CHUNK_FRAME_BYTES + 13) return null
    if (KEPT.has(name)) {
      if (crc32(bytes.subarray(start + 4, end - 4)) !== view.getUint32(end - 4)) return null
      kept.push(bytes.subarray(start, end))
    }
    seen.add(name)
    if (name === 'IEND') break
    start = end
  }
  const [width, height] = [view.getUint32(SIGNATURE_BYTES + 8), view.getUint32(SIGNATURE_BYTES + 12)]
  if (!seen.has('IDAT') || width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) return null
  return { bytes: new Uint8Array(Buffer.concat(kept)), width, height }
}
