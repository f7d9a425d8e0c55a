import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findAxeFaults } from '../../fakes/axe.ts'
import { launchBrowser } from '../../fakes/browser.ts'
import { openTestWeb } from '../../support/web.ts'
import { subscribeWebhooks } from '../../../src/store/webhooks/webhooks.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from '../admin-fixture.ts'

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

async function blankPage(width: number): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'zh-CN' })
  page = await context.newPage()
  problems = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
}

/** A page of the desk, logged in, on a screen of this width. */
async function open(path: string, width = 1280): Promise<void> {
  await blankPage(width)
  await page.goto(`${fixture.url}${path}`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.waitForURL(`${fixture.url}${path}`)
}

const file = (sender: string, more: object = {}) => residentTurn(fixture, { sender, request: { ...more } })

describe('On the pages of the desk, a member of staff', () => {
  it('puts the office’s telephone right', async () => {
    await open('/admin/office')
    const telephone = page.getByLabel('电话', { exact: true }).first()
    await telephone.fill('0457-2119999')
    await page.getByRole('button', { name: '保存，马上算数' }).click()
    await page.getByText('存好了，下一个问题就按新的回答。').waitFor()
    expect(await page.getByLabel('电话', { exact: true }).first().inputValue()).toBe('0457-2119999')
  })

  it('writes a phrase, changes it, and removes it', async () => {
    await open('/admin/templates')
    const added = page.locator('section', { has: page.getByRole('heading', { name: '添一句' }) })
    await added.getByLabel('叫什么').fill('马上到')
    await added.getByLabel('话怎么说').fill('师傅已经出门了。')
    await added.getByRole('button', { name: '存好' }).click()
    const card = page.locator('section', { has: page.getByRole('heading', { name: '马上到' }) })
    await card.getByText('师傅已经出门了。').first().waitFor()
    await card.getByText('改这一句').click()
    await card.getByLabel('话怎么说').fill('师傅下午到。')
    await card.getByRole('button', { name: '存好' }).click()
    await card.getByText('师傅下午到。').first().waitFor()
    await card.getByText('改这一句').click()
    await card.getByRole('button', { name: '删掉“马上到”' }).click()
    await page.getByText('还没有。下面可以添一句。').waitFor()
    expect(await fixture.store.read.replyTemplate.count()).toBe(0)
  })

  it('sees two reports beside each other, makes them one, and takes it back', async () => {
    const first = await file('liu', { serviceCode: 'lift', category: '电梯故障', description: '5号楼电梯停了', address: '迎宾小区5号楼' })
    fixture.clock.now = new Date(fixture.clock.now.getTime() + 60_000)
    const second = await file('qian', { serviceCode: 'lift', category: '电梯故障', description: '5号楼的电梯坏了动不了', address: '迎宾小区5号楼' })
    await open(`/admin/requests/${second}`)
    await page.getByRole('link', { name: `对比，并入 ${first}` }).click()
    await page.getByRole('heading', { name: '是同一件事吗？' }).waitFor()
    expect(await page.getByRole('region', { name: '这一件，合并后结束' }).innerText()).toContain('动不了')
    expect(await page.getByRole('region', { name: '并入这一件，接着办' }).innerText()).toContain('电梯停了')
    await page.getByRole('button', { name: '确定合并' }).click()
    await page.getByText('并到这件里的：').waitFor()
    expect(await fixture.store.read.serviceRequest.count({ where: { status: 'merged' } })).toBe(1)
    expect(await fixture.store.read.requestFollower.count()).toBe(1)
    await page.goto(`${fixture.url}/admin/requests/${second}`)
    await page.getByRole('button', { name: '撤销合并' }).click()
    await page.getByRole('link', { name: `对比，并入 ${first}` }).waitFor()
    expect(await fixture.store.read.serviceRequest.count({ where: { status: 'merged' } })).toBe(0)
    expect(await fixture.store.read.requestFollower.count()).toBe(0)
  })
})

const WIDTHS = [360, 1280]

it('axe finds a fault that is planted', async () => {
  await open('/admin/templates')
  expect(await findAxeFaults(page)).toEqual([])
  await page.evaluate("document.querySelector('main').append(document.createElement('img'), document.createElement('button'))")
  expect((await findAxeFaults(page)).map((fault) => fault.split(' ')[0]).sort()).toEqual(['button-name', 'image-alt'])
})

describe.each(WIDTHS)('At %i px', (width) => {
  it('no page of the desk has a fault that axe finds, nor is wider than the screen', async () => {
    await subscribeWebhooks(fixture.store, true, fixture.clock.now)
    const number = await file('liu')
    const twin = await file('qian')
    const child = await residentTurn(fixture, { sender: 'cao', volunteer: { name: '曹阳', age: 12, guardian: { name: '唐静', phone: '13833334444' }, status: 'pending' } })
    await residentTurn(fixture, { sender: 'sun', question: '图书室几点开门' })
    await open('/admin', width)
    const faults: string[] = []
    for (const path of ['', '/requests', '/requests/new', `/requests/${number}`, `/requests/${twin}/merge?into=${number}`, '/templates', '/office', '/duty', '/volunteers', `/volunteers/${child}`, '/residents', '/tags', '/announcements', '/announcements/new', '/unanswered', '/misread', '/channels', '/deliveries', '/webhooks', '/people', '/own', '/own/password', '/statistics', '/statistics?by=service', '/audit']) {
      const answer = await page.goto(`${fixture.url}/admin${path}`)
      if (answer?.status() !== 200) faults.push(`${path || '/'} answers ${answer?.status() ?? 'nothing'}`)
      faults.push(...(await findAxeFaults(page)).map((fault) => `${path || '/'} ${fault}`))
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      if (wide > width) faults.push(`${path || '/'} is ${wide} px wide`)
    }
    expect(faults).toEqual([])
  })

  it('nor has the residents’ chat, empty or in the middle of a report', async () => {
    const web = await openTestWeb()
    try {
      await blankPage(width)
      await page.goto(web.url)
      const faults = await findAxeFaults(page)
      await page.fill('#text', '3号楼2单元楼道灯坏了')
      await page.press('#text', 'Enter')
      await page.getByText('您同意吗').first().waitFor()
      expect([...faults, ...(await findAxeFaults(page))]).toEqual([])
    } finally {
      // The stream of news ends with its page.
      await page.goto('about:blank')
      await web.close()
    }
  })
})
