import type { Context } from 'hono'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

interface Asset {
  body: Uint8Array<ArrayBuffer>
  type: string
  version: string
}

/** The files that pages load, read once: everything in `src/web/assets`. */
export interface Assets {
  /** Where a page loads this file from; the address changes with its content, so that browsers may keep it for good. */
  url(name: string): string
  serve(c: Context): Response
}

export function loadAssets(): Assets {
  const folder = fileURLToPath(new URL('assets', import.meta.url))
  const files = new Map(fs.readdirSync(folder).map((name) => [name, path.join(folder, name)]))
  const assets = new Map<string, Asset>()
  for (const [name, file] of files) {
    const type = TYPES[path.extname(name)]
    if (type === undefined) continue
    const body = new Uint8Array(fs.readFileSync(file))
    assets.set(name, { body, type, version: createHash('sha256').update(body).digest('base64url').slice(0, 12) })
  }
  return {
    url: (name) => `/assets/${name}?v=${assets.get(name)?.version ?? ''}`,
    serve: (c) => serveAsset(c, assets.get(c.req.param('name') ?? '')),
  }
}

function serveAsset(c: Context, asset: Asset | undefined): Response {
  if (!asset) return c.notFound() as Response
  const etag = `"${asset.version}"`
  const isVersioned = c.req.query('v') === asset.version
  const headers = { ETag: etag, 'Cache-Control': isVersioned ? 'public, max-age=31536000, immutable' : 'no-cache' }
  if (c.req.header('If-None-Match') === etag) return c.body(null, 304, headers)
  return c.body(asset.body, 200, { ...headers, 'Content-Type': asset.type })
}
