import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { PassageIndex } from '../../../src/knowledge/find/passage-index.ts'
import type { IndexedPassage, QuestionVectors } from '../../../src/knowledge/find/passage-index.ts'
import type { KnownQuestion } from '../../../src/knowledge/find/questions/question-index.ts'
import { VectorCache } from '../../../src/knowledge/find/vectors/vector-cache.ts'
import type { EmbeddingModel } from '../../../src/model/embedding/embedding.ts'
import { toUnitLength } from '../../../src/model/vectors.ts'

const DIMENSIONS = 24
const SYLLABLES = '社区居民志愿者服务站面积物业管理办公用房养老低保救助网格民警卫生环境文化培训就业申请登记公开监督'

/** Says how often it was asked; a text's vector counts its characters, so that like texts are near each other. */
class CountingModel implements EmbeddingModel {
  readonly id = 'counting'
  readonly dimensions = DIMENSIONS
  embedded = 0

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.embedded += texts.length
    return texts.map(toVector)
  }
}

function toVector(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS).fill(0.1)
  for (const character of text) vector[(character.codePointAt(0) ?? 0) % DIMENSIONS]! += 1
  return toUnitLength(vector)
}

const write = (seed: number, length: number) => Array.from({ length }, (_, place) => SYLLABLES[(seed * 31 + place * place * 7 + place * seed) % SYLLABLES.length]).join('')
const PASSAGES: IndexedPassage[] = Array.from({ length: 600 }, (_, position) => ({ title: `第${position}条`, text: `${write(position, 40)}。${write(position + 1000, 30)}，${position % 97}平方米。` }))
const QUESTIONS: KnownQuestion[] = Array.from({ length: 120 }, (_, position) => ({ text: `${write(position + 2000, 12)}吗`, passage: position % 7, isGap: position % 10 === 9 }))
const ASKED = Array.from({ length: 25 }, (_, position) => write(position * 13 + 5, 10))

let folder: string
let model: CountingModel
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'linli-kept-'))
  model = new CountingModel()
})

const open = (passages = PASSAGES, onNotKept?: (error: unknown) => void) => {
  const options = onNotKept === undefined ? {} : { onNotKept }
  return PassageIndex.build(passages, QUESTIONS, { directory: folder, ...options }).withVectors(new VectorCache(folder, model), options)
}
const vectorsOf = (question: string): QuestionVectors => ({ forPassages: toVector(question), forQuestions: toVector(question) })
/** Everything that ranking and answering are made of. */
const findAll = (index: PassageIndex) => ASKED.map((question) => index.find(question, vectorsOf(question)))
const findByWords = (index: PassageIndex) => ASKED.map((question) => index.find(question, null))
const filesOf = async (ending: string) => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name)).sort()
/** Nothing but the finished index is left: what is embedded from here on was not loaded. */
const forgetVectors = async () => {
  for (const file of await filesOf('.bin')) if (path.dirname(file) !== folder) await rm(file)
  model.embedded = 0
}

describe('An index kept on disk', () => {
  it('finds exactly what the built one found, with the same features, without embedding anything', async () => {
    const built = await open()
    const expected = { all: findAll(built), words: findByWords(built) }
    await forgetVectors()
    const loaded = await open()
    expect(model.embedded).toBe(0)
    expect({ all: findAll(loaded), words: findByWords(loaded) }).toEqual(expected)
    const unkept = await PassageIndex.build(PASSAGES, QUESTIONS).withVectors(new VectorCache(await mkdtemp(path.join(tmpdir(), 'linli-kept-')), model))
    expect({ all: findAll(unkept), words: findByWords(unkept) }).toEqual(expected)
  })

  it.each(['words-', 'head-', '.vectors', '.hnsw'])('is built anew from damaged %s, and is whole again afterwards', async (part) => {
    const expected = findAll(await open())
    const [file = ''] = (await filesOf('')).filter((name) => path.basename(name).startsWith(part) || name.endsWith(part))
    const whole = await readFile(file)
    const flip = (at: number) => {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 0x40
      return bytes
    }
    const half = Math.floor(whole.length / 2)
    for (const damaged of [Buffer.alloc(0), whole.subarray(0, 11), whole.subarray(0, half), whole.subarray(0, -1), flip(0), flip(9), flip(13), flip(half), flip(whole.length - 2), Buffer.concat([whole, whole]), Buffer.from('<html>no index</html>')]) {
      await writeFile(file, damaged)
      expect(findAll(await open())).toEqual(expected)
      expect((await readFile(file)).equals(whole)).toBe(true)
    }
  }, 60_000)

  it('is built anew where a file is missing, or is another index\'s', async () => {
    const expected = findAll(await open())
    const [graph = '', otherGraph = ''] = await filesOf('.hnsw')
    const [vectors = ''] = await filesOf('.vectors')
    await rm(graph)
    expect(findAll(await open())).toEqual(expected)
    await rm(vectors)
    expect(findAll(await open())).toEqual(expected)
    await cp(otherGraph, graph)
    expect(findAll(await open())).toEqual(expected)
  })

  it('is not taken for other passages, another order or another model', async () => {
    await open()
    const changed = PASSAGES.with(3, { title: '第3条', text: '社区食堂给八十岁以上老人送饭。' })
    const index = await open(changed)
    expect(index.find('食堂给谁送饭', null).candidates.some(({ passage }) => passage === 3)).toBe(true)
    const turned = await open(PASSAGES.toReversed())
    expect(turned.find(PASSAGES[10]?.text ?? '', null).candidates.map(({ passage }) => passage)).toContain(PASSAGES.length - 11)
    await forgetVectors()
    await PassageIndex.build(PASSAGES, QUESTIONS, { directory: folder }).withVectors(new VectorCache(folder, { ...model, id: 'another', dimensions: DIMENSIONS, embed: (texts) => model.embed(texts) }))
    expect(model.embedded).toBeGreaterThan(PASSAGES.length)
  })

  it('keeps few of them: those of older contents go, and so does what a crash left behind, but not what is being written', async () => {
    const unfinished = path.join(folder, 'words-abandoned.bin.x.part')
    await writeFile(unfinished, 'half')
    await utimes(unfinished, new Date(0), new Date(0))
    await writeFile(path.join(folder, 'words-under-way.bin.y.part'), 'half')
    for (let version = 0; version < 9; version += 1) await open(PASSAGES.with(0, { title: '', text: `第${version}版` }))
    expect((await filesOf('.bin')).filter((name) => path.basename(name).startsWith('words-'))).toHaveLength(3)
    expect((await filesOf('.hnsw')).length).toBeLessThanOrEqual(6)
    expect(await filesOf('.hnsw')).toHaveLength((await filesOf('.vectors')).length)
    expect((await filesOf('.part')).map((name) => path.basename(name))).toEqual(['words-under-way.bin.y.part'])
    await forgetVectors()
    await open(PASSAGES.with(0, { title: '', text: '第8版' }))
    expect(model.embedded).toBe(0)
  })

  it('serves several that open it at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => open()))
    const expected = findAll(all[0] ?? (await open()))
    for (const index of all) expect(findAll(index)).toEqual(expected)
    await forgetVectors()
    expect(findAll(await open())).toEqual(expected)
    expect(model.embedded).toBe(0)
  })

  it('is used all the same when the disk does not take it, and says so', async () => {
    const cache = new VectorCache(folder, model)
    await cache.embed(['社区'], 'passage')
    const [vectorsFolder = ''] = (await readdir(folder)).map((name) => path.join(folder, name))
    const errors: unknown[] = []
    const index = PassageIndex.build(PASSAGES, QUESTIONS, { directory: path.join(vectorsFolder, (await readdir(vectorsFolder))[0] ?? '', 'no-folder'), onNotKept: (error) => errors.push(error) })
    expect(errors).toHaveLength(2)
    expect(findByWords(index)).toEqual(findByWords(PassageIndex.build(PASSAGES, QUESTIONS)))
  })
})
