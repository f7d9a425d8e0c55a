import type { Slots } from '../domain/understanding.ts'

/** What is said to a form besides answers, and right after an emergency: small things that a few words give away. */

const LONGEST_ASIDE = 30
const ASKS = /[?？吗呢么]|什么|怎么|多少/

const IS_OVER = /没事了|不要紧了|灭了|扑灭|救下来|找到了|找着了|醒了|误报|虚惊|搞错了|已经来了|到了/
const HELP_IS_COMING = /(?:打|叫|报|拨).{0,4}(?:119|110|120|了|救护车|警)|消防|救护车|警察/

export const asksAfterEmergency = (text: string): boolean => ASKS.test(text)
export const saysItIsOver = (text: string): boolean => text.length <= LONGEST_ASIDE && IS_OVER.test(text)
export const saysHelpIsComing = (text: string): boolean => text.length <= LONGEST_ASIDE && HELP_IS_COMING.test(text)

const ASKS_WHY = /(?:为啥|为什么|为何|干啥|干什么|干嘛|什么用|啥用|安全|泄露|靠谱|骗|凭啥|凭什么|必须).*[?？吗呢么啊]?|保密/
const WHY = '(?:为啥|为什么|为何|怎么还?|干啥|干嘛|凭啥|凭什么|非得|一定|必须)[^,，。]{0,4}(?:要|填|留|写|问|给)'
const DATUM = '(?:名字?|姓名?|电话|手机号?|号码|地址|岁数|年龄)'
const ASKS_WHY_PERSONAL = new RegExp(`${WHY}[^,，。]{0,4}${DATUM}|(?:要|填|留|写|问)[^,，。]{0,4}${DATUM}(?:干|做|有)(?:啥|什么|嘛)`)

/** Whether somebody asks why their particulars are wanted: at the question for consent in any words, elsewhere only about one of them. */
export const asksWhy = (text: string, isAtConsent: boolean): boolean => text.length <= LONGEST_ASIDE && (isAtConsent ? ASKS_WHY : ASKS_WHY_PERSONAL).test(text)

const STARTS_CORRECTION = /^(?:等一?[下等]|不对|不是|[写说填弄搞]?错了?|刚才|我?其实)/
const CORRECTS = /错|不对|应该|改|不是|更正/

/** Whether a message begins by taking something back, or does so somewhere in it. */
export const mindsBefore = (text: string): 'first' | 'also' | undefined => (STARTS_CORRECTION.test(text) ? 'first' : CORRECTS.test(text) ? 'also' : undefined)

/** What is left of a message when the values found in it are taken out: tells an answer from a mention of something else. */
export function withoutValues(text: string, { name, phone: _digits, address, availability, guardian }: Slots): string {
  let left = text.replace(/[\d\s\-+]{7,}/g, '')
  for (const value of [name, address, availability, guardian?.name]) if (value !== undefined) left = left.replace(value, '')
  return left.replace(/我叫|我是|监护人|家长|[爸妈]+|姓名|名字|联系|电话|手机|号码|地址|年龄|今年|岁|[\s,，。.;；:：是]/g, '')
}
