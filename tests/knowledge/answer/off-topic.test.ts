import { describe, expect, it } from 'vitest'
import { readOffTopic } from '../../../src/knowledge/answer/off-topic/off-topic.ts'

describe('What only a person may tell is personal data', () => {
  it.each([
    '王大妈家住几单元', '我们单元602住的谁', '网格员小刘家在哪住', '隔壁老李头一个月退休金多少', '谁家欠物业费了', '矫正人员都有谁', '新搬来那户有几口人', '把全楼业主电话发我一份',
    '帮我找个人叫马国庆', '社区书记老婆在哪上班', '查一下周建国的手机号', '帮我查一下车牌黑P12345是谁的', '老赵两口子离没离', '谁把我告了',
  ])('%s', (question) => {
    expect(readOffTopic(question)).toBe('personal_data')
  })
})

describe('Questions of policy about persons are looked up', () => {
  it.each([
    '网格员的电话在哪公布', '社区主任是怎么选出来的', '居民代表名单公开吗', '出租房租户信息要登记吗', '信教的人社区怎么引导', '镇里那个服务中心得建多大，管多少家', '小张考上社工证有补贴吗', '社区矫正人员有什么服务',
    '隔壁老王开小轿车还吃着低保，大伙儿有意见该跟谁反映', '房东把一间房塞了四个人住，一间最多准住几个', '楼上都是住人的，楼下能卖烟花吗', '王大爷想当志愿者怎么登记', '楼上吵架谁管', '问养老金的事打哪个电话', '社区干部要走访几户', '谁家有困难邻居怎么帮',
  ])('%s', (question) => {
    expect(readOffTopic(question)).toBeNull()
  })
})

describe('Treatment, verdicts and the weather have their own sentence; help and work around them are looked up', () => {
  it.each([
    ['脚崴了要冰敷还是热敷', 'medical'],
    ['老人便秘咋办', 'medical'],
    ['耳鸣怎么治', 'medical'],
    ['合同违约金怎么算', 'legal'],
    ['遗嘱没公证有效吗', 'legal'],
    ['晚上有雷阵雨没', 'weather'],
    ['最近几天会降温吗', 'weather'],
    ['我妈腿疼下不了楼社区能代办吗', null],
    ['老人心脏不好一个人住有人管没', null],
    ['打官司没钱怎么办社区有援助吗', null],
    ['下大雪谁扫', null],
    ['天冷了暖气不热找谁', null],
    ['明天最高多少度', 'weather'],
    ['一个月最多用多少度', null],
  ])('%s', (question, topic) => {
    expect(readOffTopic(question)).toBe(topic)
  })
})
