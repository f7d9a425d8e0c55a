import fs from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'
import { eventually } from '../channels/contract.ts'
import { openCommandLine } from '../commands/run.ts'
import { launchBrowser } from '../fakes/browser.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { FakeGateway } from '../fakes/wechat/gateway.ts'
import { JPEG, withExif } from '../support/picture-files.ts'

const STAFF = { ADMIN_USER: 'wang', ADMIN_PASSWORD: 'a long password of Wang' }
const HOME_CHAT = { id: 201, type: 'private', first_name: '刘桂兰' } as const

const line = openCommandLine()
const api = new FakeBotApi()
const gateway = new FakeGateway(`insecure_picture_${Date.now()}`)
const problems: string[] = []
let service: ServiceProcess
let browser: Browser

beforeAll(async () => {
  gateway.wechat.addContact({ id: 'wxid_chen', name: '陈明' })
  await Promise.all([api.start(), gateway.start()])
  await line.linli(['staff-add', 'li'])
  service = await startService({
    dataDirectory: path.join(line.directory, 'data'),
    environment: {
      ...STAFF,
      HOME: line.directory,
      QUIET_HOURS: 'off',
      TELEGRAM_BOT_TOKEN: api.token,
      TELEGRAM_API_ROOT: api.apiRoot,
      WECHATY_PUPPET: 'wechaty-puppet-service',
      WECHATY_PUPPET_SERVICE_TOKEN: gateway.token,
      WECHATY_PUPPET_SERVICE_ENDPOINT: gateway.endpoint,
      WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
    },
  })
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await service.stop()
  await Promise.all([api.die(), gateway.die()])
  line.close()
})

async function openPage(address: string, width: number): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width, height: 800 }, locale: 'zh-CN' })).newPage()
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(service.url + address)
  return page
}

async function logIn(user: string, password: string): Promise<Page> {
  const page = await openPage('/admin', 1180)
  await page.fill('#user', user)
  await page.fill('#password', password)
  await page.press('#password', 'Enter')
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

const isDrawn = (page: Page, image: string): Promise<boolean> => page.evaluate<boolean>(`(() => { const image = document.querySelector(${JSON.stringify(image)}); return image !== null && image.complete && image.naturalWidth === 24 })()`)

it('a photo that staff choose in the browser arrives as a picture in the web chat, on Telegram and on WeChat', async () => {
  const chat = await openPage('/', 390)
  await chat.fill('#text', '订阅')
  await chat.press('#text', 'Enter')
  await chat.locator('.line:not(.line-mine)').first().waitFor()
  api.say({ id: 201, is_bot: false, first_name: '刘桂兰' }, HOME_CHAT, '订阅')
  await eventually(() => api.sent.length >= 1, 'Telegram answers', 20_000)
  gateway.wechat.login()
  await service.until(async () => gateway.wechat.puppet.listenerCount('message') > 0)
  gateway.wechat.say('wxid_chen', 'private', '订阅')
  await eventually(() => gateway.wechat.sent.length >= 1, 'WeChat answers', 20_000)

  const admin = await logIn(STAFF.ADMIN_USER, STAFF.ADMIN_PASSWORD)
  await admin.goto(`${service.url}/admin/announcements/new`)
  await admin.getByText('现在会发给 3 个人或群').waitFor()
  await admin.getByLabel('内容').fill('明天八点停水，请看停水的楼栋')
  await admin.getByLabel('图片（可以不选）').setInputFiles({ name: 'not-a-picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('words') })
  await admin.getByRole('button', { name: '存成草稿' }).click()
  await admin.getByRole('alert').getByText('选的不是图片').waitFor()
  expect(problems.splice(0)).toEqual([expect.stringContaining('422')])

  await admin.getByLabel('图片（可以不选）').setInputFiles({ name: 'IMG_0001.JPG', mimeType: 'image/jpeg', buffer: Buffer.from(withExif(JPEG)) })
  await admin.getByRole('button', { name: '算一算有多少人' }).click()
  await expect.poll(() => isDrawn(admin, 'figure.picture img')).toBe(true)
  await admin.getByRole('button', { name: '存成草稿' }).click()
  await admin.getByText('草稿存好了').waitFor()
  await expect.poll(() => isDrawn(admin, 'figure.picture img')).toBe(true)
  const id = /announcements\/([0-9a-f-]{36})/.exec(admin.url())?.[1] ?? ''

  expect((await service.call('POST', `/api/v1/announcements/${id}/approve`, { by: 'li' })).status).toBe(200)
  await expect.poll(() => isDrawn(chat, '.line-announcement .picture img'), { timeout: 15_000 }).toBe(true)
  expect(await chat.locator('.line-announcement').innerText()).toContain('明天八点停水')
  await chat.reload()
  await expect.poll(() => isDrawn(chat, '.line-announcement .picture img')).toBe(true)

  const photo = await eventually(() => api.sent.find((sent) => sent.photo !== undefined), 'the photo arrives on Telegram', 15_000)
  expect(photo).toMatchObject({ chatId: 201, text: '明天八点停水，请看停水的楼栋', buttons: [{ label: '收到', data: '收到' }] })
  expect(Buffer.from(photo.photo?.bytes ?? []).equals(Buffer.from(JPEG))).toBe(true)

  const before = gateway.wechat.sent.findIndex((sent) => sent.picture !== undefined)
  const [picture, text] = await eventually(() => (gateway.wechat.sent.length >= 3 ? gateway.wechat.sent.slice(-2) : null), 'picture and text arrive on WeChat', 20_000)
  expect(before).toBeLessThanOrEqual(1)
  expect(Buffer.from(picture?.picture?.bytes ?? []).equals(Buffer.from(JPEG))).toBe(true)
  expect(text?.text).toContain('明天八点停水，请看停水的楼栋')

  await service.until(async () => /"sent":3/.test((await service.call('GET', `/api/v1/announcements/${id}`)).text))
  expect(JSON.parse((await service.call('GET', `/api/v1/announcements/${id}`)).text)).toMatchObject({ total: 3, sent: 3, open: 0, status: 'finished' })
  expect(fs.readdirSync(path.join(line.directory, 'data', 'pictures'))).toHaveLength(1)
  expect(problems).toEqual([])
})
