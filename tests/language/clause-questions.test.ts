import { describe, expect, it } from 'vitest'
import { readClauseQuestion } from '../../src/language/clause-questions.ts'

describe('A question for a clause by where it stands', () => {
  it.each([
    ['第3条说的是啥', { of: 'clause', clause: '3', named: '' }],
    ['请问第十三条写了什么？', { of: 'clause', clause: '13', named: '' }],
    ['《清河市停车条例》第一条之一', { of: 'clause', clause: '1-1', named: '清河市停车条例' }],
    ['停车条例里第3条是什么意思', { of: 'clause', clause: '3', named: '停车条例' }],
    ['最后一条', { of: 'last', named: '' }],
    ['楼道公约一共多少条', { of: 'count', named: '楼道公约' }],
    ['有几条', { of: 'count', named: '' }],
  ])('%s', (said, read) => {
    expect(readClauseQuestion(said)).toEqual(read)
  })

  it.each(['小区门口第3条长椅坏了', '一家能养几条狗', '违反第二条怎么罚', '我报的第三条还没修', '3号楼2单元', '没有几条裤子', '同意'])('%s is none', (said) => {
    expect(readClauseQuestion(said)).toBeNull()
  })
})
