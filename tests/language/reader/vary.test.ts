import { describe, expect, test } from 'vitest'
import type { SpanExample } from '../../../src/domain/messages/talk.ts'
import { readMarks } from '../../../src/knowledge/documents/load-talk.ts'
import { variedOf } from '../../../src/language/reader/training/vary.ts'

const example = (marked: string): SpanExample => ({ ...readMarks(marked, (what) => expect.fail(what)), form: 'service_request', intent: 'service_request', register: 'plain' })
const SPANS = [
  '[门铃按不响了](problem)，[迎春花园](community)[3号楼501](address)，[刘桂兰](name)，[13800000001](phone)',
  '我叫[满福](name)，姓满就是满意的满，[前进路18号](address)',
  '[水管漏](problem)了，[小庙后院](address)，[老霍](name) 13800000002',
  '[灯不亮](problem)，[朝阳里](community)[5栋](address)，[欧阳文](other_name)说的',
].map(example)
const TALK = { spans: SPANS, moves: [] }

describe('messages like those that were written', () => {
  const { spans } = variedOf(TALK, 5)
  const wordsOf = ({ text, spans: marks }: SpanExample, kind: string) => marks.filter((mark) => mark.kind === kind).map(({ start, end }) => text.slice(start, end))

  test('are as many as name somebody or some place, and some more', () => {
    expect(spans.length).toBeGreaterThanOrEqual(SPANS.length)
    expect(spans.every(({ text }) => SPANS.every((written) => written.text !== text) || text.includes('满福'))).toBe(true)
  })

  test('name others, at the same marks', () => {
    const varied = spans[0]!
    expect(varied.spans.map(({ kind }) => kind)).toEqual(SPANS[0]!.spans.map(({ kind }) => kind))
    expect(wordsOf(varied, 'name')).not.toEqual(['刘桂兰'])
    expect(wordsOf(varied, 'community')).not.toEqual(['迎春花园'])
    expect([wordsOf(varied, 'problem'), wordsOf(varied, 'phone')]).toEqual([['门铃按不响了'], ['13800000001']])
  })

  test('leave a name that the words go on to explain', () => {
    expect(wordsOf(spans[1]!, 'name')).toEqual(['满福'])
  })

  test('never let a number run into another', () => {
    for (const { text, spans: marks } of spans) for (const [index, { end, kind }] of marks.entries()) {
      const next = marks[index + 1]
      if (next?.kind === 'phone' && kind === 'address') expect(text.slice(end, next.start) !== '' || !/\d$/.test(text.slice(0, end))).toBe(true)
    }
  })

  test('are the same for the same seed', () => {
    expect(variedOf(TALK, 5)).toEqual({ spans, moves: [] })
    expect(variedOf(TALK, 6)).not.toEqual({ spans, moves: [] })
  })
})
