import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { changeRequestAsStaff } from '../../dialog/request-changes.ts'
import { REQUEST_KINDS, REQUEST_STATUSES, type RequestKind, type RequestStatus } from '../../domain/requests.ts'
import { cleanTyped } from '../../language/clean.ts'
import { findRequest, listRequests, type RequestRecord } from '../../store/requests.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { BODY_PROBLEMS, boundedText, IdParameter, Instant, jsonAnswer, jsonBody, NextCursor, PageQuery, problems, QUERY_PROBLEMS, SECURITY, toPage } from './schemas.ts'

const LONGEST_NOTE = 2_000
/** Who did what is done over HTTP, in histories and the audit log. */
export const API_ACTOR = 'api'

const RequestSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    kind: z.enum(REQUEST_KINDS),
    service_code: z.string().nullable(),
    category: z.string(),
    status: z.enum(REQUEST_STATUSES),
    description: z.string(),
    address: z.string().nullable(),
    area: z.string().nullable(),
    requester: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    rating: z.object({ score: z.number().int(), comment: z.string() }).nullable(),
    created_at: Instant,
    updated_at: Instant,
    due_at: Instant.nullable(),
    history: z.array(z.object({ at: Instant, status: z.enum(REQUEST_STATUSES), note: z.string(), by: z.string() })),
  })
  .openapi('ServiceRequest')

const getRequests = createRoute({
  method: 'get',
  path: '/requests',
  summary: 'Service requests, newest first',
  security: SECURITY,
  request: { query: PageQuery },
  responses: { 200: jsonAnswer(z.object({ requests: z.array(RequestSchema), next_cursor: NextCursor }), 'A page; empty for an unknown cursor'), ...problems(...QUERY_PROBLEMS) },
})

const getRequest = createRoute({
  method: 'get',
  path: '/requests/{id}',
  summary: 'One service request with its history',
  security: SECURITY,
  request: { params: IdParameter },
  responses: { 200: jsonAnswer(RequestSchema, 'The request'), ...problems(404, ...QUERY_PROBLEMS) },
})

const patchRequest = createRoute({
  method: 'patch',
  path: '/requests/{id}',
  summary: 'Change its status as staff do; the resident is told once',
  security: SECURITY,
  request: {
    params: IdParameter,
    body: jsonBody(
      z
        .object({ status: z.enum(REQUEST_STATUSES), note: boundedText(0, LONGEST_NOTE, 'What the resident is told of it').optional() })
        .openapi('RequestChange'),
    ),
  },
  responses: { 200: jsonAnswer(RequestSchema, 'The request as it is now; the same status and note again change nothing'), ...problems(404, 409, ...BODY_PROBLEMS) },
})

export function addRequestRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getRequests, async (c) => {
    const { items, nextCursor } = await listRequests(services.store, {}, toPage(c.req.valid('query')))
    return c.json({ requests: items.map(toRequestJson), next_cursor: nextCursor }, 200)
  })

  app.openapi(getRequest, async (c) => {
    const request = await findRequest(services.store, c.req.valid('param').id)
    return request ? c.json(toRequestJson(request), 200) : problem(c, 404, NO_REQUEST)
  })

  app.openapi(patchRequest, async (c) => {
    const known = await findRequest(services.store, c.req.valid('param').id)
    if (!known) return problem(c, 404, NO_REQUEST)
    const { status, note } = c.req.valid('json')
    const result = await changeRequestAsStaff(services, { id: known.id, status, note: cleanTyped(note ?? ''), by: API_ACTOR })
    switch (result.outcome) {
      case 'changed':
      case 'unchanged':
        return c.json(toRequestJson(result.request), 200)
      case 'not_found':
        return problem(c, 404, NO_REQUEST)
      case 'not_allowed':
        return problem(c, 409, `A request that is ${result.from} cannot become ${status}.`)
      default:
        return result satisfies never
    }
  })
}

const NO_REQUEST = 'There is no request with this id or number.'

export function toRequestJson(row: RequestRecord): z.infer<typeof RequestSchema> {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as RequestKind,
    service_code: row.serviceCode,
    category: row.category,
    status: row.status as RequestStatus,
    description: row.description,
    address: row.address,
    area: row.areaCode,
    requester: { name: row.requesterName, phone: row.requesterPhone },
    rating: row.ratingScore === null ? null : { score: row.ratingScore, comment: row.ratingComment ?? '' },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    due_at: row.dueAt?.toISOString() ?? null,
    history: row.activities.map(({ at, status, note, by }) => ({ at: at.toISOString(), status: status as RequestStatus, note, by })),
  }
}
