import { afterAll, beforeAll, describe, it } from 'vitest'
import { openTestAssistant, type TestAssistant } from '../support/assistant.ts'
import { play } from '../support/transcript.ts'

let test: TestAssistant
beforeAll(async () => {
  test = await openTestAssistant()
})
afterAll(() => test.close())

let residents = 0
const conversation = (name: string, transcript: string) => it(name, () => play(test, `resident-${(residents += 1)}`, transcript))

describe('consent', () => {
  conversation('is two lines; what is said meanwhile is taken in, questions are answered, corrections count', `
    居民：灯坏了
    邻里：先记下：…灯坏了…您同意吗
    邻里不说：谁保存
    居民：看说明
    邻里：谁保存…存多久…不同意会怎样…您同意吗
    居民：社区志愿者要占居民多少？
    邻里：10%…我们接着刚才的…您同意吗
    邻里不说：谁保存
    居民：不是灯，是水管
    邻里：水管坏了…您同意吗
    居民：3号楼2单元，我叫王芳
    邻里：3号楼2单元…王芳…您同意吗
    居民：同意
    邻里：电话
    居民：13800138001
    居民：确认
    邻里：已登记
    登记：水管漏水|水管坏了|3号楼2单元|王芳|13800138001
  `)

  conversation('can be called off', `
    居民：灯坏了
    居民：取消
    邻里：已经取消
  `)

  conversation('that is refused still lets a public fault be reported, without name and telephone', `
    居民：3号楼2单元路灯坏了，我叫王芳，电话13800138001
    居民：不同意
    邻里：不登记…公共照明是公共的事…不留姓名电话也能报
    居民：不留姓名报修
    邻里：请您看看…路灯坏了…3号楼2单元
    邻里不说：姓名：…电话：
    居民：确认
    邻里：已登记
    登记：公共照明|3号楼2单元路灯坏了|3号楼2单元|-|-
  `)

  conversation('that is refused ends what is nobody else’s business', `
    居民：家里下水道堵了，我叫王芳
    居民：不同意
    邻里：不登记
    邻里不说：要报吗
  `)
})

describe('community notices', () => {
  conversation('are offered once, after the receipt', `
    居民：3号楼2单元楼道灯坏了，我叫王芳，电话13800138001
    居民：同意
    居民：确认
    邻里：已登记…要发给您吗
    登记：公共照明|3号楼2单元楼道灯坏了|3号楼2单元|王芳|13800138001
    居民：不用了
    邻里：不发
    居民：下水道堵了
    居民：确认
    邻里：已登记
    邻里不说：要发给您吗
    登记：下水道堵塞|下水道堵了|3号楼2单元|王芳|13800138001
  `)
})

describe('the summary', () => {
  conversation('a remark is added to the matter and replaces nothing', `
    居民：3号楼2单元楼道灯坏了，我叫王芳，电话13800138001
    居民：同意
    居民：尽快来
    邻里：“尽快来”加到这件事里了
    居民：严重
    邻里：“严重”加到这件事里了…姓名：王芳
    居民：顶楼
    邻里：地址：3号楼2单元…姓名：王芳
    居民：白色的
    居民：确认
    登记：公共照明|3号楼2单元楼道灯坏了；尽快来；严重；顶楼；白色的|3号楼2单元|王芳|13800138001
  `)

  conversation('修改 → 类别 offers likely ones and takes typed ones', `
    居民：3号楼2单元楼道灯坏了，我叫王芳，电话13800138001
    居民：同意
    居民：修改
    邻里：哪一项
    居民：修改类别
    邻里：算哪一类
    居民：公共设施
    邻里：类别：公共设施
    居民：确认
    登记：公共设施|3号楼2单元楼道灯坏了|3号楼2单元|王芳|13800138001
  `)

  conversation('a second trouble is filed with the first, under a number of its own', `
    居民：灯坏了，还有下水道也堵了
    邻里：另外一件：下水道也堵了
    居民：同意
    居民：迎宾小区3号楼
    居民：王芳
    居民：13800138001
    邻里：请您看看…另外一件
    居民：还有电梯也坏了
    邻里：另外这一件也记下了
    居民：确认
    邻里：SR-…另外一件“下水道也堵了”，编号 SR-…另外一件“电梯也坏了”，编号 SR-
    登记：公共照明|灯坏了|迎宾小区3号楼|王芳|13800138001
    登记：下水道堵塞|下水道也堵了|迎宾小区3号楼|王芳|13800138001
    登记：电梯故障|电梯也坏了|迎宾小区3号楼|王芳|13800138001
  `)
})

describe('several things in one message', () => {
  conversation('a report and a question: both are served, the form goes on', `
    居民：灯坏了，另外社区志愿者要占居民多少
    邻里：10%…灯坏了…您同意吗
    居民：取消
  `)
})

describe('a thought in pieces', () => {
  conversation('ends as one complete request', `
    居民：厨房
    居民：下水道
    居民：堵了
    邻里：厨房下水道堵了
    居民：同意
    居民：3号楼
    居民：2单元
    居民：501
    居民：王芳
    居民：13800138001
    居民：确认
    登记：下水道堵塞|厨房下水道堵了|3号楼2单元501|王芳|13800138001
  `)
})

describe('values where others were asked', () => {
  conversation('a name at the address’s turn, an address at the name’s, a wrong number at the name’s', `
    居民：我要报修
    居民：同意
    居民：下水道堵了
    居民：刘桂兰
    邻里：姓名记下了…什么地方
    居民：幸福小区3号楼2单元501
    邻里：电话
    居民：1380013
    邻里：少了几位
    居民：13800138001
    居民：确认
    登记：下水道堵塞|下水道堵了|幸福小区3号楼2单元501|刘桂兰|13800138001
  `)

  conversation('a wrong number beside the name is explained at once', `
    居民：我要报修
    居民：同意
    居民：下水道堵了
    居民：幸福小区
    居民：3号楼2单元，我叫王芳1380013800
    邻里：少了几位…电话
    居民：13800138001
    邻里：地址：幸福小区3号楼2单元
    居民：取消
  `)

  conversation('我没有电话 is an answer, and staff read it', `
    居民：下水道堵了，3号楼2单元，我叫王芳
    居民：同意
    居民：我没有电话
    邻里：电话：没有电话
    居民：确认
    登记：下水道堵塞|下水道堵了（没有电话）|3号楼2单元|王芳|-
  `)
})

describe('a second report right after the first', () => {
  conversation('takes over who and where, and shows them', `
    居民：3号楼2单元楼道灯坏了，我叫王芳，电话13800138001
    居民：同意
    居民：确认
    登记：公共照明|3号楼2单元楼道灯坏了|3号楼2单元|王芳|13800138001
    过了60分钟
    居民：还是那个地址，还是我，水管漏水
    邻里：事情：水管漏水…地址：3号楼2单元…姓名：王芳…电话：13800138001
    居民：确认
    登记：水管漏水|水管漏水|3号楼2单元|王芳|13800138001
  `)

  conversation('also in the middle of it', `
    居民：3号楼2单元楼道灯坏了，我叫王芳，电话13800138001
    居民：同意
    居民：确认
    登记：公共照明|3号楼2单元楼道灯坏了|3号楼2单元|王芳|13800138001
    过了60分钟
    居民：水管漏水
    邻里：什么地方
    居民：还是那个地址
    邻里：还是原来的…地址：3号楼2单元
    居民：确认
    登记：水管漏水|水管漏水|3号楼2单元|王芳|13800138001
  `)
})

describe('for somebody else', () => {
  conversation('who calls and for whom stand apart, with both names and numbers', `
    居民：帮我妈刘桂兰报修，3号楼下水道堵了，我叫王芳，我的电话13800138001，她的电话13900139000
    邻里：姓名：王芳…电话：13800138001…替谁报：我妈 刘桂兰 电话 13900139000
    居民：同意
    居民：确认
    登记：下水道堵塞|帮我妈刘桂兰报修，3号楼下水道堵了（替谁报：我妈 刘桂兰 电话 13900139000）|3号楼|王芳|13800138001
  `)
})

describe('a long story', () => {
  const story = `下水道堵了，${'水从厨房一直漫到客厅里来了，'.repeat(8)}快没法住了`
  conversation('is shortened where it is repeated, and whole for staff', `
    居民：${story}
    邻里：…（全文都记下了）
    居民：同意
    居民：3号楼2单元
    居民：王芳
    居民：13800138001
    居民：确认
    登记：下水道堵塞|${story}|3号楼2单元|王芳|13800138001
  `)
})
