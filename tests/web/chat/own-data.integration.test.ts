import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestWeb, type TestWeb } from '../../support/web.ts'
import { openVisitor } from '../../support/visitor.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openTestWeb()
})
afterAll(() => web.close())

const download = (cookie?: string) => fetch(`${web.url}/chat/my-data`, { headers: cookie === undefined ? {} : { Cookie: cookie } })

describe('我的数据 as a file', () => {
  it('holds what is kept of the visitor, their own words with it, and nobody else’s', async () => {
    const [one, other] = [await openVisitor(web.url), await openVisitor(web.url)]
    await one.say('我的门牌是7栋502')
    await other.say('我住9号楼')
    const answer = await download(one.cookie)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toContain('text/plain')
    expect(answer.headers.get('Content-Disposition')).toContain('attachment')
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    const file = await answer.text()
    expect(file).toContain('我的门牌是7栋502')
    expect(file).toContain('这里存着您的这些资料')
    expect(file).not.toContain('9号楼')
  })

  it('is nobody’s without a cookie, nor with somebody’s guess of one', async () => {
    for (const cookie of [undefined, 'linli_visitor=guess', `linli_visitor=${'a'.repeat(43)}`]) expect((await download(cookie)).status).toBe(404)
  })

  it('holds no words any more when everything was deleted', async () => {
    const { cookie, say } = await openVisitor(web.url)
    await say('我的门牌是7栋502')
    await say('删除我的数据')
    await say('确认删除')
    expect(await (await download(cookie)).text()).not.toContain('7栋502')
  })

  it('is offered where it can be fetched; over the API the words are told in further replies', async () => {
    const { say, page } = await openVisitor(web.url)
    await say('你好')
    expect((await say('我的数据')).json.lines?.at(-1)?.text).toContain('下载我的数据')
    expect(await page()).toContain('href="/chat/my-data"')
    const send = (id: string, text: string) => web.api('POST', '/api/v1/messages', { id, conversation: 'c-zhou', sender: { id: 'zhou' }, text })
    for (let index = 0; index < 5; index += 1) await send(`d${index}`, `我想说第${index}件事，${'很长的话'.repeat(180)}`)
    const { replies } = (await send('mine', '我的数据')).json as unknown as { replies: { to: string; text: string }[] }
    expect(replies.length).toBeGreaterThan(3)
    expect(replies.every(({ to, text }) => to === 'private' && text.length < 3_000)).toBe(true)
    const told = replies.map(({ text }) => text).join('\n')
    for (let index = 0; index < 5; index += 1) expect(told).toContain(`第${index}件事`)
    expect(told).not.toContain('下载我的数据')
  })
})
