import { inflateRawSync } from 'node:zlib'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50

/**
 * The bytes of one file in a zip archive (a jar) that is held in memory; null when there is no such file, the archive is damaged, or the file is longer than it says.
 * @param longest entries larger than this many bytes are not unpacked
 */
export function readZipEntry(zip: Buffer, name: string, longest: number): Buffer | null {
  try {
    const entry = findEntry(zip, name)
    if (entry === null || entry.size > longest) return null
    // The local header repeats name and extra field, with lengths of its own.
    const dataStart = entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28)
    const packed = zip.subarray(dataStart, dataStart + entry.packedSize)
    if (entry.method === 0) return Buffer.from(packed)
    return entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }) : null
  } catch {
    return null
  }
}

/** How many bytes all its files have unpacked, by what the archive says; Infinity for a damaged one. */
export function unpackedSize(zip: Buffer): number {
  try {
    const entries = [...readDirectory(zip)]
    return entries.length === 0 ? Infinity : entries.reduce((sum, entry) => sum + entry.size, 0)
  } catch {
    return Infinity
  }
}

interface Entry {
  name: string
  method: number
  packedSize: number
  size: number
  offset: number
}

function findEntry(zip: Buffer, name: string): Entry | null {
  for (const entry of readDirectory(zip)) if (entry.name === name) return entry
  return null
}

function* readDirectory(zip: Buffer): Generator<Entry> {
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1
  if (end < 0) return
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0 && zip.readUInt32LE(at) === DIRECTORY_ENTRY; left -= 1) {
    const nameLength = zip.readUInt16LE(at + 28)
    yield { name: zip.toString('utf8', at + 46, at + 46 + nameLength), method: zip.readUInt16LE(at + 10), packedSize: zip.readUInt32LE(at + 20), size: zip.readUInt32LE(at + 24), offset: zip.readUInt32LE(at + 42) }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}
