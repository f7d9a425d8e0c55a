import { normalize } from '../../language/normalize.ts'
import { agrees, readFigures } from '../find/words/figures.ts'
import type { Figure } from '../find/words/figures.ts'
import { pairsOf, quoteAround, rateSpans } from './premise-claim.ts'
import type { Claim } from './premise-claim.ts'
import { splitClauses, splitSentences } from '../find/words/windows.ts'
import type { Span } from '../find/words/windows.ts'

export interface FigurePremise {
  kind: 'figure'
  claimed: Figure
  actual: Figure
  span: Span
}

/** Somebody's own case is no claim about the text. */
const OWN_CASE = /(?:我|咱|你)(?!们?(?:区|地区|县|省|村|乡|镇|社区|小区|听)|们?这|们那)|家里|家有|孩子|老伴|邻居|有个/
/** It names what is written: then one's own case stands for the rule. */
const CITES = /文件|规定|政策|制度|标准|[\d一二两三四五六七八九十百千万元]才/
/** Units of which a figure is a claim about the text even where the question only goes on from it. */
const PRESUPPOSED: ReadonlySet<string> = new Set(['平方米', '%', '公里', '号码', '位一体', '有一化', '有', '次', '次性', '级', '项', '所', '年份', '部门', '每户'])
/** Units that describe a case as often as the text; what is presupposed of them must sound like a rule. */
const RULE = /每|一年|一个|按|规定|标准|目标|要求|不超过|不少于|才|就要|列支|投入|投|都要|必须|内达到/
const RULE_OF_HOUSEHOLDS = /户(?:以上|以下|以内|的?标准)|规模|一个[^,。]{2,8}户|小组|(?:管|服务)[\d一二两三四五六七八九十百千万来多]+户/
/** The unit of a text in which it may say the same. */
const WRITTEN_AS: Readonly<Record<string, string>> = { 每户: '户', 次: '次性' }
/** The contradicting part must be nearer to the question than one in which the claimed figure does stand, by so much. */
const LEAST_LEAD = 0.08
/** The same within one sentence, where the parts tell of which county each figure is. */
const LEAST_LEAD_OF_PART = 0.25
const LEAST_NEARNESS = 0.6
/** What a part gains for each other figure of the question that it holds too. */
const ALSO_AGREES = 0.4

/** A figure in the question that contradicts the same subject's figure in the clause. */
export function contradictFigure(question: string, claim: Claim, clause: string): FigurePremise | null {
  const claims = question.split(/[,。?!;]/).flatMap((part) => figuresOf(part).filter((figure) => isClaimed(figure, part, claim, question)))
  for (const claimed of claims) {
    const premise = contradict(claimed, question, claim, clause, claims)
    if (premise !== null) return premise
  }
  return contradictWhole(question, claim, clause)
}

/** The figures of a text; how many something is given for ("每百户") is a unit of its own. */
function figuresOf(text: string): Figure[] {
  const plain = normalize(text)
  return readFigures(text).map((figure) => {
    if (figure.unit !== '户') return figure
    // "百户二十平" is said for 每百户.
    const isEach = plain.includes(`每${figure.text}`)
    return isEach || new RegExp(`${figure.text}(?:给|配)?[\\d一二两三四五六七八九十]+平`).test(plain) ? { ...figure, unit: '每户', text: isEach ? `每${figure.text}` : figure.text } : figure
  })
}

/** @param part the part of the question in which the figure stands */
function isClaimed(figure: Figure, part: string, claim: Claim, question: string): boolean {
  // "是哪三级" asks for what was said before.
  if (new RegExp(`[哪几某](?:个)?${figure.text}`).test(part)) return false
  if (figure.unit === '年' && figure.from === 1 && !/(?:内|以内|时间|就)/.test(part)) return false
  if (figure.unit === '户' && !RULE_OF_HOUSEHOLDS.test(part)) return claim.isAsserted && (CITES.test(question) || !OWN_CASE.test(part))
  if (claim.isAsserted || claim.asksWhy) return CITES.test(question) || !OWN_CASE.test(part) || figure.unit === '平方米' || figure.unit === '%'
  if (PRESUPPOSED.has(figure.unit)) return !OWN_CASE.test(part)
  return !OWN_CASE.test(question) && (figure.unit.startsWith('个') || RULE.test(part) || figure.unit === '户')
}

interface Found {
  actual: Figure
  part: Span
  sentence: Span
  ofSentence: number
  ofPart: number
  shared: number
}

/** The clause's figures of one unit, with how near their parts and sentences are to the rest of the question. */
function findFigures(clause: string, unit: string, rest: string): { found: Found[]; nearest: number } {
  const sentences = splitSentences(clause)
  const others = readFigures(rest).filter((figure) => figure.unit !== unit)
  const ofSentence = rateSpans(sentences, clause, rest)
  const parts = sentences.flatMap((sentence, place) => splitAtCommas(clause, sentence).map((part) => ({ part, sentence, place })))
  const ofPart = rateSpans(parts.map(({ part }) => part), clause, rest)
  const agreeing = sentences.map(({ start, end }) => {
    const stated = readFigures(clause.slice(start, end))
    return others.filter((figure) => stated.some((other) => agrees(figure, other))).length * ALSO_AGREES
  })
  const found = parts.flatMap(({ part, sentence, place }, position): Found[] =>
    figuresOf(clause.slice(part.start, part.end))
      .filter((figure) => figure.unit === unit)
      .map((actual) => {
        const near = ofSentence[place]?.shared ?? 0
        const own = ofPart[position]?.shared ?? 0
        return { actual, part, sentence, ofSentence: near, ofPart: own, shared: own + 2 * near + (agreeing[place] ?? 0) }
      }),
  )
  return { found, nearest: Math.max(...ofSentence.map(({ shared }) => shared)) }
}

/** The parts of a sentence; those of an enumeration stay together: "塔河县、漠河县、呼玛县每年…". */
function splitAtCommas(clause: string, sentence: Span): Span[] {
  return splitClauses(clause, sentence).reduce<Span[]>((parts, part) => {
    const last = parts.at(-1)
    if (last === undefined || !clause.slice(last.start, last.end).endsWith('、')) return [...parts, part]
    return [...parts.slice(0, -1), { start: last.start, end: part.end }]
  }, [])
}

const nearestOf = (found: readonly Found[]): Found | null => found.reduce<Found | null>((left, right) => (left === null || right.shared > left.shared ? right : left), null)

function contradict(claimed: Figure, question: string, claim: Claim, clause: string, claims: readonly Figure[]): FigurePremise | null {
  const rest = question.replace(claimed.text, ' ')
  const own = findFigures(clause, claimed.unit, rest)
  // "每500户一个小组" may stand as "按100—200户划分", "十个中心" as "3所中心".
  const other = WRITTEN_AS[claimed.unit] ?? (claimed.unit.startsWith('个') && claim.isAsserted ? '所' : null)
  const { found, nearest } = other !== null && own.found.length === 0 ? findFigures(clause, other, rest) : own
  // What stands somewhere about the same thing is true, and so is a figure that only names which of several things is meant.
  const confirming = found.filter(({ actual }) => agrees(actual, { ...claimed, unit: actual.unit }))
  const best = nearestOf(found)
  if (best === null || confirming.includes(best)) return null
  // A sentence without such a figure that is much nearer to the question tells that it is about something else, unless the clause knows only one.
  const isOnly = found.every(({ actual }) => agrees(actual, best.actual))
  if (!isOnly && best.ofSentence < nearest * LEAST_NEARNESS) return null
  if (confirming.some(({ shared, ofPart, sentence, part }) => (sentence === best.sentence ? best.ofPart - ofPart < LEAST_LEAD_OF_PART || !areParallel(clause, best.part, part) : best.shared - shared < LEAST_LEAD))) return null
  // "2公里和1公里分别是哪一级" names two things by their figures.
  if (confirming.length > 0 && claims.some((other) => other !== claimed && other.unit === claimed.unit)) return null
  return { kind: 'figure', claimed, actual: best.actual, span: quoteAround(clause, best.sentence, best.part) }
}

/** Pairs of characters that two parts must have in common to say the same of two things. */
const PARALLEL = 4

function areParallel(clause: string, left: Span, right: Span): boolean {
  const own = pairsOf(normalize(clause.slice(left.start, left.end)))
  return [...pairsOf(normalize(clause.slice(right.start, right.end)))].filter((pair) => own.has(pair)).length >= PARALLEL
}

const WHOLE = /所有的?|全部|全都|百分之?百|人人|全(?=达标|都|要|得)/
const SHARE_OF = /%(?:以上|以下)?的|达标率|普及率|覆盖率/

/** "All" where the sentence about it says a share: "70%的…". */
function contradictWhole(question: string, claim: Claim, clause: string): FigurePremise | null {
  const [whole] = WHOLE.exec(question) ?? []
  if (whole === undefined || !(claim.isAsserted || claim.asksWhy) || readFigures(question).some(({ unit }) => unit === '%')) return null
  const { found, nearest } = findFigures(clause, '%', question)
  const best = nearestOf(found)
  if (best === null || best.ofSentence < nearest || !SHARE_OF.test(normalize(clause.slice(best.part.start, best.part.end))) || agrees(best.actual, { ...best.actual, from: 100, to: 100 })) return null
  return { kind: 'figure', claimed: { from: 100, to: 100, unit: '%', bound: null, text: whole }, actual: best.actual, span: quoteAround(clause, best.sentence, best.part) }
}

/** Whether every figure that the question states stands in the quote, as far as the quote has figures of its kind; false when it states none of them. */
export function confirmsFigure(question: string, claim: Claim, quote: string): boolean {
  const stated = readFigures(quote)
  const claimed = readFigures(question).filter((figure) => stated.some((other) => other.unit === figure.unit))
  return claim.isAsserted && claimed.length > 0 && claimed.every((figure) => stated.some((other) => agrees(figure, other)))
}
