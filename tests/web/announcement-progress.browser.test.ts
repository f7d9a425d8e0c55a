import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { changeAnnouncement, createAnnouncement } from '../../src/outbox/announcements.ts'
import { createOutbox, type Outbox } from '../../src/outbox/worker.ts'
import { addStaff } from '../../src/store/staff/staff.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { addPeople } from '../outbox/world.ts'
import { ADMIN, startAdmin, type AdminFixture } from './admin-fixture.ts'

const RECIPIENTS = 10_000
const now = () => new Date()

let browser: Browser
let fixture: AdminFixture
let page: Page
let outbox: Outbox

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  fixture = await startAdmin()
  page = await (await browser.newContext({ viewport: { width: 1180, height: 900 }, locale: 'zh-CN' })).newPage()
  await page.goto(`${fixture.url}/admin`)
  await page.fill('#user', ADMIN.user)
  await page.fill('#password', ADMIN.password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '今日工作' }).waitFor()
})
afterEach(async () => {
  await outbox.stop()
  await page.context().close()
  await fixture.close()
})

/** A platform with a pace of a thousand a second, where one in fifty has blocked us and one in a hundred never answers. */
const platform = (): Channel => ({
  id: 'fake',
  account: 'a1',
  capabilities: { groups: false, mentions: false, buttons: false, pulls: false, proactiveWindowMs: null, canSendProactively: true, longestText: { limit: 4096, unit: 'utf16' }, rate: { perSecond: 1_000, burst: 100 } },
  async start() {},
  async stop() {},
  async send({ conversation }) {
    const number = Number(/\d+$/.exec(conversation.externalId)?.[0] ?? 0)
    if (number % 50 === 7) return { outcome: 'recipient_gone', reason: '403' }
    return number % 100 === 3 ? { outcome: 'unknown', reason: 'time-out' } : { outcome: 'sent' }
  },
  status: () => ({ state: 'online', detail: '', since: now() }),
})

it('an announcement to ten thousand is seen as it goes: the bar rises by itself, can be paused and goes on to the end', async () => {
  await addPeople(fixture.store, Array.from({ length: RECIPIENTS }, (_, index) => `p${index}`))
  await addStaff(fixture.store, { user: 'zhangwei', role: 'staff', now: now() })
  outbox = createOutbox({ store: fixture.store, channels: [platform()], log: pino({ level: 'silent' }), now, processId: 'browser-test' })
  const services = { store: fixture.store, now, wakeOutbox: () => outbox.wake(), areas: [] }
  const created = await createAnnouncement(services, { by: 'zhangwei', text: '明天停水', audience: {} })
  const id = created.outcome === 'created' ? created.announcement.id : ''
  await changeAnnouncement(services, { id, action: 'approve', by: ADMIN.user })
  await page.goto(`${fixture.url}/admin/announcements/${id}`)
  const done = async (): Promise<number> => Number(await page.getByRole('progressbar', { name: '发送进度' }).getAttribute('value'))
  expect(await done()).toBe(0)

  await outbox.start()
  await expect.poll(done, { timeout: 15_000 }).toBeGreaterThan(0)
  const first = await done()
  expect(first).toBeLessThan(RECIPIENTS)
  await page.getByRole('button', { name: '先暂停' }).click()
  await page.getByText('已暂停').first().waitFor()
  const paused = await done()
  expect(paused).toBeGreaterThanOrEqual(first)
  await page.getByRole('button', { name: '继续发' }).click()

  await page.getByText('已发完').first().waitFor({ timeout: 60_000 })
  expect(await done()).toBe(RECIPIENTS)
  const figures = await page.locator('dl.mini').innerText()
  expect(figures.replaceAll(/\s+/g, ' ')).toContain('已送到 9700')
  expect(figures.replaceAll(/\s+/g, ' ')).toContain('没发出去 200')
  expect(figures.replaceAll(/\s+/g, ' ')).toContain('不确定 100')
})
