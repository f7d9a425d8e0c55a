import type { Slots } from '../domain/understanding.ts'
import { readCorrection } from './corrections.ts'

/** Words that bring a value of their own: a name, a telephone, a place, when. */
const GIVES = /叫|姓|名字|电话|手机|号码|地址|住在?|\d/
const LONGEST_NAME = 3

/**
 * Whether what is said at a form's summary is a remark to the matter (尽快来, 严重, 顶楼, 白色的) and no value of it. Two or three characters
 * may be a name all the same; whether they resemble the name that stands there is for the form to see.
 */
export function isRemark(text: string, slots: Slots): boolean {
  if (readCorrection(text) !== undefined || GIVES.test(text)) return false
  const said = text.trim()
  return !(slots.name !== undefined && said.length <= LONGEST_NAME + 1 && said.includes(slots.name))
}
