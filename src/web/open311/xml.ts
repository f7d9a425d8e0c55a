/** A value as GeoReport v2 writes it in JSON; in XML the same, by the "Spark" convention: the entries of a list are elements named by one of them. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

const ENTRY_NAMES: Record<string, string> = {
  services: 'service',
  service_requests: 'request',
  attributes: 'attribute',
  values: 'value',
  endpoints: 'endpoint',
  formats: 'format',
  errors: 'error',
}

/** Characters that XML 1.0 can't hold, not even as a reference. */
const OUTSIDE_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const REFERENCES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

const escape = (text: string): string => text.replace(OUTSIDE_XML, '').replace(/[&<>\r]/g, (character) => REFERENCES[character] ?? character)

const isList = (value: object): value is readonly Value[] => Array.isArray(value)

const element = (name: string, value: Value): string => `<${name}>${contentOf(name, value)}</${name}>`

function contentOf(name: string, value: Value): string {
  if (value === null) return ''
  if (typeof value !== 'object') return escape(String(value))
  const entries: [string, Value][] = isList(value) ? value.map((entry) => [ENTRY_NAMES[name] ?? 'item', entry]) : Object.entries(value)
  return entries.map(([field, entry]) => element(field, entry)).join('')
}

/** A whole document; null is an empty element. */
export const writeXml = (root: string, value: Value): string => `<?xml version="1.0" encoding="utf-8"?>\n${element(root, value)}\n`
