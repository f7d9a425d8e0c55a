import { normalize } from '../../language/normalize.ts'

/** A text in the one form in which answers and clauses are compared: no blanks, one kind of dash, quote and unit sign. */
export function flatten(text: string): string {
  return normalize(text)
    .replaceAll(/\s+/g, '')
    .replaceAll(/[—–―~-]+/g, '-')
    .replaceAll(/[“”„"「」『』〝〞＂‘’']/g, '"')
    .replaceAll(/㎡|m²|m2(?![a-z0-9])/g, '平方米')
    .replaceAll(/[﹪‰]/g, '%')
}

export interface SourceText {
  /** Flattened text, with the title in front. */
  text: string
  /** The text without punctuation, once with and once without what stands in brackets. */
  bare: string
}

/** The cited clauses as one text to look things up in. */
export function toSource(passages: readonly { title: string; text: string }[]): SourceText {
  const text = passages.map((passage) => `${flatten(passage.title)}。${flatten(passage.text)}`).join('。')
  const withoutBrackets = text.replaceAll(/\([^()]*\)/g, '')
  // The bar keeps words of one sentence from running into the next one.
  const bare = [text, withoutBrackets].map((version) => stripMarks(version.replaceAll(/[。;!?]/g, '|'))).join('|')
  return { text, bare }
}

export const stripMarks = (text: string): string => text.replaceAll(/[^\p{Script=Han}〇a-z0-9%.|-]/gu, '')

/** The source holds these words, in this order, punctuation and brackets aside. */
export const holds = (source: SourceText, words: string): boolean => words !== '' && (source.text.includes(words) || source.bare.includes(stripMarks(words)))

export function bigrams(text: string): Set<string> {
  const bare = stripMarks(text)
  const grams = new Set<string>()
  for (let index = 0; index + 2 <= bare.length; index += 1) grams.add(bare.slice(index, index + 2))
  return grams
}

export function countShared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let count = 0
  for (const gram of left) if (right.has(gram)) count += 1
  return count
}

/** Something that a clause says, with the words around it that say what it is said about. */
export interface Statement {
  key: string
  context: string
}

/**
 * Whether what is said around a figure or a name speaks of another statement of the clause than the ones with `key`: the words that
 * tell the statements apart decide. `contexts` are tried in turn, the next one only where the one before says nothing either way.
 */
export function isMixedUp(key: string, contexts: readonly string[], statements: readonly Statement[]): boolean {
  if (new Set(statements.map((statement) => statement.key)).size < 2) return false
  const grams = statements.map((statement) => new Set([...bigrams(statement.context), ...bigrams(statement.context.replaceAll(/\([^()]*\)/g, ''))]))
  for (const context of contexts) {
    const lead = leadOf(key, bigrams(context), statements, grams)
    if (lead !== 0) return lead < 0
  }
  return false
}

/** How much nearer the best statement with `key` is to what was said than the best one without. */
function leadOf(key: string, spoken: ReadonlySet<string>, statements: readonly Statement[], grams: readonly ReadonlySet<string>[]): number {
  let right = 0
  let wrong = 0
  for (const [index, statement] of statements.entries()) {
    let score = 0
    for (const gram of grams[index] ?? []) {
      const holders = grams.filter((other) => other.has(gram)).length
      if (spoken.has(gram) && holders < grams.length) score += 1 / holders
    }
    if (statement.key === key) right = Math.max(right, score)
    else wrong = Math.max(wrong, score)
  }
  return right - wrong
}
