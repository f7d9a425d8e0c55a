import { describe, expect, test } from 'vitest'
import type { Area } from '../../../src/domain/services.ts'
import type { FormId, Slots } from '../../../src/domain/messages/understanding.ts'
import { readMarks } from '../../../src/knowledge/documents/load-talk.ts'
import { readSlots } from '../../../src/language/reader/slots.ts'
import { NOW } from '../labelled/label.ts'

const AREAS: readonly Area[] = []

/** The values of a message as the tagger marked it, rightly or wrongly. */
function valuesOf(marked: string, form: FormId = 'service_request'): Slots {
  const { text, spans } = readMarks(marked, (what) => expect.fail(what))
  return readSlots(text, spans, { form, now: NOW, areas: AREAS })
}

describe('whose a telephone number is', () => {
  test.each([
    ['of two, the one that the speaker calls theirs', '[曲](other_name)师傅的手机[13800000001](phone)，我的手机[13800000002](phone)', '13800000002'],
    ['the one to be noted, not the one that is engaged', '物业[小郑](name)他电话 [13800000001](phone) 占线，你记我的 [13800000002](phone)', '13800000002'],
    ['not the one that is no longer used', '旧号 [13800000001](phone) 作废，新的 [13800000002](phone)', '13800000002'],
    ['the one behind the own name', '找[季小二](other_name)，[13800000001](phone)，我是[柏长庚](name)，电话[13800000002](phone)', '13800000002'],
    ['the only one, whatever else is not to be called', '电话[13800000001](phone)，别打座机', '13800000001'],
    ['nobody\'s that is only told of another', '[13800000001](phone)是我班长的，我自己还没办卡', undefined],
  ])('%s', (_, marked, phone) => {
    expect(valuesOf(marked).phone).toBe(phone)
  })

  test('the other number is kept beside it', () => {
    expect(valuesOf('[王磊](other_name)的手机13800000001，打我这个13800000002').forWhom?.phone).toBe('13800000001')
  })
})

describe('somebody else who is to be reached', () => {
  test.each([
    ['联系我媳妇[小葛](other_name)[13800000002](other_phone)，[屋里灯管坏了](problem)', '小葛'],
    ['[灯管坏了](problem)，有事找我儿子[覃亮](other_name)，[13800000002](other_phone)', '覃亮'],
    ['我叫[栾玉](name)，联系我弟弟[13800000002](other_phone)', '栾玉'],
  ])('stands for who speaks, where no own number is given: %s', (marked, name) => {
    expect(valuesOf(marked)).toMatchObject({ name, phone: '13800000002' })
    expect(valuesOf(marked).forWhom).toBeUndefined()
  })

  test('does not where the speaker gives one', () => {
    expect(valuesOf('联系我媳妇[小葛](other_name)[13800000002](other_phone)，我的是[13800000001](phone)')).toMatchObject({ phone: '13800000001', forWhom: { name: '小葛' } })
  })
})

describe('when somebody should come', () => {
  test.each([
    ['the hour that follows the marked day', '[后天](time)下午三点半来', '2026-11-26T15:30'],
    ['minutes that follow the marked hour', '[明天下午两点](time)半正好', '2026-11-25T14:30'],
    ['day and hour told apart', '[十二月六号](time)我休息，[下午四点](time)来', '2026-12-06T16:00'],
    ['the hour first, the day after it', '[上午十一点](time)以后来，[明天](time)', '2026-11-25T11:00'],
    ['when it happened, with its hour, where nothing is wanted', '[昨天](past_time)下午四点没的', '2026-11-23T16:00'],
  ])('%s', (_, marked, time) => {
    expect(valuesOf(marked).time).toBe(time)
  })
})

describe('the community', () => {
  test.each([
    ['the narrower one, which stands behind the wider', '住[学府社区](community)[翰林苑](community)[3号楼](address)', '翰林苑'],
    ['as it is called', '[幸福里小区](community)车棚', '幸福里小区'],
  ])('%s', (_, marked, community) => {
    expect(valuesOf(marked).community).toBe(community)
  })
})

test('a time is taken whole where only its beginning was marked', () => {
  expect(valuesOf('[周六上午9](time)点陪我妈去医院看病').time).toMatch(/T09:00/)
})

describe('whose an age is', () => {
  test.each([
    ['the speaker’s, right behind their own telephone', '我叫[张建国](name)，电话[13800000001](phone)，[45](other_age)岁', 45],
    ['the speaker’s, right behind their own name', '[张建国](name)，年龄[45](other_age)', 45],
    ['somebody else’s, who stands between', '我叫[张建国](name)，电话[13800000001](phone)，我妈[82](other_age)岁', undefined],
    ['somebody else’s, behind that one’s name', '我叫[张建国](name)，我跟[严寒](other_name)，[31](other_age)', undefined],
  ])('%s', (_, marked, age) => {
    expect(valuesOf(marked, 'volunteer_signup').age).toBe(age)
  })
})
