import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { Screen } from '../../src/commands/chat/chat.ts'
import { csvTable, safeCell } from '../../src/web/tables.ts'
import { collectList, parseInstant } from '../../src/commands/output.ts'

describe('a cell of an exported table', () => {
  it.each(['=1+1', '+86 138', '-1', '@sum', '\tx', ' =1', '＝1'])('never starts a formula: %j', (value) => {
    expect(safeCell(value)).toBe(`'${value}`)
  })

  it.each([
    ['灯坏了\n=HYPERLINK("http://x")', '灯坏了\n\'=HYPERLINK("http://x")'],
    ['一\n +86\n二', "一\n' +86\n二"],
    ['一\r\n@x\r-2', "一\r\n'@x\r'-2"],
    ['一\u2028=2\u0085=3', "一\u2028'=2\u0085'=3"],
    ['\r=1', "'\r'=1"],
    ['\n@x', "'\n'@x"],
    ['\n\n=x', "'\n\n'=x"],
  ])('starts none after a line break either: %j', (value, safe) => {
    expect(safeCell(value)).toBe(safe)
  })

  it.each(['路灯坏了', '1-2', 'a=b', '', 13, -5])('stays as it is when it starts none: %j', (value) => {
    expect(safeCell(value)).toBe(value)
  })

  it('holds only what a spreadsheet can hold', () => {
    expect(safeCell('a\u0000b\u0008c')).toBe('abc')
    expect(String(safeCell('长'.repeat(40_000)))).toHaveLength(32_000)
    expect(safeCell('a\ud800')).toBe('a\ufffd')
  })
})

describe('an exported table as CSV', () => {
  it('has one row for each record, whatever line breaks, commas and quotes its cells hold', async () => {
    const cells = ['SR-1', '灯坏了\n=1+1', '1,2', '她说"好"', 'a\rb', 7]
    const csv = await text(Readable.from([cells, cells]).pipe(csvTable(['编号', '说明', '甲', '乙', '丙', '数'])))
    // Within quotes a line break belongs to its cell; what is left outside ends the rows.
    const outside = csv.replace(/"(?:[^"]|"")*"/g, '""')
    expect(outside.split(/\r\n|\r|\n/)).toHaveLength(4)
    expect(csv).toContain('"她说""好"""')
  })
})

describe('times on the command line', () => {
  it('are Beijing time unless they name a zone', () => {
    expect(parseInstant('2026-11-24T15:00', '--at').toISOString()).toBe('2026-11-24T07:00:00.000Z')
    expect(parseInstant('2026-11-24 15:00', '--at').toISOString()).toBe('2026-11-24T07:00:00.000Z')
    expect(parseInstant('2026-11-24', '--at').toISOString()).toBe('2026-11-23T16:00:00.000Z')
    expect(parseInstant('2026-11-24T15:00:00Z', '--at').toISOString()).toBe('2026-11-24T15:00:00.000Z')
    expect(parseInstant('2026-11-24T15:00:00+09:00', '--at').toISOString()).toBe('2026-11-24T06:00:00.000Z')
  })

  it.each(['明天', '2026-13-40', '15:00', ''])('that nobody can read are refused with an example: %j', (value) => {
    expect(() => parseInstant(value, '--at')).toThrow(/2026-11-24T15:00/)
  })
})

it('a list is written with commas of either kind, or by repeating the option', () => {
  expect(collectList('a, b，c', collectList('x'))).toEqual(['x', 'a', 'b', 'c'])
})

describe('buttons in the terminal', () => {
  const open = () => {
    const printed: string[] = []
    return { printed, screen: new Screen((text) => printed.push(text)) }
  }

  it('are chosen by their number', () => {
    const { screen, printed } = open()
    screen.show('对吗？', [{ label: '确认', text: '确认' }, { label: '改电话', text: '修改电话' }])
    expect(printed).toEqual(['邻里：对吗？', '  1. 确认\n  2. 改电话'])
    expect([screen.choose('2'), screen.choose(' 1. '), screen.choose('3'), screen.choose('13800138000')]).toEqual(['修改电话', '确认', '3', '13800138000'])
  })

  it('are no longer there after another message', () => {
    const { screen } = open()
    screen.show('对吗？', [{ label: '确认', text: '确认' }])
    screen.show('您多大年纪？', [])
    expect(screen.choose('1')).toBe('1')
  })

  it('that are figures themselves are typed: 1 stays the rating 1', () => {
    const { screen, printed } = open()
    screen.show('打几分？', [{ label: '5 分', text: '5分' }, { label: '1 分', text: '1分' }, { label: '没解决', text: '没解决' }])
    expect(screen.choose('1')).toBe('1')
    expect(printed[1]).toBe('  · 5分\n  · 1分\n  · 没解决')
  })
})
