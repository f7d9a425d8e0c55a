import type { Context, Hono } from 'hono'
import { callerOf } from './caller/caller.ts'
import { isPictureName, picturePath, pictureType } from '../domain/pictures/pictures.ts'
import type { Pictures } from '../store/pictures/pictures.ts'

/**
 * Serves the pictures of announcements. Their names are hashes of what is in them: nobody can guess one who has not got it, and
 * browsers may keep them for good. Their type is said by us and not guessed by anybody (`nosniff`, on every answer).
 */
export function servePictures(app: Hono, pictures: Pictures): void {
  app.get('/pictures/:name', async (c) => {
    const name = c.req.param('name')
    const bytes = isPictureName(name) ? await pictures.read(name) : null
    if (bytes === null) return c.notFound()
    const headers = { 'Cache-Control': 'private, max-age=31536000, immutable', ETag: `"${name}"` }
    if (c.req.header('If-None-Match') === headers.ETag) return c.body(null, 304, headers)
    return c.body(bytes, 200, { ...headers, 'Content-Type': pictureType(name), 'Content-Length': String(bytes.length), 'Content-Disposition': 'inline' })
  })
}

/** Where other programs find a picture: at the service's public address, or where they asked, as far as that can be believed. */
export function pictureUrl(c: Context, name: string, publicUrl: string | undefined): string {
  const { isHttps, host } = callerOf(c)
  return new URL(picturePath(name), publicUrl ?? `${isHttps ? 'https' : 'http'}://${host}`).href
}
