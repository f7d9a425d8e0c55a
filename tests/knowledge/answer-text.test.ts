import { describe, expect, it } from 'vitest'
import { leadIn, listItems } from '../../src/knowledge/answer-text.ts'

describe('The words before a quote', () => {
  it('are the figure itself when the quote holds just one of the kind asked for', () => {
    expect(leadIn(['area'], '社区服务用房每百户不少于20平方米的标准')).toBe('不少于20平方米。文件写的是：')
    expect(leadIn(['amount'], '地区财政每年列支500万元社区建设专项资金')).toBe('500万元。文件写的是：')
  })

  it('never choose among several figures, and never name a kind that the quote does not hold', () => {
    expect(leadIn(['amount'], '塔河县100—200万元,其他区80—100万元')).toBe('关于钱数，文件写的是：')
    expect(leadIn(['amount'], '给予学费补贴')).toBe('文件里是这样写的：')
  })
})

describe('The items of an enumeration', () => {
  it('are cut free of the words around the list', () => {
    expect(listItems('利用春节、清明、端午、中秋等民族传统节日')).toEqual(['春节', '清明', '端午', '中秋'])
    expect(listItems('设立社保福利、治安保卫、公共卫生、文体娱教或物业管理等下属委员会')).toEqual(['社保福利', '治安保卫', '公共卫生', '文体娱教'])
  })

  it('are none where the list does not show its own ends, or there is no list', () => {
    expect(listItems('社保、就业服务、民政救助、卫生等职能')).toEqual([])
    expect(listItems('面向老年人、残疾人、未成年人、社区矫正对象的服务')).toEqual([])
    expect(listItems('加强领导')).toEqual([])
  })
})
