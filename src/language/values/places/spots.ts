import { normalize } from '../../normalize.ts'
import { LONGEST_READ } from '../times/look-back.ts'
import { leadLength } from './place-names.ts'
import { wordsIn, type Word } from './words.ts'

/** What points to a place beside the thing that is named before it. */
const BESIDE = /(?:[那这](?:块儿?|边儿?|头|儿|里|片|疙瘩)|门口|门前|旁边?|附近|对面|对过|后身|后面|背后|里头|边上|拐角|底下)/g
/** Morphemes that the names of things end in where somebody may stand or go. */
const ENDS_AS_SPOT = /(?:[亭棚池湖桥库厕站]|[^客餐]厅|[^卧浴教]室|桥头|球场|滑梯|长廊)$/
const NO_SPOT = /^(?:电池|水池|浴池|网站|全站|[洗脸]+池|公共厕|厕|我|你|他|她|它|咱|谁|这|那|哪)/
const CLAUSE = /[^\s,。;!?:()]+/g
/** What is said of people and doings is in no name. */
const SAYS = /[了不没在到有是和跟与的被把给请帮我你他她咱这那哪来去说要想很太都也还就又老总着过]/
const LONGEST_NAME = 8
const MOST_WORDS = 5

/** Where the name begins that ends before `end`: so many words back as are in no way said of somebody. */
function nameBefore(text: string, words: readonly Word[], end: number): number {
  // 湖边|上: the word that it is cut in is of the name.
  let start = words.find((word) => word.start < end && end < word.end)?.start ?? end
  const before = words.filter((word) => word.end <= start).slice(-MOST_WORDS).reverse()
  for (const word of before) {
    const said = text.slice(word.start, word.end)
    if (word.end !== start || SAYS.test(said) || end - word.start > LONGEST_NAME || (leadLength(said) > 0 && said.length < 3)) break
    start = word.start
  }
  // 那|根|灯杆: what is counted with stands before the name.
  const first = words.find((word) => word.start === start)
  return first !== undefined && first.end - first.start === 1 && first.end < end && /[那这]/.test(text.charAt(start - 1)) ? first.end : start
}

/**
 * A place without number or name of its own: "滑梯那边", "快递柜旁边", "荷花池"; as typed, undefined when none is said. What stands beside something is
 * told before what is only a place by its own name.
 */
export function findSpot(text: string): string | undefined {
  const form = normalize(text.slice(0, LONGEST_READ))
  let named: string | undefined
  for (const { 0: clause, index } of form.matchAll(CLAUSE)) {
    const words = wordsIn(form, index, index + clause.length)
    for (const beside of clause.matchAll(BESIDE)) {
      const at = index + beside.index
      const start = nameBefore(form, words, at)
      if (at - start >= 2 && !NO_SPOT.test(form.slice(start, at))) return text.slice(start, at + beside[0].length)
    }
    for (const { end } of named === undefined ? words : []) {
      const start = nameBefore(form, words, end)
      const name = form.slice(start, end)
      if (name.length >= 2 && ENDS_AS_SPOT.test(name) && !NO_SPOT.test(name)) named = text.slice(start, end)
    }
  }
  return named
}
