import { describe, expect, test } from 'vitest'
import { findCommand } from '../../src/language/commands.ts'
import { isUnsolved } from '../../src/language/ratings.ts'

describe('ratings without figures', () => {
  test.each([
    ['老好了，贼满意，谢谢师傅', 5], ['师傅人真好', 5], ['太慢了', 2], ['凑合', 3], ['还凑合吧', 3], ['修得真快', 5], ['师傅挺热情', 4], ['你们太磨叽了', 2], ['活干得利索，谢谢', undefined], ['服务态度差', undefined], ['贼好', 5],
  ])('%s -> %s', (text, score) => {
    expect(findCommand(text)).toMatchObject({ type: 'rate', ...(score !== undefined && { score }) })
  })

  test.each(['好了', '好的', '太好了', '行', '谢谢师傅', '快点', '楼上太吵了', '车开太快了', '师傅几点来', '师傅来得快吗'])('%s is no rating', (text) => {
    expect(findCommand(text)?.type).not.toBe('rate')
  })
})

describe('what is not mended after all', () => {
  test.each(['没解决', '没修好', '灯又灭了', '还是不亮', '没修', '没人来过啊', '又漏了', '白修了', '还没修好呢', '没人来', '不行，又堵了', '暖气还是不热', '根本没解决', '还漏水', '没有解决'])('%s', (text) => {
    expect(isUnsolved(text)).toBe(true)
  })

  test.each(['修好了', '解决了', '没问题', '不漏了', '没事了', '没人来的话怎么办', '又来麻烦你们了', '没修好吗？', '谢谢', ''])('%s is not said of it', (text) => {
    expect(isUnsolved(text)).toBe(false)
  })
})
