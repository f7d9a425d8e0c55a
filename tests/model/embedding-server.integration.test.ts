import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { loadEmbeddingModel } from '../../src/model/embedding/embedding-source.ts'
import { openServerEmbedding } from '../../src/model/embedding/openai-embedding.ts'

interface Asked {
  model: string
  input: string[]
  encoding_format: string
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(answer: (asked: Asked) => { status?: number; body: unknown }): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const body = JSON.parse(text) as Asked
      asked.push(body)
      const reply = answer(body)
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked }
}

const vectorOf = (text: string) => [text.length, 3, 4]
const list = (data: unknown) => ({ body: { object: 'list', data, model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } } })

describe('An embeddings server', () => {
  it('is asked for plain numbers in portions, and gives vectors of length 1 in the order of the texts', async () => {
    const { url, asked } = await serve(({ input }) => list(input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })).reverse()))
    const model = await openServerEmbedding({ model: 'm', apiKey: 'k', baseUrl: url })
    const vectors = await model.embed(Array.from({ length: 100 }, (_, index) => 'x'.repeat(index)), 'passage')
    expect(model.dimensions).toBe(3)
    expect(vectors).toHaveLength(100)
    expect(vectors[0]?.[1]).toBeCloseTo(0.6, 5)
    expect((vectors[50]?.[0] ?? 0) / (vectors[50]?.[1] ?? 1)).toBeCloseTo(50 / 3, 3)
    expect(asked.every((call) => call.encoding_format === 'float' && call.input.length <= 64)).toBe(true)
  })

  it('may answer base64 all the same', async () => {
    const { url } = await serve(({ input }) => list(input.map((_, index) => ({ object: 'embedding', index, embedding: Buffer.from(Float32Array.from([0, 3, 4]).buffer).toString('base64') }))))
    const [vector] = await (await openServerEmbedding({ model: 'm', apiKey: 'k', baseUrl: url })).embed(['社区'], 'question')
    expect(vector?.[2]).toBeCloseTo(0.8, 5)
  })

  it.each([
    ['too few vectors', () => list([])],
    ['something else than numbers', ({ input }: Asked) => list(input.map((_, index) => ({ object: 'embedding', index, embedding: ['a'] })))],
    ['a refusal', () => ({ status: 401, body: { error: { message: 'wrong key' } } })],
  ])('that gives %s is unavailable, with the reason', async (_name, answer) => {
    const { url } = await serve(answer)
    const loaded = await loadEmbeddingModel({ log: pino({ level: 'silent' }), server: { model: 'm', apiKey: 'k', baseUrl: url } })
    expect(loaded).toMatchObject({ outcome: 'unavailable', reasons: [expect.stringContaining('embeddings server')] })
  })
})
