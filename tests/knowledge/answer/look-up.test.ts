import { describe, expect, it } from 'vitest'
import type { KnowledgeDocument } from '../../../src/domain/answers.ts'
import { lookUp } from '../../../src/knowledge/answer/look-up/look-up.ts'
import { listOfRows, namesColumn, readCells, rowsMeant } from '../../../src/knowledge/answer/bare/table-rows.ts'
import { FEES, FILING, MATERIAL_NAMES, MEALS, SHED } from './papers.ts'

const look = (question: string, documents: KnowledgeDocument[] = [SHED]) => lookUp(question, question, { documents: new Map(documents.map((document) => [document.id, document])) }, '2026-12-01')

describe('What is looked up, not searched for', () => {
  it.each([
    ['第3条说的是啥', '3', '罚款五十元'],
    ['第三条规定了什么？', '3', '罚款五十元'],
    ['给我看看第二条的原文', '2', '二十元'],
    ['最后一条', '5', '清河路12号'],
    ['最后一条写的是什么', '5', '83210000'],
    ['一共多少条', '5', '一共5条'],
    ['这个文件总共有几条啊', '5', '一共5条'],
    ['清居发〔2024〕3号是什么文件', '1', '《清河社区车棚管理办法》：清河社区居民委员会，清居发〔2024〕3号，2024-03-01发布'],
    ['车棚管理办法第3条说的是啥', '3', '罚款五十元'],
    ['《车棚管理办法》最后一条', '5', '清河路12号'],
    ['车棚管理办法一共多少条', '5', '一共5条'],
    ['车棚管理办法什么时候开始施行', '1', '2024-03-01发布'],
    ['清河社区车棚管理办法什么时候发的', '1', '2024-03-01发布'],
  ])('“%s” shows clause %s', (question, clause, words) => {
    const found = look(question)
    expect(found?.passage?.clause).toBe(clause)
    expect(found?.body.text).toContain(words)
    expect(found?.body.text).toContain(found?.body.citations[0]?.quote)
  })

  it.each(['车棚第3条规定罚多少钱', '最后一条船几点开', '违反第二条怎么罚', '停车条例第3条说的是啥', '车棚几点关门', '清河社区车棚管理办法里钥匙丢了怎么办'])('“%s” is about something, and searched for', (question) => {
    expect(look(question)).toBeNull()
  })

  it('a clause that there is not is said not to be', () => {
    expect(look('第99条说的什么')?.body).toMatchObject({ kind: 'refusal', text: '《清河社区车棚管理办法》一共5条，没有第99条。' })
  })

  it('of two editions the one that holds is meant', () => {
    const former = { ...SHED, id: 'former', supersededBy: SHED.title, issuedOn: '2020-03-01' }
    expect(look('车棚管理办法第3条说的是啥', [former, SHED])?.passage?.documentId).toBe(SHED.id)
    expect(look('清河社区车棚管理办法第3条说的是啥', [former, SHED])?.passage?.documentId).toBe(SHED.id)
  })

  it('the document that is named is the one, and without a name the others are told of', () => {
    expect(look('清河社区助餐办法第3条写的什么', [SHED, MEALS])?.passage?.documentId).toBe('zhucan')
    expect(look('第3条写的什么', [SHED, MEALS])?.body.text).toContain('请带上文件名')
    expect(look('第6条写的什么', [SHED, MEALS])?.passage?.documentId).toBe('zhucan')
  })
})

describe('Rows of a table', () => {
  it('are meant by what tells their names apart', () => {
    expect(rowsMeant('电动车补卡多少钱', FEES.passages).map(({ clause }) => clause)).toEqual(['表1第2行'])
    expect(rowsMeant('补卡多少钱', FEES.passages)).toHaveLength(3)
    const [row] = FEES.passages.map(({ text }) => text)
    expect(namesColumn('补卡多少钱', row ?? '')).toBe(true)
    expect(namesColumn('汽车停一个月多少钱', row ?? '')).toBe(false)
    expect(readCells('开放时间：8:30至17:00；每次：10元')).toEqual([{ name: '开放时间', value: '8:30至17:00' }, { name: '每次', value: '10元' }])
  })

  it('make a list of the column that is asked for, not of their numbers', () => {
    const rows = FILING.passages.slice(1).map(({ text }) => text)
    expect(listOfRows('要交哪些材料', rows)).toEqual(MATERIAL_NAMES)
  })
})
