import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { listPushed } from '../../src/store/outbox/outbox.ts'
import { listTypicalQuestions } from '../../src/store/knowledge/unanswered.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from './admin-fixture.ts'

let browser: Browser
let fixture: AdminFixture
let page: Page
let problems: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  fixture = await startAdmin()
})
afterEach(async () => {
  await page.context().close()
  await fixture.close()
  expect(problems).toEqual([])
})

/** A page of its own context, logged in; what its console complains about is a failure. */
async function open(options: { width?: number; scripts?: boolean } = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 800 }, javaScriptEnabled: options.scripts ?? true, locale: 'zh-CN' })
  page = await context.newPage()
  problems = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${fixture.url}/admin`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '今日工作' }).waitFor()
}

const noticesTo = async (sender: string) => (await listPushed(fixture.store, { channel: 'web', account: 'web', externalId: sender }, 0)).map((notice) => notice.text)

describe('a member of staff', () => {
  it('sees a new request, and changes its status with a note', async () => {
    const number = await residentTurn(fixture, { request: {} })
    await open()
    await page.getByRole('link', { name: /楼道灯坏了/ }).click()
    await page.getByText('处理', { exact: false }).first().waitFor()
    await page.getByLabel('开始处理').check()
    await page.getByLabel('写给居民的话').fill('师傅下午三点到')
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByText('改好了，居民会收到一条通知。').waitFor()
    expect(await noticesTo('liu')).toEqual([`您的“公共照明”（${number}）：处理中。\n工作人员说：师傅下午三点到`])
  })

  it('approves a volunteer', async () => {
    await residentTurn(fixture, { sender: 'zhang', volunteer: {} })
    await open()
    await page.getByRole('link', { name: /张建国/ }).click()
    await page.getByRole('button', { name: '通过', exact: true }).click()
    await page.getByText('改好了，会告诉志愿者一次。').waitFor()
    expect(await noticesTo('zhang')).toHaveLength(1)
  })

  it('makes a question count in two clicks, and takes it back, without leaving the page', async () => {
    await residentTurn(fixture, { question: '志愿者要占多少', nearest: { document: 'hexie', clause: '13', score: 0.4 } })
    await open()
    await page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: /未答问题/ }).click()
    await page.getByRole('button', { name: '用这条回答' }).click()
    await page.getByText('还没有保存').waitFor()
    await page.getByText(/试了 \d+ 个已知的问题/).waitFor()
    expect(await listTypicalQuestions(fixture.store)).toEqual([])
    await page.getByRole('button', { name: '保存，马上算数' }).click()
    await page.getByText('以后用第 13 条回答').waitFor()
    expect(await listTypicalQuestions(fixture.store)).toMatchObject([{ clause: '13', text: '志愿者要占多少' }])
    await page.getByRole('button', { name: /撤销/ }).click()
    await page.getByRole('button', { name: '用这条回答' }).waitFor()
    expect(await listTypicalQuestions(fixture.store)).toEqual([])
  })

  it('sees how many an announcement would reach while choosing', async () => {
    await residentTurn(fixture, { subscribes: true })
    await open()
    await page.goto(`${fixture.url}/admin/announcements/new`)
    await page.getByText('现在会发给 1 个人或群').waitFor()
    await page.getByLabel('绑定的群').check()
    await page.getByText('现在一个人也收不到', { exact: false }).waitFor()
  })

  it('filters the list without a new page, and the address remembers it', async () => {
    await residentTurn(fixture, { request: {} })
    await residentTurn(fixture, { sender: 'chen', request: { kind: 'handoff', category: '找工作人员', description: '想问养老证' } })
    await open()
    await page.goto(`${fixture.url}/admin/requests`)
    await page.getByLabel('种类').selectOption('handoff')
    await page.getByText('楼道灯坏了').waitFor({ state: 'detached' })
    await page.getByText('想问养老证').waitFor()
    expect(page.url()).toContain('kind=handoff')
  })

  it('works without scripts', async () => {
    await residentTurn(fixture, { request: {}, question: '志愿者要占多少', nearest: { document: 'hexie', clause: '13', score: 0.4 } })
    await open({ scripts: false })
    await page.goto(`${fixture.url}/admin/unanswered`)
    await page.getByRole('button', { name: '用这条回答' }).click()
    await page.getByRole('button', { name: '保存，马上算数' }).click()
    await page.getByText('处理好了，现在就算数').waitFor()
    expect(await listTypicalQuestions(fixture.store)).toHaveLength(1)
  })

  it('works by keyboard alone: log in, find the request by its end, change it', async () => {
    const number = await residentTurn(fixture, { request: {} })
    await open()
    const tabTo = async (isThere: string) => {
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab')
        if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(isThere)})`)) return
      }
      throw new Error(`the keyboard never reached ${isThere}`)
    }
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip')
    await tabTo('#find')
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: new RegExp(number) }).waitFor()
    await tabTo('input[name=status]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await tabTo('#note')
    await page.keyboard.type('收到了')
    await tabTo('form:has(#note) button')
    await page.keyboard.press('Enter')
    await page.getByText('改好了，居民会收到一条通知。').waitFor()
    expect(await noticesTo('liu')).toEqual([expect.stringContaining('已受理')])
  })

  it('reads every page 360 px wide without sideways scrolling, with targets of 44 px', async () => {
    const long = `很长的话${'没有空格abcdefghijklmnopqrstuvwxyz'.repeat(12)}`
    const number = await residentTurn(fixture, { text: long, request: { description: long, address: long, requesterName: '欧阳'.repeat(20) }, volunteer: { availability: long }, question: long, nearest: { document: 'hexie', clause: '13', score: 0.4 } })
    await residentTurn(fixture, { sender: 'chen', text: long })
    await open({ width: 360 })
    const volunteer = (await fixture.store.read.volunteer.findFirstOrThrow()).number
    for (const path of ['', '/requests', '/requests/new', '/templates', `/requests/${number}`, '/volunteers', `/volunteers/${volunteer}`, '/announcements', '/announcements/new', '/unanswered', '/channels', '/people', '/audit', '/own', '/own/password']) {
      await page.goto(`${fixture.url}/admin${path}`)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
      const small = await page.evaluate<string[]>(`[...document.querySelectorAll('button, .bottom > a, .bottom summary, .quick a, select, input:not([type=hidden], [type=checkbox], [type=radio], .hidden)')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 80))`)
      expect(small, path).toEqual([])
    }
    await page.setViewportSize({ width: 320, height: 640 })
    for (const path of ['', '/requests', '/requests/new', '/templates', `/requests/${number}`, '/duty']) {
      await page.goto(`${fixture.url}/admin${path}`)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(320)
    }
  })

  it('on a phone finds the request at the thumb, moves it on with one press and writes to its resident, without scripts', async () => {
    const number = await residentTurn(fixture, { request: {} })
    await open({ width: 360, scripts: false })
    await page.getByRole('navigation', { name: '手机菜单' }).getByRole('link', { name: /事情/ }).click()
    expect(await page.getByLabel('种类').isVisible()).toBe(false)
    await page.getByText('筛选').first().click()
    expect(await page.getByLabel('种类').isVisible()).toBe(true)
    await page.getByRole('link', { name: /楼道灯坏了/ }).click()
    expect(await page.getByRole('button', { name: '上报' }).isVisible()).toBe(false)
    await page.getByRole('button', { name: '开始处理' }).click()
    await page.getByText('改好了，居民会收到一条通知。').waitFor()
    await page.getByLabel('要说的话').fill('师傅到楼下了')
    await page.getByRole('button', { name: '发给居民', exact: true }).click()
    await page.getByText('记下了，居民会收到这句话。').waitFor()
    expect(await noticesTo('liu')).toEqual([expect.stringContaining(`（${number}）：处理中`), expect.stringContaining('师傅到楼下了')])
    await page.getByText('更多', { exact: true }).last().click()
    await page.getByRole('navigation', { name: '手机菜单' }).getByRole('link', { name: '操作记录' }).click()
    await page.getByRole('heading', { name: '操作记录' }).waitFor()
  })

  it('ticks several requests, does the same to them and takes it back', async () => {
    const numbers = [await residentTurn(fixture, { request: {} }), await residentTurn(fixture, { sender: 'chen', request: { description: '水管漏了' } })]
    await open()
    await page.goto(`${fixture.url}/admin/requests`)
    for (const number of numbers) await page.getByLabel(`勾选 ${number}`).check()
    await page.getByText('对勾选的一起办').click()
    await page.getByLabel('改成什么').selectOption('accepted')
    await page.getByRole('button', { name: '一起办' }).click()
    await page.getByText('刚才一起办了 2 件。').waitFor()
    await page.getByRole('button', { name: '撤销' }).click()
    await page.getByText('2 件恢复了原样，居民没有收到通知。').waitFor()
    expect(await fixture.store.read.serviceRequest.count({ where: { status: 'submitted' } })).toBe(2)
  })

  it('reads the effect of a decision 360 px wide without sideways scrolling', async () => {
    const long = `很长的话${'没有空格abcdefghijklmnopqrstuvwxyz'.repeat(12)}`
    await residentTurn(fixture, { question: long, nearest: { document: 'hexie', clause: '13', score: 0.4 } })
    await open({ width: 360 })
    await page.goto(`${fixture.url}/admin/unanswered`)
    await page.getByRole('button', { name: '用这条回答' }).click()
    await page.getByText('还没有保存').waitFor()
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  })
})
