import { describe, expect, test } from 'vitest'
import { readChanges } from '../../src/language/changes/read-changes.ts'

/** Tuesday, 24 November 2026, 10:30 in Shanghai. */
const now = new Date('2026-11-24T10:30:00+08:00')
const KNOWN = { phone: '13900274415', address: '迎宾小区3号楼2单元501', time: '2026-11-27T14:30' }
type Slots = { phone?: string; address?: string }
const changes = (text: string, known: Partial<typeof KNOWN> = {}, { isCorrection = false, ...slots }: Slots & { isCorrection?: boolean } = {}) => readChanges(text, { ...KNOWN, ...known }, { slots, isCorrection, now })

describe('a part of the address that is put right is told with the rest of it', () => {
  test.each([
    ['说错了，我家是4单元，2单元是我对象她家', '迎宾小区3号楼4单元501'],
    ['不是2单元，是1单元', '迎宾小区3号楼1单元501'],
    ['我住6号楼，不是3号楼', '迎宾小区6号楼2单元501'],
    ['门牌记混了，402才对', '迎宾小区3号楼2单元402'],
    ['把8号楼写成3号楼了', '迎宾小区8号楼2单元501'],
    ['上面那个是旧的，写错了，现在就在这个小区，9号楼1单元203', '迎宾小区9号楼1单元203'],
    ['我们搬到林苑小区7号楼1单元602了', '林苑小区7号楼1单元602'],
  ])('%s', (text, value) => {
    expect(changes(text).address).toEqual({ value, isSure: true })
  })

  test.each([
    ['朝阳小区西门', '说反了，是东门', '朝阳小区东门'],
    ['朝阳小区8号楼南侧', '应该是北侧', '朝阳小区8号楼北侧'],
  ])('%s, “%s”: where beside it', (address, text, value) => {
    expect(changes(text, { address }).address).toEqual({ value, isSure: true })
  })

  test('a spot that is told under a name that is known is asked after, the name kept', () => {
    expect(changes('我说反了，在桥西，超市对面', { address: '跃进桥东头路灯下' }, { address: '桥西，超市对面' }).address).toEqual({ value: '跃进桥西，超市对面', isSure: false })
  })

  test.each([
    ['5号楼也停水了'],
    ['车牌看错了，是8F3，停在门口'],
    ['不是我说，3号楼都停了三天了'],
    ['师傅换了两回阀门，601也漏了'],
    ['你们弄错了吧，4单元的灯也没修'],
  ])('%s changes none', (text) => {
    expect(changes(text, {}, text.includes('8F3') ? { address: '8F3' } : {}).address).toBeUndefined()
  })

  test.each(['地址写错了', '说错了，是4单元，也可能是5单元'])('%s: it is not said to what', (text) => {
    expect(changes(text).address).toBe('unread')
  })

  test('another estate alone takes no house from what stands', () => {
    expect(changes('写错了，我住林苑小区', {}, { address: '林苑小区' }).address).toBe('unread')
  })
})

describe('the telephone', () => {
  test.each([
    ['电话尾数打反了，是51不是15', '13900274451'],
    ['手机号后四位写错了，应该是四四七幺', '13900274471'],
    ['我号码最后三位不是415，是514', '13900274514'],
    ['不对，尾号是6620', '13900276620'],
  ])('%s', (text, value) => {
    expect(changes(text).phone).toEqual({ value, isSure: true })
  })

  test.each(['留的号停机了，打这个13704571208', '我换手机号了 13704571208', '以后打13704571208找我', '手机号换了。13704571208。别打老的', '电话变更，13704571208'])('%s: another number', (text) => {
    expect(changes(text, {}, { phone: '13704571208' }).phone).toEqual({ value: '13704571208', isSure: true })
  })

  test('in place of one that is no more in use it is theirs, whoever it was read to be of', () => {
    expect(changes('报的那个号停机了 往后打幺三七 零四五七 幺二零八').phone).toEqual({ value: '13704571208', isSure: true })
  })

  test('a number that may be the own one or not is asked after', () => {
    expect(changes('13704571208', {}, { phone: '13704571208' }).phone).toEqual({ value: '13704571208', isSure: false })
  })

  test.each(['物业的电话是13704571208', '撞人的车尾号是7751', '等到最后一点半也没人来'])('%s is none of theirs', (text) => {
    expect(changes(text).phone).toBeUndefined()
  })

  test('said to be wrong, and not how', () => {
    for (const said of ['我电话留错了', '号码给你说岔了', '手机号写串了']) expect(changes(said).phone, said).toBe('unread')
  })

  test('the last digits of a telephone are no room', () => {
    expect(changes('电话后四位错了，是2208').address).toBeUndefined()
  })
})

describe('the time that was wanted', () => {
  test.each([
    ['推迟两天行不行，我出门了', '2026-11-29T14:30'],
    ['能不能提前一天', '2026-11-26T14:30'],
    ['往后延半个小时吧', '2026-11-27T15:00'],
    ['晚一个小时来吧', '2026-11-27T15:30'],
    ['改到四点，还是那天', '2026-11-27T16:00'],
    ['换成早上八点吧', '2026-11-27T08:00'],
    ['时间不变，改到周六', '2026-11-28T14:30'],
    ['改周日上午吧', '2026-11-29'],
    ['27号我加班，改28号下午', '2026-11-28T14:30'],
    ['改成后天上午九点', '2026-11-26T09:00'],
    ['下午两点半改成四点吧，我先去趟银行', '2026-11-27T16:00'],
    ['27号有事，挪到28号，同一个点', '2026-11-28T14:30'],
    ['27号我出门，改后天同一个点行不', '2026-11-26T14:30'],
    ['改29号，同样的时间', '2026-11-29T14:30'],
  ])('%s', (text, value) => {
    expect(changes(text).time).toEqual({ value, isSure: true })
  })

  test.each(['已经拖了三天了', '27号下午我在家', '早点来', '五点我要接孩子，最好四点前弄完', '晚上八点又停了'])('%s changes none', (text) => {
    expect(changes(text).time).toBeUndefined()
  })

  test('hours move nothing where only a day was wanted', () => {
    expect(changes('推迟两个小时', { time: '2026-11-27' }).time).toBe('unread')
  })
})
