import { normalize } from '../language/normalize.ts'
import { agrees, readFigures } from './figures.ts'
import type { Figure } from './figures.ts'
import { tokenize } from './tokens.ts'
import { splitClauses, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

/** Terms above it are pairs of characters and words. */
const LARGEST_CHARACTER = 0xffff

/** A figure that the question takes for granted and the clause contradicts. */
export interface FalsePremise {
  claimed: Figure
  actual: Figure
  /** The words of the clause where the actual figure stands: its sentence, or when that is long its part of it. */
  span: Span
}

const ASSERTS = /对吧|是吧|对不对|对吗|是吗|没错吧|吧[?？!！。]*$|不是[^,，。]*吗|听说|据说|说是|记得|规定(?:是|的是)|是不是|难道|怎么(?:只|才)/
/** Somebody's own situation is no claim about the text. */
const OWN_SITUATION = /我|咱家|俺|家里|邻居|孩子|老伴|村里|我们村|有个/
/** Units whose figures are claims about the text even without such a word; money and households mostly describe a case. */
const CLAIMS_BY_THEMSELVES: ReadonlySet<Figure['unit']> = new Set(['平方米', '%', '公里'])
/** A sentence must share this much of the question's words to be about its subject, when the clause has several such figures. */
const LEAST_SHARED = 0.3
/** The contradicting sentence must share so much more with the question than one in which the claimed figure does stand. */
const LEAST_LEAD = 0.12
/** And than a sentence with yet another figure. */
const LEAST_RIVAL_LEAD = 0.06
const LONGEST_SENTENCE = 120

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

interface Found {
  actual: Figure
  span: Span
  sentence: Span
  shared: number
}

function contradict(claimed: Figure, question: string, text: string): FalsePremise | null {
  const asked = new Set(tokenize(question.replace(claimed.text, '')).filter((term) => term > LARGEST_CHARACTER))
  const found = splitSentences(text).flatMap((sentence) => findFigures(claimed, text, sentence, asked))
  const best = found.reduce<Found | null>((left, right) => (left === null || right.shared > left.shared ? right : left), null)
  if (best === null) return null
  const confirming = found.filter(({ actual }) => agrees(actual, claimed))
  if (confirming.some(({ sentence, shared }) => sentence === best.sentence || best.shared - shared < LEAST_LEAD)) return null
  const rival = Math.max(0, ...found.filter(({ sentence, actual }) => sentence !== best.sentence && !agrees(actual, best.actual)).map(({ shared }) => shared))
  // A clause with one such figure is about nothing else; among several the sentence must speak of the same thing, and clearly more than the others.
  if (found.length > 1 && (best.shared < LEAST_SHARED || best.shared - rival < LEAST_RIVAL_LEAD)) return null
  const span = best.sentence.end - best.sentence.start <= LONGEST_SENTENCE ? best.sentence : best.span
  return { claimed, actual: best.actual, span }
}

/** Figures of the claimed one's unit in a sentence; the part they stand in counts as much as the whole sentence. */
function findFigures(claimed: Figure, text: string, sentence: Span, asked: ReadonlySet<number>): Found[] {
  const ofSentence = share(asked, text.slice(sentence.start, sentence.end))
  return splitClauses(text, sentence).flatMap((span) => {
    const part = text.slice(span.start, span.end)
    const figures = readFigures(part).filter((figure) => figure.unit === claimed.unit)
    return figures.map((actual) => ({ actual, span, sentence, shared: (share(asked, part) + ofSentence) / 2 }))
  })
}

function share(asked: ReadonlySet<number>, part: string): number {
  const own = new Set(tokenize(part))
  let shared = 0
  for (const term of asked) if (own.has(term)) shared += 1
  return shared / Math.max(1, asked.size)
}
