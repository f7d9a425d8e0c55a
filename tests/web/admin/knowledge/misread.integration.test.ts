import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createReaderService, type ReaderService } from '../../../../src/knowledge/learn/retrain/reader-service.ts'
import { listTalkExamples } from '../../../../src/store/knowledge/misread.ts'
import { smallWeights, writeSmallTalk } from '../../../support/small-talk.ts'
import { FormClient, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

const HTMX = { headers: { 'HX-Request': 'true' } }
const SAID = '我家锅炉坏了咋报销'
const ALIKE = '俺家锅炉坏了咋报销呀'

let folder: string
let service: ReaderService
let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-misread-'))
  writeSmallTalk(folder)
  const log = pino({ level: 'silent' })
  service = createReaderService({ weights: await smallWeights(folder), knowledge: { services: [], areas: [] }, knowledgeDirectory: folder, keptDirectory: path.join(folder, 'kept'), taught: () => listTalkExamples(fixture.store), log })
  fixture = await startAdmin({ talk: service })
  await service.start()
  client = new FormClient(fixture.url)
  await client.logIn()
})
afterEach(async () => {
  await service.close()
  await fixture.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const say = (text: string, chosen: 'ask_policy' | null = null) =>
  residentTurn(fixture, { text, misread: { text, cause: chosen === null ? 'not_understood' : 'put_right', read: [{ intent: 'service_request', probability: 0.55 }, { intent: 'ask_policy', probability: 0.31 }], chosen } })
const idOf = async (text: string) => (await fixture.store.read.misreadMessage.findUniqueOrThrow({ where: { text } })).id
const intentOf = (text: string) => service.current().gist(text, null).intents[0]

describe('the list of messages that were not understood', () => {
  it('shows those said most first, what they were read as, and what a resident said, with the likeliest readings as buttons and all as a list', async () => {
    await say('嗯那个啥')
    await say(SAID, 'ask_policy')
    await say(SAID)
    const { text } = await client.get('/admin/misread')
    expect(text.indexOf(SAID)).toBeLessThan(text.indexOf('嗯那个啥'))
    expect(text).toMatch(/居民点了：问政策规定.*说了 2 次.*读成：报修或求助 55%，问政策规定 31%/s)
    expect([...text.matchAll(/name="intent" value="(\w+)"/g)].map((match) => match[1])).toEqual(['ask_policy', 'service_request', 'service_request', 'ask_policy'])
    expect(text.match(/<option value="\w+">/g)).toHaveLength(22)
    expect(text).toMatch(/没听懂的话\s*<span class="count">2/)
  })

  it('says when there is nothing to do', async () => {
    expect((await client.get('/admin/misread')).text).toContain('都听懂了')
    expect((await client.get('/admin/misread?show=decided')).text).toContain('还没有处理过')
  })
})

describe('teaching the reader', () => {
  it('shows the effect first and saves nothing; the second click counts in the same words at once and in similar ones soon; undo takes it back', async () => {
    await say(SAID)
    const id = await idOf(SAID)
    const effect = await client.post(`/admin/misread/${id}/try`, { intent: 'ask_policy', other: '' })
    expect(effect.text).toContain('还没有保存')
    expect(effect.text).toMatch(/现在：报修或求助 \d+%.*→ 以后：问政策规定 \d+%/s)
    expect(effect.text).toMatch(/拿没学过的 7 条话试了：现在读对 7 条（100%），以后读对 \d 条/)
    expect(await listTalkExamples(fixture.store)).toEqual([])
    expect(intentOf(SAID)).toBe('service_request')

    const saved = await client.post(`/admin/misread/${id}`, { intent: 'ask_policy' })
    expect(saved.text).toContain('存好了')
    expect(intentOf(SAID)).toBe('ask_policy')
    await service.settled()
    expect(intentOf(ALIKE)).toBe('ask_policy')

    const decided = await client.get('/admin/misread?show=decided')
    expect(decided.text).toContain('例子：问政策规定')
    expect((await client.get('/admin/audit')).text).toContain('没听懂的话加为例子')
    const undone = await client.post(`/admin/misread/${id}/undo`, {})
    expect(undone.text).toContain('撤销了')
    await service.settled()
    expect(intentOf(SAID)).toBe('service_request')
    expect((await client.get('/admin/misread')).text).toContain(SAID)
  })

  it('does the same in parts of the page where scripts run', async () => {
    await say(SAID)
    const id = await idOf(SAID)
    expect((await client.post(`/admin/misread/${id}/try`, { other: 'ask_policy' }, HTMX)).text).toMatch(/^<li/)
    expect((await client.post(`/admin/misread/${id}`, { intent: 'ask_policy' }, HTMX)).text).toContain('例子：问政策规定')
    expect((await client.post(`/admin/misread/${id}/undo`, {}, HTMX)).text).toContain('看看影响')
  })

  it('leaves out what needs no answer, and takes that back', async () => {
    await say('嗯那个啥')
    const id = await idOf('嗯那个啥')
    expect((await client.post(`/admin/misread/${id}/try`, { dismiss: '1', other: '' })).text).toContain('不用管了')
    expect((await client.get('/admin/misread?show=decided')).text).toContain('不用管')
    await client.post(`/admin/misread/${id}/undo`, {})
    expect((await client.get('/admin/misread')).text).toContain('嗯那个啥')
    expect(await listTalkExamples(fixture.store)).toEqual([])
  })

  it('takes no meaning that there is not, nor a message that a colleague has decided', async () => {
    await say(SAID)
    const id = await idOf(SAID)
    for (const way of ['', '/try']) {
      for (const form of [{ intent: 'nonsense' }, { other: '' }]) {
        expect((await client.post(`/admin/misread/${id}${way}`, form)).text).toContain('请先选这句话是什么意思')
        expect((await client.post(`/admin/misread/${id}${way}`, form, HTMX)).text).toContain('请先选这句话是什么意思')
      }
    }
    await client.post(`/admin/misread/${id}`, { dismiss: '1' })
    const late = await client.post(`/admin/misread/${id}`, { intent: 'ask_policy' })
    expect(late.status).toBe(404)
    expect(late.text).toContain('可能同事已经处理了')
  })

  it('may be saved when it can not be tried out, and says so', async () => {
    await say(SAID)
    const id = await idOf(SAID)
    fs.writeFileSync(path.join(folder, 'talk/intents/other.yml'), 'nonsense')
    const effect = await client.post(`/admin/misread/${id}/try`, { intent: 'ask_policy' })
    expect(effect.status).toBe(200)
    expect(effect.text).toContain('这次没试成')
    await client.post(`/admin/misread/${id}`, { intent: 'ask_policy' })
    expect(intentOf(SAID)).toBe('ask_policy')
    await service.settled()
    expect((await client.get('/admin/misread')).text).toContain('上次没有学成')
  })
})

it('what a person typed stands there as text only', async () => {
  await say('<script>alert(1)</script>咋整')
  const { text } = await client.get('/admin/misread')
  expect(text).not.toContain('<script>alert')
  expect(text).toContain('&lt;script&gt;')
})
