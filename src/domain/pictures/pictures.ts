/** The formats that every platform shows as a picture. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png'] as const
export type PictureType = (typeof PICTURE_TYPES)[number]

/** Largest picture that is taken, in bytes. */
export const LARGEST_PICTURE_BYTES = 5 * 1024 * 1024

/** A picture that is kept here, without its content. */
export interface PictureReference {
  /** Its SHA-256 in hex and its format's ending: where it is served, and what nobody can guess. */
  name: string
  /** Its size in bytes. */
  size: number
}

/** A picture as a channel is asked to send it. */
export interface OutgoingPicture extends PictureReference {
  type: PictureType
  bytes: Uint8Array<ArrayBuffer>
}

/** What a platform can do with pictures. */
export interface PictureCapability {
  types: readonly PictureType[]
  largestBytes: number
  /** Longest text that goes as the caption of a picture, in one send with it; null = a picture is always a send of its own. */
  longestCaption: { limit: number; unit: 'utf16' | 'utf8' } | null
}

const PICTURE_NAME = /^[0-9a-f]{64}\.(jpg|png)$/
/** Where a picture is served, below the service's address. */
export const picturePath = (name: string): string => `/pictures/${name}`
export const isPictureName = (name: string): boolean => PICTURE_NAME.test(name)
export const pictureType = (name: string): PictureType => (name.endsWith('.png') ? 'image/png' : 'image/jpeg')

/** `together`: one send. `apart`: the picture, then its text, a send each. `link`: the text alone, with the picture's address. */
export type PicturePlan = 'together' | 'apart' | 'link'

/** How a platform that can do `capability` (absent: it sends no pictures) is given a picture and its text. */
export function planPicture(capability: PictureCapability | undefined, picture: PictureReference, text: string): PicturePlan {
  if (capability === undefined || !capability.types.includes(pictureType(picture.name)) || picture.size > capability.largestBytes) return 'link'
  const { longestCaption } = capability
  if (longestCaption === null) return 'apart'
  const length = longestCaption.unit === 'utf16' ? text.length : new TextEncoder().encode(text).length
  return length <= longestCaption.limit ? 'together' : 'apart'
}
