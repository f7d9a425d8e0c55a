import { createHmac, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedWebhook {
  id: string
  timestamp: number
  type: string
  body: Record<string, unknown>
  /** Headers and body as they came. */
  raw: string
}

/** Another program that takes webhooks as Standard Webhooks has it: it believes none whose signature is not by `key`. */
export interface WebhookReceiver {
  url: string
  received: ReceivedWebhook[]
  /** What it answers from now on; `hangs` = nothing. */
  answers: number | 'hangs'
  close(): Promise<void>
}

export async function startReceiver(key: Buffer): Promise<WebhookReceiver> {
  const server = http.createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name] ?? '')
      const expected = createHmac('sha256', key).update(`${header('webhook-id')}.${header('webhook-timestamp')}.${text}`).digest()
      const isSigned = header('webhook-signature').split(' ').some((one) => {
        const [version, given = ''] = one.split(',')
        const digest = Buffer.from(given, 'base64')
        return version === 'v1' && digest.length === expected.length && timingSafeEqual(digest, expected)
      })
      if (!isSigned) {
        response.writeHead(401).end()
        return
      }
      const body = JSON.parse(text) as Record<string, unknown>
      receiver.received.push({ id: header('webhook-id'), timestamp: Number(header('webhook-timestamp')), type: header('content-type'), body, raw: JSON.stringify(request.headers) + text })
      if (receiver.answers !== 'hangs') response.writeHead(receiver.answers, { Location: `${receiver.url}/elsewhere` }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/changes`,
    received: [],
    answers: 204,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}
