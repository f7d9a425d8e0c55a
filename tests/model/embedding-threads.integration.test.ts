import path from 'node:path'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { ModelCallError } from '../../src/domain/errors.ts'
import { openEmbeddingThreads } from '../../src/model/embedding/embedding-threads.ts'
import { loadEmbeddingModel } from '../../src/model/embedding/embedding-source.ts'

const TEXTS = Array.from({ length: 12 }, (_, position) => `第${position}条 社区居民委员会应当及时公开物业服务的收费标准。`.repeat(1 + (position % 3)))

describe('The embedding model on several threads', () => {
  it('gives the vectors that it gives on one, in the order of the texts', async () => {
    const loaded = await loadEmbeddingModel({ log: pino({ level: 'silent' }) })
    if (loaded.outcome === 'unavailable') throw new Error(`No embedding model can be had here:\n${loaded.reasons.join('\n')}`)
    const expected = await loaded.model.embed(TEXTS, 'passage')
    const lanes = loaded.model.openLanes?.(2)
    if (lanes === undefined) throw new Error('the local model has lanes')
    const parts = await Promise.all([TEXTS.slice(0, 5), TEXTS.slice(5, 6), TEXTS.slice(6)].map((texts) => lanes.embed(texts, 'passage')))
    expect(parts.flat()).toEqual(expected)
    expect(await lanes.embed(['社区'], 'question')).toEqual(await loaded.model.embed(['社区'], 'question'))
    await lanes.close()
  })

  it('fails every call when there is no such model, and when it is closed', async () => {
    const directory = path.join(import.meta.dirname, 'nowhere')
    const lanes = openEmbeddingThreads({ modelPath: path.join(directory, 'a.onnx'), tokenizerPath: path.join(directory, 'a.json') }, 2)
    const asked = await Promise.allSettled([lanes.embed(['社区'], 'passage'), lanes.embed(['物业'], 'passage')])
    expect(asked.map((one) => one.status === 'rejected' && one.reason instanceof ModelCallError)).toEqual([true, true])
    const late = expect(lanes.embed(['网格'], 'passage')).rejects.toThrow(ModelCallError)
    await lanes.close()
    await late
    await expect(lanes.embed(['网格'], 'passage')).rejects.toThrow(ModelCallError)
  })
})
