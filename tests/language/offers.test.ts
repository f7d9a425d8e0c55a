import { describe, expect, it } from 'vitest'
import { readOfferAnswer } from '../../src/language/offers.ts'

describe('what volunteers answer', () => {
  it.each(['我去', '我去！', '好的我去', '行，我去', '我能去', '可以，我去', '我来', '我来吧', '我接了', '我愿意去', '我这就去', '没问题，我去'])('%s is a yes', (said) => {
    expect(readOfferAnswer(said)).toEqual({ type: 'accept' })
  })

  it.each(['去不了', '去不了了', '对不起，去不了', '不好意思，今天没空', '我没时间，对不起', '不去', '我这次去不了', '换个人吧', '不方便', '家里有事去不了了'])('%s is a no', (said) => {
    expect(readOfferAnswer(said)).toEqual({ type: 'decline' })
  })

  it.each(['办好了', '已经办好了', '事情办完了', '都弄好了', '帮完忙了', '办妥了'])('%s tells that it is done', (said) => {
    expect(readOfferAnswer(said)).toEqual({ type: 'done' })
  })

  it.each(['我去医院', '去不了医院，想找人陪', '我去哪儿办低保', '我来办事', '没办好', '什么时候办好', '不是我去', '好的', '不行', '收到', ''])('%s is none', (said) => {
    expect(readOfferAnswer(said)).toBeUndefined()
  })

  it('takes the number in any spelling', () => {
    for (const said of ['我去 SR-20261124-0003', '我去sr-20261124-3', 'SR-20261124-0003 我去', '我去SR—20261124—0003']) expect(readOfferAnswer(said)).toEqual({ type: 'accept', number: 'SR-20261124-0003' })
    expect(readOfferAnswer('办好了 SR-20261124-0003')).toEqual({ type: 'done', number: 'SR-20261124-0003' })
  })
})
