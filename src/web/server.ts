import { createAdaptorServer } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { CatalogueServices } from '../desk/services.ts'
import type { Assistant } from '../dialog/assistant.ts'
import type { ChannelWebhook, Mailbox } from '../domain/messages/channel.ts'
import { SetupError, StoreError } from '../domain/errors.ts'
import { createFaultLog, describeError, QUIET_MS, type Fault } from '../domain/faults.ts'
import { tellTrouble } from '../desk/health/database-health.ts'
import type { Health } from '../desk/health/health.ts'
import type { OfficeServices } from '../desk/office/save-office.ts'
import type { Area } from '../domain/services.ts'
import type { Photos } from '../store/pictures/photos.ts'
import type { Pictures } from '../store/pictures/pictures.ts'
import type { Store } from '../store/engine/store.ts'
import { createApi } from './api/api.ts'
import { loadAssets, type Assets } from './assets.ts'
import { LOOPBACK } from './caller/addresses.ts'
import { carriesToken } from './caller/bearer.ts'
import { noteCaller } from './caller/caller.ts'
import type { ChatBounds } from './chat/bounds.ts'
import { createChat } from './chat/chat.tsx'
import { renderMessagePage } from './chat/page.tsx'
import { isLargeType } from './chat/refuse.tsx'
import { chatText } from './chat/text.ts'
import { addSecurityHeaders } from './headers.ts'
import type { Metrics } from './metrics.ts'
import { answerErrors, OPEN311 } from './open311/answer.ts'
import { createOpen311 } from './open311/open311.ts'
import { servePictures } from './pictures.ts'
import { explainFault, problem } from './problem.ts'
import { addStatusPage } from './status/status.tsx'

export interface WebOptions {
  store: Store
  /** What the operations of the desk stand on. */
  desk: CatalogueServices
  assistant: Assistant
  mailbox: Mailbox
  metrics: Metrics
  pictures: Pictures
  photos: Photos
  office: OfficeServices
  /** Where residents and other programs reach this service; absent = where they ask. */
  publicUrl?: string
  /** Addresses and networks of proxies that are believed about whom they forward; absent = those on this machine. */
  trustedProxies?: readonly string[]
  /** What whoever reads the figures must carry; absent = nothing. */
  metricsToken?: string
  /** How what the service stands on is. */
  health: Pick<Health, 'examine'>
  log: Logger
  now: () => Date
  wakeOutbox: () => void
  isStopping: () => boolean
  areas: readonly Area[]
  knowledge: {
    /** Title of a document, shown under what is quoted from it. */
    documentTitle: (id: string) => string | undefined
    /** Whether questions can be answered already, and one sentence about how (for /readyz). */
    state: () => { isReady: boolean; detail: string }
  }
  /** Where platforms call us. */
  webhooks?: readonly ChannelWebhook[]
  /** How much visitors of the chat may do; absent = the usual. */
  bounds?: ChatBounds
  /** The staff's pages, mounted at /admin. */
  admin?: Hono
  apiToken?: string
}

const REQUEST_FAILED: Fault = {
  name: 'request-failed',
  level: 'error',
  message: 'A request failed by a mistake in this program; whoever sent it was told to try again later. Report it with this line.',
  end: 'No such request has failed for ten minutes.',
  quietMs: QUIET_MS,
}

/** For staff whose form could not be stored, or whose page could not be read. */
const NOT_KEPT = { title: '刚才没有存下来', text: '刚才填的没有存下来，请按返回，恢复以后再提交一次。' }

/** Everything that is served over HTTP: chat, admin pages, API, health and figures. */
export function createWeb(options: WebOptions): Hono {
  const app = new Hono()
  const assets = loadAssets()
  const faults = createFaultLog(options.log, options.now)
  app.use('*', noteCaller(options.trustedProxies ?? LOOPBACK))
  app.use('*', observe(options))
  app.use('*', addSecurityHeaders)

  for (const webhook of options.webhooks ?? []) app.post(webhook.path, (c) => webhook.handle(c.req.raw))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => answerReadiness(c, options))
  app.get('/metrics', (c) => answerFigures(c, options))
  app.get('/assets/:name', (c) => assets.serve(c))
  servePictures(app, options.pictures)
  app.route('/api/v1', createApi(options))
  app.route(OPEN311, createOpen311(options))
  if (options.admin) app.route('/admin', options.admin)
  addStatusPage(app, { ...options, assets, office: options.office.office })
  app.route('/', createChat({ ...options, assets, documentTitle: options.knowledge.documentTitle, office: options.office.office }))

  app.notFound((c) => (isForPrograms(c) ? problem(c, 404, 'There is nothing at this address; /api/v1/openapi.json lists what there is.') : answerPage(c, assets, 404, chatText.notFoundTitle, chatText.notFound)))
  app.onError((error, c) => {
    const fault = explainFault(error)
    // Of the database the store itself has spoken.
    if (!fault.isExpected && !(error instanceof StoreError)) faults.say(REQUEST_FAILED, { route: routePath(c, -1) }, describeError(error))
    if (isForPrograms(c)) return problem(c, fault.status, fault.detail, fault.headers)
    if (c.req.path.startsWith(`${OPEN311}/`)) return answerErrors(c, fault.status, [fault.detail], fault.headers)
    if (c.req.path.startsWith('/admin') && error instanceof StoreError) return answerPage(c, assets, fault.status, NOT_KEPT.title, `${NOT_KEPT.text}${tellTrouble(options.store.trouble())}`)
    for (const [name, value] of Object.entries(fault.headers)) c.header(name, value)
    if (c.req.path.startsWith('/chat/') && !acceptsPages(c)) return problem(c, fault.status, fault.status === 503 ? chatText.busy : chatText.fault, fault.headers)
    return answerPage(c, assets, fault.status, chatText.faultTitle, fault.status === 503 ? chatText.busy : chatText.fault)
  })
  return app
}

const isForPrograms = (c: Context): boolean => c.req.path.startsWith('/api/') || c.req.path === '/api'
const acceptsPages = (c: Context): boolean => (c.req.header('Accept') ?? '').includes('text/html')

const answerPage = (c: Context, assets: Assets, status: ContentfulStatusCode, title: string, text: string) =>
  c.html(renderMessagePage({ assets, isLarge: isLargeType(c), title, text }), status)

async function answerReadiness(c: Context, options: WebOptions): Promise<Response> {
  const knowledge = options.knowledge.state()
  const report = await options.health.examine()
  const isReady = report.isReady && knowledge.isReady && !options.isStopping()
  const parts = Object.fromEntries(Object.entries(report.parts).map(([part, { state, detail }]) => [part, { state, detail }]))
  return c.json({ status: isReady ? 'ready' : 'not_ready', store: report.isReady ? 'ok' : 'failed', knowledge: knowledge.detail, stopping: options.isStopping(), parts }, isReady ? 200 : 503)
}

async function answerFigures(c: Context, { metrics, metricsToken }: WebOptions): Promise<Response> {
  if (metricsToken !== undefined && !carriesToken(c, metricsToken)) return problem(c, 401, 'Send the header "Authorization: Bearer …" with the value of METRICS_TOKEN.', { 'WWW-Authenticate': 'Bearer' })
  return c.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType })
}

function observe(options: WebOptions) {
  return async (c: Context, next: () => Promise<void>): Promise<void> => {
    const startedAt = performance.now()
    await next()
    const request = { method: c.req.method, route: routePath(c, -1), status: c.res.status, durationMs: performance.now() - startedAt }
    options.metrics.observeHttp(request)
    options.log.debug(request, 'request')
  }
}

export interface RunningServer {
  /** The port that was taken; useful when 0 was asked for. */
  port: number
  /** Takes nothing new, ends event streams, lets requests in hand finish, and resolves within 5 s. */
  close(): Promise<void>
}

/** What close() grants to requests in hand. */
const CLOSE_MS = 4_500
/** A connection rests longer here than at a reverse proxy (60 s at most): who closes first never meets a request on its way. */
const KEEP_ALIVE_MS = 75_000

/**
 * Serves `app`.
 * @throws {SetupError} when the port is taken or may not be used, naming PORT
 */
export async function startServer(app: Hono, address: { host: string; port: number }): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } }) as Server
  const responses = new Set<ServerResponse>()
  server.on('request', (_request, response) => {
    responses.add(response)
    response.once('close', () => responses.delete(response))
  })
  await listen(server, address)
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server, responses) }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainListenFailure(error, host, port)))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function explainListenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SetupError(`Port ${port} is taken by another program: end that program, or set PORT to a free one.`, { cause: error })
    case 'EACCES':
      return new SetupError(`This user may not listen on port ${port}: set PORT to one above 1023.`, { cause: error })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SetupError(`This machine has no address ${host}: set HOST to 127.0.0.1, or 0.0.0.0 for every address. (PORT is ${port}.)`, { cause: error })
    default:
      return error
  }
}

async function closeServer(server: Server, responses: Set<ServerResponse>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const response of responses) {
    // What has begun and does not end by itself is an event stream: its page connects again when the service is back.
    if (response.headersSent && !response.writableEnded) response.socket?.destroy()
    else if (!response.headersSent) response.setHeader('Connection', 'close')
  }
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
  await closed
  clearTimeout(timer)
}
