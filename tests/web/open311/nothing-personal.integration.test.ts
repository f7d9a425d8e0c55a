import { afterAll, beforeAll, expect, it } from 'vitest'
import { API_TOKEN, openTestWeb, type TestWeb } from '../../support/web.ts'

/* However a request came and whatever was written about it: nothing of whose it is, where it is or what was said can be read by anybody. */

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
  await web.addStaff('liwei')
})
afterAll(() => web.close())

const SURNAMES = ['刘', '王', '张', '孙', '赵']
const GIVEN = ['桂兰', '秀英', '建国', '志强', '玉梅']
const MATTERS = ['楼道灯坏了', '下水道堵了', '暖气不热', '想找人帮忙买菜', '垃圾没人清']

/** Somebody who is like nobody else among these. */
const person = (index: number) => ({
  name: `${SURNAMES[index % 5] ?? ''}${GIVEN[Math.floor(index / 5) % 5] ?? ''}`,
  phone: `138${String(10_000_000 + index * 7_919)}`,
  address: `幸福小区${index + 11}号楼3单元${500 + index}室`,
  secret: `密语${index}`,
})

async function say(index: number, text: string): Promise<void> {
  await web.api('POST', '/api/v1/messages', { conversation: `c${index}`, sender: { id: `s${index}`, name: `昵称${index}` }, text })
}

async function file(index: number): Promise<void> {
  const { name, phone, address, secret } = person(index)
  const matter = `${MATTERS[index % 5] ?? ''}，${secret}`
  if (index % 3 === 0) {
    for (const text of [`${address}${matter}，我叫${name}，电话${phone}`, '同意', '确认']) await say(index, text)
  } else if (index % 3 === 1) {
    await web.api('POST', '/api/v1/requests', { by: 'liwei', channel: 'phone', name, phone, address, description: matter })
  } else {
    const fields = { api_key: API_TOKEN, service_code: 'street_light', address_string: address, lat: `50.4${index}`, long: `124.1${index}`, last_name: name, phone, email: `${secret}@example.com`, description: matter }
    await fetch(`${web.url}/open311/v2/requests.json`, { method: 'POST', body: new URLSearchParams(fields) })
  }
}

it('holds for sixty requests that came in all ways, with what staff wrote about them', async () => {
  const count = 60
  for (let index = 0; index < count; index += 1) await file(index)
  const filed = await web.store.read.serviceRequest.findMany()
  // One or the other chat may ask once more instead: that is none of this test's matter.
  expect(filed.length).toBeGreaterThan(0.9 * count)
  for (const [index, { id }] of filed.entries()) {
    const { name, phone } = person(index)
    await web.api('PATCH', `/api/v1/requests/${id}`, { by: 'liwei', status: index % 2 === 0 ? 'resolved' : 'accepted', note: `${name}家修好了，电话${phone}`, internal_note: `密语内部${index}`, assignee: 'liwei' })
  }
  const particulars = Array.from({ length: count }, (_, index) => Object.values(person(index))).flat()
  const words = [...particulars, '密语', '昵称', 'liwei', '幸福小区', 'example.com', ...filed.flatMap(({ id, requesterId, conversationId }) => [id, requesterId, conversationId]).filter((id) => id !== null)]
  const numbers = filed.map(({ number }) => number)
  const paths = ['/requests', `/requests`, ...numbers.map((number) => `/requests/${number}`), ...numbers.map((number) => `/tokens/${number}`)].flatMap((path) => [`${path}.xml`, `${path}.json`])
  paths.push('/requests.json?status=closed', '/requests.xml?status=open', `/requests.json?service_request_id=${numbers.join(',')}`)
  let listed = ''
  for (const path of paths) {
    const text = await (await fetch(`${web.url}/open311/v2${path}`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })).text()
    expect([path, words.filter((word) => text.includes(word))]).toEqual([path, []])
    listed += text
  }
  // Looked at is all that was filed under a service, and there is some of each way.
  for (const { number } of filed.filter(({ kind }) => kind === 'service' || kind === 'help')) expect(listed).toContain(number)
  expect(new Set(filed.map(({ channel }) => channel))).toEqual(new Set(['http', 'phone', 'open311']))
})

it('that somebody was in danger is no news for anybody', async () => {
  await say(100, '着火了！3号楼2单元501')
  const { number } = await web.store.read.serviceRequest.findFirstOrThrow({ where: { kind: 'emergency' } })
  const answer = await fetch(`${web.url}/open311/v2/requests/${number}.json`, { headers: { Authorization: `Bearer ${API_TOKEN}` } })
  expect(answer.status).toBe(404)
  expect(await (await fetch(`${web.url}/open311/v2/requests.json`)).text()).not.toContain(number)
})
