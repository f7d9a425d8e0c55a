import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Hono } from 'hono'
import type { AdminEnv } from './options.ts'

export interface Script {
  /** Changes with the content, so that browsers may keep it for good. */
  path: string
  content: string
}

/** htmx, from its package. */
export function loadHtmx(): Script {
  const content = readFileSync(createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'), 'utf8')
  return { path: `/admin/assets/htmx-${createHash('sha256').update(content).digest('hex').slice(0, 12)}.js`, content }
}

export function serveHtmx(app: Hono<AdminEnv>, script: Script): void {
  app.get(script.path.slice('/admin'.length), (c) => c.body(script.content, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'public, max-age=31536000, immutable' }))
}
