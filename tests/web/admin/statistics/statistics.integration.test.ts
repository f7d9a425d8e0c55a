import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOfPeriod } from '../../../../src/web/admin/statistics/periods.ts'
import { readZipEntry } from '../../../../src/model/zip.ts'
import { type AdminFixture, type FormClient, openAdmin, residentTurn } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

const cellsOf = (html: string): string[][] => [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '').trim()))

describe('Friday’s figures', () => {
  it('stand on a page with what was filed, done and waits, and in a sheet of the same', async () => {
    fixture.clock.now = new Date('2026-11-24T02:00:00Z')
    const done = await residentTurn(fixture, { request: { description: '楼道灯坏了', dueAt: new Date('2026-11-27T09:30:00Z') } })
    await residentTurn(fixture, { request: { description: '水管漏水', dueAt: new Date('2026-11-24T03:00:00Z') } })
    fixture.clock.now = new Date('2026-11-24T04:00:00Z')
    const { id } = await fixture.store.read.serviceRequest.findUniqueOrThrow({ where: { number: done } })
    await client.post(`/admin/requests/${id}/status`, { status: 'resolved', note: '' })
    const { text } = await client.get('/admin/statistics?by=channel')
    const rows = cellsOf(text)
    expect(rows[0]?.slice(1, 5)).toEqual(['提交', '按时办结', '没办完', '已超时'])
    expect(rows.at(-1)?.slice(0, 5)).toEqual(['合计', '2', '1', '1', '1'])
    expect(rows.at(-1)?.slice(8)).toEqual(['2', '2'])
    const sheet = await fetch(`${fixture.url}/admin/statistics.xlsx?by=channel`, { headers: { Cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
    expect(sheet.headers.get('content-type')).toContain('spreadsheetml')
    const xml = readZipEntry(Buffer.from(await sheet.arrayBuffer()), 'xl/sharedStrings.xml', 100_000)?.toString('utf8') ?? ''
    expect(xml).toContain('合计')
  })

  it('of a time in which nothing was filed says so, and of days that are none what is wrong', async () => {
    expect((await client.get('/admin/statistics?from=2020-01-01&to=2020-01-31')).text).toContain('这段时间没有人提交工单')
    const wrong = await client.get('/admin/statistics?from=2026-12-31&to=2026-01-01')
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('起止日期不对')
  })

  it.each([
    ['week', '2026-11-30T15:59:00Z', '2026-11-30'],
    ['week', '2026-11-29T15:59:00Z', '2026-11-23'],
    ['month', '2026-11-30T16:00:00Z', '2026-12-01'],
    ['quarter', '2026-11-24T02:00:00Z', '2026-10-01'],
    ['year', '2026-12-31T15:00:00Z', '2026-01-01'],
  ] as const)('the %s of %s begins on %s', (period, now, day) => {
    expect(startOfPeriod(period, new Date(now))).toBe(day)
  })
})
