import { afterEach, describe, expect, it } from 'vitest'
import type { Office } from '../../../src/domain/office/office.ts'
import { OFFICE } from '../../support/office.ts'
import { openTestWeb, type TestWeb } from '../../support/web.ts'

let web: TestWeb
afterEach(() => web.close())

const firstScreen = async (office: Office | null) => {
  web = await openTestWeb({ office })
  return (await fetch(`${web.url}/`)).text()
}

describe('the first screen of the web chat', () => {
  it('shows the telephone, to be pressed, and the hours', async () => {
    const page = await firstScreen(OFFICE)
    expect(page).toContain('<a href="tel:04572112345">0457-2112345</a>')
    expect(page).toContain('上班时间：周一至周五 8:30-11:30、13:30-17:00')
    expect(page).not.toContain('示例')
  })

  it('says that an example is one, and shows nothing where nobody has written anything', async () => {
    expect(await firstScreen({ ...OFFICE, example: true })).toContain('示例，社区还没有改成自己的')
    await web.close()
    expect(await firstScreen(null)).not.toContain('社区电话')
  })
})
