import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../../../fakes/browser.ts'
import { FIND_LOW_CONTRAST } from '../../../support/contrast.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

let browser: Browser
let fixture: AdminFixture
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  fixture = await startAdmin()
  page = await (await browser.newContext({ viewport: { width: 1180, height: 900 }, locale: 'zh-CN' })).newPage()
  // A loudspeaker that counts.
  await page.addInitScript(`
    window.tones = 0
    const create = AudioContext.prototype.createOscillator
    AudioContext.prototype.createOscillator = function () { window.tones += 1; return create.call(this) }`)
  await page.goto(`${fixture.url}/admin`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '今日工作' }).waitFor()
})
afterEach(async () => {
  await page.context().close()
  await fixture.close()
})

const tones = (): Promise<number> => page.evaluate('window.tones')
const emergency = (sender: string, description: string) => residentTurn(fixture, { sender, request: { kind: 'emergency', category: '紧急情况', description } })

it('an emergency shows in the title of whatever page is open, and sounds until somebody answers; the sound stays off where it was switched off', async () => {
  await page.goto(`${fixture.url}/admin/residents`)
  await page.locator('h1').click()
  expect(await page.title()).toBe('居民 · 邻里')
  await emergency('zhao', '厨房着火了')
  await expect.poll(() => page.title(), { timeout: 8_000 }).toBe('(1) 居民 · 邻里')
  await expect.poll(tones).toBeGreaterThan(0)
  await page.getByRole('button', { name: '警报声：开' }).click()
  await page.getByRole('button', { name: '警报声：关' }).waitFor()
  await emergency('sun', '老人晕倒了')
  await expect.poll(() => page.title(), { timeout: 8_000 }).toBe('(2) 居民 · 邻里')
  await page.getByRole('link', { name: '有 2 件紧急情况没人确认' }).click()
  await page.getByRole('heading', { name: '值班', exact: true }).waitFor()
  expect(await tones()).toBe(0)
  await page.getByRole('button', { name: '警报声：关' }).click()
  await expect.poll(tones, { timeout: 8_000 }).toBeGreaterThan(0)
  expect(await page.evaluate(FIND_LOW_CONTRAST)).toEqual([])
  for (const left of [1, 0]) {
    await page.getByRole('button', { name: /^收到 SR-/ }).first().click()
    await expect.poll(() => page.title()).toBe(left === 0 ? '值班 · 邻里' : '(1) 值班 · 邻里')
  }
  expect(await page.locator('#alerts').count()).toBe(0)
})

it('the page of duty is no wider than a small telephone, and a week is set with it', async () => {
  await emergency('zhao', '厨房着火了')
  await page.setViewportSize({ width: 320, height: 700 })
  await page.goto(`${fixture.url}/admin/duty`)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
  expect(await page.getByRole('link', { name: /打电话 138/ }).getAttribute('href')).toBe('tel:13800138001')
  await page.getByRole('combobox', { name: '11月24日（周二）值班' }).selectOption(ADMIN.user)
  await page.getByRole('button', { name: '存好这一周' }).click()
  await page.getByText('存好了，不过还有空缺').waitFor()
  expect(await page.getByRole('combobox', { name: '11月24日（周二）值班' }).inputValue()).toBe(ADMIN.user)
})
