import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser } from '../../fakes/browser.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

/** A service and a browser for the tests of a file, which close what they open. */
export function useChat() {
  let web: TestWeb
  let browser: Browser
  const problems: string[] = []

  beforeAll(async () => {
    ;[web, browser] = await Promise.all([openTestWeb(), launchBrowser()])
  })
  afterAll(async () => {
    await browser.close()
    await web.close()
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    expect(problems.splice(0)).toEqual([])
  })

  /** A resident's phone, each with cookies of its own. What the page complains about fails the test. */
  async function openPage(options: BrowserContextOptions & { expectsTrouble?: boolean } = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 390, height: 780 }, locale: 'zh-CN', reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(10_000)
    const page = await context.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' && !options.expectsTrouble) problems.push(message.text())
    })
    await page.goto(web.url)
    return page
  }
  return { openPage, web: () => web, browser: () => browser }
}

export const answers = (page: Page) => page.locator('.line:not(.line-mine)')
export const focused = (page: Page) => page.locator(':focus')
export const lastAnswer = (page: Page) => answers(page).last()

export async function say(page: Page, text: string): Promise<string> {
  const before = await answers(page).count()
  await page.fill('#text', text)
  await page.keyboard.press('Enter')
  return waitForAnswer(page, before)
}

export async function waitForAnswer(page: Page, before: number): Promise<string> {
  await expect.poll(() => answers(page).count(), { timeout: 10_000 }).toBeGreaterThan(before)
  return (await lastAnswer(page).innerText()).trim()
}

export const press = async (page: Page, label: string): Promise<string> => {
  const before = await answers(page).count()
  await page.getByRole('button', { name: label, exact: true }).first().click()
  return waitForAnswer(page, before)
}

export async function report(page: Page): Promise<string> {
  await say(page, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
  await press(page, '同意')
  return /SR-\d{8}-\d{4}/.exec(await press(page, '确认'))?.[0] ?? 'none'
}
