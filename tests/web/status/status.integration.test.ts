import { load } from 'cheerio'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REQUEST_STATUSES } from '../../../src/domain/requests/requests.ts'
import { STATUS_NAMES } from '../../../src/domain/requests/status-names.ts'
import { NEXT_STEPS } from '../../../src/web/status/text.ts'
import { OFFICE } from '../../support/office.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb({ office: OFFICE })
  await web.addStaff('li')
})
afterAll(() => web.close())

const file = async (values: Record<string, unknown> = {}) =>
  (await web.api('POST', '/api/v1/requests', { by: 'li', channel: 'phone', name: '刘桂兰', phone: '13800138001', description: '3号楼2单元501漏水', category: '水管漏水', ...values })).json as unknown as { id: string; number: string }
const look = async (number: string, lastFour: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${web.url}/status`, { method: 'POST', body: new URLSearchParams({ number, last_four: lastFour }), headers })
  const html = await response.text()
  const $ = load(html)
  const lines = Object.fromEntries($('.found dl div').toArray().map((line) => [$(line).find('dt').text(), $(line).find('dd').text()]))
  return { status: response.status, headers: response.headers, html, number: $('.found h2').text(), lines, problem: $('.problem').text() }
}
const later = (minutes: number) => (web.clock.now = new Date(web.clock.now.getTime() + minutes * 60_000))
// Whoever had to wait has waited.
beforeEach(() => void later(24 * 60))

describe('a resident who has the number and the telephone', () => {
  it('reads state, dates and what comes next, and nothing else', async () => {
    const { number } = await file()
    const found = await look(number, '8001')
    expect([found.status, found.number, found.problem]).toEqual([200, number, ''])
    expect(found.lines).toMatchObject({ 现在: '已提交', 什么事: '水管漏水', 登记: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/) as string, 接下来: NEXT_STEPS.submitted })
    expect(found.html).not.toMatch(/刘桂兰|13800138001|3号楼|501|li\b/)
    expect(found.html).toContain(OFFICE.telephone)
    expect(found.headers.get('Cache-Control')).toBe('no-store')
  })

  it('reads the state that staff have just set, and never what they wrote', async () => {
    const { id, number } = await file()
    for (const status of ['accepted', 'in_progress', 'waiting_resident', 'in_progress', 'resolved'] as const) {
      later(10)
      await web.api('PATCH', `/api/v1/requests/${id}`, { by: 'li', status, note: '刘桂兰家', internal_note: '内部话' })
      const found = await look(number, '8001')
      expect(found.lines).toMatchObject({ 现在: STATUS_NAMES[status], 接下来: NEXT_STEPS[status] })
      expect(found.html).not.toMatch(/刘桂兰|内部话/)
    }
    expect(Object.keys((await look(number, '8001')).lines)).toEqual(['现在', '什么事', '登记', '结束', '接下来'])
  })

  it('of one that went into another reads how that is', async () => {
    const [mine, other] = [await file(), await file({ phone: '13900139002' })]
    await web.api('PATCH', `/api/v1/requests/${mine.id}`, { by: 'li', merge_into: other.number })
    await web.api('PATCH', `/api/v1/requests/${other.id}`, { by: 'li', status: 'in_progress' })
    const found = await look(mine.number, '8001')
    expect(found.html).toContain(`合在一起办，编号 ${other.number}`)
    expect(found.lines).toMatchObject({ 现在: '处理中' })
    expect((await look(other.number, '8001')).status).toBe(404)
  })

  it('may write number and digits as people do', async () => {
    const { number } = await file()
    for (const [typed, digits] of [[number.toLowerCase(), '8001'], [number.replaceAll('-', ' '), '８００１'], [` ${number} `, ' 80 01 ']] as const) expect([typed, (await look(typed, digits)).number]).toEqual([typed, number])
  })

  it('finds the number in the form when a link brought it', async () => {
    expect(load(await (await fetch(`${web.url}/status?number=SR-20261201-0007%22%3E%3Cscript%3E`)).text())('#number').attr('value')).toBe('SR-20261201-0007"><script>')
    expect(load(await (await fetch(web.url)).text())('a[href="/status"]').text()).toBe('凭编号查进度')
  })
})

describe('whoever lacks one of them', () => {
  it('learns nothing, not even whether there is such a request', async () => {
    const { number } = await file()
    const { number: silent } = await file({ phone: '' })
    const answers = [await look(number, '8002'), await look('SR-20200101-0001', '8001'), await look(silent, '0000'), await look('随便', '8001')]
    for (const answer of answers) expect([answer.status, answer.problem, answer.number]).toEqual([404, answers[0]?.problem, ''])
    expect(answers[0]?.problem).toContain('没有对上')
  })

  it.each([['', '8001'], ['SR-20261123-0001', ''], ['SR-20261123-0001', '801'], ['SR-20261123-0001', '80011'], ['SR-20261123-0001', '%%%%'], ['SR-20261123-0001', '____']])('is asked for both: %s %s', async (number, lastFour) => {
    const answer = await look(number, lastFour)
    expect([answer.status, answer.problem]).toEqual([422, '编号和电话后四位都要填，后四位是四个数字。'])
  })

  it('can’t try the digits out: five at one place, twenty at all, then waits, even with the right ones', async () => {
    const { number } = await file()
    const from = (place: number) => ({ 'X-Forwarded-For': `203.0.113.${place}` })
    for (let guess = 0; guess < 5; guess += 1) expect((await look(number, `000${guess}`, from(1))).status).toBe(404)
    const sixth = await look(number, '8001', from(1))
    expect([sixth.status, sixth.number]).toEqual([429, ''])
    expect(sixth.problem).toMatch(/^查得太多了，请过 \d+ 分钟再查/)
    expect(Number(sixth.headers.get('Retry-After'))).toBeGreaterThan(60)
    // The resident at home is not held up by it, as often as they look.
    for (let times = 0; times < 8; times += 1) expect((await look(number, '8001', from(2))).number).toBe(number)
    for (const place of [3, 4, 5]) for (let guess = 0; guess < 5; guess += 1) expect((await look(number, `100${guess}`, from(place))).status).toBe(404)
    expect((await look(number, '8001', from(2))).status).toBe(429)
    later(15)
    expect((await look(number, '8001', from(2))).number).toBe(number)
  })

  it('nor with thirty at once', async () => {
    const { number } = await file()
    const statuses = (await Promise.all(Array.from({ length: 30 }, (_, guess) => look(number, String(guess).padStart(4, '0'))))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 404).length).toBe(5)
    expect(statuses.filter((status) => status === 429).length).toBe(25)
  })

  it('can’t ask for one number after the other', async () => {
    for (let index = 0; index < 30; index += 1) expect((await look(`SR-20200101-${index}`, '8001')).status).toBe(404)
    expect((await look('SR-20200101-31', '8001')).status).toBe(429)
  })

  it('nor send more than a form holds', async () => {
    expect((await look('S'.repeat(10_000), '8001')).status).toBe(413)
    expect((await fetch(`${web.url}/status`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } })).status).toBe(422)
  })
})

it('every state has a next step in words', () => {
  for (const status of REQUEST_STATUSES) expect(NEXT_STEPS[status]).toMatch(/。$/)
})
