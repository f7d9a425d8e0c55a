import { isChapter, readNumbered } from '../numbering.ts'
import { readChain } from './chain.ts'
import type { Division, Item } from './divide.ts'
import type { FlowLine } from './flow.ts'

/** 问：, 【问】, 问题3：, Q1. */
const QUESTION = /^[【[(（]?(?:提?问题?|Q)\s*[\d一二三四五六七八九十]{0,3}\s*[】\])）:：、.．]\s*(.+)$/i
const ANSWER = /^[【[(（]?(?:[解回]?答复?|回复|A)\s*[\d一二三四五六七八九十]{0,3}\s*[】\])）:：、.．]\s*(.*)$/i
const LEAST_PAIRS = 2
const LONGEST_HEADING = 30

/** Questions with their answers, each pair a clause whose title is the question; null when the lines are no such paper. */
export function splitByQuestions(whole: readonly FlowLine[]): Division | null {
  const lines = whole.flatMap(splitPair)
  const pairs = lines.filter((_, at) => questionAt(lines, at) !== null).length
  const articles = readChain(lines, 'article')
  const isOfArticles = articles?.places[0]?.numbered.number === 1 && articles.places.length >= pairs
  if (pairs < LEAST_PAIRS || isOfArticles) return null
  const items: Item[] = []
  let headings: string[] = []
  let count = 0
  for (const [at, line] of lines.entries()) {
    const last = items.at(-1)
    const question = questionAt(lines, at)
    if (question !== null) {
      count += 1
      items.push({ number: count, suffix: null, unit: '问答', label: '', title: question, lines: [], headings })
    } else if (isHeading(lines, at)) headings = [line.text]
    else if (last === undefined) items.push({ number: null, suffix: null, unit: '前言', label: '', title: '', lines: [line], headings: [] })
    else last.lines.push({ ...line, text: last.lines.length === 0 && last.number !== null ? (ANSWER.exec(line.text)?.[1] ?? line.text) : line.text })
  }
  return { by: 'questions', items: items.filter((item) => item.lines.some((line) => line.text !== '' || line.rows !== undefined)), problems: [] }
}

/** The words of a line without the marks of question and answer. */
export const withoutMarks = (text: string): string[] => splitPair({ text }).map((line) => {
  const bare = readNumbered(line.text)?.rest ?? line.text
  return QUESTION.exec(bare)?.[1] ?? ANSWER.exec(bare)?.[1] ?? line.text
})

/** 问：几点关门？答：十点。 on one line. */
function splitPair(line: FlowLine): FlowLine[] {
  const [, question, answer] = /^(.*?(?:问|Q)\s*[:：].+?)\s*((?:答|A)\s*[:：].+)$/.exec(line.text) ?? []
  return question === undefined || answer === undefined || line.rows !== undefined ? [line] : [{ ...line, text: question }, { ...line, text: answer }]
}

/** The question of a line: it is marked 问, or it ends with a question mark and the next line is marked 答, or it is numbered and what follows is no question. */
function questionAt(lines: readonly FlowLine[], at: number): string | null {
  const line = lines[at]
  const next = lines[at + 1]
  if (line === undefined || next === undefined || line.rows !== undefined || line.role !== undefined) return null
  const numbered = readNumbered(line.text)
  const bare = numbered?.rest ?? line.text
  const marked = QUESTION.exec(bare)?.[1]
  if (marked !== undefined) return marked
  const isAsked = /[？?]$/.test(bare)
  if (isAsked && ANSWER.test(next.text)) return bare
  return isAsked && (numbered !== null || line.level !== undefined) && !/[？?]$/.test(next.text) ? bare : null
}

/** A short line, or one that the file marks, that stands over a question and is none. */
function isHeading(lines: readonly FlowLine[], at: number): boolean {
  const line = lines[at]
  if (line === undefined || questionAt(lines, at + 1) === null || line.text === '') return false
  if (line.level !== undefined || isChapter(line.text)) return true
  return readNumbered(line.text) !== null && line.text.length <= LONGEST_HEADING && !/[。；！？?]$/.test(line.text)
}
