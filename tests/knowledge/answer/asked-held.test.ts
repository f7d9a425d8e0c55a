import { describe, expect, it } from 'vitest'
import { readAskedThing } from '../../../src/knowledge/answer/bare/asked-held.ts'
import { readAskedKinds } from '../../../src/knowledge/find/questions/asked-kind.ts'

const thingOf = (question: string) => readAskedThing(readAskedKinds(question), question)

describe('What must stand in the words that answer', () => {
  it.for([
    ['维修资金的申请多久能审完', '应当在两个工作日内完成审核。'],
    ['住满多久能办', '到其他城市居住半年以上的，可以申领。'],
    ['手续啥时候给办', '每学期开学前、后一周统一办理。'],
    ['屋里太冷，热费能退多少', '应当退还用热费的百分之五十。'],
    ['装电梯得多少人点头才行', '占总人数三分之二以上的业主书面签署同意。'],
    ['一家最多能养几条狗', '每户只准养一只犬。'],
    ['问低保的电话是多少', '咨询电话：83210000。'],
    ['学生医保个人出多少比例', '个人按缴费基数0.2%缴纳。'],
    ['一次最多充几个钟头', '充电时间不应超过10个小时。'],
    ['一间最多准住几个', '每间居住人数不得超过2人。'],
    ['我们几户想开业主大会，要多少业主提出来', '经20%以上的业主提议。'],
    ['上头每年给这事拨多少钱', '每年拨付5万元。'],
  ] as const)('“%s” is held by “%s”', ([question, text]) => {
    expect(thingOf(question)?.isHeldBy(text) ?? true).toBe(true)
  })

  it('is a sum where the column says that it is money', () => {
    expect(thingOf('一个月能给多少钱')?.isHeldBy('年龄：90至99周岁；低保、特困老人（元/月）：270')).toBe(true)
  })

  it.for([
    ['一次罚多少钱', '由主管部门责令改正。'],
    ['工龄要满几年', '应当提交本人身份证。'],
    ['不牵绳子要罚好多', '遛狗应当牵绳。'],
    ['落户得攒够多少分', '可以建立积分落户制度。'],
    ['一平方米热费多少钱', '用户应当按时交纳热费，百分之五由街道承担。'],
  ] as const)('“%s” is not held by “%s”', ([question, text]) => {
    expect(thingOf(question)?.isHeldBy(text)).toBe(false)
  })

  it('is nothing where a number is only told', () => {
    expect(thingOf('那几个人的补贴从哪儿出')).toBeNull()
    expect(readAskedKinds('多出来那几平米算不算超')).not.toContain('area')
    expect(readAskedKinds('最低得给到多少度')).not.toContain('amount')
    expect(readAskedKinds('过节那几天能不能放炮')).not.toContain('duration')
  })
})
