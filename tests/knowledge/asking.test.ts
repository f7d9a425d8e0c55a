import { describe, expect, it } from 'vitest'
import { holdsKind, isWhollyStrict, readAskedKinds } from '../../src/knowledge/find/questions/asked-kind.ts'
import { agrees, readFigures } from '../../src/knowledge/find/words/figures.ts'
import { completeQuestion, readFollowUp } from '../../src/knowledge/answer/follow-up.ts'
import { readOffTopic } from '../../src/knowledge/answer/off-topic/off-topic.ts'
import { splitAsking } from '../../src/knowledge/answer/question-parts.ts'
import { findFalsePremise } from '../../src/knowledge/premise/premise.ts'

describe('The kind of thing asked', () => {
  it.each([
    ['低保一个月多少钱', 'amount'],
    ['志愿者要占居民的百分之几', 'share'],
    ['服务站要多大面积', 'area'],
    ['服务半径几公里', 'distance'],
    ['社区办公室电话是多少', 'phone'],
    ['中午几点上班', 'clock'],
    ['哪年全部建成', 'date'],
    ['要等多久', 'duration'],
    ['一个小组管多少户', 'households'],
    ['一个社区配几个社工', 'people'],
    ['办这个要带什么材料', 'materials'],
    ['这事哪个部门管', 'office'],
    ['商铺租金归谁', 'office'],
    ['能领几个钱', 'amount'],
    ['给盖个多大的房子', 'area'],
    ['得多长工夫', 'duration'],
    ['多咱能建好', 'date'],
    ['几几年能整完', 'date'],
    ['哪个衙门管', 'office'],
    ['哪家负责', 'office'],
    ['达到啥程度才给', 'condition'],
    ['得带啥', 'materials'],
    ['有啥办法', 'procedure'],
    ['咋整', 'procedure'],
    ['这是咋回事', 'definition'],
    ['都管些啥', 'list'],
    ['搞啥活动', 'list'],
    ['给报销嘛', 'yesNo'],
    ['该不该', 'yesNo'],
    ['图啥', 'reason'],
  ] as const)('%s asks for %s', (question, kind) => {
    expect(readAskedKinds(question)).toContain(kind)
  })

  it('is not read from 什么 at the end as from 么 in 行么', () => {
    expect(readAskedKinds('行么')).toContain('yesNo')
    expect(readAskedKinds('说的是什么')).not.toContain('yesNo')
  })

  it('is looked for in the words that answer', () => {
    expect(holdsKind('amount', '每年列支500万元')).toBe(true)
    expect(holdsKind('amount', '逐步提高待遇')).toBe(false)
    expect(holdsKind('share', '占居民人口10%以上')).toBe(true)
    expect(holdsKind('yesNo', '任何话')).toBe(true)
  })

  it('is not demanded of the whole when a part of the question asks for something else', () => {
    expect(isWhollyStrict('一个月工资多少')).toBe(true)
    expect(isWhollyStrict('一个月工资多少，五险一金给交吗')).toBe(false)
  })
})

describe('A follow-up', () => {
  it.each([
    ['那面积呢？', '面积'],
    ['农村呢', '农村'],
    ['那多少钱', '多少钱'],
    ['谁来管', '谁来管'],
  ])('%s goes on with %s', (question, added) => {
    expect(readFollowUp(question)).toBe(added)
  })

  it('is not seen in a question that stands by itself', () => {
    expect(readFollowUp('社区志愿者要占居民人口的多少')).toBeNull()
    expect(readFollowUp('物业跑了没人管怎么办')).toBeNull()
  })

  it('is completed by the question before, and stays as it is without one', () => {
    expect(completeQuestion('那面积呢？', '街道社区服务中心服务多少户？')[0].question).toBe('街道社区服务中心服务多少户，面积？')
    expect(completeQuestion('那面积呢？', undefined)).toEqual([{ question: '那面积呢？', asked: '那面积呢？' }])
  })

  it.each([
    ['街道社区服务中心要服务多少户', '那面积呢？', '街道社区服务中心面积？'],
    ['街道的服务中心得多大', '那村里的呢', '村里的服务中心得多大？'],
    ['物业不管了的楼谁来管', '那没物业的呢', '没物业的楼谁来管？'],
    ['城市社区居民小组怎么划分', '农村呢', '农村社区居民小组怎么划分？'],
    ['塔河县每年投多少钱', '那图强林业局呢', '图强林业局每年投多少钱？'],
    ['志愿者怎么报名', '要钱不', '志愿者要钱不？'],
    ['社区有心理咨询吗', '健身的呢', '社区有健身吗？'],
  ])('after %s, %s may mean %s', (previous, question, meant) => {
    expect(completeQuestion(question, previous).map((completed) => completed.question)).toContain(meant)
  })
})

describe('A question that asks twice', () => {
  it.each([
    ['弃管楼怎么管，社区用房能不能卖', ['弃管楼怎么管，', '社区用房能不能卖']],
    ['我是网格员，天天填表到半夜，这表能不能少点，下班了谁值班', ['我是网格员，天天填表到半夜，这表能不能少点，', '下班了谁值班']],
    ['社区建设谁牵头，又是谁监督啊', ['社区建设谁牵头，', '社区建设又是谁监督啊']],
  ])('%s has its parts', (question, parts) => {
    expect(splitAsking(question)).toEqual(parts)
  })

  it.each(['社区志愿者要占多少', '村小学撤了，教室空着，能不能给大伙用', '对门姓啥都不知道，有没有让街坊认识的活动', '便民站的人怎么招？要考试吗？', '每百户20平方米，对吗'])('%s asks once', (question) => {
    expect(splitAsking(question)).toEqual([question])
  })
})

describe('What no document answers', () => {
  it.each([
    ['', 'blank'],
    ['😀😀', 'blank'],
    ['？？？', 'blank'],
    ['asdfgh qwer', 'garbage'],
    ['啊啊啊啊啊啊啊啊', 'garbage'],
    ['今天加格达奇天气怎么样', 'weather'],
    ['3号楼老王电话多少', 'personal_data'],
    ['隔壁李阿姨家住几楼几号，电话是多少', 'personal_data'],
    ['我头疼吃什么药', 'medical'],
    ['邻居打了我能判几年', 'legal'],
  ] as const)('%s is %s', (question, topic) => {
    expect(readOffTopic(question)).toBe(topic)
  })

  it.each(['打官司请不起律师怎么办', '被人骗了想告他，上哪儿问法律上的事', '12349是什么电话', '老年人看病有什么照顾', '楼上装修吵死了有人管吗'])('%s is looked up', (question) => {
    expect(readOffTopic(question)).toBeNull()
  })
})

describe('Figures', () => {
  it('are read in digits and in Chinese words, with ranges and bounds', () => {
    expect(readFigures('每百户不少于20平方米')).toMatchObject([{ unit: '户', from: 100 }, { unit: '平方米', from: 20, to: 20 }])
    expect(readFigures('100—200万元')).toMatchObject([{ unit: '元', from: 1_000_000, to: 2_000_000 }])
    expect(readFigures('百分之十')).toMatchObject([{ unit: '%', from: 10 }])
    expect(readFigures('三百户')).toMatchObject([{ unit: '户', from: 300 }])
    expect(readFigures('2013年底')).toMatchObject([{ unit: '年份', from: 2013 }])
    expect(readFigures('没有数字')).toEqual([])
  })

  it('agree when they overlap', () => {
    const [range] = readFigures('500—1500户')
    const [inside] = readFigures('800户')
    const [outside] = readFigures('80户')
    if (range === undefined || inside === undefined || outside === undefined) throw new Error('a figure was not read')
    expect(agrees(range, inside)).toBe(true)
    expect(agrees(range, outside)).toBe(false)
  })
})

describe('A false premise', () => {
  const text = '示范社区服务半径为2公里,服务规模为5000户左右。精品社区,面积要达到500平方米以上,服务半径为1公里。达标社区,面积在300平方米以上。'

  it('is found in a question that asserts', () => {
    expect(findFalsePremise('精品社区面积要达到300平方米对吧', text)).toMatchObject({ kind: 'figure', actual: { from: 500 } })
  })

  it('is found in a question that only presupposes', () => {
    expect(findFalsePremise('服务半径5公里的示范社区归谁管', text)).toMatchObject({ kind: 'figure', actual: { from: 2 } })
  })

  it('is not seen where the figure is right', () => {
    expect(findFalsePremise('精品社区面积要达到500平方米对吧', text)).toBeNull()
  })

  it("is not seen in somebody's own situation", () => {
    expect(findFalsePremise('我家房子80平方米能当活动室吗', text)).toBeNull()
  })
})
