import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import { FakeUploads } from './uploads.ts'

const Frame = z.strictObject({ cmd: z.string(), headers: z.looseObject({ req_id: z.string().min(1) }), body: z.unknown().optional() })
const Subscription = z.looseObject({ bot_id: z.string(), secret: z.string() })
const Sending = z.discriminatedUnion('msgtype', [
  z.strictObject({ chatid: z.string().min(1), msgtype: z.literal('markdown'), markdown: z.strictObject({ content: z.string().min(1) }) }),
  z.strictObject({ chatid: z.string().min(1), msgtype: z.literal('image'), image: z.strictObject({ media_id: z.string().min(1) }) }),
])

export interface WecomSent {
  chatid: string
  content: string
  /** A picture that came alone. */
  image?: Uint8Array
}

/** What the server does with the next sends instead of taking them; an error code is answered, `silence` takes without an answer. */
export type WecomFault = { errcode: number; errmsg: string } | 'silence' | 'hang_up'

/** WeCom's websocket for smart robots, strict about frames, and its group webhooks; on 127.0.0.1, recording what it took. */
export class FakeWecom {
  readonly botId = 'linli-bot'
  readonly secret = 'fake-secret'
  readonly sent: WecomSent[] = []
  readonly webhookPosts: { key: string; body: unknown }[] = []
  readonly knownChats = new Set<string>()
  readonly uploads = new FakeUploads()
  /** What can be downloaded, by path. */
  readonly files = new Map<string, Uint8Array>()
  /** Frames that no real server would take. */
  readonly complaints: string[] = []
  subscriptions = 0
  faults: WecomFault[] = []
  webhookAnswers: { status?: number; body: unknown }[] = []
  #http: Server | null = null
  #sockets: WebSocketServer | null = null
  #current: WebSocket | null = null
  #ids = 0

  get wsUrl(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  fileUrl(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`
  }

  webhookUrl(key: string): string {
    return `http://127.0.0.1:${this.#port}/cgi-bin/webhook/send?key=${key}`
  }

  get #port(): number {
    return (this.#http?.address() as AddressInfo).port
  }

  async start(port = 0): Promise<void> {
    const http = createServer((request, response) => {
      const file = this.files.get(request.url ?? '')
      if (request.method === 'GET') return void response.writeHead(file === undefined ? 404 : 200).end(file)
      let body = ''
      request.on('data', (chunk: Buffer) => { body += chunk.toString() })
      request.on('end', () => {
        this.webhookPosts.push({ key: new URL(request.url ?? '', 'http://x').searchParams.get('key') ?? '', body: JSON.parse(body) as unknown })
        const answer = this.webhookAnswers.shift() ?? { body: { errcode: 0, errmsg: 'ok' } }
        response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
      })
    })
    this.#http = http
    this.#sockets = new WebSocketServer({ server: http })
    this.#sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => this.#take(socket, data.toString())))
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  }

  /** Nothing answers any more, and all connections break. Returns the port, for a return. */
  async die(): Promise<number> {
    const port = this.#port
    for (const socket of this.#sockets?.clients ?? []) socket.terminate()
    this.#current = null
    const http = this.#http
    this.#sockets?.close()
    http?.closeAllConnections()
    await new Promise<void>((resolve) => (http === null ? resolve() : http.close(() => resolve())))
    return port
  }

  /** Hands a message over, as often as it is called. Returns it, to be handed over again. */
  say(body: Record<string, unknown>): Record<string, unknown> {
    this.#ids += 1
    const whole = { msgid: `m-${this.#ids}`, aibotid: this.botId, create_time: Math.floor(Date.now() / 1000), msgtype: 'text', ...body }
    this.deliver(whole)
    return whole
  }

  deliver(body: Record<string, unknown>, cmd = 'aibot_msg_callback'): void {
    this.#current?.send(JSON.stringify({ cmd, headers: { req_id: `cb-${Date.now()}-${Math.random()}` }, body }))
  }

  get isSubscribed(): boolean {
    return this.#current !== null
  }

  #take(socket: WebSocket, data: string): void {
    const parsed = Frame.safeParse(JSON.parse(data))
    if (!parsed.success) {
      this.complaints.push(data)
      return
    }
    const { cmd, headers, body } = parsed.data
    const answer = (errcode: number, errmsg: string): void => socket.send(JSON.stringify({ headers, errcode, errmsg }))
    if (cmd === 'ping') return answer(0, 'ok')
    if (cmd === 'aibot_subscribe') return this.#subscribe(socket, body, answer)
    if (socket !== this.#current) return answer(846609, 'not subscribed')
    const uploaded = this.uploads.take(cmd, body)
    if (uploaded !== null) return socket.send(JSON.stringify({ headers, ...('body' in uploaded ? { errcode: 0, errmsg: 'ok', ...uploaded } : uploaded) }))
    const sending = Sending.safeParse(body)
    if (cmd !== 'aibot_send_msg' || !sending.success) {
      this.complaints.push(data)
      return answer(40058, 'invalid parameter')
    }
    const { chatid } = sending.data
    const content = sending.data.msgtype === 'markdown' ? sending.data.markdown.content : ''
    const image = sending.data.msgtype === 'image' ? this.uploads.media.get(sending.data.image.media_id) : undefined
    if (Buffer.byteLength(content) > 20_480) return answer(45002, 'content size out of limit')
    if (sending.data.msgtype === 'image' && image === undefined) return answer(40007, 'invalid media_id')
    if (!this.knownChats.has(chatid)) return answer(86008, 'chat not exist')
    const fault = this.faults.shift()
    if (fault === 'hang_up') return socket.terminate()
    if (typeof fault === 'object') return answer(fault.errcode, fault.errmsg)
    this.sent.push({ chatid, content, ...(image && { image }) })
    if (fault !== 'silence') answer(0, 'ok')
  }

  #subscribe(socket: WebSocket, body: unknown, answer: (errcode: number, errmsg: string) => void): void {
    const subscription = Subscription.safeParse(body)
    if (!subscription.success || subscription.data.bot_id !== this.botId || subscription.data.secret !== this.secret) return answer(853000, 'invalid bot_id or secret')
    // One connection for each robot: the newest wins, and the old one is told.
    if (this.#current !== null && this.#current !== socket) this.deliver({ msgid: 'taken', msgtype: 'event', aibotid: this.botId, create_time: 0, from: { userid: '' }, event: { eventtype: 'disconnected_event' } }, 'aibot_event_callback')
    this.#current = socket
    this.subscriptions += 1
    socket.on('close', () => {
      if (this.#current === socket) this.#current = null
    })
    answer(0, 'ok')
  }
}
