import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { isUtf8 } from 'node:buffer'
import type { CatalogueServices } from '../../desk/services.ts'
import type { Assistant } from '../../dialog/assistant.ts'
import { LARGEST_PHOTO_BYTES, MOST_PHOTOS } from '../../domain/pictures/photos.ts'
import type { Area } from '../../domain/services.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import type { Pictures } from '../../store/pictures/pictures.ts'
import type { OfficeServices } from '../../desk/office/save-office.ts'
import type { Store } from '../../store/engine/store.ts'
import { carriesToken } from '../caller/bearer.ts'
import { describeProblem, problem, PROBLEM_HEADERS } from '../problem.ts'
import { addAnnouncementDraftRoutes } from './announcement-drafts.ts'
import { addAnnouncementRoutes } from './announcements.ts'
import { addDutyRoutes } from './duty.ts'
import { addMessageRoutes, LARGEST_BODY_BYTES, MESSAGES } from './messages.ts'
import { addOfficeRoutes } from './office.ts'
import { addRequestPhotoRoutes } from './request-photos.ts'
import { addRequestRoutes } from './requests.ts'
import { addStatisticsRoutes } from './statistics.ts'
import { addVolunteerRoutes } from './volunteers.ts'

export interface ApiServices {
  store: Store
  /** What the operations of the desk stand on. */
  desk: CatalogueServices
  assistant: Assistant
  now: () => Date
  wakeOutbox: () => void
  areas: readonly Area[]
  pictures: Pictures
  photos: Photos
  office: OfficeServices
  /** Where other programs reach this service; absent = where they ask. */
  publicUrl?: string
  /** LINLI_API_TOKEN; without it the API answers nobody. */
  apiToken?: string
}

/** Besides such a text, one photo more than are taken, in base64, so that whoever sends it reads that it was one too many. */
const LARGEST_MESSAGE_BYTES = LARGEST_BODY_BYTES + Math.ceil(((MOST_PHOTOS + 1) * LARGEST_PHOTO_BYTES * 4) / 3)
/** Where the API is mounted. */
const BASE = '/api/v1'
const DOCUMENT = '/openapi.json'

/** The HTTP API below /api/v1, with its OpenAPI 3.1 document made from the schemas that check the input. */
export function createApi(services: ApiServices): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => {
      if (result.success) return undefined
      const place = result.target === 'json' ? '' : `${result.target}`
      const errors = result.error.issues.map((issue) => ({ pointer: [place, ...issue.path.map(String)].join('/'), detail: issue.message }))
      return c.json(describeProblem(422, errors.map(({ pointer, detail }) => `${pointer || 'body'}: ${detail}`).join('; '), errors), 422, PROBLEM_HEADERS)
    },
  })
  app.use('*', requireToken(services.apiToken))
  app.use('*', except(isMessage, limitBody(LARGEST_BODY_BYTES)))
  app.use(MESSAGES, limitBody(LARGEST_MESSAGE_BYTES))
  app.use('*', requireUtf8)
  addMessageRoutes(app, services)
  addRequestRoutes(app, services)
  addRequestPhotoRoutes(app, services)
  addVolunteerRoutes(app, services)
  addAnnouncementRoutes(app, services)
  addAnnouncementDraftRoutes(app, services)
  addDutyRoutes(app, services)
  addOfficeRoutes(app, services)
  addStatisticsRoutes(app, services)

  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer', description: 'LINLI_API_TOKEN' })
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Linli', version: '1', description: 'Messages, service requests, volunteers and announcements of a community.' },
    servers: [{ url: BASE }],
  })
  app.get(DOCUMENT, (c) => c.json(document))
  refuseOtherMethods(app)
  return app
}

function requireToken(expected: string | undefined): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.path === `${BASE}${DOCUMENT}`) return next()
    if (expected === undefined) return problem(c, 503, 'The API is off: set LINLI_API_TOKEN (at least 16 characters) and start the service again.')
    if (carriesToken(c, expected)) return next()
    return problem(c, 401, 'Send the header "Authorization: Bearer …" with the value of LINLI_API_TOKEN.', { 'WWW-Authenticate': 'Bearer' })
  }
}

const tooLarge = (c: Context, most: number) => problem(c, 413, `A body may have at most ${most} bytes.`, { Connection: 'close' })
const limitStream = (most: number) => bodyLimit({ maxSize: most, onError: (c: Context) => tooLarge(c, most) })

/** The declared length decides at once; only a body without one is counted while it is read. */
function limitBody(most: number): MiddlewareHandler {
  const stream = limitStream(most)
  return async (c, next) => {
    if (c.req.header('Transfer-Encoding') !== undefined) return stream(c, next)
    return Number(c.req.header('Content-Length') ?? 0) > most ? tooLarge(c, most) : next()
  }
}

const isMessage = (c: Context): boolean => c.req.path === `${BASE}${MESSAGES}`

/** JSON on the wire is UTF-8 (RFC 8259). Read leniently, other bytes would be stored as U+FFFD and nobody would notice. */
const requireUtf8: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  const bytes = Buffer.from(await c.req.arrayBuffer())
  if (isUtf8(bytes)) {
    // Whoever reads it as text or JSON finds it decoded: else a Response and its streams are made for it.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(bytes.toString('utf8')) })
    return next()
  }
  return problem(c, 400, 'The body is not valid UTF-8.')
}

/** A known path asked with another method is 405 and says which methods there are. */
function refuseOtherMethods(app: OpenAPIHono): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue
    const known = methods.get(path) ?? new Set()
    methods.set(path, known.add(method))
    if (method === 'GET') known.add('HEAD')
  }
  for (const [path, known] of methods) {
    const allow = [...known].join(', ')
    app.all(path, (c) => problem(c, 405, `Use ${allow}.`, { Allow: allow }))
  }
}
