import { describe, expect, test } from 'vitest'
import type { SpanExample } from '../../../src/domain/messages/talk.ts'
import { readMarks } from '../../../src/knowledge/documents/load-talk.ts'
import { withVaried } from '../../../src/language/reader/training/vary.ts'

const example = (marked: string): SpanExample => ({ ...readMarks(marked, (what) => expect.fail(what)), form: 'service_request', intent: 'service_request', register: 'plain' })
const SPANS = [
  '[门铃按不响了](problem)，[迎春花园](community)[3号楼501](address)，[刘桂兰](name)，[13800000001](phone)',
  '我叫[满福](name)，姓满就是满意的满，[前进路18号](address)',
  '[水管漏](problem)了，[小庙后院](address)，[老霍](name) 13800000002',
  '[灯不亮](problem)，[朝阳里](community)[5栋](address)，[欧阳文](other_name)说的',
].map(example)
const TALK = { spans: SPANS, moves: [] }

describe('messages like those that were written', () => {
  const { spans } = withVaried(TALK, 5)
  const wordsOf = ({ text, spans: marks }: SpanExample, kind: string) => marks.filter((mark) => mark.kind === kind).map(({ start, end }) => text.slice(start, end))

  test('stand beside them, which stay as they were', () => {
    expect(spans.slice(0, SPANS.length)).toEqual(SPANS)
    expect(spans.length).toBeGreaterThanOrEqual(2 * SPANS.length)
  })

  test('name others, at the same marks', () => {
    const varied = spans[SPANS.length]!
    expect(varied.spans.map(({ kind }) => kind)).toEqual(SPANS[0]!.spans.map(({ kind }) => kind))
    expect(wordsOf(varied, 'name')).not.toEqual(['刘桂兰'])
    expect(wordsOf(varied, 'community')).not.toEqual(['迎春花园'])
    expect([wordsOf(varied, 'problem'), wordsOf(varied, 'phone')]).toEqual([['门铃按不响了'], ['13800000001']])
  })

  test('leave a name that the words go on to explain', () => {
    expect(wordsOf(spans[SPANS.length + 1]!, 'name')).toEqual(['满福'])
  })

  test('never let a number run into another', () => {
    for (const { text, spans: marks } of spans) for (const [index, { end, kind }] of marks.entries()) {
      const next = marks[index + 1]
      if (next?.kind === 'phone' && kind === 'address') expect(text.slice(end, next.start) !== '' || !/\d$/.test(text.slice(0, end))).toBe(true)
    }
  })

  test('are the same for the same seed', () => {
    expect(withVaried(TALK, 5)).toEqual({ spans, moves: [] })
    expect(withVaried(TALK, 6)).not.toEqual({ spans, moves: [] })
  })
})
