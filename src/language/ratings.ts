import { normalize } from './normalize.ts'
import { parseNumber } from './values/numbers.ts'

/** What a rating says besides that it is one. */
export interface Rating {
  /** 1..5; absent when no grade can be read from the words. */
  score?: number
  /** A number was said that is no grade ("10分", "0分"). */
  isOutOfRange?: true
  comment?: string
}

/** The five grades of 好差评 and what people say for them; the longer words first, as they hold the shorter. */
const GRADES: readonly (readonly [word: string, score: number])[] = [
  ['非常不满意', 1], ['很不满意', 1], ['特别不满意', 1], ['太不满意', 1], ['差评', 1],
  ['不太满意', 2], ['不满意', 2], ['不怎么满意', 2],
  ['基本满意', 3], ['还可以', 3], ['一般', 3], ['凑合', 3], ['还行', 3],
  ['非常满意', 5], ['十分满意', 5], ['特别满意', 5], ['很满意', 5], ['太满意', 5], ['满分', 5], ['好评', 5],
  ['比较满意', 4], ['满意', 4],
]

const SCORE = /(?:^|[^\d.点])(\d{1,3}|[零一二三四五六七八九十两]{1,2}|一百)\s*(?:分|颗?星|个星)(?![钟数的期级])/
const BARE = /^[\s]*([1-5]|[一二三四五])[\s。.!！]*$/
const BEST = 5

/** The grade in a rating, and what is said besides. `isAsked`: a score was asked for, so that a bare digit is one. */
export function readRating(text: string, isAsked: boolean): Rating {
  const said = normalize(text)
  const digits = (isAsked ? BARE.exec(said)?.[1] : undefined) ?? SCORE.exec(said)?.[1]
  const number = digits === undefined ? undefined : parseNumber(digits)
  const comment = said.replace(SCORE, ' ').replace(BARE, '').replace(/^(?:我?(?:要|想|来)?(?:给|打)?(?:评价|打分|评分)?(?:一下)?)?[\s,，。:：!！]*/, '').replace(/[\s,，。]+$/, '')
  const more = comment === '' ? {} : { comment }
  if (number !== undefined) return number >= 1 && number <= BEST ? { score: number, ...more } : { isOutOfRange: true, ...more }
  const grade = GRADES.find(([word]) => said.includes(word))?.[1]
  return grade === undefined ? more : { score: grade, ...more }
}
