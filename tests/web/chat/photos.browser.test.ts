import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { FIND_LOW_CONTRAST } from '../../support/contrast.ts'
import { JPEG, makePng } from '../../support/picture-files.ts'
import { useChat } from './chat-pages.ts'

const { openPage } = useChat()

const photo = (name: string, bytes: Uint8Array) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) })
const lines = (page: Page) => page.locator('.line')
const drawn = (page: Page): Promise<number> => page.evaluate<number>(`Array.from(document.querySelectorAll('.line-mine .picture img')).filter((image) => image.complete && image.naturalWidth > 0).length`)

it.each([[true, 320], [false, 320], [true, 1280]])('with scripts %s at %i px, photos are chosen, sent and seen, and nothing is wider than the page', async (javaScriptEnabled, width) => {
  const page = await openPage({ viewport: { width, height: 720 }, javaScriptEnabled })
  await page.setInputFiles('#photo', [photo('a.jpg', JPEG), photo('b.jpg', makePng(40, 30))])
  if (javaScriptEnabled) expect(await page.locator('#photo-count').innerText()).toBe('照片 2')
  await page.locator('.send').click()
  await expect.poll(() => lines(page).count(), { timeout: 10_000 }).toBe(2)
  expect(await lines(page).last().innerText()).toContain('是什么事、在哪里')
  await expect.poll(() => drawn(page).catch(() => page.locator('.line-mine .picture img').count()), { timeout: 10_000 }).toBe(2)
  await page.fill('#text', '3号楼2单元楼道灯坏了')
  await page.locator('.send').click()
  await expect.poll(() => lines(page).count(), { timeout: 10_000 }).toBe(4)
  expect(await lines(page).last().innerText()).toContain('您同意吗')
  if (javaScriptEnabled) {
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await page.evaluate<string[]>(FIND_LOW_CONTRAST)).toEqual([])
  }
  const { width: size = 0, height = 0 } = (await page.locator('.photo-choice').boundingBox()) ?? {}
  expect(Math.min(size, height)).toBeGreaterThanOrEqual(44)
})
