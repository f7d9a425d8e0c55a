import { describe, expect, test } from 'vitest'
import { cleanName, readName } from '../../../src/language/values/names.ts'

describe('an answer to "your name?"', () => {
  test.each([
    ['刘桂兰', '刘桂兰'],
    ['叫我刘姨就行', '刘姨'],
    ['我姓刘叫桂兰', '刘桂兰'],
    ['刘桂兰，电话13800138001', '刘桂兰'],
    ['王 芳', '王芳'],
    ['大家叫我老王', '老王'],
    ['Tom Li', 'Tom Li'],
    ['鄙人高国庆', '高国庆'],
    ['敝姓王，王富贵', '王富贵'],
    ['我姓刘，刘桂兰', '刘桂兰'],
    ['爱新觉罗启星', '爱新觉罗启星'],
    ['张三丰(老张)', '张三丰'],
    ['高国庆（老高）', '高国庆'],
    ['诸葛孔明先生', '诸葛孔明'],
    ['王富贵女士', '王富贵'],
    ['王先生', '王先生'],
    ['高兴', '高兴'],
    ['我就叫高兴', '高兴'],
    ['我姓王', '王'],
    ['免贵姓李', '李'],
    ['姓汪', '汪'],
    ['我姓欧阳', '欧阳'],
    ['免贵姓陈，单名一个晨字', '陈晨'],
    ['潘金连，不对，潘金莲', '潘金莲'],
    ['潘金连 写错了 是潘金莲', '潘金莲'],
    ['在下王五', '王五'],
    ['大名王富贵', '王富贵'],
    ['哈斯', '哈斯'],
    ['迪丽热巴·迪力木拉提', '迪丽热巴·迪力木拉提'],
  ])('%s -> %s', (text, name) => {
    expect(readName(text)).toBe(name)
  })

  test.each(['不知道', '没有', '你们什么时候来', '取消', '13800138001', '路灯', '我改主意了', '关闭', '算啦算啦', '自己弄好了', '为啥', '等会儿', '等一下', '稍等', '快点', '好烦', '随便叫', '自己弄的', '修好了'])('%s is no name', (text) => {
    expect(readName(text)).toBeUndefined()
  })
})

test('a surname alone is taken, whole sentences are not', () => {
  expect(['刘', '闻人', '林太太', '车大爷', '康健', '我姓王叫王秀英', '姓欧阳'].map(readName)).toEqual(['刘', '闻人', '林太太', '车大爷', '康健', '王秀英', '欧阳'])
  expect(['', '楼', '我家水管漏了你们来看看', '王'.repeat(50), '今天下午三点', '3号楼'].map(readName)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
})

test('a span that is known to be a name is only trimmed', () => {
  expect(['，豆腐西施。', '我叫大林子', '（石头）', '劉桂蘭', 'Tom Li', '奥·巴雅尔'].map(cleanName)).toEqual(['豆腐西施', '大林子', '石头', '劉桂蘭', 'Tom Li', '奥·巴雅尔'])
  expect(['', '。。', '他说，明天来', '13800138001', '名'.repeat(30)].map(cleanName)).toEqual([undefined, undefined, undefined, undefined, undefined])
})
