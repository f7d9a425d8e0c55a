import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { editRequest, type Edit, type EditRefusal } from '../../desk/requests/edit-request.ts'
import { fileForCaller } from '../../desk/requests/file-for-caller.ts'
import { findActor, type FoundActor } from '../../desk/staff/find-actor.ts'
import { expandAreas } from '../../domain/areas.ts'
import { CALLER_CHANNELS, LONGEST_DESCRIPTION, LONGEST_NOTE, REQUEST_STATUSES } from '../../domain/requests/requests.ts'
import { findRequest, listRequests, type RequestFilter } from '../../store/requests/requests.ts'
import { findStaff } from '../../store/staff/staff.ts'
import { describeProblem, problem, PROBLEM_HEADERS } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { explainMerging, IS_CONFLICT } from './merge-problems.ts'
import { explainWrongValue } from './request-problems.ts'
import { RequestSchema, toLineJson, toRequestJson } from './request-json.ts'
import { BODY_PROBLEMS, boundedText, identifier, IdParameter, InstantInput, jsonAnswer, jsonBody, NextCursor, PageQuery, problems, ProblemSchema, QUERY_PROBLEMS, SECURITY, toPage, unknownCursor } from './schemas.ts'

const LONGEST_SEARCH = 100
/** Of `assignee`: nobody has it. No staff user can be asked for by this where there is one of this name. */
const NOBODY = 'none'

const optional = (max: number, description: string) => boundedText(0, max, `${description}; empty = all`).optional()

const RequestsQuery = PageQuery.extend({
  status: z.enum(REQUEST_STATUSES).or(z.literal('')).optional(),
  assignee: optional(64, `A staff user, or ${NOBODY} for what nobody has`),
  area: optional(100, 'Code or name of an area; what lies in it counts'),
  category: optional(100, 'Name of the category'),
  q: optional(LONGEST_SEARCH, 'Words in number, description, address, name, telephone or category, however they are written'),
  overdue: z.enum(['true', 'false']).optional().openapi({ description: 'true = only open ones whose time is over' }),
})

const getRequests = createRoute({
  method: 'get',
  path: '/requests',
  summary: 'Service requests, newest first',
  security: SECURITY,
  request: { query: RequestsQuery },
  responses: { 200: jsonAnswer(z.object({ requests: z.array(RequestSchema), next_cursor: NextCursor }), 'A page'), ...problems(...QUERY_PROBLEMS) },
})

const getRequest = createRoute({
  method: 'get',
  path: '/requests/{id}',
  summary: 'One service request with its history',
  security: SECURITY,
  request: { params: IdParameter },
  responses: { 200: jsonAnswer(RequestSchema, 'The request'), ...problems(404, ...QUERY_PROBLEMS) },
})

const By = identifier('A staff user; absent = the program itself')

const postRequest = createRoute({
  method: 'post',
  path: '/requests',
  summary: 'File a request for somebody who telephoned or came',
  security: SECURITY,
  request: {
    body: jsonBody(
      z
        .object({
          by: identifier('The staff user who wrote it down'),
          channel: z.enum(CALLER_CHANNELS),
          name: boundedText(0, 100, 'Who telephoned or came').optional(),
          phone: boundedText(0, 60, 'Their telephone').optional(),
          description: boundedText(1, LONGEST_DESCRIPTION, 'What the matter is'),
          address: boundedText(0, 200, 'Where').optional(),
          category: boundedText(0, 100, 'A service of the catalogue, by name or code; absent = the one that the description is about').optional(),
        })
        .openapi('CallerRequest'),
    ),
  },
  responses: {
    201: jsonAnswer(RequestSchema.extend({ code: z.string().openapi({ description: 'What the resident writes to the assistant in private, for their chat to join the request; given this once' }) }), 'The request'),
    ...problems(403, ...BODY_PROBLEMS),
  },
})

const nullable = (min: number, max: number, description: string) => boundedText(min, max, `${description}; null = none`).nullable().optional()

const patchRequest = createRoute({
  method: 'patch',
  path: '/requests/{id}',
  summary: 'Do what staff do with it: all of it or, where one part is refused, nothing; the resident is told once',
  security: SECURITY,
  request: {
    params: IdParameter,
    body: jsonBody(
      z
        .object({
          by: By.optional(),
          status: z.enum(REQUEST_STATUSES).optional(),
          note: boundedText(0, LONGEST_NOTE, 'What requester and followers are told').optional(),
          internal_note: boundedText(0, LONGEST_NOTE, 'What never leaves the desk; @user tells that colleague').optional(),
          assignee: nullable(1, 64, 'The staff user who has it from now on'),
          category: boundedText(1, 100, 'A service of the catalogue, by name or code').optional(),
          address: nullable(0, 200, 'Where'),
          phone: nullable(0, 60, 'The telephone of the requester'),
          due_at: InstantInput.nullable().optional().openapi({ format: 'date-time', description: 'Until when it has to be done; null = no limit' }),
          merge_into: identifier('Number of the request that it goes into; null = it is taken out again').nullable().optional(),
          if_updated_at: InstantInput.optional().openapi({ description: '`updated_at` as the caller knows it: refused with 409 and the present request when it has changed since' }),
        })
        .refine(({ by: _by, if_updated_at: _seen, ...parts }) => Object.values(parts).some((part) => part !== undefined), 'say what is to be done with it')
        .openapi('RequestChange'),
    ),
  },
  responses: {
    200: jsonAnswer(RequestSchema, 'The request as it is now; the same status and note again change nothing'),
    ...problems(403, 404, ...BODY_PROBLEMS),
    409: {
      description: 'The flow does not allow it, or it has changed since `if_updated_at`: then `request` is how it is now, and `changed` the lines since',
      content: { 'application/problem+json': { schema: ProblemSchema.extend({ request: RequestSchema.optional(), changed: RequestSchema.shape.history.optional() }).openapi('RequestConflict') } },
    },
  },
})

export function addRequestRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getRequests, async (c) => {
    const query = c.req.valid('query')
    const filter = await readFilter(services, query)
    if (typeof filter === 'string') return problem(c, 422, filter)
    const page = await listRequests(services.store, filter, toPage(query))
    return page === null ? unknownCursor(c) : c.json({ requests: page.items.map(toRequestJson), next_cursor: page.nextCursor }, 200)
  })

  app.openapi(getRequest, async (c) => {
    const request = await findRequest(services.store, c.req.valid('param').id)
    return request ? c.json(toRequestJson(request), 200) : problem(c, 404, NO_REQUEST)
  })

  app.openapi(postRequest, async (c) => {
    const { by, ...input } = c.req.valid('json')
    const found = await findActor(services.store, by)
    if (found.outcome !== 'found') return refuseActor(c, found)
    const result = await fileForCaller(services.desk, found.actor, input)
    return result.outcome === 'filed' ? c.json({ ...toRequestJson(result.request), code: result.code }, 201) : problem(c, 422, explainWrongValue(result))
  })

  app.openapi(patchRequest, async (c) => {
    const known = await findRequest(services.store, c.req.valid('param').id)
    if (!known) return problem(c, 404, NO_REQUEST)
    const { by, ...body } = c.req.valid('json')
    const found = await findActor(services.store, by)
    if (found.outcome !== 'found') return refuseActor(c, found)
    const result = await editRequest(services.desk, found.actor, toEdit(known.id, body))
    return result.outcome === 'edited' ? c.json(toRequestJson(result.request), 200) : refuseEdit(c, result)
  })
}

const NO_REQUEST = 'There is no request with this id or number.'

async function readFilter({ store, areas, now }: ApiServices, query: z.infer<typeof RequestsQuery>): Promise<RequestFilter | string> {
  const { status, assignee, area, category, q, overdue } = query
  const staff = assignee ? await findStaff(store, assignee) : undefined
  if (staff === null && assignee !== NOBODY) return `assignee: there is no staff user “${assignee ?? ''}”; ${NOBODY} finds what nobody has.`
  return {
    ...(status && { status }),
    ...(staff !== undefined && { assigneeId: staff?.id ?? null }),
    ...(area && { areaCodes: expandAreas({ areas: [area] }, areas).areas }),
    ...(category && { category }),
    ...(q && { search: q }),
    ...(overdue === 'true' && { overdueAt: now() }),
  }
}

type PatchBody = Omit<z.infer<(typeof patchRequest)['request']['body']['content']['application/json']['schema']>, 'by'>

function toEdit(id: string, body: PatchBody): Edit {
  const { status, note, internal_note: internalNote, assignee, category, address, phone, due_at: due, merge_into: mergeInto, if_updated_at: seen } = body
  const correction = {
    ...(category !== undefined && { category }),
    ...(address !== undefined && { address }),
    ...(phone !== undefined && { phone }),
    ...(due !== undefined && { dueAt: due === null ? null : new Date(due) }),
  }
  return {
    id,
    ...(status !== undefined && { status }),
    ...(note !== undefined && { note }),
    ...(internalNote !== undefined && { internalNote }),
    ...(assignee !== undefined && { assignee }),
    ...(Object.keys(correction).length > 0 && { correction }),
    ...(mergeInto !== undefined && { mergeInto }),
    ...(seen !== undefined && { ifUpdatedAt: new Date(seen) }),
  }
}

function refuseActor(c: Context, found: Exclude<FoundActor, { outcome: 'found' }>) {
  return found.outcome === 'unknown_user' ? problem(c, 422, `by: there is no staff user “${found.user}”.`) : problem(c, 403, `by: ${found.name} (${found.user}) is disabled.`)
}

function refuseEdit(c: Context, refusal: EditRefusal) {
  switch (refusal.outcome) {
    case 'not_found':
      return problem(c, 404, NO_REQUEST)
    case 'not_allowed':
      return problem(c, 409, `A request that is ${refusal.from} can not become that.`)
    case 'stale':
      return c.json({ ...describeProblem(409, 'The request has changed since `if_updated_at`: see `changed`, then decide again.'), request: toRequestJson(refusal.request), changed: refusal.since.map(toLineJson) }, 409, PROBLEM_HEADERS)
    case 'held':
      return problem(c, 409, `${refusal.by.name} (${refusal.by.user}) has it.`)
    case 'note_too_long':
      return problem(c, 422, `A note may have at most ${refusal.longest} characters.`)
    case 'empty':
      return problem(c, 422, 'internal_note: there are no words in it.')
    case 'unknown_user':
      return problem(c, 422, `assignee: there is no staff user “${refusal.user}”.`)
    case 'disabled_user':
      return problem(c, 422, `assignee: ${refusal.name} (${refusal.user}) is disabled.`)
    case 'may_not_merge':
      return problem(c, IS_CONFLICT.has(refusal.why) ? 409 : 422, explainMerging(refusal))
    default:
      return problem(c, 422, explainWrongValue(refusal))
  }
}
