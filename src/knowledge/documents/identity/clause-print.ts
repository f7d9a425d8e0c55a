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
export const printOf = ({ text }: { text: string }): string => createHash('sha256').update(bareText(text)).digest('hex').slice(0, PRINT_LENGTH)

/** Letters and digits of a question alone: what only differs in marks and blanks is the same question. */
export const bareQuestion = (question: string): string => normalize(question).replaceAll(/[^\p{L}\p{N}]/gu, '')

/** A question's own fingerprint, within one document. */
export const questionPrint = (question: string): string => createHash('sha256').update(bareQuestion(question) || question).digest('hex').slice(0, QUESTION_PRINT_LENGTH)
