import { normalize, plain } from './normalize.ts'
import { parseNumber } from './values/numbers.ts'

/** A clause that is asked for by where it stands, or how many there are. `named`: what stands before it, letters and digits alone: a document's name, or ''. */
export type ClauseQuestion = ({ of: 'clause'; clause: string } | { of: 'last' } | { of: 'count' }) & { named: string }

const NUMERAL = '[\\d〇零一二三四五六七八九十百两]+'
const PLACES: readonly (readonly [ClauseQuestion['of'], RegExp])[] = [
  ['clause', new RegExp(`第(${NUMERAL})条(?:之(${NUMERAL}))?`)],
  ['last', /最后(?:的)?(?:一|1)?条/],
  ['count', /(?:一共|总共|全文|全部|共)有?(?:多少|几)条|^有(?:多少|几)条/],
]
/** Words that ask to be shown something and say nothing of what it is about. */
const SHOWING = /里面|上面|内容|原文|全文|意思|规定|说|讲|写|是|的|了|什么|哪些|怎么|看看?|一下|呢|啊|吗|呀/g
const ASKING = /^(?:请问|麻烦|给我|帮我|我想|想|问|查|念|看|一下|说|那|这|个|份|文件|规定|里面?)+/
const LONGEST = 60

/** 第13条说的是啥, 《…条例》最后一条, 一共多少条: null for a question that is about something. */
export function readClauseQuestion(said: string): ClauseQuestion | null {
  if (said.length > LONGEST) return null
  const text = normalize(plain(said))
  for (const [of, place] of PLACES) {
    const found = place.exec(text)
    if (found === null) continue
    const rest = bare(text.slice(found.index + found[0].length).replaceAll(SHOWING, ''))
    if (rest !== '') return null
    const named = bare(text.slice(0, found.index)).replace(ASKING, '').replace(/(?:里面?|上面?|的|中)$/, '')
    if (of !== 'clause') return { of, named }
    const [number, suffix] = [parseNumber(found[1] ?? ''), found[2] === undefined ? undefined : parseNumber(found[2])]
    return number === undefined ? null : { of, clause: suffix === undefined ? String(number) : `${number}-${suffix}`, named }
  }
  return null
}

const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '')
