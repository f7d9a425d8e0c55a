import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { keepOfficeIn } from '../../../src/knowledge/documents/write-office.ts'
import { createAnswerer, type Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { answerFromFolder } from '../../../src/knowledge/answer/answer-from-folder.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { watchKnowledge, type KnowledgeFolder } from '../../../src/knowledge/documents/watch.ts'
import { answerFromCommunity } from '../../../src/knowledge/office/answer-from-community.ts'
import { tellAllAtOnce } from '../../../src/forms/service-guide.ts'
import { API_TOKEN, openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
let directory: string
let folder: KnowledgeFolder
let answerer: Answerer
const log = pino({ level: 'silent' })

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-office-'))
  fs.cpSync(path.resolve(import.meta.dirname, '../../../knowledge'), directory, { recursive: true, filter: (from) => !from.includes('talk') })
  const knowledge = await loadKnowledge(directory)
  const now = () => new Date('2026-12-03T02:00:00Z')
  const indexed = answerFromCommunity(createAnswerer({ ...knowledge, cacheDirectory: path.join(directory, 'cache'), log, now }), knowledge, { tellService: tellAllAtOnce, log, now })
  folder = await watchKnowledge({ directory, knowledge, onChange: (read) => indexed.replace(read), log, now })
  answerer = answerFromFolder(indexed, folder)
  web = await openTestWeb({
    start: '2026-12-03T02:00:00Z',
    web: {
      get office() {
        return {
          get store() {
            return web.store
          },
          now,
          office: () => folder.current().office,
          documents: () => folder.current().documents,
          keepOffice: keepOfficeIn(directory, folder),
        }
      },
    },
  })
})
afterEach(async () => {
  folder.close()
  await web.close()
  fs.rmSync(directory, { recursive: true, force: true })
})

const call = async (method: string, body?: unknown) => {
  const response = await fetch(`${web.url}/api/v1/office`, { method, headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }) })
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: (await response.json()) as Record<string, unknown> & { errors?: { pointer: string; detail: string }[] } }
}
const ask = async (question: string) => (await answerer.answer(question)).text

describe('GET and PUT /api/v1/office', () => {
  it('gives what the file says; what is put answers the next question, and stands in the file with its comments and the day', async () => {
    const { body: office } = await call('GET')
    expect(office).toMatchObject({ example: true, name: '幸福社区', telephone: '0457-0000000', holidays: { open: [] } })
    const { example: _example, ...own } = office
    const put = await call('PUT', { ...own, telephone: '0457-2112345', questions: [{ question: '垃圾几点收', answer: '早上七点、晚上六点。' }] })
    expect(put.status).toBe(200)
    expect(put.body).toMatchObject({ telephone: '0457-2112345', dates: { telephone: '2026-12-03' }, questions: [{ question: '垃圾几点收', changed: '2026-12-03' }] })
    expect((await call('GET')).body).toEqual(put.body)

    expect(await ask('社区电话多少')).toMatch(/0457-2112345.*——社区提供，2026年12月3日更新$/s)
    expect(await ask('办公室在哪')).toMatch(/——社区提供，2026年12月1日更新$/)
    expect(await ask('垃圾几点收')).toBe('早上七点、晚上六点。\n——社区提供，2026年12月3日更新')
    const file = fs.readFileSync(path.join(directory, 'office.yaml'), 'utf8')
    expect(file).toContain('# 上班时间：一行一个时段')
    expect(file).not.toContain('example: true')
    expect(await web.store.read.auditEntry.findMany({ where: { action: 'change_office' }, select: { actor: true, detail: true } })).toEqual([{ actor: 'api', detail: '示例、电话、问答' }])

    await call('PUT', put.body)
    expect(await web.store.read.auditEntry.count({ where: { action: 'change_office' } })).toBe(1)
  })

  it('says where the input is wrong and changes nothing', async () => {
    const { body: office } = await call('GET')
    const wrong = await call('PUT', { ...office, telephone: 4572112345, hours: [{ days: ['周八'], open: ['9-11'] }], places: [{ name: '' }], more: 1 })
    expect(wrong.status).toBe(422)
    expect(wrong.type).toContain('application/problem+json')
    expect(wrong.body.errors?.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/telephone', '/hours/0/days/0', '/hours/0/open/0', '/places/0/name']))
    expect((await call('PUT', { ...office, questions: [{ question: '能复印吗', answer: '能', clause: { document: 'hexie-shequ-2012', number: '99' } }] })).body.errors?.[0]?.pointer).toBe('/questions/0/clause')
    expect((await call('PUT', 'nonsense')).status).toBe(422)
    expect((await call('GET')).body).toEqual(office)
    expect(await ask('社区电话多少')).toContain('0457-0000000')
  })
})

describe('the file, edited by hand', () => {
  it('takes the same entry many times over, again and again', async () => {
    const { json: office } = await web.api('GET', '/api/v1/office')
    const people = (count: number) => Array.from({ length: count }, () => ({ name: '王丽', duty: '网格员' }))
    for (const count of [150, 151]) expect((await web.api('PUT', '/api/v1/office', { ...(office as object), people: people(count) })).status).toBe(200)
  })

  it('counts at the next question; a faulty one is named with its line, and the old one answers', async () => {
    const file = path.join(directory, 'office.yaml')
    const before = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, before.replace('telephone: 0457-0000000', 'telephone: 0457-9999999'))
    await folder.look()
    expect(await ask('社区电话多少')).toContain('0457-9999999')
    fs.writeFileSync(file, before.replace('telephone: 0457-0000000', 'telephone: 4570000000'))
    await folder.look()
    expect(await ask('社区电话多少')).toContain('0457-9999999')
    expect(folder.problem()).toMatch(/office\.yaml:8: telephone: 要写文字（纯数字请加引号）/)
    fs.rmSync(file)
    await folder.look()
    expect(await ask('社区电话多少')).not.toContain('社区提供')
  })
})
