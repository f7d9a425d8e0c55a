import { COMMON } from './nearest.ts'
import { normalize } from '../normalize.ts'
import { isSamePlace } from '../values/places/same-place.ts'

/** What is compared of a report. */
export interface Report {
  serviceCode: string | null
  areaCode: string | null
  address: string | null
  description: string
}

/** The share of the shorter one's telling characters that the other has too, from which two texts may tell of one thing. */
const ALIKE = 0.3
/** What stands in somebody's home is nobody else's matter. */
const AT_HOME = /我家|我们家|家里|屋里|屋内|室内|卧室|客厅|厨房|卫生间|厕所|阳台/

const isTelling = (character: string): boolean => /[\u3400-\u9fffa-z]/.test(character) && !COMMON.has(character)

/** The characters that say what the matter is: without the place, numbers, and what every matter has. */
function tellingOf({ description, address }: Report): Set<string> {
  const said = normalize(description)
  const place = normalize(address ?? '')
  return new Set(Array.from(place === '' ? said : said.replaceAll(place, '')).filter(isTelling))
}

/** How alike the words of two matters are, 0..1: `part` of the shorter one's, so that a long story may tell what a word does; `whole` of both. */
export function likenessOf(one: Report, other: Report): { part: number; whole: number } {
  const [first, second] = [tellingOf(one), tellingOf(other)]
  const shared = [...first].filter((character) => second.has(character)).length
  return shared === 0 ? { part: 0, whole: 0 } : { part: shared / Math.min(first.size, second.size), whole: shared / (first.size + second.size - shared) }
}

/** Whether words tell of this matter, for all that they say: by what they share with it. */
export const sharesWords = (text: string, matter: Pick<Report, 'description' | 'address'>): boolean =>
  likenessOf({ serviceCode: null, areaCode: null, address: matter.address, description: text }, { serviceCode: null, areaCode: null, ...matter }).part >= ALIKE

export const isAtHome = ({ description }: Pick<Report, 'description'>): boolean => AT_HOME.test(normalize(description))

/** Those of `others` that may be the same thing: the same service, one place, words that are alike; the most alike first, the earliest among equals. */
export function nearReports<T extends Report & { createdAt: Date }>(report: Report, others: readonly T[]): T[] {
  const { serviceCode, areaCode, address } = report
  if (serviceCode === null || address === null) return []
  const near = others.filter((other) => other.serviceCode === serviceCode && (areaCode === null || other.areaCode === null || areaCode === other.areaCode) && other.address !== null && isSamePlace(address, other.address))
  return near
    .map((other) => ({ other, likeness: likenessOf(report, other) }))
    .filter(({ likeness }) => likeness.part >= ALIKE)
    .sort((one, next) => next.likeness.whole - one.likeness.whole || one.other.createdAt.getTime() - next.other.createdAt.getTime())
    .map(({ other }) => other)
}

const IS_SAME = /^(?:(?:是|对|嗯)(?:的|啊|呀)?[,，。\s]*)?(?:(?:就|还)?是(?:这|那|同)一?(?:件|个|回)(?:事)?|同一件(?:事)?|就是它)[了的啊呀吧!！。.]*$/
const IS_OTHER = /^(?:不是(?:这|那|同)一?(?:件|个|回)(?:事)?|不是一(?:件|回|个)事|不是同一件|另外一?件|不一样)[的啊呀!！。.]*$/

/** What somebody says who is asked whether it is the same thing; undefined where the words answer something else. */
export function answersSame(text: string): boolean | undefined {
  const said = text.trim()
  return IS_SAME.test(said) ? true : IS_OTHER.test(said) ? false : undefined
}
