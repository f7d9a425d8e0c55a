import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ModelCallError } from '../../src/domain/errors.ts'
import { createLanguageModel } from '../../src/model/chat.ts'
import type { ModelCall } from '../../src/model/chat.ts'
import { startScriptedOpenAI } from '../fakes/openai/server.ts'
import type { ScriptedOpenAI } from '../fakes/openai/server.ts'

let server: ScriptedOpenAI
let calls: ModelCall[]

beforeEach(async () => {
  server = await startScriptedOpenAI([{ say: '你好' }])
  calls = []
})

afterEach(() => server.close())

const openModel = (timeoutMs = 3000, baseUrl = server.baseUrl) => createLanguageModel({ model: 'scripted', apiKey: 'test-key', baseUrl, timeoutMs, onCall: (call) => calls.push(call) })
const SECRET = '我叫刘桂兰，电话13800138001'

async function failureOf(work: Promise<unknown>): Promise<ModelCallError> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(ModelCallError)
  const text = JSON.stringify(failure, Object.getOwnPropertyNames(failure))
  expect(text).not.toContain('刘桂兰')
  return failure as ModelCallError
}

test('system and user go out as two messages at temperature 0, and text and tokens come back', async () => {
  const output = await openModel().complete({ system: '规矩', user: '问题' })
  expect(output).toEqual({ text: '你好', inputTokens: expect.any(Number) as number, outputTokens: 2 })
  expect(output.inputTokens).toBeGreaterThan(0)
  const [request] = server.requests
  expect(request?.path).toBe('/v1/chat/completions')
  expect(request?.authorization).toBe('Bearer test-key')
  expect(request?.body).toMatchObject({ model: 'scripted', temperature: 0 })
  expect([request?.text('system'), request?.text('user')]).toEqual(['规矩', '问题'])
  expect(calls).toEqual([{ ms: expect.any(Number) as number, outcome: 'ok', inputTokens: output.inputTokens, outputTokens: 2 }])
})

test('the thoughts that a local model writes in front of its answer are left out', async () => {
  server.setScript([{ say: '<think>先想想，500元？</think>\n\n答复' }])
  expect((await openModel().complete({ system: 's', user: 'u' })).text).toBe('答复')
})

test.each([429, 500, 503])('a %i is tried once more', async (status) => {
  server.setScript([{ status, retryAfterMs: 20 }, { say: '好了' }])
  expect((await openModel().complete({ system: 's', user: 'u' })).text).toBe('好了')
  expect(server.requests).toHaveLength(2)
  expect(calls.map((call) => call.outcome)).toEqual(['ok'])
})

test('a second 429 is not tried again, and the error says that later may do', async () => {
  server.setScript([{ status: 429, retryAfterMs: 5 }])
  const failure = await failureOf(openModel().complete({ system: 's', user: 'u' }))
  expect(failure.retryable).toBe(true)
  expect(server.requests).toHaveLength(2)
  expect(calls.map((call) => call.outcome)).toEqual(['rate_limited'])
})

test('a 429 that asks to wait beyond the time limit fails at once', async () => {
  server.setScript([{ status: 429, retryAfterMs: 60_000 }])
  const startedAt = performance.now()
  await failureOf(openModel().complete({ system: 's', user: 'u' }))
  expect(performance.now() - startedAt).toBeLessThan(2000)
  expect(server.requests).toHaveLength(1)
})

test('an exhausted quota is not tried again', async () => {
  server.setScript([{ status: 429, code: 'insufficient_quota' }])
  const failure = await failureOf(openModel().complete({ system: 's', user: 'u' }))
  expect(failure.retryable).toBe(false)
  expect(server.requests).toHaveLength(1)
})

test('a refused call names the settings to check, and nothing that the server echoes', async () => {
  server.setScript([{ status: 400, message: `bad content: ${SECRET}`, code: 'invalid_request' }])
  const failure = await failureOf(openModel().complete({ system: 's', user: SECRET }))
  expect(failure.message).toMatch(/400 \(invalid_request\).*OPENAI_BASE_URL/)
  expect(failure.retryable).toBe(false)
  expect(server.requests).toHaveLength(1)
})

test('a server that never answers is given up within the time limit, and the connection is dropped', async () => {
  server.setScript([{ hang: true }])
  const model = openModel(300)
  await import('@langchain/openai')
  const failure = await failureOf(model.complete({ system: 's', user: 'u' }))
  expect(failure.retryable).toBe(true)
  expect(calls.map((call) => call.outcome)).toEqual(['timeout'])
  await expect.poll(() => server.requests[0]?.isAbandoned).toBe(true)
})

test('the caller can give up', async () => {
  server.setScript([{ hang: true }])
  const giveUp = new AbortController()
  const work = failureOf(openModel().complete({ system: 's', user: 'u', signal: giveUp.signal }))
  await expect.poll(() => server.requests.length).toBe(1)
  giveUp.abort()
  expect((await work).retryable).toBe(true)
  expect(calls.map((call) => call.outcome)).toEqual(['aborted'])
})

test('a signal that is over already makes no call', async () => {
  await failureOf(openModel().complete({ system: 's', user: 'u', signal: AbortSignal.abort() }))
  expect(server.requests).toHaveLength(0)
})

test('a server that is down is an error that later may mend', async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const failure = await failureOf(openModel(3000, `http://127.0.0.1:${port}/v1`).complete({ system: 's', user: 'u' }))
  expect(failure.retryable).toBe(true)
  expect(calls.map((call) => call.outcome)).toEqual(['unreachable'])
})

test('a connection that is cut in the middle is an error', async () => {
  server.setScript([{ cut: true }])
  expect((await failureOf(openModel().complete({ system: 's', user: 'u' }))).retryable).toBe(true)
})

test.each([
  ['HTML', '<html>proxy log-in</html>', 'text/html'],
  ['broken JSON', '{"id":', 'application/json'],
  ['other JSON', '{"ok":true}', 'application/json'],
  ['null', 'null', 'application/json'],
  ['no choices', '{"id":"x","object":"chat.completion","choices":[]}', 'application/json'],
  ['null content', '{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":null}}]}', 'application/json'],
  ['blank content', '{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"  "}}]}', 'application/json'],
])('%s instead of a completion is an error', async (_name, garbage, contentType) => {
  server.setScript([{ garbage, contentType }])
  await failureOf(openModel().complete({ system: 's', user: 'u' }))
  expect(calls.map((call) => call.outcome)).toEqual(['unusable'])
})
