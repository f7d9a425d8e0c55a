import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/channels/telegram/commands.ts'
import { fitsButton } from '../../src/channels/telegram/outbound.ts'
import { statusNotice } from '../../src/desk/requests/text.ts'
import { button, mainButtons } from '../../src/dialog/text.ts'
import type { Button } from '../../src/domain/messages/messages.ts'
import { REQUEST_STATUSES } from '../../src/domain/requests/requests.ts'
import { FORMS } from '../../src/forms/forms.ts'
import { READS_NOTHING } from '../../src/forms/form.ts'
import { loadKnowledge } from '../../src/knowledge/documents/load.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !file.includes('generated'))

/** Every button whose words stand in the source. */
function writtenButtons(): Button[] {
  return sources.flatMap((file) => {
    const source = fs.readFileSync(path.join(ROOT, 'src', file), 'utf8')
    const made = Array.from(source.matchAll(/\b(?:button|createButton)\('([^']+)'(?:,\s*'([^']+)')?\)/g), ([, label = '', text]) => ({ label, text: text ?? label }))
    const literal = Array.from(source.matchAll(/\{\s*label: '([^']+)',\s*text: '([^']+)'\s*\}/g), ([, label = '', text = '']) => ({ label, text }))
    return [...made, ...literal]
  })
}

describe('T24: every button that this program can make', () => {
  it('fits the data of a Telegram button where its words stand in the source', () => {
    const buttons = writtenButtons()
    expect(buttons.length).toBeGreaterThan(25)
    expect(buttons.map(({ text }) => text)).toEqual(expect.arrayContaining(['确认', '取消', '收到', '转给工作人员']))
    expect(buttons.filter((one) => !fitsButton(one))).toEqual([])
  })

  it('fits where it is made from a form, a status or a score', async () => {
    const { services, areas, deadlines } = await loadKnowledge(path.join(ROOT, 'knowledge'))
    const context = { services, areas, deadlines, knownArea: null, now: new Date(), read: READS_NOTHING }
    const fields = Object.values(FORMS).flatMap((form) => form.fields)
    const buttons = [
      ...fields.flatMap((field) => [button(`修改${field.label}`), ...(field.buttons?.({}, context) ?? [])]),
      ...REQUEST_STATUSES.flatMap((status) => statusNotice({ number: 'SR-20261124-0001', category: '路灯', status }, '', 'requester').extras?.buttons ?? []),
      ...mainButtons(),
      ...COMMANDS.map(({ text }) => button(text)),
    ]
    expect(buttons.length).toBeGreaterThan(20)
    expect(buttons.filter((one) => !fitsButton(one))).toEqual([])
  })

  it('is made in one place, which refuses what no platform could carry', () => {
    expect(button('好')).toEqual({ label: '好', text: '好' })
    expect(button('二十个字', '一二三四五六七八九十一二三四五六七八九十').text).toHaveLength(20)
    for (const text of ['', '很'.repeat(21), '很'.repeat(22), '👨‍👩‍👧‍👦'.repeat(3)]) expect(() => button('长', text)).toThrow(RangeError)
  })
})
