import { describe, expect, it } from 'vitest'
import { FIND_LOW_CONTRAST } from '../../support/contrast.ts'
import { focused, report, say, waitForAnswer, useChat } from './chat-pages.ts'

const { openPage, web, browser } = useChat()

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
    const context = await browser().newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 780 } })
    const page = await context.newPage()
    await page.goto(web().url)
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
    await second.goto(web().url)
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
