import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What Telegram takes: so many sends within any second, and one a second in a chat. */
const MOST_A_SECOND = 30
const SECOND_MS = 1_000
/** One send in so many is refused though the rate was kept, as happens on the real platform. */
const REFUSED_EVERY = 33

export interface StrictBotApi {
  apiRoot: string
  token: string
  /** When each send was taken, in ms of `performance.now`. */
  taken: number[]
  /** From each 429 until its retry_after was over. */
  pauses: { from: number; until: number }[]
  /** Refusals because more was sent than the platform takes. */
  rateRefusals: number
  close(): Promise<void>
}

/**
 * A Bot API on loopback as strict as Telegram's: it counts every second, refuses one send in 33 besides, takes nothing before a
 * retry_after is over, and refuses polls meanwhile too.
 */
export async function startStrictBotApi(): Promise<StrictBotApi> {
  const token = '7000001:bench-token'
  const api: StrictBotApi = { apiRoot: '', token, taken: [], pauses: [], rateRefusals: 0, close: () => Promise.resolve() }
  const lastIn = new Map<unknown, number>()
  let pausedUntil = 0
  let asked = 0

  const refusal = (seconds: number) => ({ ok: false, error_code: 429, description: `Too Many Requests: retry after ${seconds}`, parameters: { retry_after: seconds } })

  function refuse(seconds: number) {
    const from = performance.now()
    const until = from + seconds * SECOND_MS
    pausedUntil = Math.max(pausedUntil, until)
    api.pauses.push({ from, until })
    return refusal(seconds)
  }

  function take(chat: unknown): object {
    const now = performance.now()
    // What was on its way when the pause began is told again.
    if (now < pausedUntil) return refuse(Math.ceil((pausedUntil - now) / SECOND_MS))
    const isTooFast = api.taken.filter((at) => now - at < SECOND_MS).length >= MOST_A_SECOND || now - (lastIn.get(chat) ?? -Infinity) < SECOND_MS
    if (isTooFast) {
      api.rateRefusals += 1
      return refuse(1)
    }
    asked += 1
    if (asked % REFUSED_EVERY === 0) return refuse(1 + ((asked / REFUSED_EVERY) % 3))
    api.taken.push(now)
    lastIn.set(chat, now)
    return { ok: true, result: { message_id: api.taken.length, date: Math.floor(Date.now() / 1000), chat: { id: chat, type: 'private', first_name: '居民' }, from: { id: 7000001, is_bot: true, first_name: '小助手' }, text: '' } }
  }

  function answer(method: string, body: { chat_id?: unknown }): object | Promise<object> {
    if (method === 'sendMessage') return take(body.chat_id)
    if (method === 'getMe') return { ok: true, result: { id: 7000001, is_bot: true, first_name: '小助手', username: 'linli_bench_bot' } }
    if (method !== 'getUpdates') return { ok: true, result: true }
    if (performance.now() < pausedUntil) return refusal(1)
    return new Promise((resolve) => setTimeout(() => resolve({ ok: true, result: [] }), SECOND_MS).unref())
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { chat_id?: unknown })
      void Promise.resolve(answer(request.url?.split('/').at(-1) ?? '', body)).then((said) => {
        response.writeHead('error_code' in said ? 429 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api.apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  api.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return api
}

/** Sends taken as a share of what the platform would have taken between the first and the last, its pauses left out. */
export function shareOfPace({ taken, pauses }: Pick<StrictBotApi, 'taken' | 'pauses'>): number {
  const [from = 0, until = 0] = [taken[0], taken.at(-1)]
  let paused = 0
  let end = from
  for (const pause of [...pauses].sort((a, b) => a.from - b.from)) {
    const [start, stop] = [Math.max(pause.from, end), Math.min(pause.until, until)]
    if (stop <= start) continue
    paused += stop - start
    end = stop
  }
  return (taken.length - 1) / (((until - from - paused) / SECOND_MS) * MOST_A_SECOND)
}
