import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findAxeFaults } from '../../fakes/axe.ts'
import { launchBrowser } from '../../fakes/browser.ts'
import { FIND_LOW_CONTRAST } from '../../support/contrast.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
let browser: Browser
let number: string
beforeAll(async () => {
  ;[web, browser] = await Promise.all([openTestWeb(), launchBrowser()])
  await web.addStaff('li')
  number = (await web.api('POST', '/api/v1/requests', { by: 'li', channel: 'phone', phone: '13800138001', description: '路灯坏了', address: '3号楼' })).json.number as unknown as string
})
afterAll(async () => {
  await browser.close()
  await web.close()
})

it.each([
  ['light', 320, true],
  ['dark', 320, false],
  ['light', 1280, false],
] as const)('a resident comes from the chat, without scripts, to the state of a request: %s, %i px', async (colorScheme, width, isLarge) => {
  const context = await browser.newContext({ viewport: { width, height: 720 }, colorScheme, locale: 'zh-CN', javaScriptEnabled: false })
  if (isLarge) await context.addCookies([{ name: 'linli_type', value: 'large', url: web.url }])
  const page = await context.newPage()
  await page.goto(web.url)
  await page.getByRole('link', { name: '凭编号查进度' }).click()
  await page.getByLabel('编号', { exact: true }).fill('SR-20200101-0001')
  await page.getByLabel('电话后四位').fill('8001')
  await page.getByRole('button', { name: '查一下' }).click()
  expect(await page.getByRole('alert').innerText()).toContain('没有对上')
  await page.getByLabel('编号', { exact: true }).fill(number)
  await page.getByLabel('电话后四位').fill('8001')
  await page.getByLabel('电话后四位').press('Enter')
  await page.getByRole('heading', { name: number }).waitFor()
  expect(await page.locator('.found').innerText()).toMatch(/现在\s+已提交[\s\S]*接下来\s+等社区受理。/)
  await context.close()
})

it.each([['light', 320], ['dark', 320], ['light', 1280], ['dark', 1280]] as const)('is clean to axe, as wide as the screen, and legible: %s, %i px', async (colorScheme, width) => {
  const context = await browser.newContext({ viewport: { width, height: 720 }, colorScheme, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(`${web.url}/status?number=${number}`)
  const faults: string[] = []
  const examine = async () => {
    faults.push(...(await findAxeFaults(page)), ...(await page.evaluate<string[]>(FIND_LOW_CONTRAST)))
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
  }
  await examine()
  await page.getByLabel('电话后四位').fill('8009')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await examine()
  await page.getByLabel('电话后四位').fill('8001')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: number }).waitFor()
  await examine()
  expect(faults).toEqual([])
  await context.close()
})
