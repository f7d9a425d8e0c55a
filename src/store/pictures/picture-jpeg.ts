import type { CleanedPicture } from './picture-file.ts'

const MARKER = 0xff
const [START, END, SCAN] = [0xd8, 0xd9, 0xda]
const [JFIF, EXIF, ADOBE] = [0xe0, 0xe1, 0xee]
const HUFFMAN_TABLE = 0xc4
/** Tables, restarts, number of lines: what decoding needs. */
const DECODING = new Set([HUFFMAN_TABLE, 0xcc, 0xdb, 0xdc, 0xdd])
const ORIENTATION_TAG = 0x0112
/** A photo that comes in finer and finer passes has ten or so; each more is work for whoever shows it. */
const MOST_SCANS = 100

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== HUFFMAN_TABLE && marker !== 0xc8 && marker !== 0xcc

/**
 * A JPEG with only what is needed to show it. EXIF (the place, the camera, a preview), XMP, IPTC, the colours' profile (which tells of
 * the camera or the screen), comments and whatever follows the picture go; which way up it is stays. null when it is cut off or no JPEG at
 * all, or made to keep whoever shows it busy: a second size behind the first, passes without end.
 */
export function cleanJpeg(bytes: Uint8Array): CleanedPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = []
  let orientation = 1
  let size: { width: number; height: number } | null = null
  let scans = 0
  for (let at = 2; ; ) {
    if (bytes[at] !== MARKER) return null
    while (bytes[at + 1] === MARKER) at += 1
    const marker = bytes[at + 1]
    if (marker === END) break
    if (marker === undefined || at + 4 > bytes.length) return null
    const end = at + 2 + view.getUint16(at + 2)
    if (end < at + 4 || end > bytes.length) return null
    const segment = bytes.subarray(at, end)
    if (marker === EXIF) orientation = readOrientation(segment.subarray(4)) ?? orientation
    if (isFrame(marker)) {
      if (segment.length < 10 || size !== null) return null
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    }
    if (isNeeded(marker, segment)) kept.push(segment)
    at = end
    if (marker === SCAN) {
      scans += 1
      if (scans > MOST_SCANS) return null
      const scanEnd = endOfScan(bytes, end)
      kept.push(bytes.subarray(end, scanEnd))
      at = scanEnd
    }
  }
  if (size === null || size.width < 1 || size.height < 1 || scans === 0) return null
  const head = kept[0]?.[1] === JFIF ? kept.splice(0, 1) : []
  const parts = [Uint8Array.of(MARKER, START), ...head, ...(orientation === 1 ? [] : [orientationSegment(orientation)]), ...kept, Uint8Array.of(MARKER, END)]
  return { bytes: new Uint8Array(Buffer.concat(parts)), ...size }
}

const beginsWith = (segment: Uint8Array, name: string): boolean => name === String.fromCharCode(...segment.subarray(4, 4 + name.length))

function isNeeded(marker: number, segment: Uint8Array): boolean {
  if (marker === JFIF) return beginsWith(segment, 'JFIF\0')
  if (marker === ADOBE) return beginsWith(segment, 'Adobe')
  return marker === SCAN || isFrame(marker) || DECODING.has(marker)
}

/** Where the coded picture ends: at the next marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(MARKER, start); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && next !== MARKER && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

/** Which way up, 1 to 8; null when the EXIF does not say. */
function readOrientation(exif: Uint8Array): number | null {
  if (String.fromCharCode(...exif.subarray(0, 6)) !== 'Exif\0\0') return null
  const view = new DataView(exif.buffer, exif.byteOffset + 6, exif.byteLength - 6)
  const has = (end: number): boolean => end <= view.byteLength
  if (!has(8)) return null
  const isLittle = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, isLittle)
  if (!has(directory + 2)) return null
  const entries = view.getUint16(directory, isLittle)
  for (let index = 0; index < entries; index += 1) {
    const entry = directory + 2 + index * 12
    if (!has(entry + 12)) return null
    if (view.getUint16(entry, isLittle) !== ORIENTATION_TAG) continue
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : null
  }
  return null
}

/** An EXIF segment that says which way up a picture is, and nothing else. */
function orientationSegment(orientation: number): Uint8Array {
  const header = [MARKER, EXIF, 0, 34, ...Buffer.from('Exif\0\0'), ...Buffer.from('MM'), 0, 42, 0, 0, 0, 8]
  const entry = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  return Uint8Array.from([...header, ...entry, 0, 0, 0, 0])
}
