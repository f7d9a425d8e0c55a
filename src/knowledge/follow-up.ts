import { normalize } from '../language/normalize.ts'

const LEAD = /^(?:那么|那|还有|另外|然后|再问一下|再问|哦|嗯|好的|好)[,，、\s]*/
const ENDING = /[?？!！。.,，\s]+$/
const LONGEST_FOLLOW_UP = 14
const POINTS_BACK = /^(?:它|他们|她们|这个|这些|那个|那些|这事|这里面|其中|上面)/

/** What a follow-up adds to the question before it, or null when the question stands by itself. */
export function readFollowUp(question: string): string | null {
  const text = normalize(question).replace(ENDING, '').trim()
  const bare = text.replace(LEAD, '')
  const isShort = bare.length <= LONGEST_FOLLOW_UP
  const hasLead = bare.length < text.length
  if (isShort && /(?:呢|呐|嘞)$/.test(bare)) return bare.replace(/(?:呢|呐|嘞)$/, '').trim() || null
  if (isShort && hasLead && bare.length > 0) return bare
  if (isShort && POINTS_BACK.test(bare)) return bare.replace(POINTS_BACK, '') || null
  return bare.length > 0 && bare.length <= 4 ? bare : null
}

export interface CompletedQuestion {
  question: string
  /** What the kind of thing asked should be read from first. */
  asked: string
}

/** A question that can be understood by itself: a short follow-up ("那面积呢？") is put behind the question of the turn before. */
export function completeQuestion(question: string, previous: string | undefined): CompletedQuestion {
  const added = previous === undefined || previous.trim() === '' ? null : readFollowUp(question)
  if (added === null || previous === undefined) return { question, asked: question }
  return joinQuestions(`${added}？`, previous)
}

/** Whether a question is so short that it may go on from the turn before although nothing in it says so. */
export const mayFollowUp = (question: string): boolean => normalize(question).replace(ENDING, '').trim().length <= LONGEST_FOLLOW_UP

/** A short question behind the one of the turn before, whatever it looks like. */
export const joinQuestions = (question: string, previous: string): CompletedQuestion => ({ question: `${previous.trim().replace(ENDING, '')}，${question}`, asked: question })
