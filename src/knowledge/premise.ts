import { normalize } from '../language/normalize.ts'
import { agrees, readFigures } from './figures.ts'
import type { Figure } from './figures.ts'
import { tokenize } from './tokens.ts'
import { splitClauses, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

/** A figure that the question takes for granted and the clause contradicts. */
export interface FalsePremise {
  claimed: Figure
  actual: Figure
  /** The part of the clause where the actual figure stands. */
  span: Span
}

const ASSERTS = /对吧|是吧|对不对|对吗|是吗|没错吧|吧[?？!！。]*$|不是[^,，。]*吗|听说|据说|说是|记得|规定(?:是|的是)|是不是|难道|怎么(?:只|才)/
/** Somebody's own situation is no claim about the text. */
const OWN_SITUATION = /我|咱家|俺|家里|邻居|孩子|老伴|村里|我们村|有个/
/** Units whose figures are claims about the text even without such a word; money and households mostly describe a case. */
const CLAIMS_BY_THEMSELVES: ReadonlySet<Figure['unit']> = new Set(['平方米', '%', '公里'])
const LEAST_SHARED = 0.34

/** Looks for a figure in the question that contradicts the same subject's figure in the clause. */
export function findFalsePremise(question: string, text: string): FalsePremise | null {
  const plainQuestion = normalize(question)
  const isAsserted = ASSERTS.test(plainQuestion)
  const claims = readFigures(question).filter((figure) => isAsserted || (CLAIMS_BY_THEMSELVES.has(figure.unit) && !OWN_SITUATION.test(plainQuestion)))
  for (const claimed of claims) {
    const premise = contradict(claimed, question, text)
    if (premise !== null) return premise
  }
  return null
}

function contradict(claimed: Figure, question: string, text: string): FalsePremise | null {
  const asked = new Set(tokenize(question.replace(claimed.text, '')).filter((term) => term > 0xffff))
  const parts = splitSentences(text).flatMap((sentence) => splitClauses(text, sentence))
  const candidates = parts.flatMap((span) => {
    const part = text.slice(span.start, span.end)
    return readFigures(part)
      .filter((figure) => figure.unit === claimed.unit)
      .map((actual) => ({ actual, span, shared: share(asked, part) }))
  })
  const first = candidates[0]
  if (first === undefined || candidates.some(({ actual }) => agrees(actual, claimed) && actual.unit !== '年份')) return null
  const best = candidates.reduce((left, right) => (right.shared > left.shared ? right : left))
  // A clause with one such figure is about nothing else; among several the part must speak of the same thing.
  if (candidates.length > 1 && best.shared < LEAST_SHARED) return null
  return agrees(best.actual, claimed) ? null : { claimed, actual: best.actual, span: best.span }
}

function share(asked: ReadonlySet<number>, part: string): number {
  const own = new Set(tokenize(part))
  let shared = 0
  for (const term of asked) if (own.has(term)) shared += 1
  return shared / Math.max(1, asked.size)
}
