import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { z } from 'zod'
import { readMultipart } from './multipart.ts'
import { BotApiError } from './parameters.ts'

export interface RecordedCall {
  method: string
  params: Record<string, unknown>
  at: Date
  /** The HTTP status that was answered; null when none was. */
  status: number | null
}

/** What the next call of a method meets, instead of or before its normal answer. */
export type Fault =
  | { kind: 'error'; code: number; description: string; parameters?: { retry_after?: number; migrate_to_chat_id?: number } }
  /** The answer comes late. */
  | { kind: 'slow'; ms: number }
  /** The call takes effect, and the connection ends without an answer. */
  | { kind: 'lost_answer' }
  /** The connection ends before the call takes effect. */
  | { kind: 'reset' }
  /** Nothing happens and nothing is answered until the caller gives up. */
  | { kind: 'hang' }

export interface BotApiServerOptions {
  token: string
  now: () => Date
  run(method: string, body: Record<string, unknown>, response: ServerResponse): Promise<unknown>
  /** What a file's path holds; null when nothing does. */
  file(path: string): Uint8Array | null
}

/** The HTTP side on loopback: one path per method behind the token, every call recorded, faults on command. */
export class BotApiServer {
  readonly calls: RecordedCall[] = []
  /** Delay of every answer but a poll's, in ms of real time. */
  latencyMs = 0
  readonly #options: BotApiServerOptions
  readonly #faults = new Map<string, Fault[]>()
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null
  #port = 0

  constructor(options: BotApiServerOptions) {
    this.#options = options
  }

  get root(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts, or comes back on the same port after `die`. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Breaks every connection and refuses new ones. */
  async die(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  fail(method: string, faults: readonly Fault[]): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), ...faults])
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, fileToken, path = ''] = /^\/file\/bot([^/]+)\/(.+)$/.exec(request.url ?? '') ?? []
    if (fileToken !== undefined) {
      const bytes = fileToken === this.#options.token ? this.#options.file(path) : null
      response.writeHead(bytes === null ? 404 : 200).end(bytes ?? undefined)
      return
    }
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
    const body = await readBody(request)
    const call: RecordedCall = { method, params: body, at: this.#options.now(), status: null }
    this.calls.push(call)
    const reply = (status: number, payload: unknown): void => {
      if (response.destroyed || response.writableEnded) return
      call.status = status
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(payload))
    }
    try {
      if (token !== this.#options.token) throw new BotApiError(401, 'Unauthorized')
      const fault = this.#faults.get(method)?.shift()
      if (fault?.kind === 'error') throw new BotApiError(fault.code, fault.description, fault.parameters)
      if (fault?.kind === 'reset') {
        request.socket.destroy()
        return
      }
      if (fault?.kind === 'hang') {
        await new Promise((resolve) => response.once('close', resolve))
        return
      }
      if (this.latencyMs > 0 && method !== 'getUpdates') await new Promise((resolve) => setTimeout(resolve, this.latencyMs))
      if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
      const result = await this.#options.run(method, body, response)
      if (fault?.kind === 'lost_answer') request.socket.destroy()
      else reply(200, { ok: true, result })
    } catch (error) {
      const known = error instanceof BotApiError ? error : new BotApiError(500, `Internal Server Error: ${String(error)}`)
      reply(known.code, { ok: false, error_code: known.code, description: known.description, ...(known.parameters === undefined ? {} : { parameters: known.parameters }) })
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('multipart/form-data')) return readMultipart(Buffer.concat(chunks), type)
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text))
}
