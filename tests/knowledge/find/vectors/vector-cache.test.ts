import { mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { VectorCache } from '../../../../src/knowledge/find/vectors/vector-cache.ts'
import { VectorIndex } from '../../../../src/knowledge/find/vectors/vector-index.ts'
import type { EmbeddingModel } from '../../../../src/model/embedding/embedding.ts'
import { toUnitLength } from '../../../../src/model/vectors.ts'

class CountingModel implements EmbeddingModel {
  readonly dimensions = 4
  embedded = 0
  readonly id: string

  constructor(id = 'counting') {
    this.id = id
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.embedded += texts.length
    return texts.map((text) => toUnitLength(Float32Array.from([text.length, text.charCodeAt(0), 1, 2])))
  }
}

const TEXTS = ['社区', '志愿者', '物业', '网格化']
let folder: string
let model: CountingModel
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'linli-vectors-'))
  model = new CountingModel()
})
const segments = async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.bin')).map((name) => path.join(folder, name))

describe('The vector cache', () => {
  it('embeds what it has not seen, and nothing twice', async () => {
    const first = await new VectorCache(folder, model).embed(TEXTS, 'passage')
    const second = await new VectorCache(folder, model).embed([...TEXTS, '新的'], 'passage')
    expect(model.embedded).toBe(5)
    expect(second.slice(0, 4)).toEqual(first)
  })

  it('keeps questions and passages, and models, apart', async () => {
    const cache = new VectorCache(folder, model)
    await cache.embed(['社区'], 'passage')
    await cache.embed(['社区'], 'question')
    expect(model.embedded).toBe(2)
    const other = new CountingModel('another')
    await new VectorCache(folder, other).embed(['社区'], 'passage')
    expect(other.embedded).toBe(1)
  })

  it('loses only the vectors that a cut or a flipped byte took', async () => {
    const expected = await new VectorCache(folder, model).embed(TEXTS, 'passage')
    const [file = ''] = await segments()
    const bytes = await readFile(file)
    await truncate(file, bytes.length - 5)
    expect(await new VectorCache(folder, model).embed(TEXTS, 'passage')).toEqual(expected)
    expect(model.embedded).toBe(5)
    const whole = Buffer.from(bytes)
    whole[20] = (whole[20] ?? 0) ^ 0xff
    for (const name of await segments()) await writeFile(name, whole)
    expect(await new VectorCache(folder, model).embed(TEXTS, 'passage')).toEqual(expected)
    expect(model.embedded).toBe(6)
  })

  it('goes on from foreign bytes as if they were not there', async () => {
    const expected = await new VectorCache(folder, model).embed(TEXTS, 'passage')
    for (const name of await segments()) await writeFile(name, 'not vectors at all, and longer than one record of thirty-six bytes')
    expect(await new VectorCache(folder, model).embed(TEXTS, 'passage')).toEqual(expected)
  })

  it('serves several at the same time, and keeps few files', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => new VectorCache(folder, model).embed(TEXTS, 'passage')))
    expect(new Set(all.map((vectors) => JSON.stringify(vectors))).size).toBe(1)
    for (let round = 0; round < 12; round += 1) await new VectorCache(folder, model).embed([`第${round}句`], 'passage')
    expect((await segments()).length).toBeLessThanOrEqual(9)
    const before = model.embedded
    await new VectorCache(folder, model).embed(TEXTS, 'passage')
    expect(model.embedded).toBe(before)
  })
})

describe('A vector cache that has grown too large', () => {
  it('keeps only what is asked for', async () => {
    const sizeOf = async () => (await Promise.all((await segments()).map(async (file) => (await readFile(file)).length))).reduce((sum, size) => sum + size, 0)
    for (let round = 0; round < 8; round += 1) await new VectorCache(folder, model, { mostBytes: 100 }).embed([`旧的第${round}句`], 'passage')
    await new VectorCache(folder, model, { mostBytes: 100 }).embed(TEXTS, 'passage')
    expect(await sizeOf()).toBe(TEXTS.length * (16 + 4 * 4 + 4))
    const before = model.embedded
    await new VectorCache(folder, model).embed(TEXTS, 'passage')
    expect(model.embedded).toBe(before)
  })
})

describe('The vector index', () => {
  it('finds the nearest first, exact below and by graph above the limit', async () => {
    for (const count of [20, 400]) {
      const vectors = Array.from({ length: count }, (_, position) => toUnitLength(Float32Array.from([Math.cos(position / count), Math.sin(position / count), 0.1, 0])))
      const index = await VectorIndex.build(vectors)
      const asked = vectors[7] ?? new Float32Array(4)
      expect(index.search(asked, 3)[0]).toMatchObject({ position: 7 })
      expect(index.search(asked, 3)[0]?.cosine).toBeCloseTo(1, 5)
      expect(index.search(asked, count + 50)).toHaveLength(count)
    }
  })

  it('finds nothing in nothing', async () => {
    expect((await VectorIndex.build([])).search(new Float32Array(4), 5)).toEqual([])
  })
})
