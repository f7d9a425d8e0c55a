import type { Context } from 'hono'
import { pictureType } from '../domain/pictures/pictures.ts'
import type { Photos } from '../store/pictures/photos.ts'

/** Where programs with the token find a photo of a request. */
export const photoPath = (requestId: string, id: string): string => `/api/v1/requests/${requestId}/photos/${id}`

/**
 * A photo, for whoever was found to be allowed to see it. No browser keeps it: it may be erased, and others use the same device. Its type is
 * said by us and not guessed by anybody (`nosniff`, on every answer).
 * @returns null when there is none
 */
export async function answerPhoto(c: Context, photos: Pick<Photos, 'read'>, name: string | null): Promise<Response | null> {
  const bytes = name === null ? null : await photos.read(name)
  if (name === null || bytes === null) return null
  const headers = { 'Cache-Control': 'private, no-store', ETag: `"${name}"`, 'X-Content-Type-Options': 'nosniff' }
  if (c.req.header('If-None-Match') === headers.ETag) return c.body(null, 304, headers)
  return c.body(bytes, 200, { ...headers, 'Content-Type': pictureType(name), 'Content-Length': String(bytes.length), 'Content-Disposition': 'inline' })
}
