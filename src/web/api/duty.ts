import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { API_ACTOR } from '../../desk/actor.ts'
import { readDutyWeek, setDutyWeek, type DutyWeek } from '../../desk/duty/roster.ts'
import { weekAt } from '../../domain/office/duty.ts'
import { listAlerts, type BoardAlert } from '../../store/duty/alert-board.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { BODY_PROBLEMS, identifier, Instant, jsonAnswer, jsonBody, problems, QUERY_PROBLEMS, SECURITY } from './schemas.ts'

const StaffUser = identifier('A staff user').nullable()
const DaySchema = z.object({ date: z.iso.date(), person: StaffUser, deputy: StaffUser })

const RosterSchema = z
  .object({ week: z.string(), days: z.array(DaySchema), gaps: z.array(z.string()).openapi({ description: 'What is missing from today on, in words' }) })
  .openapi('DutyWeek')

const WeekQuery = z.object({ week: identifier('ISO 8601, `2026-W49`; this week when absent').openapi({ pattern: '^\\d{4}-W(0[1-9]|[1-4]\\d|5[0-3])$' }).optional() })

const getDuty = createRoute({
  method: 'get',
  path: '/duty',
  summary: 'Who answers for emergencies in a week, Monday first',
  security: SECURITY,
  request: { query: WeekQuery },
  responses: { 200: jsonAnswer(RosterSchema, 'The roster'), ...problems(...QUERY_PROBLEMS) },
})

const putDuty = createRoute({
  method: 'put',
  path: '/duty',
  summary: 'Set days of a week, all of them or none; days that are left out stay as they are',
  security: SECURITY,
  request: {
    query: WeekQuery,
    body: jsonBody(z.object({ days: z.array(DaySchema.extend({ person: StaffUser.optional(), deputy: StaffUser.optional() })).max(7) }).openapi('DutyDays')),
  },
  responses: { 200: jsonAnswer(RosterSchema, 'The roster as it is now; a gap is saved, and said'), ...problems(...BODY_PROBLEMS) },
})

const AlertSchema = z
  .object({
    request: z.string().openapi({ description: 'Number of the emergency, or of the drill' }),
    drill: z.boolean(),
    words: z.string().openapi({ description: 'What was said last' }),
    created_at: Instant,
    acknowledged_at: Instant.nullable(),
    acknowledged_by: z.string().nullable(),
    alerted: z.array(z.object({ user: z.string(), channel: z.string(), at: Instant, acknowledged_at: Instant.nullable() })),
  })
  .openapi('Alert')

const getAlerts = createRoute({
  method: 'get',
  path: '/alerts',
  summary: 'Emergencies, newest first, with who was alerted when, and who has answered',
  security: SECURITY,
  responses: { 200: jsonAnswer(z.object({ alerts: z.array(AlertSchema) }), `The latest alerts`), ...problems(...QUERY_PROBLEMS) },
})

const MOST_ALERTS = 200

export function addDutyRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getDuty, async (c) => {
    const read = await readDutyWeek(services, c.req.valid('query').week ?? weekAt(services.now()))
    return read.outcome === 'week' ? c.json(toRosterJson(read.roster), 200) : problem(c, 422, NO_WEEK)
  })

  app.openapi(putDuty, async (c) => {
    const days = c.req.valid('json').days.map(({ date, person, deputy }) => ({ date, person: person ?? null, deputy: deputy ?? null }))
    const result = await setDutyWeek(services, API_ACTOR, { week: c.req.valid('query').week ?? weekAt(services.now()), days })
    switch (result.outcome) {
      case 'saved':
        return c.json(toRosterJson(result.roster), 200)
      case 'no_such_week':
        return problem(c, 422, NO_WEEK)
      case 'not_in_week':
        return problem(c, 422, `${result.date} is not in this week.`)
      case 'twice':
        return problem(c, 422, `${result.date} is given twice.`)
      case 'unknown_staff':
        return problem(c, 422, `There is no staff user ${result.user}.`)
      case 'disabled_staff':
        return problem(c, 422, `The staff user ${result.user} is disabled.`)
      default:
        return result satisfies never
    }
  })

  app.openapi(getAlerts, async (c) => c.json({ alerts: byRequest(await listAlerts(services.store, MOST_ALERTS)).map(toAlertJson) }, 200))
}

const NO_WEEK = 'A week is written as 2026-W49 (ISO 8601).'

const toRosterJson = ({ week, days, gaps }: DutyWeek): z.infer<typeof RosterSchema> => ({ week, days: days.map(({ date, person, deputy }) => ({ date, person: person?.user ?? null, deputy: deputy?.user ?? null })), gaps })

/** What was said of one emergency at different times stands together, the latest first. */
function byRequest(alerts: readonly BoardAlert[]): BoardAlert[][] {
  const groups = new Map<string, BoardAlert[]>()
  for (const alert of alerts) groups.set(alert.number, [...(groups.get(alert.number) ?? []), alert])
  return [...groups.values()]
}

function toAlertJson(alerts: readonly BoardAlert[]): z.infer<typeof AlertSchema> {
  const [latest, first] = [alerts[0], alerts.at(-1)]
  if (latest === undefined || first === undefined) throw new RangeError('A group has at least one alert.')
  return {
    request: latest.number,
    drill: latest.requestId === null,
    words: latest.words,
    created_at: first.createdAt.toISOString(),
    acknowledged_at: latest.acknowledgedAt?.toISOString() ?? null,
    acknowledged_by: latest.acknowledgedBy,
    alerted: alerts.toReversed().flatMap(({ notices }) => notices.map(({ staff, channel, at, acknowledgedAt }) => ({ user: staff.user, channel, at: at.toISOString(), acknowledged_at: acknowledgedAt?.toISOString() ?? null }))),
  }
}
