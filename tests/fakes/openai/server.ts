import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request. */
export type Step =
  /** Completes the chat with this text. */
  | { say: string; afterMs?: number }
  /** Takes the request and never answers. */
  | { hang: true }
  | { status: number; code?: string; message?: string; retryAfterMs?: number }
  /** 200 with a body that is no completion. */
  | { garbage: string; contentType?: string }
  /** Sends headers and half of a body, then closes the socket. */
  | { cut: true }

export interface RecordedRequest {
  path: string
  authorization: string | undefined
  /** The parsed body; null when it was no JSON. */
  body: Record<string, unknown> | null
  /** Of a chat: the text of the message with this role, '' when there is none. */
  text(role: 'system' | 'user'): string
  /** Whether the client went away before it was answered. */
  isAbandoned: boolean
}

export interface ScriptedOpenAI {
  /** Ends in /v1. */
  baseUrl: string
  requests: RecordedRequest[]
  /** Replaces what is left of the script. */
  setScript(script: Script): void
  close(): Promise<void>
}

/** Steps are taken one a chat request, the last one again and again; a function decides for itself. */
export type Script = Step[] | ((request: RecordedRequest, index: number) => Step)

export const EMBEDDING_DIMENSIONS = 64

/** An OpenAI-compatible server on 127.0.0.1: chat completions (streamed or not) by script, embeddings by hashing, one model. */
export async function startScriptedOpenAI(script: Script): Promise<ScriptedOpenAI> {
  const requests: RecordedRequest[] = []
  let current = script
  let taken = 0
  const next = (request: RecordedRequest): Step => {
    const index = taken
    taken += 1
    const step = typeof current === 'function' ? current(request, index) : (current[Math.min(index, current.length - 1)] ?? { status: 500, message: 'the script is empty' })
    return step
  }
  const server = createServer((request, response) => {
    void handle(request, response, requests, next)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    setScript: (replacement) => {
      current = replacement
      taken = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function handle(request: IncomingMessage, response: ServerResponse, requests: RecordedRequest[], next: (request: RecordedRequest) => Step): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const record = recordRequest(request, Buffer.concat(chunks).toString('utf8'))
  requests.push(record)
  response.on('close', () => {
    if (!response.writableFinished) record.isAbandoned = true
  })
  const id = `chatcmpl-${requests.length}`
  if (record.body === null) return sendError(response, 400, 'The body is no JSON object', 'invalid_json')
  if (request.method === 'GET' && record.path === '/v1/models') return sendJson(response, 200, { object: 'list', data: [{ id: 'scripted', object: 'model', owned_by: 'tests', created: 1 }] })
  if (request.method !== 'POST') return sendError(response, 405, 'Method not allowed', 'method_not_allowed')
  if (!/^Bearer \S+$/.test(record.authorization ?? '')) return sendError(response, 401, 'No API key', 'invalid_api_key')
  if (record.path === '/v1/embeddings') return sendEmbeddings(response, record.body)
  if (record.path !== '/v1/chat/completions') return sendError(response, 404, 'No such path', 'not_found')
  if (!Array.isArray(record.body.messages) || typeof record.body.model !== 'string') return sendError(response, 400, 'messages and model are required', 'invalid_request')
  return perform(next(record), response, record, id)
}

function recordRequest(request: IncomingMessage, raw: string): RecordedRequest {
  let body: RecordedRequest['body'] = null
  try {
    const parsed: unknown = raw === '' ? {} : JSON.parse(raw)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) body = parsed as Record<string, unknown>
  } catch {
    // Recorded as null, answered with 400.
  }
  return {
    path: request.url ?? '',
    authorization: request.headers.authorization,
    body,
    isAbandoned: false,
    text: (role) => {
      const messages = (body?.messages ?? []) as { role: string; content: unknown }[]
      const content = messages.find((message) => message.role === role)?.content
      if (typeof content === 'string') return content
      return Array.isArray(content) ? (content as { text?: string }[]).map((part) => part.text ?? '').join('') : ''
    },
  }
}

async function perform(step: Step, response: ServerResponse, record: RecordedRequest, id: string): Promise<void> {
  if ('hang' in step) return
  if ('status' in step) {
    const headers = step.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(step.retryAfterMs) }
    return sendError(response, step.status, step.message ?? 'scripted failure', step.code ?? 'scripted', headers)
  }
  if ('garbage' in step) {
    response.writeHead(200, { 'content-type': step.contentType ?? 'application/json' }).end(step.garbage)
    return
  }
  if ('cut' in step) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
    response.write('{"id":"cut","choices":[{"index":0,"message":{"role":"assistant","content":"半句', () => response.destroy())
    return
  }
  if (step.afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, step.afterMs))
  if (response.destroyed) return
  sendCompletion(response, record.body ?? {}, id, step.say)
}

/** Counts as tokens what a Chinese tokenizer roughly counts: characters. */
function sendCompletion(response: ServerResponse, body: Record<string, unknown>, id: string, text: string): void {
  const promptTokens = JSON.stringify(body.messages).length
  const usage = { prompt_tokens: promptTokens, completion_tokens: text.length, total_tokens: promptTokens + text.length }
  const base = { id, created: 1_700_000_000, model: body.model }
  if (body.stream !== true) {
    const choices = [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }]
    sendJson(response, 200, { ...base, object: 'chat.completion', choices, usage })
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (extra: Record<string, unknown>) => response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...extra })}\n\n`)
  send({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] })
  for (const part of text.match(/[\s\S]{1,4}/g) ?? []) send({ choices: [{ index: 0, delta: { content: part }, finish_reason: null }] })
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  const options = body.stream_options as { include_usage?: boolean } | undefined
  if (options?.include_usage === true) send({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}

function sendEmbeddings(response: ServerResponse, body: Record<string, unknown>): void {
  const inputs = (Array.isArray(body.input) ? body.input : [body.input]) as unknown[]
  if (inputs.length === 0 || inputs.some((input) => typeof input !== 'string' || input === '')) {
    sendError(response, 400, 'input must be non-empty text', 'invalid_request')
    return
  }
  const dimensions = typeof body.dimensions === 'number' ? body.dimensions : EMBEDDING_DIMENSIONS
  const data = (inputs as string[]).map((text, index) => {
    const vector = hashVector(text, dimensions)
    const embedding = body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  const tokens = (inputs as string[]).join('').length
  sendJson(response, 200, { object: 'list', model: body.model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } })
}

/** Character bigrams hashed into a vector of length 1: texts that share words lie near each other. */
function hashVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  for (let position = 0; position < text.length; position += 1) {
    let hash = 2166136261
    for (const character of text.slice(position, position + 2)) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0
    const slot = hash % dimensions
    vector[slot] = (vector[slot] ?? 0) + 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

function sendError(response: ServerResponse, status: number, message: string, code: string, headers: Record<string, string> = {}): void {
  sendJson(response, status, { error: { message, type: code, code, param: null } }, headers)
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}
