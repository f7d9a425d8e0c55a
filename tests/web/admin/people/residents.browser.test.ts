import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../fakes/browser.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

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
  for (let index = 0; index < 25; index += 1) {
    fixture.clock.now = new Date(fixture.clock.now.getTime() + 1_000)
    await residentTurn(fixture, { sender: `r${index}`, nickname: `居民${index}`, subscribes: true })
  }
})
afterEach(async () => {
  await page.context().close()
  await fixture.close()
  expect(problems).toEqual([])
})

/** The residents' page on a screen of this width. */
async function open(width: number, scripts = true): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: scripts, locale: 'zh-CN' })
  page = await context.newPage()
  problems = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${fixture.url}/admin/residents`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '居民', exact: true }).waitFor()
}

const tagged = async (tag: string) => (await fixture.store.read.personTag.findMany({ where: { tag }, include: { person: true } })).map((row) => row.person.nickname).sort()
const choose = (name: string) => page.getByRole('checkbox', { name, exact: true }).check()
const field = () => page.getByLabel('标签（几个就用逗号隔开）')

describe('A member of staff', () => {
  it('tags several people on a phone; the bar is in reach while the list is scrolled, and Enter adds', async () => {
    await open(390)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await choose('居民24')
    await choose('居民10')
    const bar = await page.locator('.tag-bar').boundingBox()
    expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual(800)
    await field().fill('独居老人')
    await field().press('Enter')
    await page.getByText('标签改好了。').waitFor()
    expect(await tagged('独居老人')).toEqual(['居民10', '居民24'])
    // Somebody has a tag now: Enter must still not press the button that takes it away.
    await choose('居民9')
    await field().fill('独居老人')
    await field().press('Enter')
    await page.getByText('标签改好了。').waitFor()
    expect(await tagged('独居老人')).toEqual(['居民10', '居民24', '居民9'])
    await page.getByRole('button', { name: '去掉 居民24 的标签 独居老人' }).click()
    await page.getByText('标签改好了。').waitFor()
    expect(await tagged('独居老人')).toEqual(['居民10', '居民9'])
  })

  it('filters as the choice is made, tags all who were found, and writes to them', async () => {
    await open(1200)
    await page.getByLabel('找谁').fill('居民2')
    await page.getByLabel('找谁').press('Enter')
    await page.getByLabel('找到的 6 位都算').check()
    await field().fill('三期业主')
    await page.getByRole('button', { name: '给他们加上' }).last().click()
    await page.getByText('标签改好了。').waitFor()
    expect(await tagged('三期业主')).toEqual(['居民2', '居民20', '居民21', '居民22', '居民23', '居民24'])
    await page.goto(`${fixture.url}/admin/residents`)
    await page.getByLabel('标签', { exact: true }).selectOption('三期业主')
    await page.getByLabel('找到的 6 位都算').waitFor()

    await page.goto(`${fixture.url}/admin/announcements/new`)
    await page.getByText('现在会发给 25 个人或群').waitFor()
    await page.getByText('只发给有标签的人和群').click()
    await page.getByLabel('三期业主').check()
    await page.getByText('现在会发给 6 个人或群').waitFor()
  })

  it('does the same where scripts do not run', async () => {
    await open(1200, false)
    await choose('居民24')
    await field().fill('党员')
    await page.getByRole('button', { name: '给他们加上' }).last().click()
    await page.getByText('标签改好了。').waitFor()
    expect(await tagged('党员')).toEqual(['居民24'])
  })
})
