import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { GROUPINGS, readStatistics, type StatisticsRow } from '../../desk/statistics/request-statistics.ts'
import type { RequestFigures } from '../../domain/requests/statistics.ts'
import { readPeriod } from '../../desk/statistics/period.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { identifier, jsonAnswer, problems, QUERY_PROBLEMS, SECURITY } from './schemas.ts'

const Hours = z.number().nullable().openapi({ description: 'Hours by the clock; null where there is none to count' })
const Figures = z.object({
  filed: z.number().int(),
  on_time: z.number().int().openapi({ description: 'Done, and not after it was due' }),
  open: z.number().int(),
  late: z.number().int().openapi({ description: 'Open, and due by now' }),
  reopened: z.number().int(),
  rating: z.number().nullable().openapi({ description: 'Mean of the scores, 1 to 5' }),
  first_answer_p50_h: Hours,
  close_p50_h: Hours,
  close_p90_h: Hours,
})
const Row = Figures.extend({
  key: z.string().openapi({ description: "An area's code, a service's, a month (2026-11), a staff user, a channel; '' = has none" }),
  name: z.string(),
})

const Day = identifier('A day (2026-11-01, in Asia/Shanghai) or an instant').openapi({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T.+)?$' })

const getStatistics = createRoute({
  method: 'get',
  path: '/statistics',
  summary: 'Figures of the requests that were filed in a time, in groups, the largest first; months in their order',
  security: SECURITY,
  request: {
    query: z.object({
      from: Day.optional().openapi({ description: 'From then on; 30 days before `to` when absent' }),
      to: Day.optional().openapi({ description: 'A day counts whole, an instant does not; until now when absent' }),
      by: z.enum(GROUPINGS).optional().openapi({ description: 'area when absent' }),
      area: identifier("Code of an area: what lies in it counts; by area, one row for each that lies right below it").optional(),
    }),
  },
  responses: { 200: jsonAnswer(z.object({ rows: z.array(Row), total: Figures }).openapi('Statistics'), 'The figures as things stand now'), ...problems(...QUERY_PROBLEMS) },
})

export function addStatisticsRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(getStatistics, async (c) => {
    const { from, to, by = 'area', area } = c.req.valid('query')
    const period = readPeriod({ from, to }, services.now())
    if (period.outcome === 'wrong') return problem(c, 422, period.reason)
    if (area !== undefined && !services.areas.some(({ code }) => code === area)) return problem(c, 422, `area: there is no area ${area}.`)
    const { rows, total } = await readStatistics(services, { from: period.from, to: period.to, by, ...(area !== undefined && { area }) })
    return c.json({ rows: rows.map(toRowJson), total: toFiguresJson(total) }, 200)
  })
}

const toFiguresJson = (figures: RequestFigures): z.infer<typeof Figures> => ({
  filed: figures.filed,
  on_time: figures.onTime,
  open: figures.open,
  late: figures.late,
  reopened: figures.reopened,
  rating: figures.rating,
  first_answer_p50_h: figures.firstAnswerP50Hours,
  close_p50_h: figures.closeP50Hours,
  close_p90_h: figures.closeP90Hours,
})

const toRowJson = ({ key, name, ...figures }: StatisticsRow): z.infer<typeof Row> => ({ key, name, ...toFiguresJson(figures) })
