import { normalize } from '../normalize.ts'

/** The words alone: marks, blanks and emoji go, but for what stands between two digits (3.5, 1-2). */
const wordsOf = (text: string): string => normalize(text).replace(/(?<!\d)[^\p{L}\p{N}]+|[^\p{L}\p{N}]+(?!\d)/gu, '')

/** Whether two texts say the same in the same words, whatever their marks, blanks, width and script; what has no words must be equal. */
export function hasSameWords(one: string, other: string): boolean {
  if (one === other) return true
  const words = wordsOf(one)
  return words !== '' && words === wordsOf(other)
}

/** What two messages have in common that differ in marks, blanks, numbers and particles only. */
export const sameMessageKey = (text: string): string => {
  const key = text.normalize('NFKC').toLowerCase().replace(/\d+/g, '#').replace(/[\s\p{P}\p{S}]/gu, '').replace(/[了吧呢啊呀嘛哦呗啦的]+$/u, '')
  return key === '' ? text : key
}
