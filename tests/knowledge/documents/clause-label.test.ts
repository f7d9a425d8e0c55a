import { describe, expect, it } from 'vitest'
import { readClauseHeading } from '../../../src/knowledge/documents/clause-label.ts'

describe('a clause heading', () => {
  it.each([
    ['第十二条 服务时间', '12', '服务时间'],
    ['第一百零五条', '105', ''],
    ['第12条：费用', '12', '费用'],
    ['第十二条之一 补充', '12-1', '补充'],
    ['（十三）加强社区志愿服务工作', '13', '加强社区志愿服务工作'],
    ['(三十七)积极开展', '37', '积极开展'],
    ['（5）收费', '5', '收费'],
    ['12 开放时间', '12', '开放时间'],
    ['12. 开放时间', '12', '开放时间'],
    ['12、开放时间', '12', '开放时间'],
    ['二〇二四', null, ''],
    ['一、总则', null, ''],
    ['第二章 设施', null, ''],
    ['2012年的任务', null, ''],
    ['12.3 细则', null, ''],
  ])('%s is read as clause %s', (heading, clause, title) => {
    expect(readClauseHeading(heading)).toEqual(clause === null ? null : { clause, title })
  })
})

describe('a label in words', () => {
  it.each([
    ['前言', '前言', ''],
    ['附件1 申请表填写说明', '附件1', '申请表填写说明'],
    ['附件一：收费明细', '附件1', '收费明细'],
    ['附件一第三条', '附件1第3条', ''],
    ['附件2问答3 几点关门？', '附件2问答3', '几点关门？'],
    ['表1第3行 电动车', '表1第3行', '电动车'],
    ['问答5 车棚几点关门？', '问答5', '车棚几点关门？'],
    ['通知第二项', '通知第2项', ''],
    ['第2部分第3条之一', '第2部分第3条之1', ''],
    ['关于落实条例第三条', null, ''],
    ['附件材料说明', null, ''],
    ['第三项', null, ''],
    ['问答', null, ''],
    ['表彰奖励', null, ''],
  ])('%s is read as %s', (heading, clause, title) => {
    expect(readClauseHeading(heading)).toEqual(clause === null ? null : { clause, title, isNamed: true })
  })
})
