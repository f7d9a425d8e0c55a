import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createVolunteerSearch } from '../../src/outbox/sweeps/volunteer-search.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { captureLog } from '../support/log.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from './admin-fixture.ts'

let browser: Browser
let fixture: AdminFixture
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  fixture = await startAdmin()
})
afterEach(() => fixture.close())

it.each([1280, 380])('staff look for a volunteer and see who was asked, on a page %i wide', async (width) => {
  await residentTurn(fixture, { sender: 'zhang', subscribes: true, volunteer: { status: 'active' } })
  const number = await residentTurn(fixture, { sender: 'liu', subscribes: true, request: {} })
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'zh-CN' })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && problems.push(message.text())))
  await page.goto(`${fixture.url}/admin`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '今日工作' }).waitFor()

  await page.goto(`${fixture.url}/admin/requests/${number}`)
  await page.getByRole('button', { name: '找志愿者' }).click()
  await page.getByText('开始找了').waitFor()
  await createVolunteerSearch({ store: fixture.store, channels: fixture.channels, services: () => [], areas: () => [], log: captureLog().log, now: () => fixture.clock.now }).sweep()
  await page.reload()
  const card = page.getByRole('region', { name: '志愿者' })
  await card.getByText('等答复').waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0)
  await card.getByRole('link', { name: '张建国' }).click()
  await page.getByText('0 次（问过 1 次）').waitFor()
  expect(problems).toEqual([])
  await context.close()
})
