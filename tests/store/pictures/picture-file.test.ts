import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkPicture } from '../../../src/store/pictures/picture-file.ts'
import { JPEG, makePng, pngChunk, withExif, withSegment } from '../../support/picture-files.ts'

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
function clean(bytes: Uint8Array): Uint8Array {
  const checked = checkPicture(bytes)
  if (checked.outcome !== 'clean') throw new Error(JSON.stringify(checked))
  return checked.bytes
}
const refusal = (bytes: Uint8Array): unknown => {
  const checked = checkPicture(bytes)
  return checked.outcome === 'refused' ? checked.problem : checked.outcome
}

describe('a picture is known by its content', () => {
  it('takes JPEG and PNG as they are', () => {
    expect(checkPicture(JPEG)).toMatchObject({ outcome: 'clean', type: 'image/jpeg' })
    expect(Buffer.from(clean(JPEG)).equals(Buffer.from(JPEG))).toBe(true)
    const png = makePng(30, 20)
    expect(checkPicture(png)).toMatchObject({ outcome: 'clean', type: 'image/png' })
    expect(Buffer.from(clean(png)).equals(Buffer.from(png))).toBe(true)
  })

  it.each([
    ['GIF', 'GIF89a\x01\0\x01\0'],
    ['WebP', 'RIFF\x24\0\0\0WEBPVP8 '],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['AVIF', '\0\0\0\x18ftypavif\0\0\0\0'],
    ['BMP', 'BM\x46\0\0\0'],
    ['TIFF', 'II*\0\x08\0\0\0'],
  ])('names the format %s that some platforms do not show', (format, bytes) => {
    expect(refusal(Buffer.from(bytes, 'latin1'))).toEqual({ kind: 'format', format })
  })

  it.each(['', 'a', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<html><script>alert(1)</script>', '%PDF-1.7', '\0\0\0\x18ftypmp42'])('takes %j for no picture, whatever it is called', (bytes) => {
    expect(refusal(Buffer.from(bytes, 'latin1'))).toEqual({ kind: 'no_picture' })
  })

  it('refuses what is larger than 5 MB, longer than a photo may be, or empty of points', () => {
    expect(refusal(new Uint8Array(5 * 1024 * 1024 + 1))).toEqual({ kind: 'too_large' })
    expect(refusal(makePng(5_001, 5_000))).toEqual({ kind: 'shape', width: 5_001, height: 5_000 })
    expect(refusal(makePng(2_100, 100))).toEqual({ kind: 'shape', width: 2_100, height: 100 })
    expect(refusal(makePng(0, 20))).toEqual({ kind: 'broken' })
    expect(checkPicture(makePng(2_000, 100)).outcome).toBe('clean')
  })

  it('never throws and never takes a file that is cut off, wherever it is cut', () => {
    for (const whole of [withExif(JPEG), makePng(30, 20, { extra: [pngChunk('tEXt', Buffer.from('a\0b'))] })]) {
      for (let length = 0; length < whole.length; length += 1) expect(checkPicture(whole.subarray(0, length)).outcome, `${length} of ${whole.length}`).toBe('refused')
    }
  })

  it('never throws at single bytes that are wrong', () => {
    for (const whole of [withExif(JPEG), makePng(30, 20)]) {
      for (let at = 0; at < whole.length; at += 1) {
        for (const value of [0, 0xff]) {
          const wrong = Uint8Array.from(whole)
          wrong[at] = value
          expect(['clean', 'refused']).toContain(checkPicture(wrong).outcome)
        }
      }
    }
  })
})

describe('a picture that was made to burst', () => {
  const size = (width: number, height: number) => Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])

  it('is refused where a second size stands behind the first, which is what is looked at', () => {
    expect(refusal(withSegment(JPEG, 0xc0, size(65_535, 65_535)))).toEqual({ kind: 'broken' })
    const header = Buffer.from([0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 0, 0, 0, 0])
    expect(refusal(makePng(30, 20, { extra: [pngChunk('IHDR', header)] }))).toEqual({ kind: 'broken' })
  })

  it('is refused where it comes in passes without end', () => {
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f])
    const withScans = (count: number) => new Uint8Array(Buffer.concat([JPEG.subarray(0, -2), ...Array.from({ length: count }, () => scan), JPEG.subarray(-2)]))
    expect(checkPicture(withScans(20)).outcome).toBe('clean')
    expect(refusal(withScans(200))).toEqual({ kind: 'broken' })
  })
})

describe('what a picture tells beside itself is taken out', () => {
  it('the place, the camera, comments, and what is appended to a JPEG', () => {
    const photo = withSegment(withSegment(withExif(JPEG), 0xfe, Buffer.from('written by hand')), 0xed, Buffer.from('Photoshop 3.0\0city'))
    const appended = new Uint8Array(Buffer.concat([photo, withExif(JPEG)]))
    expect(textOf(appended)).toMatch(/GPS 50\.4241N/)
    const cleaned = clean(appended)
    expect(textOf(cleaned)).not.toMatch(/GPS|Ph1|Exif|written|Photoshop/)
    expect(Buffer.from(cleaned).equals(Buffer.from(JPEG))).toBe(true)
  })

  it.each([[3, false], [6, true], [8, false]])('a photo that is turned (%i, little endian %s) stays the right way up, and says nothing else', (orientation, isLittleEndian) => {
    const cleaned = clean(withExif(JPEG, { orientation, isLittleEndian }))
    expect(textOf(cleaned)).not.toMatch(/GPS|Ph1/)
    expect(cleaned.length).toBe(JPEG.length + 36)
    // Read again, it says the same: cleaning twice changes nothing.
    expect(Buffer.from(clean(cleaned)).equals(Buffer.from(cleaned))).toBe(true)
    const exif = textOf(cleaned).indexOf('Exif\0\0')
    expect(cleaned[exif + 6 + 8 + 2 + 9]).toBe(orientation)
  })

  it('the profile of its colours, which tells of the camera or the screen, and whatever else stands there', () => {
    const profile = withSegment(JPEG, 0xe2, Buffer.from('ICC_PROFILE\0\x01\x01abc', 'latin1'))
    expect(textOf(clean(profile))).not.toContain('ICC_PROFILE')
    const packed = deflateSync(Buffer.alloc(1_000_000))
    expect(textOf(clean(makePng(30, 20, { extra: [pngChunk('iCCP', Buffer.concat([Buffer.from('Phone\0\0'), packed]))] })))).not.toMatch(/iCCP|Phone/)
    expect(textOf(clean(withSegment(JPEG, 0xe2, Buffer.from('MPF\0more pictures'))))).not.toContain('MPF')
  })

  it('texts, times, EXIF and animation of a PNG', () => {
    const extra = [pngChunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f])), pngChunk('tEXt', Buffer.from('Author\0Wang')), pngChunk('eXIf', Buffer.from('MM\0*GPS')), pngChunk('tIME', Buffer.alloc(7)), pngChunk('acTL', Buffer.alloc(8))]
    const cleaned = clean(new Uint8Array(Buffer.concat([makePng(30, 20, { extra }), Buffer.from('appended')])))
    expect(textOf(cleaned)).not.toMatch(/Wang|GPS|tIME|acTL|appended/)
    expect(textOf(cleaned)).toContain('gAMA')
  })

  it('a PNG whose content does not match its checksum is broken', () => {
    const wrong = makePng(30, 20)
    wrong[45] = (wrong[45] ?? 0) ^ 1
    expect(refusal(wrong)).toEqual({ kind: 'broken' })
  })
})
