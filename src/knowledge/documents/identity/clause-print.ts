import { createHash } from 'node:crypto'
import { normalize } from '../../../language/normalize.ts'

/** Characters of a clause's fingerprint: 40 bits, so that no two texts of a folder share one. */
const PRINT_LENGTH = 10
const QUESTION_PRINT_LENGTH = 6

/**
 * A text in the form in which two writings of it are the same: no blanks, one width, simplified, lower case, no punctuation. Between two digits a mark
 * says something (1.5, 3—5) and stays, but for the comma of thousands; so does the sign of a share.
 */
export function bareText(text: string): string {
  return normalize(text)
    .replaceAll(/[‐-―~～－至]/g, '-')
    .replaceAll(/(?<=\d)\s*,\s*(?=\d{3}(?!\d))/g, '')
    .replaceAll(/\s+/g, '')
    .replaceAll(/(?<!\d)[^\p{L}\p{N}%‰℃]|[^\p{L}\p{N}%‰℃](?!\d)/gu, '')
}

/** What a clause is known by, whatever number it has: a short fingerprint of its words. The same text gives the same everywhere and always. */
export function printOf(clause: { text: string }): string {
  const known = prints.get(clause)
  if (known !== undefined) return known
  const print = createHash('sha256').update(bareText(clause.text)).digest('hex').slice(0, PRINT_LENGTH)
  prints.set(clause, print)
  return print
}

/** Clauses don't change once they are read; they are asked for at every question. */
const prints = new WeakMap<{ text: string }, string>()

/** Letters and digits of a question alone: what only differs in marks and blanks is the same question. */
export const bareQuestion = (question: string): string => normalize(question).replaceAll(/[^\p{L}\p{N}]/gu, '')

/** A question's own fingerprint, within one document. */
export const questionPrint = (question: string): string => createHash('sha256').update(bareQuestion(question) || question).digest('hex').slice(0, QUESTION_PRINT_LENGTH)
