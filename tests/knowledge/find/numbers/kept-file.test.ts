import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readColumns, removeOldFiles, writeColumns } from '../../../../src/knowledge/find/numbers/kept-file.ts'
import { TermTable } from '../../../../src/knowledge/find/words/term-table.ts'

const folder = () => mkdtempSync(path.join(tmpdir(), 'linli-columns-'))

describe('Columns on disk', () => {
  it('come back as they were, empty ones and odd lengths too', () => {
    const columns = { terms: Float64Array.of(1, 2 ** 33 + 7, 0.1), none: new Float32Array(), odd: Uint32Array.of(1, 2, 0xffff_ffff), small: Float32Array.of(0.25) }
    const file = path.join(folder(), 'deep', 'a.bin')
    writeColumns(file, 'hash', columns)
    expect(readColumns(readFileSync(file), 'hash')).toEqual(columns)
    expect(readdirSync(path.dirname(file))).toEqual(['a.bin'])
  })

  it('are read from bytes that lie anywhere in memory', () => {
    const file = path.join(folder(), 'a.bin')
    writeColumns(file, 'hash', { terms: Float64Array.of(1.5, 2.5) })
    const bytes = readFileSync(file)
    const shifted = Buffer.alloc(bytes.length + 3)
    bytes.copy(shifted, 3)
    expect(readColumns(shifted.subarray(3), 'hash')?.['terms']).toEqual(Float64Array.of(1.5, 2.5))
  })

  it('of something else, or with any byte changed, are none', () => {
    const file = path.join(folder(), 'a.bin')
    writeColumns(file, 'hash', { terms: Float64Array.of(1.5, 2.5) })
    const bytes = readFileSync(file)
    expect(readColumns(bytes, 'other')).toBeNull()
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes)
      damaged[at]! ^= 1
      expect(readColumns(damaged, 'hash')).toBeNull()
      expect(readColumns(bytes.subarray(0, at), 'hash')).toBeNull()
    }
  })

  it('stay as they were when they cannot be replaced', () => {
    const file = path.join(folder(), 'a.bin')
    writeColumns(file, 'hash', { terms: Float64Array.of(1) })
    expect(() => writeColumns(path.join(file, 'inside-a-file.bin'), 'hash', {})).toThrow()
    expect(readColumns(readFileSync(file), 'hash')).toEqual({ terms: Float64Array.of(1) })
  })

  it('that belong together go together, and other files stay', () => {
    const place = folder()
    for (const name of ['g-1.a', 'g-1.b', 'g-2.a', 'g-2.b', 'other-1.a']) writeFileSync(path.join(place, name), '')
    removeOldFiles(place, 'g-', 1)
    const left = readdirSync(place)
    expect(left).toHaveLength(3)
    expect(left).toContain('other-1.a')
    expect(new Set(left.filter((name) => name.startsWith('g-')).map((name) => name.slice(0, 3))).size).toBe(1)
  })
})

describe('A table of terms', () => {
  it('knows every term by its position, and no other', () => {
    const terms = Float64Array.from({ length: 50_000 }, (_, position) => (position % 3 === 0 ? position + 1 : position % 3 === 1 ? 0x10000 + position * 0x10000 : 2 ** 33 + position * 7919))
    const table = new TermTable(terms)
    expect(terms.every((term, position) => table.get(term) === position)).toBe(true)
    for (const absent of [2, 0x10001, 2 ** 33 + 1, 2 ** 34]) expect(table.get(absent)).toBe(terms.includes(absent) ? terms.indexOf(absent) : undefined)
    expect(new TermTable(new Float64Array()).get(5)).toBeUndefined()
  })
})
