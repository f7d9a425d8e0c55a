import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** One line of a JSON Lines file, counted from 1; `error` says what is wrong with it. */
export type JsonLine = { line: number; value: unknown } | { line: number; error: string }

/**
 * Reads a JSON Lines file (`-` = standard input, `….gz` = packed) line by line. A byte order mark and blank lines are passed over.
 * @throws when the file can't be read
 */
export async function* readJsonLines(file: string): AsyncGenerator<JsonLine> {
  const input = file === '-' ? process.stdin : file.endsWith('.gz') ? pipeline(createReadStream(file), createGunzip(), () => undefined) : createReadStream(file, 'utf8')
  let line = 0
  for await (const raw of createInterface({ input, crlfDelay: Infinity })) {
    line += 1
    const text = line === 1 ? raw.replace(/^\ufeff/, '') : raw
    if (text.trim() === '') continue
    yield parseLine(text, line)
  }
}

function parseLine(text: string, line: number): JsonLine {
  try {
    return { line, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { line, error: error instanceof Error ? error.message : String(error) }
  }
}

/** Writes one value as one line to standard output. */
export function writeJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
