import { parse, validate } from 'fast-xml-parser'

const REFERENCES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#13;': '\r' }

/** An XML document as an object: elements by name, the text of those that hold none, lists of `entries`. @throws {Error} where it is not well formed */
export function readXml<T>(text: string, entries: readonly string[] = ['service', 'request', 'attribute', 'endpoint', 'format', 'error']): T {
  const fault = validate(text)
  if (fault !== true) throw new Error(`Not well formed, line ${fault.err.line}: ${fault.err.msg}\n${text}`)
  if (!text.startsWith('<?xml version="1.0" encoding="utf-8"?>')) throw new Error(`No XML declaration:\n${text}`)
  return parse(text, { parseNodeValue: false, trimValues: false, arrayMode: (name) => entries.includes(name), tagValueProcessor: (value) => value.replace(/&(?:amp|lt|gt|quot|#13);/g, (found) => REFERENCES[found] ?? found) }) as T
}
