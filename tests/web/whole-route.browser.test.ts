import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { launchBrowser } from '../fakes/browser.ts'

const STAFF = { ADMIN_USER: 'wang', ADMIN_PASSWORD: 'a long password of Wang' }
let directory: string
let service: ServiceProcess
let browser: Browser

beforeAll(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-route-'))
  service = await startService({ dataDirectory: directory, environment: STAFF })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await service.stop()
  fs.rmSync(directory, { recursive: true, force: true })
})

const openChat = async (options: { width?: number } = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: options.width ?? 390, height: 800 } })
  const page = await context.newPage()
  await page.goto(service.url)
  return page
}

/** Types as a resident does and waits for the reply that holds `expected`. */
const say = async (page: Page, text: string, expected: string | RegExp) => {
  await page.locator('#text').fill(text)
  await page.locator('#text').press('Enter')
  await page.locator('#log').getByText(expected).last().waitFor()
}

const openAdmin = async (): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${service.url}/admin`)
  await page.locator('#user').fill(STAFF.ADMIN_USER)
  await page.locator('#password').fill(STAFF.ADMIN_PASSWORD)
  await page.locator('button[type=submit]').first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

const changeStatus = async (admin: Page, number: string, status: string, note: string) => {
  await admin.goto(`${service.url}/admin/requests?q=${number}`)
  await admin.locator(`a[href$="${number}"]`).first().click()
  await admin.locator(`input[name=status][value=${status}]`).check()
  await admin.locator('#note').fill(note)
  await admin.locator('form:has(#note) button.primary').click()
  await admin.getByText(note).first().waitFor()
}

describe('a neighbour in the chat and a member of staff in the admin pages', () => {
  it('a question, a report, the work on it, and the notice', async () => {
    const chat = await openChat()
    await say(chat, '社区志愿者要占居民多少', /10%以上/)
    await say(chat, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', /您同意吗/)
    await chat.reload()
    await chat.locator('#log').getByRole('button', { name: '同意', exact: true }).last().click()
    await chat.getByText(/请您看看/).waitFor()
    await chat.locator('#log').getByRole('button', { name: '确认', exact: true }).last().click()
    const receipt = await chat.locator('#log').getByText(/已登记，编号/).last().textContent()
    const number = /SR-\d{8}-\d{4}/.exec(receipt ?? '')?.[0] ?? ''
    expect(number).not.toBe('')

    const admin = await openAdmin()
    await changeStatus(admin, number, 'in_progress', '师傅下午三点到')
    await chat.locator('#log').getByText(/师傅下午三点到/).waitFor()
    expect(await chat.locator('#log').getByText(/师傅下午三点到/).count()).toBe(1)

    await changeStatus(admin, number, 'resolved', '灯换好了')
    await chat.locator('#log').getByText(/灯换好了/).waitFor()
    await say(chat, '5分，修得很快', /谢谢您的评价/)
    await changeStatus(admin, number, 'closed', '归档')
    await chat.reload()
    await chat.locator('#log').getByText(/师傅下午三点到/).waitFor()
  })

  it('a minor signs up, and staff approve', async () => {
    const chat = await openChat()
    await say(chat, '我想当志愿者，我叫张小宇，15岁，电话13800138002', /您同意吗/)
    await say(chat, '同意', /监护人叫什么/)
    await say(chat, '张大勇', /监护人的电话/)
    await say(chat, '13800138003', /帮些什么忙/)
    await say(chat, '教老人用手机', /什么时候有空/)
    await say(chat, '周六上午', /请您看看/)
    await say(chat, '确认', /志愿者编号 VL-/)

    const admin = await openAdmin()
    await admin.goto(`${service.url}/admin/volunteers`)
    await admin.getByText('张小宇').first().click()
    await admin.locator('button[name=status][value=active]').click()
    await chat.locator('#log').getByText(/VL-\d{8}-\d{4}/).nth(1).waitFor()
  })

  it('works by keyboard alone, and 360 px wide without sideways scrolling', async () => {
    const chat = await openChat({ width: 360 })
    await say(chat, '你好', /邻里/)
    await say(chat, `社区志愿者要占居民多少${'？'.repeat(40)}`, /10%以上/)
    const { scroll, client } = await chat.evaluate<{ scroll: number; client: number }>('({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth })')
    expect(scroll).toBeLessThanOrEqual(client)
    for (let presses = 0; presses < 40; presses += 1) {
      await chat.keyboard.press('Tab')
      if ((await chat.evaluate<string>('document.activeElement?.id ?? ""')) === 'text') break
    }
    await chat.keyboard.type('查进度')
    await chat.keyboard.press('Enter')
    await chat.locator('#log').getByText(/没有查到您提交的事情/).waitFor()
  })

  it('what was said is there after a restart', async () => {
    const chat = await openChat()
    await say(chat, '我要报修', /您同意吗/)
    const cookies = await chat.context().cookies()
    await service.stop()
    service = await startService({ dataDirectory: directory, environment: STAFF })
    const context = await browser.newContext()
    await context.addCookies(cookies.map(({ name, value }) => ({ name, value, url: service.url })))
    const again = await context.newPage()
    await again.goto(service.url)
    await again.locator('#log').getByText(/您同意吗/).waitFor()
    await say(again, '同意', /什么事/)
  })
})
