import { agrees, readFigures } from './figures.ts'
import type { Figure } from './figures.ts'
import { quoteAround, rateSpans } from './premise-claim.ts'
import type { Claim } from './premise-claim.ts'
import { splitClauses, splitSentences } from './windows.ts'
import type { Span } from './windows.ts'

export interface FigurePremise {
  kind: 'figure'
  claimed: Figure
  actual: Figure
  span: Span
}

/** Somebody's own case is no claim about the text. */
const OWN_CASE = /(?:我|咱|你)(?!们?(?:区|地区|县|省))|家里|家有|孩子|老伴|邻居|有个/
/** Units of which a figure is a claim about the text even where the question only goes on from it. */
const PRESUPPOSED: ReadonlySet<string> = new Set(['平方米', '%', '公里', '号码', '位一体', '有一化', '次性', '级', '所', '年份'])
/** Units that describe a case as often as the text; what is presupposed of them must sound like a rule. */
const RULE = /每|一年|一个|按|规定|标准|目标|要求|不超过|不少于|才|就要|列支|投入|投/
const RULE_OF_HOUSEHOLDS = /每[\d一二两三四五六七八九十百千]+户|一个[^,。]{2,8}户|管[\d一二两三四五六七八九十百千万]+户|服务[\d一二两三四五六七八九十百千万]+户/
/** The contradicting part must be nearer to the question than one in which the claimed figure does stand, by so much. */
const LEAST_LEAD = 0.08
const LEAST_NEARNESS = 0.6

/** A figure in the question that contradicts the same subject's figure in the clause. */
export function contradictFigure(question: string, claim: Claim, clause: string): FigurePremise | null {
  const claims = question.split(/[,。?!;]/).flatMap((part) => readFigures(part).filter((figure) => isClaimed(figure, part, claim)))
  for (const claimed of claims) {
    const premise = contradict(claimed, question, clause, claims)
    if (premise !== null) return premise
  }
  return null
}

/** @param part the part of the question in which the figure stands */
function isClaimed(figure: Figure, part: string, claim: Claim): boolean {
  if (new RegExp(`[哪几某](?:个)?${figure.text}`).test(part)) return false
  if (figure.unit === '户' && !RULE_OF_HOUSEHOLDS.test(part)) return claim.isAsserted && !OWN_CASE.test(part)
  if (claim.isAsserted || claim.asksWhy) return !OWN_CASE.test(part) || figure.unit === '平方米'
  return !OWN_CASE.test(part) && (PRESUPPOSED.has(figure.unit) || RULE.test(part))
}

interface Found {
  actual: Figure
  part: Span
  sentence: Span
  ofSentence: number
  shared: number
}

function contradict(claimed: Figure, question: string, clause: string, claims: readonly Figure[]): FigurePremise | null {
  const rest = question.replace(claimed.text, ' ')
  const sentences = splitSentences(clause)
  const ofSentence = rateSpans(sentences, clause, rest)
  const parts = sentences.flatMap((sentence, place) => splitClauses(clause, sentence).map((part) => ({ part, sentence, place })))
  const ofPart = rateSpans(parts.map(({ part }) => part), clause, rest)
  const found = parts.flatMap(({ part, sentence, place }, position): Found[] =>
    readFigures(clause.slice(part.start, part.end))
      .filter((figure) => figure.unit === claimed.unit)
      .map((actual) => ({ actual, part, sentence, ofSentence: ofSentence[place]?.shared ?? 0, shared: (ofPart[position]?.shared ?? 0) + 2 * (ofSentence[place]?.shared ?? 0) })),
  )
  const best = found.reduce<Found | null>((left, right) => (left === null || right.shared > left.shared ? right : left), null)
  // A sentence without such a figure that is much nearer to the question tells that it is about something else.
  if (best === null || best.ofSentence < Math.max(...ofSentence.map(({ shared }) => shared)) * LEAST_NEARNESS) return null
  // What stands somewhere about the same thing is true, and so is a figure that only names which of several things is meant.
  const confirming = found.filter(({ actual }) => agrees(actual, claimed))
  if (confirming.some(({ shared, sentence }) => sentence === best.sentence || best.shared - shared < LEAST_LEAD)) return null
  // "2公里和1公里分别是哪一级" names two things by their figures.
  if (confirming.length > 0 && claims.some((other) => other !== claimed && other.unit === claimed.unit)) return null
  return { kind: 'figure', claimed, actual: best.actual, span: quoteAround(clause, best.sentence, best.part) }
}

/** Whether the question states a figure that stands in the quote. */
export function confirmsFigure(question: string, claim: Claim, quote: string): boolean {
  const stated = readFigures(quote)
  const claimed = readFigures(question).filter((figure) => stated.some((other) => other.unit === figure.unit))
  return claim.isAsserted && claimed.length > 0 && claimed.every((figure) => stated.some((other) => agrees(figure, other)))
}
