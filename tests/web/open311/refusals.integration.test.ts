import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN, openTestWeb, type TestWeb } from '../../support/web.ts'
import { readXml } from '../../support/xml.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const KEY = { Authorization: `Bearer ${API_TOKEN}` }
const GOOD = { api_key: API_TOKEN, service_code: 'street_light', address_string: '3号楼', description: '灯坏了' }
type Errors = { code: number; description: string }[]

const post = async (body: URLSearchParams | string, headers: Record<string, string> = {}, suffix = '.json') => {
  const response = await fetch(`${web.url}/open311/v2/requests${suffix}`, { method: 'POST', body, headers })
  return { status: response.status, text: await response.text() }
}
const get = async (path: string, headers: Record<string, string> = KEY) => {
  const response = await fetch(`${web.url}/open311/v2${path}`, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('what is refused is refused in the specification’s form', () => {
  it.each<[string, Record<string, string>, number, RegExp[]]>([
    ['no key', { api_key: '' }, 403, [/^api_key/]],
    ['a wrong key', { api_key: 'a-token-that-is-none' }, 403, [/^api_key/]],
    ['no service', { service_code: '' }, 400, [/^service_code was not provided/]],
    ['an unknown service', { service_code: '001' }, 404, [/^service_code: there is no service “001”/]],
    ['no place', { address_string: ' ' }, 400, [/location was not provided/]],
    ['neither service nor place', { service_code: '', address_string: '' }, 400, [/^service_code/, /location/]],
    ['half a point', { lat: '45.8' }, 400, [/lat and long must both/]],
    ['a point beyond the pole', { lat: '95', long: '126' }, 400, [/degrees/]],
    ['a point in words', { lat: 'north', long: '126' }, 400, [/degrees/]],
    ['too long an address', { address_string: '长'.repeat(300) }, 400, [/^address_string: at most 200/]],
    ['too long a name', { first_name: '长'.repeat(40) }, 400, [/^first_name and last_name: at most 30/]],
    ['too long a description', { description: '长'.repeat(4_001) }, 400, [/^description: at most 4000/]],
    ['a description without words', { description: '\u200b\u0007' }, 400, [/^description: there are no words/]],
    ['a link that is none', { media_url: 'javascript:alert(1)' }, 400, [/^media_url/]],
    ['too long an address of e-mail', { email: 'a'.repeat(300) }, 400, [/^email/]],
  ])('%s', async (_name, wrong, status, descriptions) => {
    const before = await web.store.read.serviceRequest.count()
    const fields = new URLSearchParams({ ...GOOD, ...wrong })
    const answer = await post(fields)
    expect(answer.status).toBe(status)
    const errors = JSON.parse(answer.text) as Errors
    expect(errors.map(({ code }) => code)).toEqual(descriptions.map(() => status))
    errors.forEach(({ description }, index) => expect(description).toMatch(descriptions[index] ?? /never/))
    const inXml = readXml<{ errors: { error: Record<string, string>[] } }>((await post(fields, {}, '.xml')).text)
    expect(inXml.errors.error).toEqual(errors.map(({ code, description }) => ({ code: String(code), description })))
    expect(await web.store.read.serviceRequest.count()).toBe(before)
  })

  it('a body that is no form, no UTF-8, or too long', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    for (const [body, headers, words] of [
      [JSON.stringify(GOOD), { 'Content-Type': 'application/json' }, 'Content-Type'],
      [`${new URLSearchParams(GOOD).toString()}&first_name=%ff%fe`, form, 'UTF-8'],
      [`${new URLSearchParams(GOOD).toString()}&x=${'x'.repeat(300_000)}`, form, 'bytes'],
    ] as const) {
      const answer = await post(body, headers)
      expect([answer.status, (JSON.parse(answer.text) as Errors)[0]?.code]).toEqual([400, 400])
      expect(answer.text).toContain(words)
    }
  })

  it.each([
    ['/services/no_such.json', 404],
    ['/requests/SR-20200101-0001.json', 404],
    ['/tokens/123456.json', 404],
    ['/nothing.json', 404],
    ['/requests.json?status=wrong', 400],
    ['/requests.json?start_date=2026-11-01', 400],
    ['/requests.json?start_date=2026-11-01T00:00:00', 400],
    ['/requests.json?start_date=2026-02-30T00:00:00Z', 400],
    ['/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z', 400],
    ['/requests.json?start_date=2026-06-01T00:00:00Z&end_date=2026-01-01T00:00:00Z', 400],
  ])('GET %s', async (path, status) => {
    const answer = await get(path)
    expect([answer.status, (JSON.parse(answer.text) as Errors)[0]?.code]).toEqual([status, status])
    expect((JSON.parse(answer.text) as Errors)[0]?.description).toMatch(/\.$/)
    expect(readXml<{ errors: { error: Record<string, string>[] } }>((await get(path.replace('.json', '.xml'))).text).errors.error[0]?.code).toBe(String(status))
  })

  it('more numbers than are answered at once', async () => {
    expect((await get(`/requests.json?service_request_id=${Array.from({ length: 1_001 }, (_, index) => index).join(',')}`)).status).toBe(400)
  })

  it('years that no database knows are no fault', async () => {
    for (const query of ['start_date=0000-01-01T00:00:00Z', 'end_date=9999-12-31T23:59:59Z', 'start_date=9999-12-31T23:59:59Z', 'end_date=0001-01-01T00:00:00Z']) expect([query, (await get(`/requests.json?${query}`)).status]).toEqual([query, 200])
  })

  it('whoever asks too often without the key waits; with it nobody does', async () => {
    web.clock.now = new Date(web.clock.now.getTime() + 60 * 60 * 1000)
    const anonymous: number[] = []
    for (let asked = 0; asked < 61; asked += 1) anonymous.push((await get('/services/no_such.json', {})).status)
    expect(anonymous.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 404))
    const last = await get('/services.json', {})
    expect([last.status, (JSON.parse(last.text) as Errors)[0]?.code]).toEqual([429, 429])
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect((await post(new URLSearchParams({ ...GOOD, api_key: 'guess' }))).status).toBe(429)
    expect((await post(new URLSearchParams(GOOD))).status).toBe(200)
    expect((await get('/services.json')).status).toBe(200)
  })
})

it('without LINLI_API_TOKEN nothing can be filed, and all can be read', async () => {
  const off = await openTestWeb({ apiToken: null })
  const answer = await fetch(`${off.url}/open311/v2/requests.json`, { method: 'POST', body: new URLSearchParams(GOOD) })
  expect(answer.status).toBe(403)
  expect((await fetch(`${off.url}/open311/v2/requests.json`)).status).toBe(200)
  await off.close()
})
