import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKnowledge } from '../../src/knowledge/load.ts'
import { findAddress } from '../../src/language/values/addresses.ts'
import { findCommand } from '../../src/language/commands.ts'
import { findName } from '../../src/language/names.ts'
import { createUnderstanding } from '../../src/language/understand.ts'
import type { Understand } from '../../src/language/understand.ts'
import { NOW } from './labelled/label.ts'

let understand: Understand
beforeAll(async () => {
  understand = createUnderstanding(await loadKnowledge(path.resolve(import.meta.dirname, '../../knowledge')))
})
const slotsOf = (text: string) => understand(text, { now: NOW }).slots

describe('speech turned into text without marks', () => {
  test.each([
    ['我住3号楼我姓曹曹玉兰我手机号是13845706666', '曹玉兰'],
    ['住红旗小区6号楼601我姓杨叫杨德福今年七十三了', '杨德福'],
    ['缺的话给我登记上 我姓徐徐广林', '徐广林'],
    ['我叫林秀文六十三', '林秀文'],
    ['我孙女十二岁想当小志愿者叫佟欣然', '佟欣然'],
    ['本人陈志刚住江畔小区6号楼1单元', '陈志刚'],
    ['我叫王刚电话13800138001', '王刚'],
    ['我叫李红刚搬来', '李红'],
    ['我家孩子16岁叫吴浩然想当小志愿者', '吴浩然'],
  ])('the name in %s', (text, name) => {
    expect(slotsOf(text).name ?? findName(text)).toBe(name)
  })

  test('the age of a child who is signed up, said before the name', () => {
    expect(slotsOf('我家孩子16岁叫吴浩然想当小志愿者')).toMatchObject({ name: '吴浩然', age: 16 })
    expect(slotsOf('退休教师一个 想给孩子们辅导作业 怎么报名志愿者 我叫林秀文六十三')).toMatchObject({ name: '林秀文', age: 63 })
  })

  test('an age beside a name, without 岁', () => {
    expect(slotsOf('我会电焊也会修自行车 闲着没事想给大伙出点力 五十八 叫罗永贵')).toMatchObject({ name: '罗永贵', age: 58, skills: ['电焊', '修自行车'] })
    expect(slotsOf('想当志愿者，会打篮球，也会辅导作业').skills).toEqual(['打篮球', '辅导作业'])
    expect(slotsOf('想报名当志愿者 我叫童欣 20 13766667777')).toMatchObject({ name: '童欣', age: 20, phone: '13766667777' })
    expect(slotsOf('老太太我八十三了自己过 眼神不好 换个灯泡都费劲').age).toBe(83)
    expect(slotsOf('楼道灯坏了 3号楼 20 13766667777').name).toBeUndefined()
  })

  test('a name that holds a festival is no date', () => {
    expect(slotsOf('小区的健身器材坏了 白桦小区 我叫吴国庆13600009999')).toMatchObject({ name: '吴国庆', phone: '13600009999' })
    expect(slotsOf('小区的健身器材坏了 白桦小区 我叫吴国庆13600009999').time).toBeUndefined()
    expect(slotsOf('我叫吴国庆，国庆节那天楼道灯坏了').time).toBe('2026-10-01')
  })

  test('what goes on every night, or until some hour, is no point in time', () => {
    expect(slotsOf('楼上天天晚上十一二点还在蹦跶').time).toBeUndefined()
    expect(slotsOf('楼下跳广场舞音响放到九点多，吵得孩子写不了作业').time).toBeUndefined()
    expect(slotsOf('昨天晚上十一二点楼上还在蹦跶').time).toBe('2026-11-23T23:00')
    expect(slotsOf('暖气不热，请明天下午三点来人修').time).toBe('2026-11-25T15:00')
  })

  test.each([
    ['下周三我得上医院复查眼睛，没人陪', undefined],
    ['楼下跳广场舞吵得睡不着', undefined],
    ['路灯不亮 朝阳路口', '朝阳路口'],
    ['人民医院后门的灯坏了', '人民医院后门'],
  ])('the place in %s', (text, place) => {
    expect(findAddress(text)).toBe(place)
  })

  test('the description holds neither who speaks nor where they live nor how old they are', () => {
    const { description } = slotsOf('我家房顶子一下雨就漏 我找物业物业说不归他管 我住红旗小区6号楼顶楼3单元601我姓杨叫杨德福今年七十三了电话13904578888')
    expect(description).toContain('一下雨就漏')
    expect(description).not.toMatch(/杨|红旗|601|七十三|1390/)
    expect(slotsOf('楼道灯瞎了一个多月了，你给我记一下我姓史史秀芝我儿子电话13604571122').description).toBe('楼道灯瞎了一个多月了')
    expect(slotsOf('我替我妈报一下 她家暖气一点不热 她叫高秀兰 住和平小区9号楼 电话13812121212').description).toBe('我替我妈报一下，她家暖气一点不热')
    expect(slotsOf('树枝子快掉下来砸人了 江畔小区3号楼前 我姓韩叫韩玉梅 13533332222').description).toBe('树枝子快掉下来砸人了')
  })
})

test.each(['超市跳楼价大甩卖', '看见她跟过了电似的', '这是救命钱', '钥匙锁屋里了', '帽子掉下去了', '灯着了一宿', '孩子的球掉下去了', '台阶没扶手，摔着老人咋办'])('%s is no emergency', (text) => {
  expect(understand(text, { now: NOW }).intent).not.toBe('emergency')
})

test.each(['她一口气吞了半瓶药片', '有人把好多药都吃下去了', '煤气管道让挖沟机挖断了', '闻着天燃气味', '我妈摔了一跤起不来', '像是煤烟中毒了'])('%s is an emergency', (text) => {
  expect(understand(text, { now: NOW }).intent).toBe('emergency')
})

describe('announcements called off in more words', () => {
  test.each(['以后别给我发通知了', '今后不要再给我推送消息了', '我不想收通知了', '别再给我发公告'])('%s', (text) => {
    expect(findCommand(text)).toEqual({ type: 'unsubscribe' })
    expect(understand(text, { now: NOW }).intent).not.toBe('announcement_admin')
  })
})

test('a question about hours in the middle of a form is a question', () => {
  expect(understand('你们几点下班', { now: NOW, form: 'service_request' }).intent).toBe('ask_policy')
  expect(understand('明天几点都行', { now: NOW, form: 'service_request' }).intent).toBe('service_request')
})

describe('a heading before the matter', () => {
  test.each(['报修：垃圾三天没人收', '投诉 楼道堆满杂物没人清', '报修：楼道灯坏了一直没人修'])('%s reports something new', (text) => {
    expect(understand(text, { now: NOW }).intent).toBe('service_request')
  })
  test.each(['报修，怎么还没来', '报修：什么时候来人', '报修的事怎么样了'])('%s asks after what was reported', (text) => {
    expect(understand(text, { now: NOW }).intent).toBe('request_status')
  })
})

test.each([
  ['我想当志愿者，会跑腿，住幸福小区，周末有空', ['跑腿']],
  ['我会开车，住在迎宾小区，想报名当义工', ['开车']],
])('where somebody lives is nothing they can do: %s', (text, skills) => {
  expect(slotsOf(text).skills).toEqual(skills)
})
