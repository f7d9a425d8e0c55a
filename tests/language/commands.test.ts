import { describe, expect, test } from 'vitest'
import { findCommand, findRequestNumber } from '../../src/language/commands.ts'

describe('short texts that are commands', () => {
  test.each([
    ['agree', ['同意', '好的', '可以', '行', 'OK', '好的，谢谢', '嗯']],
    ['refuse', ['不同意', '不行', '我不愿意', '拒绝']],
    ['confirm', ['确认', '对', '没错', '提交', '是的']],
    ['cancel', ['取消', '不用了', '算了吧', '不报了', '取消报修', '不用了谢谢']],
    ['back', ['返回', '上一步']],
    ['restart', ['重来', '重新开始']],
    ['skip', ['没有', '不知道', '跳过', '无']],
    ['my_data', ['我的数据', '查看我的数据', '导出我的个人信息']],
    ['delete_data', ['删除我的数据', '把我的信息删了']],
    ['withdraw_consent', ['撤回同意', '取消授权']],
    ['subscribe', ['订阅']],
    ['unsubscribe', ['退订', '取消订阅']],
    ['human', ['转人工', '我要找工作人员', '人工']],
    ['pass_on', ['转给工作人员']],
    ['details', ['详细', '看原文']],
    ['help', ['帮助', '菜单', '你能干啥']],
    ['acknowledge', ['收到', '知道了']],
    ['start_service', ['报修', '我要报修', '办事']],
    ['start_volunteer', ['当志愿者', '志愿者报名', '我想当志愿者']],
  ] as const)('%s: %j', (type, texts) => {
    expect(texts.map((text) => findCommand(text)?.type)).toEqual(texts.map(() => type))
  })

  test('a request number is its status, however it is typed', () => {
    expect(findCommand('sr 20261123 7')).toEqual({ type: 'status', number: 'SR-20261123-0007' })
    expect(findCommand('查进度')).toEqual({ type: 'status' })
    expect(findRequestNumber('工单ＳＲ－20261123－0007')).toBe('SR-20261123-0007')
    expect(findRequestNumber('13800138001')).toBeUndefined()
  })

  test('a correction names its field as said, with the new value as typed', () => {
    expect(findCommand('修改电话')).toEqual({ type: 'correct', field: '电话' })
    expect(findCommand('电话改成 139 0013 9001')).toEqual({ type: 'correct', field: '电话', value: '139 0013 9001' })
    expect(findCommand('地址不对，是5号樓')).toEqual({ type: 'correct', field: '地址', value: '5号樓' })
    expect(findCommand('监护人电话改成13800138000')).toEqual({ type: 'correct', field: '监护人电话', value: '13800138000' })
    expect(findCommand('请把我的电话改成13812340000')).toEqual({ type: 'correct', field: '电话', value: '13812340000' })
  })

  test('a rating has its score and its words', () => {
    expect(findCommand('5分')).toEqual({ type: 'rate', score: 5 })
    expect(findCommand('五星，师傅很热情')).toEqual({ type: 'rate', score: 5, comment: '师傅很热情' })
    expect(findCommand('不满意')).toMatchObject({ type: 'rate', score: 2 })
    expect(findCommand('我要评价')).toEqual({ type: 'rate' })
    expect(findCommand('SR-20261123-0007 4分')).toMatchObject({ type: 'rate', score: 4 })
  })

  test('a code and an announcement keep their own text', () => {
    expect(findCommand('绑定 ABCD-1234')).toEqual({ type: 'bind', code: 'ABCD-1234' })
    expect(findCommand('發公告：明天停電')).toEqual({ type: 'announce', text: '明天停電' })
    expect(findCommand('发公告')).toEqual({ type: 'announce', text: '' })
  })
})

test.each(['能不能取消物业费', '社区志愿者要占居民多少', '3号楼2单元楼道灯坏了', '确认一下社区几点下班好吗', '15分钟后来', '对面楼太吵了', '没有人管我们楼', '行不行啊你们', '电话多少', '时间长了水管就漏', ''])('%s is no command', (text) => {
  expect(findCommand(text)).toBeUndefined()
})
