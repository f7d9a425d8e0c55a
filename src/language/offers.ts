import { findRequestNumber } from './commands.ts'
import { plain } from './normalize.ts'

/** What a volunteer answers to an offer; `number` is the request's, where it was said. */
export interface OfferAnswer {
  type: 'accept' | 'decline' | 'done'
  number?: string
}

const HEAD = '(?:好的?|行|可以|嗯|没问题|那|那我|我)*'
const TAIL = '(?:的|了|吧|啊|呀|呢|哈|谢谢|对不起|不好意思|抱歉|辛苦您)*'
const ACCEPT = new RegExp(`^${HEAD}(?:这就|马上|现在就|能|可以|愿意|来)?(?:去|过去|接单|接了|接|来接|帮他|帮她|帮忙|报名去)${TAIL}$|^我(?:能|可以|这就|马上)?来${TAIL}$`)
const DECLINE = new RegExp(`^(?:对不起|不好意思|抱歉|实在|我|这次|今天|临时|有事|有点事|家里有事|恐怕|可能|那天|,)*(?:去不了|去不成|不能去|不去|没法去|来不了|不方便去?|不方便|没空|没时间|没有时间|没有空|帮不了|帮不上忙?|接不了|不接|不能接|换个?人|换别人|找别人)(?:了)?${TAIL}$`)
const DONE = new RegExp(`^(?:我|已经|都|全|事情|事儿|事|活儿?|忙|给|帮他|帮她|帮完|,)*(?:办好|办完|做完|做好|干完|弄好|弄完|帮完|忙完|完成|办妥|搞定|送到|修好)了?(?:忙)?${TAIL}$`)
const NUMBER = /sr[-—–\s]?\d{8}[-—–\s]?\d{1,6}/i

/** The answer to an offer that a short text is; undefined when it is none. Only whether somebody was asked tells whether it is meant so. */
export function readOfferAnswer(text: string): OfferAnswer | undefined {
  if (text.length > 40) return undefined
  const number = findRequestNumber(text)
  const words = plain(text).replace(NUMBER, '').replace(/[\s,.。!~:;、]+/g, '')
  const type = DECLINE.test(words) ? 'decline' : ACCEPT.test(words) ? 'accept' : DONE.test(words) ? 'done' : undefined
  return type === undefined ? undefined : { type, ...(number !== undefined && { number }) }
}
