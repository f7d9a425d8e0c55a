import type { KnowledgeDocument, Passage } from '../../../domain/answers.ts'
import { normalize, plain } from '../../../language/normalize.ts'
import { OTHER_DOMAINS } from '../../find/questions/other-domains.ts'
import { Bm25Index } from '../../find/words/bm25.ts'
import { tokenize, tokenizeQuestion } from '../../find/words/tokens.ts'
import type { QuestionView } from '../question-view.ts'
import type { WindowView } from '../refusal.ts'
import { readAskedThing } from './asked-held.ts'

/**
 * How a clause that nobody wrote typical questions for answers a question: few measures, none of which depends on how many clauses
 * there are or on what they speak of. `words` and `meaning` are those of the best window that holds what is asked for, `score` is what the ranking
 * by text alone gives the clause, and `questionWords` how much the asker tells: what is told in detail is nearer to nothing and yet answered more often.
 */
export const LEXICAL_BARE_FEATURES = ['words', 'covered', 'isStrict', 'wordsBehind', 'anyWordsAhead', 'ofDocument', 'isOfFirst', 'score', 'questionWords'] as const
export const HYBRID_BARE_FEATURES = [...LEXICAL_BARE_FEATURES, 'meaning', 'clauseMeaning', 'meaningBehind', 'anyMeaningAhead', 'otherDomain', 'stray'] as const

/** How rare a term is in questions, whatever the documents say: 多少, 怎么 and 吗 weigh little. */
let questionWords: Bm25Index | undefined
const termWeight = (term: number): number => (questionWords ??= Bm25Index.build(OTHER_DOMAINS.map((question) => tokenizeQuestion(question)))).termWeight(term)

/** The share of a question's words that stand in a text, weighted by how rare they are in questions. */
export function coverQuestion(question: string, own: ReadonlySet<number>): number {
  let all = 1e-6
  let held = 0
  for (const term of new Set(tokenizeQuestion(question))) {
    const weight = termWeight(term)
    all += weight
    if (own.has(term)) held += weight
  }
  return held / all
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
/** Of shorter and longer questions no more is said than that they are short or long. */
const WORDS_COUNTED = { least: 8, most: 16 }
const countWords = (question: string): number => {
  const words = new Set([...segmenter.segment(question)].flatMap(({ isWordLike, segment }) => (isWordLike === true ? [segment] : [])))
  return Math.min(WORDS_COUNTED.most, Math.max(WORDS_COUNTED.least, words.size))
}

/** What a clause is read with: the document's title and what stands over it. */
export const contextOf = (passage: Passage, document: KnowledgeDocument): string => [document.title, ...(passage.headings ?? []), passage.title].join('\n')

/** How near a clause is by what of it holds the thing asked for. */
export interface Nearest {
  words: number
  meaning: number
  /** The window itself. */
  text: string
  /** By how much another window, which does not hold it, is nearer. */
  wordsAhead: number
  meaningAhead: number
}

const best = (windows: readonly WindowView[], measure: 'words' | 'meaning'): number => Math.max(0, ...windows.map((window) => window[measure]))
const nearness = (window: WindowView): number => window.words + window.meaning

const YEAR = /(?<!\d)(?:19|20)\d\d(?=年)/g
const yearsIn = (text: string): string[] => [...normalize(text).matchAll(YEAR)].map(([year]) => year)

/** Whether the question names a year, and the clause, with what stands over it, names only others. */
function namesOtherYear(question: string, passage: Passage, document: KnowledgeDocument): boolean {
  const asked = yearsIn(question)
  const own = asked.length === 0 ? [] : yearsIn(`${contextOf(passage, document)}\n${passage.text}`)
  return own.length > 0 && asked.some((year) => !own.includes(year))
}

/** What stands before a notice's first point announces it, and what punishes a breach only repeats the rule: neither says whether one may. */
const ANNOUNCES = /(?:如下|事项|通知|通告|公告)[^。\n]{0,6}[:：]?\s*$/
const PUNISHES = /^[^。]{0,16}违反[^。]{0,80}(?:责令|罚|处)/
const ASKS_OF_BREACH = /罚|处分|违|抓|拘|后果|怎么办|怎样|怎么着/
const saysNotWhether = ({ kinds, asked }: QuestionView, { text }: Passage): boolean =>
  (ANNOUNCES.test(text) && !kinds.includes('reason')) || (kinds.includes('yesNo') && PUNISHES.test(text) && !ASKS_OF_BREACH.test(plain(asked)))

/** null where nothing in the clause holds what is asked for, or it is of another year: then it is no answer, whatever it speaks of. */
export function nearestOf(view: QuestionView, position: number, passage: Passage, document: KnowledgeDocument): Nearest | null {
  if (namesOtherYear(view.question, passage, document)) return null
  const windows = view.windowsOf(position)
  const thing = readAskedThing(view.kinds, view.asked)
  if (thing === null && saysNotWhether(view, passage)) return null
  const context = contextOf(passage, document)
  const holders = thing === null ? windows : windows.filter(({ text }) => thing.isHeldBy(text, context))
  if (thing !== null && holders.length === 0 && !thing.isHeldBy(passage.text, context)) return null
  // Where only the whole holds it, the whole is the window.
  const { clauseWords = 0, clauseMeaning = 0 } = view.measuresOf(position) ?? {}
  const used = holders.length > 0 ? holders : [{ text: passage.text, words: clauseWords, meaning: clauseMeaning }]
  // A clause of one window is found by what stands over it too.
  const isOne = windows.length === 1
  const [words, meaning] = [Math.max(best(used, 'words'), isOne ? clauseWords : 0), Math.max(best(used, 'meaning'), isOne ? clauseMeaning : 0)]
  const near = used.reduce((left, right) => (nearness(right) > nearness(left) ? right : left))
  return { words, meaning, text: near.text, wordsAhead: Math.max(0, best(windows, 'words') - words), meaningAhead: Math.max(0, best(windows, 'meaning') - meaning) }
}

export interface BareInput {
  view: QuestionView
  position: number
  passage: Passage
  document: KnowledgeDocument
  nearest: Nearest
  /** The best of all clauses looked at. */
  most: { words: number; meaning: number }
  /** The share of all clauses looked at that are of the same document, and whether the first of them is: a question is of one paper. */
  ofDocument: number
  isOfFirst: boolean
  isHybrid: boolean
}

/** The measures in the order of the lists above. */
export function bareFeatures(input: BareInput): number[] {
  const { view, position, passage, document, nearest, most, isHybrid } = input
  const { question, kinds, asked } = view
  const { clauseMeaning = 0, strayMeaning = 0 } = view.measuresOf(position) ?? {}
  const features = [
    nearest.words,
    coverQuestion(question, new Set(tokenize(`${contextOf(passage, document)}\n${passage.text}`))),
    Number(readAskedThing(kinds, asked) !== null),
    most.words - nearest.words,
    nearest.wordsAhead,
    input.ofDocument,
    Number(input.isOfFirst),
    view.ranked.find(({ passage: ranked }) => ranked === position)?.score ?? 0,
    countWords(question),
  ]
  return isHybrid ? [...features, nearest.meaning, clauseMeaning, most.meaning - nearest.meaning, nearest.meaningAhead, view.otherDomain, strayMeaning] : features
}
