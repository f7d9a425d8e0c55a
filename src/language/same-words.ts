import { normalize } from './normalize.ts'

/** The words alone: marks, blanks and emoji go, but for what stands between two digits (3.5, 1-2). */
const wordsOf = (text: string): string => normalize(text).replace(/(?<!\d)[^\p{L}\p{N}]+|[^\p{L}\p{N}]+(?!\d)/gu, '')

/** Whether two texts say the same in the same words, whatever their marks, blanks, width and script; what has no words must be equal. */
export function hasSameWords(one: string, other: string): boolean {
  if (one === other) return true
  const words = wordsOf(one)
  return words !== '' && words === wordsOf(other)
}
