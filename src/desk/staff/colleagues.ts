import type { Transaction } from '../../store/engine/store.ts'

/** A member of staff as operations name one. */
export interface Colleague {
  id: string
  user: string
  name: string
}

export type FoundColleague = { outcome: 'found'; colleague: Colleague } | { outcome: 'unknown_user'; user: string } | { outcome: 'disabled_user'; user: string; name: string }

/** The member of staff of that user name, who must be able to log in. */
export async function findColleague(reader: Pick<Transaction, 'staffMember'>, user: string): Promise<FoundColleague> {
  const row = await reader.staffMember.findUnique({ where: { user }, select: { id: true, user: true, name: true, disabledAt: true } })
  if (row === null) return { outcome: 'unknown_user', user }
  const { disabledAt, ...colleague } = row
  return disabledAt === null ? { outcome: 'found', colleague } : { outcome: 'disabled_user', user, name: row.name }
}

const WORD = /[\p{L}\p{N}_]/u
const LATIN = /[A-Za-z0-9_]$/

/**
 * Those whom a text names with `@`, by user or by name; the longest that fits is meant, as nothing parts a Chinese name from
 * what follows. Two of one name are both meant.
 * @returns `unknown`: what stands behind an `@` and is nobody, as typed
 */
export function findMentioned(text: string, colleagues: readonly Colleague[]): { mentioned: Colleague[]; unknown: string[] } {
  const mentioned = new Set<Colleague>()
  const unknown: string[] = []
  for (const { index } of text.matchAll(/(?<![A-Za-z0-9_.-])[@＠]/g)) {
    const rest = text.slice(index + 1)
    const fits = (word: string) => word !== '' && rest.startsWith(word) && !(LATIN.test(word) && /^[A-Za-z0-9_]/.test(rest.slice(word.length)))
    const longest = Math.max(0, ...colleagues.flatMap(({ user, name }) => [user, name]).filter(fits).map((word) => word.length))
    const meant = colleagues.filter(({ user, name }) => [user, name].some((word) => word.length === longest && fits(word)))
    for (const colleague of meant) mentioned.add(colleague)
    if (meant.length === 0 && WORD.test(rest.charAt(0))) unknown.push(/^[\p{L}\p{N}_.-]{1,20}/u.exec(rest)?.[0] ?? '')
  }
  return { mentioned: [...mentioned], unknown }
}
