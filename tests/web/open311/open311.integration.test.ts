import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN, openTestWeb, type TestWeb } from '../../support/web.ts'
import { OFFICE } from '../../support/office.ts'
import { readXml } from '../../support/xml.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb({ office: OFFICE })
  await web.addStaff('li')
})
afterAll(() => web.close())

type Fields = Record<string, unknown>
// Whoever has the key is not slowed down.
const get = async (path: string, headers: Record<string, string> = { Authorization: `Bearer ${API_TOKEN}` }) => {
  const response = await fetch(`${web.url}/open311/v2${path}`, { headers })
  return { status: response.status, type: response.headers.get('Content-Type'), text: await response.text() }
}
const json = async (path: string) => JSON.parse((await get(path)).text) as Fields[]
const post = async (fields: Record<string, string>, suffix = '.json', headers: Record<string, string> = {}) => {
  const response = await fetch(`${web.url}/open311/v2/requests${suffix}`, { method: 'POST', body: new URLSearchParams(fields), headers })
  return { status: response.status, type: response.headers.get('Content-Type'), text: await response.text() }
}
/** The request of the specification's example, with a service that is in the catalogue here. */
const EXAMPLE = {
  api_key: API_TOKEN,
  jurisdiction_id: 'city.gov',
  service_code: 'street_light',
  lat: '37.76524078',
  long: '-122.4212043',
  address_string: '1234 5th street',
  email: 'smit333@sfgov.edu',
  device_id: 'tt222111',
  account_id: '123456',
  first_name: 'john',
  last_name: 'smith',
  phone: '111111111',
  description: 'A large sinkhole is destroying the street',
  media_url: 'http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg',
  'attribute[WHISPAWN]': '123456',
  'attribute[WHISDORN]': 'COISL001',
}
const file = async (fields: Record<string, string> = {}) => {
  const answer = await post({ ...EXAMPLE, ...fields })
  expect(answer).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' })
  return (JSON.parse(answer.text) as { service_request_id: string; service_notice: string }[])[0] ?? expect.fail()
}
const asStaffSee = async (number: string) => (await web.api('GET', `/api/v1/requests/${number}`)).json as unknown as Fields & { requester: Fields; history: Fields[] }

type Words = Record<string, string>
const requestsIn = (xml: string) => readXml<{ service_requests: { request: Words[] } }>(xml).service_requests.request

const REQUEST_FIELDS = 'service_request_id status status_notes service_name service_code description agency_responsible service_notice requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url'.split(' ')

describe('discovery', () => {
  it('names the endpoint, its formats, and whom to ask, the same in XML and JSON', async () => {
    const expected = { specification: 'http://wiki.open311.org/GeoReport_v2', url: `${web.url}/open311/v2`, type: 'production', formats: ['text/xml', 'application/json'] }
    const discovered = JSON.parse((await get('/discovery.json')).text) as Fields
    expect(discovered).toMatchObject({ contact: expect.stringContaining(OFFICE.telephone ?? '') as string, key_service: expect.stringContaining('api_key') as string, endpoints: [expected] })
    const { discovery } = readXml<{ discovery: { changeset: string; endpoints: { endpoint: Fields[] } } }>((await get('/discovery.xml')).text)
    expect(discovery.endpoints.endpoint).toEqual([{ ...expected, changeset: discovery.changeset, formats: { format: expected.formats } }])
    expect(discovery.changeset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })
})

describe('services', () => {
  it('are those of the catalogue, in both formats, with the content types of the specification', async () => {
    const [asXml, asJson] = [await get('/services.xml?jurisdiction_id=city.gov'), await get('/services.json')]
    expect([asXml.type, asJson.type]).toEqual(['text/xml; charset=utf-8', 'application/json; charset=utf-8'])
    const services = JSON.parse(asJson.text) as Fields[]
    expect(services.map(({ service_code }) => service_code)).toEqual(web.assistant.knowledge.services.map(({ code }) => code))
    expect(services[0]).toMatchObject({ service_code: 'street_light', service_name: '公共照明', metadata: true, type: 'realtime', keywords: expect.stringContaining('路灯, 楼道灯') as string, group: '报修办事' })
    expect(readXml<{ services: { service: Words[] } }>(asXml.text).services.service).toEqual(services.map((service) => ({ ...service, metadata: 'true' })))
  })

  it('one tells beforehand all that there is to know', async () => {
    const { service_definition: definition } = readXml<{ service_definition: { service_code: string; attributes: { attribute: Words[] } } }>((await get('/services/street_light.xml')).text)
    expect(definition.service_code).toBe('street_light')
    expect(definition.attributes.attribute.map(({ code, variable, order }) => [code, variable, order])).toEqual([['guide', 'false', '1'], ['wanted_time', 'true', '2']])
    expect(definition.attributes.attribute[0]?.description).toMatch(/材料：[\s\S]*时限：/)
    expect(JSON.parse((await get('/services/street_light.json')).text)).toMatchObject({ service_code: 'street_light', attributes: [{ variable: false, values: [] }, { variable: true, required: false }] })
  })

  it('without a suffix are JSON for whoever asks for it, else XML', async () => {
    expect((await get('/services', { Accept: 'application/json' })).type).toContain('application/json')
    expect((await get('/services', { Accept: '*/*' })).type).toContain('text/xml')
  })
})

describe('the request of the specification’s example', () => {
  it('is filed, found by its number and its token, and listed', async () => {
    const { service_request_id: number, service_notice: notice } = await file()
    expect(number).toMatch(/^SR-\d{8}-\d{4}$/)
    expect(notice).toContain(number)
    const [found] = await json(`/requests/${number}.json`)
    expect(found).toMatchObject({ service_request_id: number, status: 'open', status_notes: '已提交', service_code: 'street_light', service_name: '公共照明' })
    expect(Object.keys(found ?? {})).toEqual(REQUEST_FIELDS)
    expect((await json('/requests.json')).map(({ service_request_id }) => service_request_id)).toContain(number)
    expect(await json(`/tokens/${number}.json`)).toEqual([{ service_request_id: number, token: number }])
    const { id } = await asStaffSee(number)
    expect(requestsIn((await get(`/tokens/${String(id)}.xml`)).text)).toEqual([{ service_request_id: number, token: id }])
  })

  it('is answered in XML too', async () => {
    const answer = await post(EXAMPLE, '.xml')
    expect([answer.status, answer.type]).toEqual([200, 'text/xml; charset=utf-8'])
    const [filed] = requestsIn(answer.text)
    expect(filed).toEqual({ service_request_id: expect.stringMatching(/^SR-/) as string, service_notice: expect.stringContaining('已登记') as string, account_id: '' })
    const [found] = requestsIn((await get(`/requests/${String(filed?.service_request_id)}.xml`)).text)
    expect(Object.keys(found ?? {})).toEqual(REQUEST_FIELDS)
    expect([found?.status, found?.description, found?.address]).toEqual(['open', '', ''])
  })

  it('reaches staff with all that they can use, by the program’s own name, and nothing of the device', async () => {
    const { service_request_id: number } = await file({ 'attribute[wanted_time]': '明天下午' })
    const seen = await asStaffSee(number)
    expect(seen).toMatchObject({ channel: 'open311', kind: 'service', category: '公共照明', address: '1234 5th street；坐标 37.76524078,-122.4212043', wanted_time: '明天下午', requester: { name: 'john smith', phone: null }, history: [{ kind: 'status', status: 'submitted', by: 'api' }] })
    expect(seen.description).toBe('A large sinkhole is destroying the street\n照片：http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg\n留的电话（读不出来）：111111111\n邮箱：smit333@sfgov.edu')
    expect(JSON.stringify(seen)).not.toMatch(/tt222111|COISL001/)
  })

  it('of somebody from here has name and telephone where staff look for them, and joins their chat', async () => {
    const { service_request_id: number, service_notice: notice } = await file({ last_name: '刘', first_name: '桂兰', phone: '138 0013 8001', email: '', media_url: '', description: '楼道灯坏了' })
    expect(await asStaffSee(number)).toMatchObject({ description: '楼道灯坏了', requester: { name: '刘桂兰', phone: '13800138001' } })
    const said = await web.api('POST', '/api/v1/messages', { conversation: 'liu', sender: { id: 'liu' }, text: /绑定 \S+(?=”)/.exec(notice)?.[0] })
    expect(said.text).toContain(number)
  })

  it('needs no description, as the service says what it is about, and any one way of saying where', async () => {
    const fields = { api_key: API_TOKEN, service_code: 'sewer' }
    for (const where of [{ lat: '50.42', long: '124.12' }, { address_string: '幸福小区3号楼' }, { address_id: '545483' }]) {
      const answer = await post({ ...fields, ...where })
      expect(answer.status).toBe(200)
      const number = /SR-\d{8}-\d{4}/.exec(answer.text)?.[0] ?? ''
      expect(await asStaffSee(number)).toMatchObject({ description: '下水道堵塞', address: expect.stringMatching(/^(坐标 50\.42,124\.12|幸福小区3号楼|地址编号 545483)$/) as string })
    }
  })

  it('may say as much as the specification allows, marks and all', async () => {
    const description = `<b>灯&坏了</b>${'长'.repeat(3_900)}`
    const { service_request_id: number } = await file({ description, address_string: '3 & 4 <号楼>' })
    expect((await asStaffSee(number)).description).toContain(description)
  })
})

describe('what is read by anybody', () => {
  it('closes with the request, on the day it was closed', async () => {
    const { service_request_id: number } = await file()
    web.clock.now = new Date(web.clock.now.getTime() + 60_000)
    await web.api('PATCH', `/api/v1/requests/${number}`, { by: 'li', status: 'resolved', note: '已修好，刘桂兰家门口的' })
    const closedAt = web.clock.now.toISOString().replace(/\.\d+Z/, 'Z')
    web.clock.now = new Date(web.clock.now.getTime() + 60_000)
    await web.api('PATCH', `/api/v1/requests/${number}`, { by: 'li', internal_note: '归档' })
    expect((await json(`/requests/${number}.json`))[0]).toMatchObject({ status: 'closed', status_notes: '已办结', updated_datetime: closedAt })
    expect((await json('/requests.json?status=closed')).map(({ service_request_id }) => service_request_id)).toEqual([number])
    expect((await json('/requests.json?status=open')).map(({ service_request_id }) => service_request_id)).not.toContain(number)
    expect((await json('/requests.json?status=open,closed&status=')).length).toBe((await json('/requests.json')).length)
  })

  it('is found by service, by several numbers whatever else is asked, and by time', async () => {
    const numbers = [await file({ service_code: 'sewer' }), await file({ service_code: 'heating' }), await file({ service_code: 'outage' })].map(({ service_request_id }) => service_request_id)
    const listed = async (query: string) => (await json(`/requests.json?${query}`)).map(({ service_request_id }) => String(service_request_id)).sort()
    expect(await listed('service_code=heating,outage')).toEqual([numbers[1], numbers[2]])
    expect(await listed('service_code=heating&service_code=outage')).toEqual([numbers[1], numbers[2]])
    expect(await listed('service_code=no_such_service')).toEqual([])
    expect(await listed(`service_request_id=${numbers.join(',')},SR-20200101-0001&status=closed&service_code=heating`)).toEqual(numbers)
    const [one] = await json(`/requests/${numbers[0] ?? ''}.json`)
    const at = String(one?.requested_datetime)
    expect(await listed(`start_date=${at}&end_date=${at}&service_code=sewer`)).toContain(numbers[0])
    const asHere = new Date(Date.parse(at) + 8 * 60 * 60 * 1000).toISOString().replace(/\.\d+Z/, '+08:00')
    expect(await listed(`start_date=${asHere}&end_date=${encodeURIComponent(asHere)}&service_code=sewer`)).toContain(numbers[0])
    expect(await listed(`end_date=${new Date(Date.parse(at) - 24 * 60 * 60 * 1000).toISOString()}`)).toEqual([])
  })

  it('goes ninety days back unless another span is asked for', async () => {
    const { service_request_id: number } = await file()
    const filedAt = web.clock.now
    web.clock.now = new Date(filedAt.getTime() + 91 * 24 * 60 * 60 * 1000)
    try {
      expect(await json('/requests.json')).toEqual([])
      expect((await json(`/requests.json?start_date=${filedAt.toISOString()}`)).map(({ service_request_id }) => service_request_id)).toContain(number)
    } finally {
      web.clock.now = filedAt
    }
  })
})
