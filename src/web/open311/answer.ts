import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { writeXml, type Value } from './xml.ts'

/** Where the interface is mounted. */
export const OPEN311 = '/open311/v2'

const FORMATS = { xml: 'text/xml; charset=utf-8', json: 'application/json; charset=utf-8' } as const
type Format = keyof typeof FORMATS

const SUFFIX = /\.(xml|json)$/

/** A path with both suffixes and with none. */
export const inAllFormats = (path: string): string[] => [path, `${path}.xml`, `${path}.json`]

/** The last part of the path, without the suffix. */
export const withoutSuffix = (part: string): string => part.replace(SUFFIX, '')

/** What the suffix says; without one JSON for whoever asks for it, else XML, which the specification has all servers speak. */
function formatOf(c: Context): Format {
  const suffix = SUFFIX.exec(c.req.path)?.[1]
  if (suffix !== undefined) return suffix as Format
  return (c.req.header('Accept') ?? '').includes('json') ? 'json' : 'xml'
}

/** `root`: the name of the outermost element, which JSON leaves out. */
export function answer(c: Context, root: string, value: Value, status: ContentfulStatusCode = 200, headers: Record<string, string> = {}): Response {
  const format = formatOf(c)
  return c.body(format === 'json' ? JSON.stringify(value) : writeXml(root, value), status, { ...headers, 'Content-Type': FORMATS[format] })
}

/** Says what was wrong, in the specification's form: each sentence is one error. */
export const answerErrors = (c: Context, status: ContentfulStatusCode, descriptions: readonly string[], headers: Record<string, string> = {}): Response =>
  answer(c, 'errors', descriptions.map((description) => ({ code: status, description })), status, headers)
