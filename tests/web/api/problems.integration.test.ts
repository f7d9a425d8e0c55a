import http from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN, openTestWeb, type ApiAnswer, type TestWeb } from '../../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const GOOD = { conversation: 'a', sender: { id: 'a' }, text: '你好' }

function expectProblem(answer: ApiAnswer, status: number): void {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  expect(answer.json).toMatchObject({ type: 'about:blank', status, title: expect.stringMatching(/\S/) as string })
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d/)
}

describe('every refusal is a problem that says what to do', () => {
  it.each([
    ['no conversation', { sender: { id: 'a' }, text: 'x' }],
    ['a number for text', { ...GOOD, text: 5 }],
    ['null for text', { ...GOOD, text: null }],
    ['a number for id', { ...GOOD, id: 7 }],
    ['a text for sender', { ...GOOD, sender: 'a' }],
    ['a list for sender', { ...GOOD, sender: [] }],
    ['a text for mentioned', { ...GOOD, mentioned: 'true' }],
    ['a text for group', { ...GOOD, group: 'g' }],
    ['an empty conversation', { ...GOOD, conversation: '' }],
    ['a conversation of 201 characters', { ...GOOD, conversation: '长'.repeat(201) }],
    ['NUL in a conversation', { ...GOOD, conversation: 'a\0b' }],
    ['half a surrogate pair in a sender', { ...GOOD, sender: { id: '\ud800' } }],
    ['a list', [GOOD]],
    ['a number', 5],
    ['null', null],
  ])('422 for %s', async (_name, body) => {
    const answer = await web.api('POST', '/api/v1/messages', JSON.stringify(body))
    expectProblem(answer, 422)
    expect(answer.json.errors).not.toEqual([])
  })

  it('takes a conversation of 200 characters, each of two units', async () => {
    expect((await web.api('POST', '/api/v1/messages', { ...GOOD, conversation: '𠮷'.repeat(200) })).status).toBe(200)
  })

  it.each(['{', '', '{"text":"\u0000"', 'undefined', '{"a":1}}'])('400 for a body that is not JSON: %j', async (body) => {
    const answer = await web.api('POST', '/api/v1/messages', body)
    expectProblem(answer, 400)
  })

  it.each([
    ['half a character', [0xe7]],
    ['an overlong form', [0xc0, 0xaf]],
    ['Latin-1', [0xe9, 0x20]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ])('400 for a body that is not UTF-8: %s', async (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"conversation":"a","sender":{"id":"a"},"text":"'), Buffer.from(bytes), Buffer.from('"}')])
    const response = await fetch(`${web.url}/api/v1/messages`, { method: 'POST', headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' }, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ status: 400, detail: expect.stringContaining('UTF-8') as string })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])('415 for %s', async (type) => {
    expectProblem(await web.api('POST', '/api/v1/messages', JSON.stringify(GOOD), { 'Content-Type': type }), 415)
  })

  it('takes JSON whose charset is named', async () => {
    expect((await web.api('POST', '/api/v1/messages', GOOD, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(200)
  })

  it('413 for a body of 9 MB, with and without a declared length', async () => {
    const body = JSON.stringify({ ...GOOD, text: 'x'.repeat(9_000_000) })
    expectProblem(await web.api('POST', '/api/v1/messages', body), 413)
    expect(await postInChunks(`${web.url}/api/v1/messages`, body)).toBe(413)
  })

  it.each([
    ['/api/v1/nothing', 'GET'],
    ['/api/v1', 'GET'],
    ['/api/', 'POST'],
    ['/api/v1/requests/none/of/this', 'GET'],
  ])('404 for %s', async (path, method) => {
    expectProblem(await web.api(method, path), 404)
  })

  it.each([
    ['DELETE', '/api/v1/messages', 'POST, GET, HEAD'],
    ['PUT', '/api/v1/requests/x', 'GET, HEAD, PATCH'],
    ['GET', '/api/v1/announcements/x/approve', 'POST'],
    ['POST', '/api/v1/openapi.json', 'GET, HEAD'],
  ])('405 for %s %s, with what is allowed', async (method, path, allow) => {
    const answer = await web.api(method, path)
    expectProblem(answer, 405)
    expect(answer.headers.get('Allow')?.split(', ').sort()).toEqual(allow.split(', ').sort())
  })

  it.each(['/api/v1/requests/none', '/api/v1/volunteers/none', '/api/v1/announcements/none', '/api/v1/announcements/none/deliveries', '/api/v1/requests/%00', '/api/v1/requests/%ff', '/api/v1/requests/..%2f..%2fetc'])('404 or 422 for the unknown id %s', async (path) => {
    const answer = await web.api('GET', path)
    expect([404, 422]).toContain(answer.status)
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json')
  })

  it.each(['limit=0', 'limit=201', 'limit=abc', 'limit=-5', 'limit='])('422 for a page with %s', async (query) => {
    expectProblem(await web.api('GET', `/api/v1/requests?${query}`), 422)
  })
})

describe('the token', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { Authorization: 'Bearer wrong' }],
    ['one that begins right', { Authorization: `Bearer ${API_TOKEN}x` }],
    ['another scheme', { Authorization: `Basic ${API_TOKEN}` }],
    ['no value', { Authorization: 'Bearer ' }],
  ])('401 for %s, on every path of the API', async (_name, headers) => {
    for (const [method, path] of [['GET', '/api/v1/requests'], ['POST', '/api/v1/messages'], ['GET', '/api/v1/nothing']] as const) {
      const response = await fetch(web.url + path, { method, headers })
      expect(response.status).toBe(401)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer')
    }
  })

  it('without LINLI_API_TOKEN the API answers nobody and names the variable', async () => {
    const off = await openTestWeb({ apiToken: null })
    const answer = await off.api('GET', '/api/v1/requests')
    expect(answer.status).toBe(503)
    expect(answer.json.detail).toContain('LINLI_API_TOKEN')
    expect((await fetch(`${off.url}/healthz`)).status).toBe(200)
    await off.close()
  })

  it.each(['/api/v1/requests/openapi.json', '/api/v1/volunteers/openapi.json', '/api/v1/announcements/x/openapi.json', '/api/v1/nothing/openapi.json'])('is needed for %s', async (path) => {
    expect((await fetch(web.url + path)).status).toBe(401)
  })

  it('is not needed for health, figures and the document', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json']) expect((await fetch(web.url + path)).status, path).toBe(200)
  })
})

describe('the document', () => {
  it('is OpenAPI 3.1 and names every path, with every answer that these tests see', async () => {
    const document = (await (await fetch(`${web.url}/api/v1/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, { responses: Record<string, unknown> }>> }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).sort()).toEqual(
      ['', '/approve', '/cancel', '/deliveries', '/pause', '/resume', '/retry', '/return', '/supplement'].map((end) => `/announcements/{id}${end}`).concat(['/alerts', '/announcements', '/duty', '/messages', '/office', '/requests', '/requests/{id}', '/requests/{id}/photos/{photo}', '/statistics', '/volunteers', '/volunteers/{id}']).sort(),
    )
    expect(Object.keys(document.paths['/messages']?.post?.responses ?? {})).toEqual(['200', '400', '401', '413', '415', '422', '503'])
    expect(Object.keys(document.paths['/requests/{id}']?.patch?.responses ?? {})).toEqual(['200', '400', '401', '403', '404', '409', '413', '415', '422', '503'])
  })
})

describe('outside the API', () => {
  it('an unknown page is a page in Chinese', async () => {
    const response = await fetch(`${web.url}/nothing`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('没有这个页面')
  })

  it.each([
    ['a database that takes nothing', { health: { examine: () => Promise.resolve({ isReady: false, parts: {} as never }) } }, { store: 'failed' }],
    ['knowledge that is not there yet', { knowledge: { documentTitle: () => undefined, state: () => ({ isReady: false, detail: 'loading' }) } }, { knowledge: 'loading' }],
    ['a process that stops', { isStopping: () => true }, { stopping: true }],
  ])('readiness tells of %s', async (_name, options, expected) => {
    const unready = await openTestWeb({ web: options })
    const response = await fetch(`${unready.url}/readyz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'not_ready', ...expected })
    expect((await fetch(`${unready.url}/healthz`)).status).toBe(200)
    await unready.close()
  })

  it('figures count what was asked', async () => {
    await web.api('POST', '/api/v1/messages', GOOD)
    const text = await (await fetch(`${web.url}/metrics`)).text()
    expect(text).toMatch(/linli_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/messages",status="200"\} [1-9]/)
    expect(text).toMatch(/linli_outbox_messages\{status="sent"\} [1-9]/)
    expect(text).toContain('process_resident_memory_bytes')
  })
})

function postInChunks(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } }, (response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
      request.destroy()
    })
    request.on('error', reject)
    for (let start = 0; start < body.length; start += 1_000_000) request.write(body.slice(start, start + 1_000_000))
    request.end()
  })
}
