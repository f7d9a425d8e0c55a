import { crc32, deflateSync } from 'node:zlib'

/** A real JPEG of 24 × 16 points, a yellow and green chequerboard. */
export const JPEG: Uint8Array = new Uint8Array(Buffer.from([
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk8BDg4OExETJhUVJk81LTVPT09PT09PT0',
  '9PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT//AABEIABAAGAMBEQACEQEDEQH/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsQAAIBAwMCBAMFBQQEAAABfQEC',
  'AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqa',
  'qys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+gEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoLEQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIy',
  'gQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxs',
  'fIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEAAhEDEQA/ALf/ACMH/Tv9n/4Hu3fljpXl/wC5+d/lt9/cX+/f3eX57/d2D/kYP+nf7P8A8D3bvyx0o/3Pzv8ALb7+4f79/d5fnv8A',
  'd2D/AJGD/p3+z/8AA9278sdKP9z87/Lb7+4f79/d5fnv93YP+Rg/6d/s/wDwPdu/LHSj/c/O/wAtvv7h/v393l+e/wB3YP8AkYP+nf7P/wAD3bvyx0o/3Pzv8tvv7h/v393l+e/3dg/5GD/p3+z/AP',
  'A9278sdKP9z87/AC2+/uH+/f3eX57/AHdj/9k=',
].join(''), 'base64'))

/** What a telephone writes into its photos: which way up, the maker, and where it was taken. */
export function withExif(jpeg: Uint8Array, options: { orientation?: number; isLittleEndian?: boolean } = {}): Uint8Array {
  const { orientation = 1, isLittleEndian = false } = options
  const u16 = (value: number): number[] => (isLittleEndian ? [value & 255, value >> 8] : [value >> 8, value & 255])
  const u32 = (value: number): number[] => (isLittleEndian ? [...u16(value), 0, 0] : [0, 0, ...u16(value)])
  const entry = (tag: number, type: number, count: number, value: number[]): number[] => [...u16(tag), ...u16(type), ...u32(count), ...value]
  const tiff = [
    ...Buffer.from(isLittleEndian ? 'II' : 'MM'), ...u16(42), ...u32(8),
    ...u16(3),
    ...entry(0x010f, 2, 4, [...Buffer.from('Ph1\0')]),
    ...entry(0x0112, 3, 1, [...u16(orientation), 0, 0]),
    ...entry(0x8825, 4, 1, u32(50)),
    ...u32(0),
    ...u16(1), ...entry(0x0001, 2, 2, [...Buffer.from('N\0\0\0')]), ...u32(0),
    ...Buffer.from('GPS 50.4241N 124.1184E'),
  ]
  return withSegment(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(tiff)]))
}

/** A JPEG with one more segment behind its first one. */
export function withSegment(jpeg: Uint8Array, marker: number, content: Uint8Array): Uint8Array {
  const head = 4 + ((jpeg[4] ?? 0) << 8) + (jpeg[5] ?? 0)
  const length = content.length + 2
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, head), Uint8Array.of(0xff, marker, length >> 8, length & 255), content, jpeg.subarray(head)]))
}

export function pngChunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** A real PNG of one colour; `extra` chunks stand before the picture itself. `noise` makes it as large as its points are many. */
export function makePng(width: number, height: number, options: { extra?: readonly Buffer[]; noise?: boolean; grey?: number } = {}): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const rows = Buffer.alloc((width + 1) * height, options.grey ?? 90)
  for (let at = 0, seed = 1; at < rows.length; at += 1) {
    if (at % (width + 1) === 0) rows[at] = 0
    else if (options.noise === true) rows[at] = (seed = (seed * 1103515245 + 12345) % 2147483648) >> 16
  }
  const data = deflateSync(rows, { level: options.noise === true ? 0 : 9 })
  return new Uint8Array(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), pngChunk('IHDR', header), ...(options.extra ?? []), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))]))
}
