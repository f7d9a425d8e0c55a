import type { ChatAnnouncement } from '../domain/kept-state.ts'
import type { Area } from '../domain/services.ts'

const AUDIENCE = /^(?:发?给|发到)\s*([^\n:：，,。]{1,60}?)\s*(?:[:：]|\n)\s*/

export const ROLE_WORDS = [
  ['志愿者', 'volunteer'],
  ['群', 'group'],
  ['居民', 'resident'],
] as const
/** A tag of one character stands in too many other words to be meant by it. */
const SHORTEST_SAID_TAG = 2

interface Named {
  word: string
  chooses: { areas: string[] } | { roles: (typeof ROLE_WORDS)[number][1][] } | { tags: string[] }
}

/**
 * The text of 发公告 without the words that say for whom: `给向阳社区的志愿者：…`, `给独居老人：…`. Words that name nobody known are
 * part of the text. `tags`: those in use.
 */
export function readAnnouncement(said: string, { areas, tags }: { areas: readonly Area[]; tags: readonly string[] }): ChatAnnouncement {
  const match = AUDIENCE.exec(said)
  // A word that means several things means the first of these.
  const named: Named[] = [
    // Several areas may have one name.
    ...areas.map(({ name }) => ({ word: name, chooses: { areas: areas.filter((area) => area.name === name).map(({ code }) => code) } })),
    ...ROLE_WORDS.map(([word, role]) => ({ word, chooses: { roles: [role] } })),
    ...tags.filter((tag) => Array.from(tag).length >= SHORTEST_SAID_TAG).map((tag) => ({ word: tag, chooses: { tags: [tag] } })),
  ]
  const found = findNamed(match?.[1] ?? '', named)
  if (match === null || found.length === 0) return { text: said.trim(), audience: {} }
  const all = { areas: found.flatMap(({ chooses }) => ('areas' in chooses ? chooses.areas : [])), roles: found.flatMap(({ chooses }) => ('roles' in chooses ? chooses.roles : [])), tags: found.flatMap(({ chooses }) => ('tags' in chooses ? chooses.tags : [])) }
  return { text: said.slice(match[0].length).trim(), audience: { ...(all.areas.length > 0 && { areas: all.areas }), ...(all.roles.length > 0 && { roles: all.roles }), ...(all.tags.length > 0 && { tags: all.tags }) } }
}

/** What the words name, the longest first: 独居老人 is not also 老人, and 三期业主群 is a tag, not every group. */
function findNamed(whom: string, named: Named[]): Named[] {
  const found: Named[] = []
  let rest = whom
  for (const one of named.toSorted((left, right) => right.word.length - left.word.length)) {
    if (!rest.includes(one.word)) continue
    found.push(one)
    rest = rest.replaceAll(one.word, ' ')
  }
  return found
}
