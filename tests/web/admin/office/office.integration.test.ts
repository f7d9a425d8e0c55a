import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AdminFixture, FormClient, openAdmin } from '../../admin-fixture.ts'

let fixture: AdminFixture
let client: FormClient
beforeEach(async () => {
  ;({ fixture, client } = await openAdmin())
})
afterEach(() => fixture.close())

/** Every field of the page's form, as a browser without scripts would send it. */
function fieldsOf(page: string): Record<string, string> {
  const form = /<form class="stack office".*?<\/form>/s.exec(page)?.[0] ?? ''
  const decode = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
  const inputs = [...form.matchAll(/<input([^>]*)>/g)].map((match) => match[1] ?? '').filter((attributes) => !attributes.includes('type="checkbox"') || /\schecked/.test(attributes))
  const areas = [...form.matchAll(/<textarea([^>]*)>(.*?)<\/textarea>/gs)]
  const nameOf = (attributes: string) => /name="([^"]*)"/.exec(attributes)?.[1] ?? ''
  const fields: [string, string][] = [
    ...inputs.map((attributes): [string, string] => [nameOf(attributes), decode(/value="([^"]*)"/.exec(attributes)?.[1] ?? '')]),
    ...areas.map((match): [string, string] => [nameOf(match[1] ?? ''), decode((match[2] ?? '').trim())]),
  ]
  return Object.fromEntries(fields)
}

const change = async (changes: Record<string, string>) => {
  const { _csrf: _token, ...fields } = fieldsOf((await client.get('/admin/office')).text)
  return client.post('/admin/office', { ...fields, ...changes })
}

describe('社区信息', () => {
  it('shows what the office says, and saves it as it is without a change', async () => {
    const { text } = await client.get('/admin/office')
    expect(text).toContain('value="0457-2112345"')
    expect(text).toMatch(/name="hours.0.day0" value="8:30-11:30 13:30-17:00"/)
    expect(text).toMatch(/name="people.0.buildings" value="1号楼、2号楼、3号楼"/)
    expect((await change({})).text).toContain('没有变化')
  })

  it('saves what was typed in everyday ways, with a line in the log, the day of today, and for the next question', async () => {
    const saved = await change({
      telephone: '0457-9999999',
      'hours.0.day5': '９：00—11：00',
      'closed.0.from': '2027年2月6日', 'closed.0.reason': '春节值班', 'closed.0.open': '9:00-11:00',
      'people.2.name': '赵敏', 'people.2.duty': '低保', 'people.2.buildings': '',
      'places.1.name': '活动室', 'places.1.day0': '8:30-17:00',
      'questions.1.question': '垃圾几点收', 'questions.1.answer': '早上七点。', 'questions.1.also': '几点收垃圾\n',
    })
    expect(saved.text).toContain('存好了，下一个问题就按新的回答')
    expect(fieldsOf(saved.text)).toMatchObject({ telephone: '0457-9999999', 'hours.0.day5': '9:00-11:00', 'closed.0.from': '2027-02-06', 'people.2.name': '赵敏', 'places.1.name': '活动室', 'questions.1.also': '几点收垃圾' })
    const log = await client.get('/admin/audit')
    expect(log.text).toContain('改社区信息')
    expect(log.text).toContain('电话、上班时间、特殊日子、谁管什么、活动场所、问答')
  })

  it('says what is wrong and where, and keeps what was typed', async () => {
    const refused = await change({ 'hours.0.day0': '早上到晚上', name: '', 'people.0.duty': '', telephone: '0457-8888888' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('处要改，改好再存。您写的都还在')
    expect(refused.text).toMatch(/上班时间 第 \d 行 时间 第 1 行：“早上-晚上”要写成 8:30-11:30/)
    expect(refused.text).toContain('谁管什么 第 1 行 管什么：')
    expect(fieldsOf(refused.text)).toMatchObject({ telephone: '0457-8888888' })
    expect((await client.get('/admin/office')).text).toContain('0457-2112345')
  })

  it('two colleagues at once: the second sees that somebody saved, and nothing is lost', async () => {
    const { _csrf: _token, ...before } = fieldsOf((await client.get('/admin/office')).text)
    await change({ telephone: '0457-1111111' })
    const stale = await client.post('/admin/office', { ...before, address: '新地方3号' })
    expect(stale.status).toBe(422)
    expect(stale.text).toContain('刚才有同事也改了社区信息')
    expect(fieldsOf(stale.text)).toMatchObject({ address: '新地方3号' })
    expect((await client.get('/admin/office')).text).toContain('0457-1111111')
  })

  it('what was typed stands there as text only', async () => {
    await change({ address: '<script>alert(1)</script>路' })
    const { text } = await client.get('/admin/office')
    expect(text).not.toContain('<script>alert')
  })

  it('is for those who are logged in', async () => {
    const stranger = new FormClient(fixture.url)
    expect((await stranger.get('/admin/office')).text).toContain('登录')
  })
})
