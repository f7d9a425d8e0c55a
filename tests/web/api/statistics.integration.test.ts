import Database from 'better-sqlite3'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Area } from '../../../src/domain/services.ts'
import { toLocalDay } from '../../../src/domain/time.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

const area = (code: string, level: Area['level'], parent: string | null): Area => ({ code, name: `${code}的名字`, level, parent, words: [] })
const AREAS = [area('county', 'county', null), area('town', 'town', 'county'), area('east', 'community', 'town'), area('west', 'community', 'town'), area('grid', 'grid', 'east'), area('away', 'community', 'county')]
const DAY_MS = 24 * 60 * 60 * 1000

let web: TestWeb
let sql: Database.Database
beforeAll(async () => {
  web = await openTestWeb({ web: { areas: AREAS } })
  for (const user of ['wang', 'li']) await web.addStaff(user)
  await makeUpAMonth()
  sql = new Database(path.join(web.assistant.directory, 'linli.db'), { readonly: true })
})
afterAll(async () => {
  sql.close()
  await web.close()
})

/** The same numbers at every run. */
function createDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % sides
}

const COUNT = 500
const STATUSES = ['submitted', 'accepted', 'in_progress', 'resolved', 'closed', 'reopened', 'cancelled', 'merged'] as const

async function makeUpAMonth(): Promise<void> {
  const dice = createDice(7)
  const pick = <T>(all: readonly T[]): T => all[dice(all.length)] as T
  const staff = await web.store.read.staffMember.findMany({ where: { user: { in: ['wang', 'li'] } } })
  const now = web.clock.now.getTime()
  const requests = Array.from({ length: COUNT }, (_, index) => {
    const createdAt = new Date(now - dice(60) * DAY_MS - dice(DAY_MS))
    const status = pick(STATUSES)
    const isOver = ['resolved', 'closed', 'cancelled', 'merged'].includes(status)
    const [serviceCode, category] = pick([['street_light', '公共照明'], ['water_leak', '水管漏水'], [null, '其他事项']] as const)
    return {
      id: `r${index}`, number: `SR-20261101-${String(index).padStart(4, '0')}`, kind: serviceCode === null ? 'handoff' : 'service', serviceCode, category, status, description: '灯坏了',
      areaCode: pick(['grid', 'east', 'west', 'away', 'town', null]), channel: pick(['web', 'http', 'phone']), assigneeId: pick([...staff.map(({ id }) => id), null]),
      finishedAt: isOver ? new Date(createdAt.getTime() + dice(5 * DAY_MS)) : null, dueAt: pick([new Date(createdAt.getTime() + 3 * DAY_MS), null]), ratingScore: status === 'closed' ? 1 + dice(5) : null,
      createdAt, updatedAt: createdAt,
    }
  })
  const lines = requests.flatMap(({ id, createdAt }, index) => {
    const line = (name: string, after: number, more: object) => ({ id: `${id}-${name}`, requestId: id, at: new Date(createdAt.getTime() + after), status: 'accepted', note: '', by: 'x', kind: 'status', author: 'staff', ...more })
    return [
      line('filed', 0, { status: 'submitted', author: 'resident' }),
      line('internal', 60_000, { kind: 'internal' }),
      ...(index % 3 === 0 ? [line('first', dice(2 * DAY_MS), {}), line('second', 3 * DAY_MS, { kind: 'staff_note' })] : []),
      ...(index % 7 === 0 ? [line('again', 4 * DAY_MS, { status: 'reopened', author: 'resident' })] : []),
    ]
  })
  await web.store.write(async (transaction) => {
    await transaction.serviceRequest.createMany({ data: requests })
    await transaction.activity.createMany({ data: lines })
  })
}

interface Raw {
  key: string | null
  filed: number
  on_time: number
  open: number
  late: number
  reopened: number
  rating: number | null
}

/** The same figures by a plain query; `key`: an SQL expression over a request `r`. */
function count(key: string, from: string, to: string): Raw[] {
  const open = "r.status NOT IN ('resolved','closed','rejected','merged','cancelled')"
  return sql
    .prepare(
      `SELECT ${key} AS key, count(*) AS filed, sum(r.status IN ('resolved','closed') AND (r.dueAt IS NULL OR julianday(r.finishedAt) <= julianday(r.dueAt))) AS on_time,
        sum(${open}) AS open, sum(${open} AND r.dueAt IS NOT NULL AND julianday(r.dueAt) < julianday(@now)) AS late,
        sum(EXISTS (SELECT 1 FROM Activity a WHERE a.requestId = r.id AND a.status = 'reopened')) AS reopened, round(avg(r.ratingScore), 2) AS rating
      FROM ServiceRequest r LEFT JOIN StaffMember s ON s.id = r.assigneeId
      WHERE julianday(r.createdAt) >= julianday(@from) AND julianday(r.createdAt) < julianday(@to) GROUP BY 1`,
    )
    .all({ now: web.clock.now.toISOString(), from, to }) as Raw[]
}

/** The middle and the last tenth of hours, by the definition. */
function spans(end: string, key: string, value: string, from: string, to: string): { p50: number | null; p90: number | null } {
  const hours = (sql.prepare(`SELECT (julianday(${end}) - julianday(r.createdAt)) * 24 AS h FROM ServiceRequest r LEFT JOIN StaffMember s ON s.id = r.assigneeId
      WHERE h IS NOT NULL AND ifnull(${key}, '') = ? AND julianday(r.createdAt) >= julianday(?) AND julianday(r.createdAt) < julianday(?) ORDER BY h`).all(value, from, to) as { h: number }[]).map(({ h }) => h)
  const at = (share: number) => {
    const place = (hours.length - 1) * share
    const [below = 0, above = 0] = [hours[Math.floor(place)], hours[Math.ceil(place)]]
    return hours.length === 0 ? null : below + (above - below) * (place % 1)
  }
  return { p50: at(0.5), p90: at(0.9) }
}

const FIRST_ANSWER = "(SELECT min(a.at) FROM Activity a WHERE a.requestId = r.id AND a.author IN ('staff','volunteer') AND a.kind IN ('status','staff_note'))"
const END = "(CASE WHEN r.status IN ('resolved','closed') THEN r.finishedAt END)"
const FROM = '2026-11-01'
const TO = '2026-11-20'
/** Midnights in Shanghai. */
const [START, STOP] = ['2026-10-31T16:00:00Z', '2026-11-20T16:00:00Z']

describe('GET /api/v1/statistics', () => {
  it.each([
    ['area', 'r.areaCode'],
    ['service', 'ifnull(r.serviceCode, r.kind)'],
    ['month', "substr(datetime(julianday(r.createdAt) + 8.0 / 24), 1, 7)"],
    ['staff', 's.user'],
    ['channel', 'r.channel'],
  ])('by %s gives what a plain query counts', async (by, key) => {
    const { status, json } = await web.api('GET', `/api/v1/statistics?from=${FROM}&to=${TO}&by=${by}`)
    expect(status).toBe(200)
    const rows = json.rows as unknown as (Raw & { key: string; first_answer_p50_h: number | null; close_p50_h: number | null; close_p90_h: number | null })[]
    const plain = count(key, START, STOP)
    expect(rows).toHaveLength(plain.length)
    for (const row of rows) {
      const { key: _key, ...expected } = plain.find((one) => (one.key ?? '') === row.key) ?? { key: null }
      expect(row, row.key).toMatchObject(expected)
      const [answer, end] = [spans(FIRST_ANSWER, key, row.key, START, STOP), spans(END, key, row.key, START, STOP)]
      for (const [given, right] of [[row.first_answer_p50_h, answer.p50], [row.close_p50_h, end.p50], [row.close_p90_h, end.p90]] as const) {
        if (right === null) expect(given).toBeNull()
        else expect(given).toBeCloseTo(right, 1)
      }
    }
    expect((json.total as unknown as Raw).filed).toBe(plain.reduce((sum, { filed }) => sum + filed, 0))
  })

  it('of an area counts what lies in it, one row for each area right below', async () => {
    const { json } = await web.api('GET', `/api/v1/statistics?from=${FROM}&to=${TO}&by=area&area=town`)
    const rows = json.rows as unknown as { key: string; filed: number }[]
    const of = new Map(count('r.areaCode', START, STOP).map(({ key, filed }) => [key, filed]))
    expect(Object.fromEntries(rows.map(({ key, filed }) => [key, filed]))).toEqual({ east: (of.get('east') ?? 0) + (of.get('grid') ?? 0), west: of.get('west'), town: of.get('town') })
  })

  it('of the last thirty days when nothing is said; an instant as an end is not part of it', async () => {
    const { json } = await web.api('GET', '/api/v1/statistics')
    const from = new Date(`${toLocalDay(new Date(web.clock.now.getTime() - 30 * DAY_MS))}T00:00:00+08:00`).toISOString()
    expect((json.total as unknown as Raw).filed).toBe(count('1', from, web.clock.now.toISOString())[0]?.filed)
    const until = await web.api('GET', `/api/v1/statistics?from=${FROM}&to=${encodeURIComponent('2026-11-20T00:00:00+08:00')}`)
    expect((until.json.total as unknown as Raw).filed).toBe(count('1', START, '2026-11-19T16:00:00Z')[0]?.filed)
  })

  it.each(['from=yesterday', 'from=2026-13-01', 'from=2026-11-20&to=2026-11-01', 'by=colour', 'area=nowhere'])('%s is refused in words', async (query) => {
    const { status, json } = await web.api('GET', `/api/v1/statistics?${query}`)
    expect(status).toBe(422)
    expect(json.detail).toEqual(expect.any(String))
  })
})
