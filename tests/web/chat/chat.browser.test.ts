import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../fakes/browser.ts'
import { FIND_LOW_CONTRAST } from '../../support/contrast.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

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

const answers = (page: Page) => page.locator('.line:not(.line-mine)')
const focused = (page: Page) => page.locator(':focus')
const lastAnswer = (page: Page) => answers(page).last()

async function say(page: Page, text: string): Promise<string> {
  const before = await answers(page).count()
  await page.fill('#text', text)
  await page.keyboard.press('Enter')
  return waitForAnswer(page, before)
}

async function waitForAnswer(page: Page, before: number): Promise<string> {
  await expect.poll(() => answers(page).count(), { timeout: 10_000 }).toBeGreaterThan(before)
  return (await lastAnswer(page).innerText()).trim()
}

const press = async (page: Page, label: string): Promise<string> => {
  const before = await answers(page).count()
  await page.getByRole('button', { name: label, exact: true }).first().click()
  return waitForAnswer(page, before)
}

async function report(page: Page): Promise<string> {
  await say(page, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
  await press(page, '同意')
  return /SR-\d{8}-\d{4}/.exec(await press(page, '确认'))?.[0] ?? 'none'
}

describe('a resident', () => {
  it('asks and reads the clause, set apart as a quotation, and more by a button', async () => {
    const page = await openPage()
    await say(page, '社区志愿者要占居民多少')
    expect(await page.locator('.quote blockquote').innerText()).toContain('10%')
    expect(await page.locator('.quote figcaption').innerText()).toMatch(/第13条/)
    expect(await press(page, '详细')).toContain('志愿者')
  })

  it('says 没用 with one tap on an older answer, changes it, and reads no code', async () => {
    const page = await openPage()
    await say(page, '社区志愿者要占居民多少？')
    await say(page, '你好')
    expect(await press(page, '没用')).toContain('没答好')
    expect(await press(page, '有用')).toContain('改成“有用”')
    expect(await page.locator('.line-mine .said').allTextContents()).toEqual(['社区志愿者要占居民多少？', '你好', '没用', '有用'])
    await page.reload()
    expect(await page.locator('.line-mine .said').allTextContents()).toEqual(['社区志愿者要占居民多少？', '你好', '没用', '有用'])
  })

  it('files a report by buttons, and finds everything there after a reload in the middle', async () => {
    const page = await openPage()
    await say(page, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await page.reload()
    expect(await page.locator('.line-mine').innerText()).toContain('刘桂兰')
    await press(page, '同意')
    const receipt = await press(page, '确认')
    expect(receipt).toMatch(/SR-\d{8}-\d{4}/)
    const before = await page.locator('.line').count()
    await page.reload()
    expect(await page.locator('.line').count()).toBe(before)
  })

  it('reads a notice at once, without doing anything', async () => {
    const page = await openPage()
    const number = await report(page)
    await web.api('PATCH', `/api/v1/requests/${number}`, { status: 'accepted', note: '师傅明天上门' })
    await page.locator('.line-notice', { hasText: '师傅明天上门' }).waitFor()
    await web.api('PATCH', `/api/v1/requests/${number}`, { status: 'resolved', note: '修好了' })
    await page.locator('.line-notice', { hasText: '修好了' }).waitFor()
    expect(await page.locator('.line-notice').count()).toBe(2)
    await press(page, '5 分')
    expect((await web.api('GET', `/api/v1/requests/${number}`)).json.rating).toMatchObject({ score: 5 })
  })

  it('in danger sees the number to call, big enough to hit, as a link', async () => {
    const page = await openPage()
    await say(page, '我家着火了')
    const call = page.locator('.line-emergency a[href="tel:119"]')
    const box = await call.boundingBox()
    expect(box?.height).toBeGreaterThanOrEqual(44)
  })

  it('who asks to have everything deleted sees it go from the page', async () => {
    const page = await openPage()
    await report(page)
    await say(page, '删除我的数据')
    await page.fill('#text', '确认')
    await page.keyboard.press('Enter')
    await page.locator('#log', { hasText: '已经全部删掉了' }).waitFor()
    expect(await page.locator('#log').innerText()).not.toMatch(/13800138001|刘桂兰/)
  })
})

describe('what is typed', () => {
  it('is shown as text, never as HTML', async () => {
    const page = await openPage()
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>粗</b>'
    await say(page, hostile)
    expect(await page.locator('.line-mine .said').innerText()).toBe(hostile)
    await page.reload()
    expect(await page.locator('.line-mine .said').innerText()).toBe('document.title=2粗')
    expect(await page.locator('#log img, #log script, #log b').count()).toBe(0)
    expect(await page.title()).toContain('邻里')
  })

  it('is seen by nobody else', async () => {
    const [one, other] = [await openPage(), await openPage()]
    await say(one, '我的门牌是7栋502')
    await say(other, '你好')
    await other.reload()
    expect(await other.locator('body').innerText()).not.toContain('7栋502')
    expect(await other.locator('.line-mine').count()).toBe(1)
  })

  it('is not sent by the Enter that ends the input of Chinese characters, nor by Shift+Enter', async () => {
    const page = await openPage()
    await page.focus('#text')
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Input.imeSetComposition', { text: 'ni hao', selectionStart: 6, selectionEnd: 6 })
    await page.dispatchEvent('#text', 'keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
    expect(await page.locator('.line-mine').count()).toBe(0)
    await page.fill('#text', '第一行')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('第二行')
    expect(await page.inputValue('#text')).toBe('第一行\n第二行')
    expect(await page.locator('.line-mine').count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.locator('.line-mine').waitFor()
    expect(await page.locator('.line-mine .said').innerText()).toBe('第一行\n第二行')
  })

  it('stays, and is sent again by one touch, when the network fails; it is taken once', async () => {
    const page = await openPage({ expectsTrouble: true })
    await page.route('**/chat/messages', async (route) => {
      // It arrives, and the answer is lost on the way back.
      await route.fetch()
      await route.abort()
    })
    await page.fill('#text', '你好')
    await page.keyboard.press('Enter')
    const retry = page.getByRole('button', { name: /没有发出，点此重试/ })
    await retry.waitFor()
    expect((await retry.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await page.unroute('**/chat/messages')
    await retry.click()
    await expect.poll(() => answers(page).count()).toBe(1)
    expect(await retry.count()).toBe(0)
    await page.reload()
    expect(await page.locator('.line').count()).toBe(2)
  })

  it('waits while there is no network, says so, and goes by itself when there is one', async () => {
    const page = await openPage({ expectsTrouble: true })
    await page.context().setOffline(true)
    await page.locator('#state', { hasText: '没有网络' }).waitFor()
    await page.fill('#text', '你好')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /没有发出/ }).waitFor()
    await page.context().setOffline(false)
    await expect.poll(() => answers(page).count(), { timeout: 10_000 }).toBe(1)
    expect(await page.locator('#state').isVisible()).toBe(false)
  })

  it('but not sent before the page was reloaded is sent after', async () => {
    const page = await openPage({ expectsTrouble: true })
    await page.route('**/chat/messages', (route) => route.abort())
    await page.fill('#text', '你好')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /没有发出/ }).waitFor()
    await page.unroute('**/chat/messages')
    await page.reload()
    await expect.poll(() => answers(page).count(), { timeout: 10_000 }).toBe(1)
    expect(await page.locator('.line-mine').count()).toBe(1)
  })
})

describe('the page', () => {
  it.each([
    [360, false],
    [360, true],
    [320, true],
    [1280, false],
  ])('%i px wide, large type %s, never scrolls sideways', async (width, isLarge) => {
    const page = await openPage({ viewport: { width, height: 640 } })
    if (isLarge) await page.getByRole('button', { name: '大字' }).click()
    const overhang = () => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(await overhang()).toBe(0)
    await say(page, '社区志愿者要占居民多少')
    await say(page, `https://example.org/${'a'.repeat(300)}`)
    await say(page, '我家着火了')
    expect(await overhang()).toBe(0)
  })

  it('keeps large type after a reload, and without its cookie', async () => {
    const page = await openPage()
    const size = () => page.evaluate<number>('parseFloat(getComputedStyle(document.body).fontSize)')
    expect(await size()).toBeGreaterThanOrEqual(18)
    const toggle = page.getByRole('button', { name: '大字' })
    await toggle.click()
    expect(await size()).toBeGreaterThanOrEqual(23)
    expect(await toggle.getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    expect(await size()).toBeGreaterThanOrEqual(23)
    await page.context().clearCookies({ name: 'linli_type' })
    await page.reload()
    expect(await size()).toBeGreaterThanOrEqual(23)
    await toggle.click()
    await page.reload()
    expect(await size()).toBeLessThan(23)
  })

  it('can be used with the keyboard alone', async () => {
    const page = await openPage()
    await page.keyboard.press('Tab')
    expect(await focused(page).getAttribute('class')).toBe('skip')
    await page.keyboard.press('Enter')
    expect(await focused(page).getAttribute('id')).toBe('text')
    await page.keyboard.type('8号楼1单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await page.keyboard.press('Enter')
    await waitForAnswer(page, 0)
    expect(await focused(page).getAttribute('id')).toBe('text')
    for (let left = 30; left > 0; left -= 1) {
      await page.keyboard.press('Shift+Tab')
      if ((await focused(page).textContent()) === '同意') break
    }
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')
    expect(outline).toBe('solid')
    await page.keyboard.press('Enter')
    expect(await waitForAnswer(page, 1)).toContain('请您看看')
    expect(await focused(page).getAttribute('id')).toBe('text')
  })

  it('has targets of 44 px, names for everything, and a log that is read out', async () => {
    const page = await openPage()
    await say(page, '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    for (const button of await page.locator('button:visible, textarea:visible').all()) {
      const box = await button.boundingBox()
      expect(Math.min(box?.height ?? 0, box?.width ?? 0), await button.innerText()).toBeGreaterThanOrEqual(44)
    }
    expect(await page.getByRole('log', { name: '对话' }).getAttribute('aria-live')).toBe('polite')
    expect(await page.getByRole('textbox', { name: '写给邻里的话' }).count()).toBe(1)
    expect(await page.getByRole('navigation', { name: '常用' }).getByRole('button').count()).toBe(5)
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })

  it.each(['light', 'dark'] as const)('has a contrast of at least 4.5 in %s', async (colorScheme) => {
    const page = await openPage({ colorScheme })
    await say(page, '社区志愿者要占居民多少')
    await report(page)
    await say(page, '我家着火了')
    expect(await page.evaluate<string[]>(FIND_LOW_CONTRAST)).toEqual([])
  })

  it('works without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 780 } })
    const page = await context.newPage()
    await page.goto(web.url)
    await page.fill('#text', '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001')
    await page.click('.send')
    await page.click('.buttons >> text=同意')
    await page.click('.buttons >> text=确认')
    await page.locator('#log', { hasText: /SR-\d{8}-\d{4}/ }).waitFor({ timeout: 10_000 })
    await page.click('.leave summary')
    await page.click('text=结束在这台设备上')
    await expect.poll(() => page.locator('.line').count()).toBe(0)
    expect(await page.locator('body').innerText()).not.toMatch(/SR-|刘桂兰/)
  })

  it('who leaves the device leaves nothing on any page that is open on it, and somebody else begins anew', async () => {
    const page = await openPage()
    expect(await page.locator('.leave').isVisible()).toBe(false)
    const number = await report(page)
    const second = await page.context().newPage()
    await second.goto(web.url)
    await second.locator('.line', { hasText: number }).waitFor()
    await page.getByText('这不是您自己的手机或电脑？').click()
    const leave = page.getByRole('button', { name: '结束在这台设备上' })
    expect((await leave.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await leave.click()
    for (const left of [page, second]) await expect.poll(() => left.locator('.line').count()).toBe(0)
    await page.goBack()
    await expect.poll(() => page.locator('.line').count()).toBe(0)
    await say(page, '查进度')
    expect(await page.locator('#log').innerText()).not.toContain(number)
  })
})
