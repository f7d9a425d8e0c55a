import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement } from '../../../../src/outbox/announcements.ts'
import { addStaff, changePassword } from '../../../../src/store/staff/staff.ts'
import { findAxeFaults } from '../../../fakes/axe.ts'
import { launchBrowser } from '../../../fakes/browser.ts'
import { ADMIN, residentTurn, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

const WIDTH = 360

let browser: Browser
let fixture: AdminFixture
let problems: string[]

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  problems = []
  fixture = await startAdmin()
})
afterEach(() => fixture.close())

/** A phone on which somebody is logged in. */
async function open(user: string, password: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: WIDTH, height: 740 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })).newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${fixture.url}/admin`)
  await page.fill('#user', user)
  await page.fill('#password', password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { name: '今日工作' }).waitFor()
  return page
}

async function looksWell(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(WIDTH)
  expect(await findAxeFaults(page)).toEqual([])
}

it('on two phones: returned with a comment, changed, approved after its time for tomorrow, and brought to who came since', async () => {
  await residentTurn(fixture, { sender: 'liu', nickname: '刘桂兰', subscribes: true, request: {} })
  const added = await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
  if (added.outcome !== 'added') throw new Error(added.outcome)
  await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
  const services = { store: fixture.store, now: () => fixture.clock.now, wakeOutbox: () => undefined, areas: [] }
  const created = await createAnnouncement(services, { by: 'zhangwei', title: '停水', text: '明天停水', audience: {}, sendAt: new Date('2026-11-24T03:00:00Z') })
  const id = created.outcome === 'created' ? created.announcement.id : ''
  fixture.clock.now = new Date('2026-11-24T05:00:00Z')

  const approver = await open(ADMIN.user, ADMIN.password)
  await approver.goto(`${fixture.url}/admin/announcements/${id}`)
  await approver.getByText('这个时间已经过了').waitFor()
  await approver.getByText('不合适，退回去改').click()
  await looksWell(approver)
  await approver.getByLabel('要改什么').fill('写清几点到几点')
  await approver.getByRole('button', { name: '退回' }).click()
  await approver.getByText('退回了，写的人会看到您的意见').waitFor()
  await looksWell(approver)

  const author = await open('zhangwei', 'three calm rivers')
  await looksWell(author)
  await author.getByRole('link', { name: /退回了：写清几点到几点/ }).click()
  await author.getByRole('link', { name: '修改' }).click()
  await author.getByText('写清几点到几点').waitFor()
  await author.getByText('只发给一些地方').click()
  await looksWell(author)
  await author.getByLabel('内容').fill('明天九点到五点停水')
  // Its time has passed: it is said, and nothing that was written is lost.
  await author.getByRole('button', { name: '改好了，请同事审核' }).click()
  await author.getByRole('alert').getByText('发送的时间已经过了').waitFor()
  expect(problems.splice(0)).toEqual([expect.stringContaining('422')])
  await author.getByLabel('什么时候发').fill('2026-11-24T13:30')
  await author.getByRole('button', { name: '改好了，请同事审核' }).click()
  await author.getByText('改好了。').waitFor()

  fixture.clock.now = new Date('2026-11-24T06:00:00Z')
  await approver.reload()
  await approver.getByText('原定 2026-11-24 13:30 发').waitFor()
  await looksWell(approver)
  await approver.getByLabel('换一个时间').fill('2026-11-25T09:00')
  await approver.getByRole('button', { name: '通过，按这个时间发' }).click()
  await approver.getByText('审核通过，会按时发出去').waitFor()
  await approver.getByText('定下：1 个人或群').waitFor()
  await looksWell(approver)

  await residentTurn(fixture, { sender: 'li', nickname: '李强', subscribes: true })
  await author.reload()
  await author.getByText('又有 1 个人或群能收到').click()
  await looksWell(author)
  await author.getByRole('button', { name: '也发给这 1 个' }).click()
  await author.getByText('草稿写好了，只发给后来的人').waitFor()
  await looksWell(author)
  const second = await fixture.store.read.announcement.findFirstOrThrow({ where: { supplements: id } })
  await changeAnnouncement(services, { id: second.id, action: 'approve', by: ADMIN.user })
  expect((await fixture.store.read.outboxMessage.findMany({ where: { announcementId: { not: null } }, select: { announcementId: true, notBefore: true } })).map(({ announcementId, notBefore }) => [announcementId, notBefore.toISOString()])).toEqual([
    [id, '2026-11-25T01:00:00.000Z'],
    [second.id, '2026-11-25T01:00:00.000Z'],
  ])
  expect(problems).toEqual([])
  for (const page of [approver, author]) await page.context().close()
})
