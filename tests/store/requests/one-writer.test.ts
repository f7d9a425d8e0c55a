import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const SOURCE = path.resolve(import.meta.dirname, '../../../src')
const WRITER = 'store/requests/move-request.ts'

const sources = fs
  .readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('generated'))
  .map((file) => ({ file: file.replaceAll(path.sep, '/'), text: fs.readFileSync(path.join(SOURCE, file), 'utf8') }))

const WRITES = '(?:create|createMany|update|updateMany|upsert|delete|deleteMany)'

/** The arguments of every call of one of these, up to the bracket that closes it. */
function callsOf(text: string, call: RegExp): string[] {
  return Array.from(text.matchAll(call), ({ index, 0: head }) => {
    let depth = 1
    let end = index + head.length
    while (depth > 0 && end < text.length) {
      if (text[end] === '(') depth += 1
      if (text[end] === ')') depth -= 1
      end += 1
    }
    return text.slice(index, end)
  })
}

it('nothing but moveRequest and its neighbours writes a line of a history', () => {
  const writers = sources.filter(({ text }) => new RegExp(`\\.activity\\.${WRITES}\\(|INTO "Activity"|UPDATE "Activity"`).test(text)).map(({ file }) => file)
  expect(writers).toEqual([WRITER])
})

it('nothing but moveRequest and its neighbours writes a request’s status or the dates that hang on it', () => {
  const call = new RegExp(`\\.serviceRequest\\.${WRITES}\\(`, 'g')
  const writers = sources.flatMap(({ file, text }) => callsOf(text, call).flatMap((written) => (/data: [\s\S]*\b(?:status|updatedAt|waitingSince|finishedAt)\b/.test(written) ? [file] : [])))
  expect([...new Set(writers)]).toEqual([WRITER])
  expect(sources.filter(({ text }) => /UPDATE "ServiceRequest"|INTO "ServiceRequest"/.test(text)).map(({ file }) => file)).toEqual([])
})

it('makes no request anywhere else', () => {
  expect(sources.filter(({ text }) => /\.serviceRequest\.(?:create|createMany|upsert)\(/.test(text)).map(({ file }) => file)).toEqual([WRITER])
})
