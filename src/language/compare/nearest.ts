import { normalize } from '../normalize.ts'

/** Characters that every matter has. */
export const COMMON: ReadonlySet<string> = new Set('的了是在我你他她们这那有没不也都就还又一个上下来去到里外说要会能可以吗呢吧啊呀哦嗯好坏把被给和跟对于很太最今明昨天现请帮修号楼单元社区小区家')
/** As much nearer than the next as this is plainly nearer. */
const PLAINLY = 2

/** Which of several matters a text plainly speaks of, by the characters that only one of them has; undefined where none is plainly nearer. */
export function nearestOf(text: string, matters: readonly string[]): number | undefined {
  const said = new Set(Array.from(normalize(text)).filter((character) => /[\u3400-\u9fffa-z0-9]/.test(character) && !COMMON.has(character)))
  const held = matters.map((matter) => new Set(normalize(matter)))
  const scores = held.map((own, index) => [...said].filter((character) => own.has(character) && held.every((other, at) => at === index || !other.has(character))).length)
  const best = Math.max(0, ...scores)
  const next = Math.max(0, ...scores.filter((_, index) => index !== scores.indexOf(best)))
  return best > 0 && best >= PLAINLY * next ? scores.indexOf(best) : undefined
}
