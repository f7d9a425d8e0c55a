import { describe, expect, test } from 'vitest'
import { findCommand, findRequestNumber } from '../../src/language/commands.ts'

describe('words that are a command wherever they stand alone', () => {
  test.each([
    ['agree', ['同意', '我同意。']],
    ['refuse', ['不同意']],
    ['confirm', ['确认', '确认！', '确认提交', '確認']],
    ['cancel', ['取消', '取消吧', '/cancel']],
    ['back', ['返回', '上一步']],
    ['restart', ['重来']],
    ['skip', ['跳过']],
    ['my_data', ['我的数据', '导出我的数据']],
    ['delete_data', ['删除我的数据']],
    ['withdraw_consent', ['撤回同意']],
    ['subscribe', ['订阅']],
    ['unsubscribe', ['退订', 'TD']],
    ['person', ['转人工', '人工']],
    ['pass_on', ['转给工作人员']],
    ['details', ['详细', '原文']],
    ['help', ['帮助', '菜单', '/start']],
    ['acknowledge', ['收到', '已收到']],
    ['report', ['报修', '我要报修']],
    ['offer_help', ['当志愿者', '我要当志愿者']],
    ['unsolved', ['没解决']],
  ] as const)('%s: %j', (type, texts) => {
    expect(texts.map((text) => findCommand(text)?.type)).toEqual(texts.map(() => type))
  })

  test('a request number is its status, however it is typed', () => {
    expect(findCommand('sr 20261123 7')).toEqual({ type: 'status', text: 'sr 20261123 7', number: 'SR-20261123-0007' })
    expect(findCommand('查进度')).toEqual({ type: 'status', text: '查进度' })
    expect(findCommand('取消 SR-20261123-0007')).toMatchObject({ type: 'withdraw', number: 'SR-20261123-0007' })
    expect(findRequestNumber('工单ＳＲ－20261123－0007')).toBe('SR-20261123-0007')
    expect(findRequestNumber('13800138001')).toBeUndefined()
  })

  test('a score alone is a rating', () => {
    expect(findCommand('5分')).toMatchObject({ type: 'praise', score: 5 })
    expect(findCommand('一星')).toMatchObject({ type: 'complain', score: 1 })
    expect(findCommand('SR-20261123-0007 4分')).toMatchObject({ type: 'praise', score: 4, number: 'SR-20261123-0007' })
  })

  test('what a button says names what it answers', () => {
    expect(findCommand('有用 #a1b2c3')).toMatchObject({ type: 'useful', code: 'a1b2c3' })
    expect(findCommand('我去 SR-20261123-0007')).toMatchObject({ type: 'accept_offer', number: 'SR-20261123-0007' })
    expect(findCommand('确认发布')).toMatchObject({ type: 'confirm', of: 'announcement' })
    expect(findCommand('确认删除')).toMatchObject({ type: 'confirm', of: 'deletion' })
    expect(findCommand('不删了')).toMatchObject({ type: 'refuse', of: 'deletion' })
  })

  test('a code and an announcement keep their own text', () => {
    expect(findCommand('绑定 ABCD-1234')).toMatchObject({ type: 'bind', code: 'ABCD-1234' })
    expect(findCommand('發公告：明天停電')).toMatchObject({ type: 'announce', announcement: '明天停電' })
    expect(findCommand('发公告')).toMatchObject({ type: 'announce', announcement: '' })
  })
})

test.each(['能不能取消物业费', '社区志愿者要占居民多少', '3号楼2单元楼道灯坏了', '确认一下社区几点下班好吗', '15分钟后来', '没有人管我们楼', '行不行啊你们', '电话多少', '发公告要多少钱', ''])('%s is a sentence, to be read by what was learnt', (text) => {
  expect(findCommand(text)).toBeUndefined()
})

test('a code that was read out is one with and without its dash, and nothing that people write otherwise is', () => {
  for (const said of ['AB3DE-FGH4K', 'ab3defgh4k', ' ＡＢ３ＤＥ－ＦＧＨ４Ｋ ']) expect(findCommand(said), said).toMatchObject({ type: 'bind', isBare: true })
  expect(findCommand('绑定 AB3DE-FGH4K')).toEqual({ type: 'bind', text: '绑定 AB3DE-FGH4K', code: 'AB3DE-FGH4K' })
  for (const said of ['2345678923', '23456-78923', 'SR-20261124-0001', 'thankyouxx', '13800138001', 'AB3DE-FGH4K 3号楼', '三号楼2单元']) expect(findCommand(said)?.type, said).not.toBe('bind')
})
