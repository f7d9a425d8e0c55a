import { describe, expect, it } from 'vitest'
import { checkMarkdown, writeMarkdown } from '../../../../src/knowledge/documents/import/document-file.ts'
import { checkCompleteness } from '../../../../src/knowledge/documents/import/clauses/completeness.ts'
import type { ImportLine } from '../../../../src/knowledge/documents/import/lines.ts'
import { findStructure } from '../../../../src/knowledge/documents/import/structure.ts'

const FRONT = { id: 'a', title: '车棚管理办法', issuer: '清河社区居民委员会', issuedOn: '2024-03-01' }
const row = (table: number, index: number, text: string, heading?: string): ImportLine => ({ text, row: { table, row: index, ...(heading === undefined ? {} : { heading }) } })
const linesOf = (text: string): ImportLine[] => text.split('\n').map((line) => ({ text: line }))

/** The clauses as they are read back from the file that was written. */
function roundTrip(lines: readonly ImportLine[]) {
  const clauses = findStructure(lines, '车棚管理办法')?.clauses ?? []
  const checked = checkMarkdown(writeMarkdown(FRONT, clauses), clauses)
  if ('problem' in checked) throw new Error(checked.problem)
  expect(checkCompleteness(lines, checked.document)).toEqual({ share: 1, missing: [] })
  return checked.document.passages.map(({ clause, title, headings = [], text }) => [clause, title, headings.join(' / '), text])
}

describe('the clauses of a document, read back from its file', () => {
  it('have a preamble and the introduction of a chapter beside what is counted', () => {
    expect(roundTrip(linesOf('为管好车棚，定下面的办法。\n第一章 总则\n第一条 车棚归居委会管。\n第二章 收费\n收费都开票。\n第二条 每月五元。\n第一节 补卡\n第三条 补卡二十元。'))).toEqual([
      ['前言', '为管好车棚，定下面的办法', '', '为管好车棚，定下面的办法。'],
      ['1', '车棚归居委会管', '第一章 总则', '车棚归居委会管。'],
      ['第2章前言', '收费都开票', '第二章 收费', '收费都开票。'],
      ['2', '每月五元', '第二章 收费', '每月五元。'],
      ['3', '补卡二十元', '第二章 收费 / 第一节 补卡', '补卡二十元。'],
    ])
  })

  it('are a row each of a table, under its clause, its heading and its lead-in; what goes on below it stays with its clause', () => {
    const lines = [...linesOf('第一条 收费标准\n收费按下表执行：'), row(1, 1, '车型：自行车；每月：五元。'), row(1, 2, '车型：电动车；每月：八元。'), ...linesOf('残疾人免费。\n第二条 每月5日前交。'), row(2, 1, '序号：1；楼号：3号楼。', '收费点')]
    expect(roundTrip(lines)).toEqual([
      ['1', '收费标准', '', '收费按下表执行：\n残疾人免费。'],
      ['表1第1行', '自行车', '表1 收费标准：收费按下表执行', '车型：自行车；每月：五元。'],
      ['表1第2行', '电动车', '表1 收费标准：收费按下表执行', '车型：电动车；每月：八元。'],
      ['2', '每月5日前交', '', '每月5日前交。'],
      ['表2第1行', '3号楼', '表2 收费点：每月5日前交', '序号：1；楼号：3号楼。'],
    ])
  })

  it('go on in a second part where the numbers start again, with the title above them', () => {
    expect(roundTrip(linesOf('第一条 甲。\n第二条 乙。\n第三条 丙。\n清河社区养犬公约\n第一条 狗要拴绳。\n第二条 狗要打针。'))).toEqual([
      ['1', '甲', '', '甲。'],
      ['2', '乙', '', '乙。'],
      ['3', '丙', '', '丙。'],
      ['第2部分第1条', '狗要拴绳', '第2部分 清河社区养犬公约', '狗要拴绳。'],
      ['第2部分第2条', '狗要打针', '第2部分 清河社区养犬公约', '狗要打针。'],
    ])
  })

  it('have the chapters of an annex under the annex, and its preamble as the annex itself', () => {
    expect(roundTrip(linesOf('第一条 甲。\n第二条 乙。\n附件2：\n收费细则\n本细则和办法一起施行。\n第一章 标准\n第一条 每月五元。\n第二条 每年五十元。'))).toEqual([
      ['1', '甲', '', '甲。'],
      ['2', '乙', '', '乙。'],
      ['附件2', '收费细则', '', '本细则和办法一起施行。'],
      ['附件2第1条', '每月五元', '附件2 收费细则 / 第一章 标准', '每月五元。'],
      ['附件2第2条', '每年五十元', '附件2 收费细则 / 第一章 标准', '每年五十元。'],
    ])
  })

  it('keep the names of annexes that stand above a signature as a note', () => {
    const lines = [...linesOf('一、甲。\n二、乙。\n附件：1.申请表\n2.收费表'), { text: '清河社区居民委员会', role: 'signature' as const }, ...linesOf('附件1\n申请表\n姓名要写全。')]
    expect(findStructure(lines)?.clauses.map(({ number, text }) => [number, text])).toEqual([['1', '甲。'], ['2', '乙。'], ['附件1', '姓名要写全。'], ['附注', '附件：1.申请表\n2.收费表']])
  })
})

describe('the check of what can be answered from', () => {
  it('says which words of a document stand nowhere', () => {
    const loaded = { ...FRONT, passages: [{ documentId: 'a', clause: '1', title: '甲方付款', text: '甲方付款。', typicalQuestions: [] }] }
    const { share, missing } = checkCompleteness(linesOf('车棚管理办法\n第一条 甲方付款。乙方收货。\n2024年3月1日'), loaded)
    expect(missing).toEqual(['乙方收货。'])
    expect(share).toBeGreaterThan(0.7)
    expect(share).toBeLessThan(0.9)
  })
})

describe('what a file of ours would read otherwise comes back as it was meant', () => {
  const linesOf = (...texts: string[]): ImportLine[] => texts.map((text) => ({ text }))

  it.each<[string, ImportLine[]]>([
    ['a heading that ends with a mark', linesOf('第一章 收费 #', '第一条 甲。', '第二条 乙。')],
    ['text that begins with marks', linesOf('1、# 收费：小型车一元', '2、## 九点开门', '## 第三条', '3、三')],
    ['articles whose second number comes twice', linesOf('第一条 甲。', '第一条之一 乙。', '第一条之一 丙。', '第二条 丁。')],
    ['a second number twice below an annex', linesOf('第一条 甲。', '第二条 乙。', '附件1', '第一条 子。', '第一条之一 丑。', '第一条之一 寅。', '第二条 卯。')],
    ['a table between numbered clauses', [...linesOf('各门区车位（共3个）：'), { text: '序号：1；门：东门。', row: { table: 1, row: 1, heading: '各门区车位（共3个）：' } }, { text: '序号：2；门：# 西门。', row: { table: 1, row: 2, heading: '各门区车位（共3个）：' } }, ...linesOf('备注：', '1、收费：小型车一元', '2、2024年2月1日起开放。', '3、电话：8321（张女士）')]],
  ])('%s', (_, lines) => {
    const clauses = findStructure(lines)?.clauses ?? []
    expect(checkMarkdown(writeMarkdown(FRONT, clauses), clauses)).toHaveProperty('document')
  })
})
