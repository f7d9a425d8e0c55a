import { randomUUID } from 'node:crypto'
import type { RenderedLine } from '../../src/web/chat/line.tsx'

export interface PageAnswer {
  status: number
  type: string
  headers: Headers
  json: { lines?: RenderedLine[]; forget?: boolean; detail?: string }
}

/** A browser without its screen: one visitor of the residents' chat, with a cookie of their own. */
export interface TestVisitor {
  cookie: string
  send: (body: unknown, headers?: Record<string, string>) => Promise<PageAnswer>
  say: (text: string, options?: { id?: string }) => Promise<PageAnswer>
  history: () => Promise<RenderedLine[]>
  page: () => Promise<string>
  /** Files a report and gives back its number. */
  report: () => Promise<string>
  /** Listens to the event stream after this seq. */
  listen: (after: string) => Promise<{ next(): Promise<RenderedLine>; received(): RenderedLine[]; close(): void }>
}

export async function openVisitor(url: string): Promise<TestVisitor> {
  const first = await fetch(url)
  const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const send: TestVisitor['send'] = async (body, headers = {}) => {
    const response = await fetch(`${url}/chat/messages`, { method: 'POST', headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })
    return { status: response.status, type: response.headers.get('Content-Type') ?? '', headers: response.headers, json: (await response.json()) as PageAnswer['json'] }
  }
  const say: TestVisitor['say'] = (text, options = {}) => send({ id: options.id ?? randomUUID(), text })
  return {
    cookie,
    send,
    say,
    async history() {
      const response = await fetch(`${url}/chat/history`, { headers: { Cookie: cookie } })
      return ((await response.json()) as { lines: RenderedLine[] }).lines
    },
    page: async () => (await fetch(url, { headers: { Cookie: cookie } })).text(),
    async report() {
      for (const text of ['3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意']) await say(text)
      const { json } = await say('确认')
      return /SR-\d{8}-\d{4}/.exec(JSON.stringify(json))?.[0] ?? 'none'
    },
    async listen(after) {
      const controller = new AbortController()
      const response = await fetch(`${url}/chat/events`, { headers: { Cookie: cookie, 'Last-Event-ID': after }, signal: controller.signal })
      const received: RenderedLine[] = []
      let wake = (): void => {}
      void readEvents(response, (line) => {
        received.push(line)
        wake()
      })
      let taken = 0
      return {
        async next() {
          const arrival = new Promise<void>((resolve) => (wake = resolve))
          if (received.length <= taken) await Promise.race([arrival, new Promise((_resolve, reject) => setTimeout(() => reject(new Error('no line came in 8 s')), 8_000))])
          taken += 1
          return received[taken - 1] as RenderedLine
        },
        received: () => received,
        close: () => controller.abort(),
      }
    },
  }
}

async function readEvents(response: Response, take: (line: RenderedLine) => void): Promise<void> {
  let rest = ''
  try {
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const events = (rest + chunk).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.+)$/m.exec(event)?.[1]
        if (/^event: line$/m.test(event) && data !== undefined) take(JSON.parse(data) as RenderedLine)
      }
    }
  } catch {
    // The test has closed the stream, or the server has.
    return
  }
}
