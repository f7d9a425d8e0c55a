import { describe, expect, it } from 'vitest'
import { leadIn } from '../../../src/knowledge/answer/extract/answer-text.ts'
import { listItems } from '../../../src/knowledge/answer/extract/list-items.ts'
import { shortAnswer } from '../../../src/knowledge/answer/extract/short-answer.ts'

describe('The words before a quote', () => {
  it('are the figure itself when the quote holds just one of the kind asked for', () => {
    expect(leadIn(['area'], '社区用房每百户要多大', '社区服务用房每百户不少于20平方米的标准')).toBe('不少于20平方米。文件写的是：')
    expect(leadIn(['amount'], '地区财政一年列支多少钱', '地区财政每年列支500万元社区建设专项资金')).toBe('500万元。文件写的是：')
  })

  it('never choose among figures that are equally near, and never name a kind that the quote does not hold', () => {
    expect(leadIn(['amount'], '每年投多少钱', '塔河县100—200万元,其他区80—100万元')).toBe('关于钱数，文件写的是：')
    expect(leadIn(['amount'], '每年投多少钱', '给予学费补贴')).toBe('文件里是这样写的：')
  })
})

describe('A short answer', () => {
  it('is the figure in the part of the sentence that speaks of what was asked', () => {
    const quote = '塔河县每年投入要达到100—200万元,图强林业局每年的投入要达到80—100万元。'
    expect(shortAnswer(['amount'], '图强林业局一年投多少钱', quote)).toBe('80—100万元')
    expect(shortAnswer(['amount'], '塔河县一年投多少钱', quote)).toBe('100—200万元')
  })

  it('is the year with what stands behind it, the number with the thing counted, who does it, what is allowed', () => {
    expect(shortAnswer(['date'], '哪年建成', '到2015年底,建制村全部建成。')).toBe('2015年底')
    expect(shortAnswer(['count'], '一共几级网络', '完善地、县、镇、村四级网络。')).toBe('四级')
    expect(shortAnswer(['office'], '居民集体所有的由谁管理', '产权为居民集体所有,由社区居委会管理,收益归居民。')).toBe('由社区居委会管理')
    expect(shortAnswer(['yesNo'], '用房能转卖吗', '社区服务用房不得转卖、转变用途,确保财产不流失。')).toBe('不得转卖、转变用途')
  })

  it('is none where the figure stands in a sentence about something else, or was stated in the question', () => {
    expect(shortAnswer(['area'], '县里那个中心管的范围有多大', '街道服务站面积要达到500平方米以上。')).toBeNull()
    expect(shortAnswer(['share', 'duration'], '志愿者占一成的目标几年内完成', '用3—5年的时间,达到志愿者占居民10%以上的目标。')).toBe('3—5年的时间')
    expect(shortAnswer(['phone'], '12349是什么热线', '建立12349民政社区服务热线。')).toBeNull()
  })

  it('is none where a rule is about something else, or reaches into words that it would cut off', () => {
    expect(shortAnswer(['yesNo'], '能养鸡吗', '社区服务用房不得转卖、转变用途,确保财产不流失。')).toBeNull()
    expect(shortAnswer(['office'], '商铺的产权归谁', '产权为居民集体所有,由社区居委会管理,收益归居民。')).toBeNull()
    expect(shortAnswer(['office'], '准入制谁推行', '由县、区社区建设办公室牵头负责推行“准入制”,统一批办。')).toBeNull()
  })
})

describe('The items of an enumeration', () => {
  it('are cut free of the words around the list, each in its own words', () => {
    expect(listItems('利用哪些传统节日', '利用春节、清明、端午、中秋等民族传统节日')).toEqual(['春节', '清明', '端午', '中秋'])
    expect(listItems('下属有哪些委员会', '设立社保福利、治安保卫、公共卫生、文体娱教或物业管理等下属委员会')).toEqual(['社保福利', '治安保卫', '公共卫生', '文体娱教或物业管理'])
    expect(listItems('交哪些保险', '足额缴纳养老保险、医疗保险、生育保险和住房公积金。')).toEqual(['养老保险', '医疗保险', '生育保险', '住房公积金'])
  })

  it('are those of the enumeration that the question asks for', () => {
    const quote = '依托信访站、治保会、巡防队等资源和力量构建民情流水线,开展纠纷化解、治安防范、法制宣传等工作。'
    expect(listItems('依托哪些力量', quote)).toEqual(['信访站', '治保会', '巡防队'])
    expect(listItems('开展哪些工作', quote)).toEqual(['纠纷化解', '治安防范', '法制宣传'])
    expect(listItems('有哪些', quote)).toEqual([])
    expect(listItems('资源和力量做什么', quote)).toEqual([])
  })

  it('end at 等, and stay whole where they all begin alike', () => {
    expect(listItems('哪些群体需要帮助', '面向老年人、残疾人、未成年人等群体需要关注、帮助')).toEqual(['老年人', '残疾人', '未成年人'])
    expect(listItems('投入的新机制包括什么', '以政府投入为主体、社会化运作为补充、共驻共建为推动的社区投入新机制')).toEqual(['以政府投入为主体', '社会化运作为补充', '共驻共建为推动'])
  })

  it('are none where the list does not show its own ends, or there is no list', () => {
    expect(listItems('哪些县', '塔河县、漠河县、呼玛县、加格达奇区每年城乡社区建设投入要达到200万元')).toEqual([])
    expect(listItems('哪些', '加强领导')).toEqual([])
  })
})
