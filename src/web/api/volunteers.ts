import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { findVolunteer, listVolunteers, volunteerSkills, type VolunteerRecord, type VolunteerStatus } from '../../store/volunteers/volunteers.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { IdParameter, Instant, jsonAnswer, NextCursor, PageQuery, problems, QUERY_PROBLEMS, SECURITY, toPage, unknownCursor } from './schemas.ts'

const VolunteerSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    name: z.string(),
    phone: z.string(),
    age: z.number().int().nullable(),
    guardian: z.object({ name: z.string(), phone: z.string() }).nullable(),
    area: z.string().nullable(),
    skills: z.array(z.string()),
    availability: z.string(),
    status: z.enum(['pending', 'active', 'paused', 'left']),
    created_at: Instant,
  })
  .openapi('Volunteer')

const getVolunteers = createRoute({
  method: 'get',
  path: '/volunteers',
  summary: 'Volunteers, newest first',
  security: SECURITY,
  request: { query: PageQuery },
  responses: { 200: jsonAnswer(z.object({ volunteers: z.array(VolunteerSchema), next_cursor: NextCursor }), 'A page'), ...problems(...QUERY_PROBLEMS) },
})

const getVolunteer = createRoute({
  method: 'get',
  path: '/volunteers/{id}',
  summary: 'One volunteer',
  security: SECURITY,
  request: { params: IdParameter },
  responses: { 200: jsonAnswer(VolunteerSchema, 'The volunteer'), ...problems(404, ...QUERY_PROBLEMS) },
})

export function addVolunteerRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getVolunteers, async (c) => {
    const page = await listVolunteers(services.store, {}, toPage(c.req.valid('query')))
    return page === null ? unknownCursor(c) : c.json({ volunteers: page.items.map(toVolunteerJson), next_cursor: page.nextCursor }, 200)
  })

  app.openapi(getVolunteer, async (c) => {
    const volunteer = await findVolunteer(services.store, c.req.valid('param').id)
    return volunteer ? c.json(toVolunteerJson(volunteer), 200) : problem(c, 404, 'There is no volunteer with this id or number.')
  })
}

export function toVolunteerJson(row: VolunteerRecord): z.infer<typeof VolunteerSchema> {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    phone: row.phone,
    age: row.age,
    guardian: row.guardianName === null || row.guardianPhone === null ? null : { name: row.guardianName, phone: row.guardianPhone },
    area: row.areaCode,
    skills: volunteerSkills(row),
    availability: row.availability,
    status: row.status as VolunteerStatus,
    created_at: row.createdAt.toISOString(),
  }
}
