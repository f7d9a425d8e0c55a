import type { AddressInfo } from 'node:net'
import net from 'node:net'
import path from 'node:path'
import pino from 'pino'
import { createPullChannel } from '../../src/channels/pull/channel.ts'
import type { Assistant } from '../../src/dialog/assistant.ts'
import { createHealth } from '../../src/desk/health/health.ts'
import type { QuietHours } from '../../src/outbox/quiet-hours.ts'
import { createAlerts } from '../../src/outbox/sweeps/alerts.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { countOutbox } from '../../src/store/engine/health.ts'
import { openPictures } from '../../src/store/pictures/pictures.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { createMetrics } from '../../src/web/metrics.ts'
import { createWeb, startServer, type RunningServer, type WebOptions } from '../../src/web/server.ts'
import { createDesk } from './desk.ts'
import type { Office } from '../../src/domain/office/office.ts'
import { officeInMemory } from './office.ts'
import { openTestAssistant, type TestAssistant } from './assistant.ts'

export const API_TOKEN = 'a-token-of-the-tests'

/** The whole service behind a real port: real store, assistant, outbox; only the clock is the test's. */
export interface TestWeb {
  url: string
  store: Store
  clock: { now: Date }
  assistant: TestAssistant
  outbox: Outbox
  /** Calls the API with the token; `body` is sent as JSON. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>
  /** Adds a member of staff. */
  addStaff(user: string): Promise<void>
  /** Ends the server and serves the same database at the same port, as after a restart. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface ApiAnswer {
  status: number
  headers: Headers
  text: string
  // Tests look into answers field by field; a wrong one fails there.
  json: Record<string, never> & { [name: string]: never }
}

export interface TestWebOptions {
  /** null = the API is off. */
  apiToken?: string | null
  /** Stands in front of the real assistant. */
  wrap?: (assistant: Assistant) => Assistant
  web?: Partial<WebOptions>
  /** What the office says of itself; nothing by default. */
  office?: Office | null
  /** Announcements wait in them; none by default. */
  quietHours?: QuietHours
  start?: string
}

export async function openTestWeb(options: TestWebOptions = {}): Promise<TestWeb> {
  const log = pino({ level: 'silent' })
  const now = () => assistant.clock.now
  // What channels declare is the same after a restart.
  const declared = [createPullChannel('web', 'web'), createPullChannel('http', 'api')]
  const assistant = await openTestAssistant(options.start, { capabilities: (id) => declared.find((channel) => channel.id === id)?.capabilities })
  const parts = async (port: number) => {
    const web = createPullChannel('web', 'web', now)
    const channels = [web, createPullChannel('http', 'api', now)]
    const alerts = createAlerts({ store: assistant.store, log, now })
    const outbox = createOutbox({ store: assistant.store, channels, log, now, processId: `test-${port}-${Math.random()}`, sweep: () => alerts.sweep(), ...(options.quietHours && { quietHours: options.quietHours }) })
    await outbox.start()
    const app = createWeb({
      store: assistant.store,
      desk: createDesk({ store: assistant.store, now, wakeOutbox: () => outbox.wake(), catalogue: assistant.knowledge.services, categoryOf: (text) => assistant.reader.category(text) }),
      assistant: options.wrap ? options.wrap(assistant.assistant) : assistant.assistant,
      mailbox: web.mailbox,
      metrics: createMetrics(() => countOutbox(assistant.store)),
      photos: assistant.photos,
      office: officeInMemory({ store: assistant.store, now, office: options.office ?? null }),
      pictures: openPictures({ directory: path.join(assistant.directory, 'pictures'), store: assistant.store, now }),
      health: createHealth({ store: assistant.store, dataFolders: [assistant.directory], databaseFolder: null, pictureFolders: [assistant.directory], channels: () => channels, answersBy: () => 'lexical', knowledgeProblem: () => null, log, now }),
      log,
      now,
      wakeOutbox: () => outbox.wake(),
      isStopping: () => false,
      areas: [],
      knowledge: { documentTitle: () => undefined, state: () => ({ isReady: true, detail: 'lexical' }) },
      ...(options.apiToken !== null && { apiToken: options.apiToken ?? API_TOKEN }),
      ...options.web,
    })
    return { outbox, server: await startServer(app, { host: '127.0.0.1', port }) }
  }
  let running: { outbox: Outbox; server: RunningServer } = await parts(0)
  const url = `http://127.0.0.1:${running.server.port}`
  const end = async () => {
    await running.server.close()
    await running.outbox.stop()
  }
  return {
    url,
    assistant,
    get store() {
      return assistant.store
    },
    get outbox() {
      return running.outbox
    },
    clock: assistant.clock,
    async api(method, path, body, headers = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { Authorization: `Bearer ${API_TOKEN}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
      return { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as ApiAnswer['json'] }
    },
    async addStaff(user) {
      await addStaff(assistant.store, { user, role: 'staff', now: assistant.clock.now })
    },
    async restart() {
      const { port } = running.server
      await end()
      await assistant.assistant.stop()
      await assistant.reopen()
      running = await parts(port)
      await dropDeadConnections(url)
    },
    async close() {
      await end()
      await assistant.close()
    },
  }
}

/** fetch keeps connections for later; those to the server that ended fail once each. */
async function dropDeadConnections(url: string): Promise<void> {
  for (let left = 20; left > 0; left -= 1) {
    const isAnswered = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    )
    if (isAnswered) return
  }
}

/** A port that another program holds. */
export async function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, release: () => new Promise((resolve) => server.close(() => resolve())) }
}
