/**
 * Finds which of a list of words stands at a place of a text, the longest first; the list is looked at only where one of its heads stands,
 * so that looking at every place of a text is linear in its length.
 */
export function createWordTable(words: readonly string[]): (text: string, at: number) => string | undefined {
  const byHead = new Map<string, string[]>()
  for (const word of words.toSorted((one, other) => other.length - one.length)) {
    const head = word.charAt(0)
    const others = byHead.get(head)
    if (others === undefined) byHead.set(head, [word])
    else others.push(word)
  }
  return (text, at) => byHead.get(text.charAt(at))?.find((word) => text.startsWith(word, at))
}
