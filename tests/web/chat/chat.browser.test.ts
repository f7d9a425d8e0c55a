import { describe, expect, it } from 'vitest'
import { answers, press, report, say, useChat } from './chat-pages.ts'

const { openPage, web } = useChat()

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
    await web().api('PATCH', `/api/v1/requests/${number}`, { status: 'accepted', note: '师傅明天上门' })
    await page.locator('.line-notice', { hasText: '师傅明天上门' }).waitFor()
    await web().api('PATCH', `/api/v1/requests/${number}`, { status: 'resolved', note: '修好了' })
    await page.locator('.line-notice', { hasText: '修好了' }).waitFor()
    expect(await page.locator('.line-notice').count()).toBe(2)
    await press(page, '5 分')
    expect((await web().api('GET', `/api/v1/requests/${number}`)).json.rating).toMatchObject({ score: 5 })
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
