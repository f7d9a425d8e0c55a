/** The longest word of a list that stands at a place of a text and after which `accepts` lets it end; undefined when none does. */
export type WordTable = (text: string, at: number, accepts?: (end: number) => boolean) => string | undefined

/**
 * Finds which of a list of words stands at a place of a text, the longest first; the list is looked at only where one of its heads stands,
 * so that looking at every place of a text is linear in its length.
 */
export function createWordTable(words: readonly string[]): WordTable {
  const byHead = new Map<string, string[]>()
  for (const word of words.toSorted((one, other) => other.length - one.length)) {
    const head = word.charAt(0)
    const others = byHead.get(head)
    if (others === undefined) byHead.set(head, [word])
    else others.push(word)
  }
  return (text, at, accepts) => byHead.get(text.charAt(at))?.find((word) => text.startsWith(word, at) && (accepts === undefined || accepts(at + word.length)))
}

/** Every word of a table in a text, in the order said, none overlapping another. */
export function findWords(text: string, table: WordTable): { word: string; index: number }[] {
  const found: { word: string; index: number }[] = []
  for (let at = 0; at < text.length; ) {
    const word = table(text, at)
    if (word !== undefined) found.push({ word, index: at })
    at += word?.length ?? 1
  }
  return found
}
