import { describe, expect, it } from 'vitest'
import { isPictureName, LARGEST_PICTURE_BYTES, PICTURE_TYPES, pictureType, planPicture, type PictureCapability } from '../../src/domain/pictures/pictures.ts'

const jpeg = { name: `${'a'.repeat(64)}.jpg`, size: 1_000 }
const can = (more: Partial<PictureCapability> = {}): PictureCapability => ({ types: PICTURE_TYPES, largestBytes: LARGEST_PICTURE_BYTES, longestCaption: { limit: 1_024, unit: 'utf16' }, ...more })

describe('how a picture and its text are divided into sends', () => {
  it('together where the text fits as a caption, counted in the platform’s unit', () => {
    expect(planPicture(can(), jpeg, '水'.repeat(1_024))).toBe('together')
    expect(planPicture(can(), jpeg, '水'.repeat(1_025))).toBe('apart')
    expect(planPicture(can(), jpeg, '😀'.repeat(513))).toBe('apart')
    expect(planPicture(can({ longestCaption: { limit: 1_024, unit: 'utf8' } }), jpeg, '水'.repeat(342))).toBe('apart')
  })

  it('apart where there are no captions', () => expect(planPicture(can({ longestCaption: null }), jpeg, '停水')).toBe('apart'))

  it('by its address where the platform takes no pictures, not of this type, or not so large', () => {
    expect(planPicture(undefined, jpeg, '停水')).toBe('link')
    expect(planPicture(can({ types: ['image/png'] }), jpeg, '停水')).toBe('link')
    expect(planPicture(can({ largestBytes: 999 }), jpeg, '停水')).toBe('link')
  })
})

it('a picture is named by its hash and its format, and by nothing that leads elsewhere', () => {
  expect([jpeg.name, `${'0'.repeat(64)}.png`].map(isPictureName)).toEqual([true, true])
  for (const name of ['', 'a.jpg', `../${jpeg.name}`, `${jpeg.name}/`, `${jpeg.name}\n`, jpeg.name.toUpperCase(), jpeg.name.replace('.jpg', '.svg')]) expect(isPictureName(name), name).toBe(false)
  expect([jpeg.name, `${'0'.repeat(64)}.png`].map(pictureType)).toEqual(['image/jpeg', 'image/png'])
})
