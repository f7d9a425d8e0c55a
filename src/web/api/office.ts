import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { API_ACTOR } from '../../desk/actor.ts'
import { saveOffice } from '../../desk/office/save-office.ts'
import { Office } from '../../domain/office/office.ts'
import { describeProblem, problem, PROBLEM_HEADERS } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { BODY_PROBLEMS, jsonAnswer, jsonBody, problems, QUERY_PROBLEMS, SECURITY } from './schemas.ts'

const { $schema: _dialect, ...OFFICE_AS_JSON_SCHEMA } = z.toJSONSchema(Office, { target: 'openapi-3.0', io: 'input' })

/** The schema of knowledge/office.yaml itself: what is wrong is named where it stands. Described by Zod: the library for OpenAPI takes what may be left out for required. */
const OfficeSchema = z.lazy(() => Office).openapi('Office', OFFICE_AS_JSON_SCHEMA as object)

const getOffice = createRoute({
  method: 'get',
  path: '/office',
  summary: 'What the office says of itself: telephone, address, hours, people, places, answered questions',
  security: SECURITY,
  responses: { 200: jsonAnswer(OfficeSchema, 'The office'), ...problems(404, ...QUERY_PROBLEMS) },
})

const putOffice = createRoute({
  method: 'put',
  path: '/office',
  summary: 'Replace it, as staff do in the desk; it answers from the next question on',
  security: SECURITY,
  request: { body: jsonBody(OfficeSchema) },
  responses: { 200: jsonAnswer(OfficeSchema, 'The office as it is now; what has changed has the day of today'), ...problems(409, ...BODY_PROBLEMS) },
})

export function addOfficeRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getOffice, (c) => {
    const office = services.office.office()
    return office === null ? problem(c, 404, 'Nobody has written anything about the office; PUT makes it.') : c.json(office, 200)
  })

  app.openapi(putOffice, async (c) => {
    const result = await saveOffice(services.office, API_ACTOR, c.req.valid('json'))
    switch (result.outcome) {
      case 'saved':
      case 'unchanged':
        return c.json(result.office, 200)
      case 'invalid': {
        const errors = result.problems.map(({ path, message }) => ({ pointer: path.map((part) => `/${part}`).join(''), detail: message }))
        return c.json(describeProblem(422, errors.map(({ pointer, detail }) => `${pointer === '' ? 'body' : pointer}: ${detail}`).join('; '), errors), 422, PROBLEM_HEADERS)
      }
      case 'stale':
        return problem(c, 409, 'Somebody else saved it in the meantime.')
      case 'not_writable':
        return problem(c, 503, `The knowledge folder could not be written: ${result.reason}`)
      default:
        return result satisfies never
    }
  })
}
