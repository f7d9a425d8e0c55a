/** Where a word may stand for a request to be found by it. */
export const SEARCHED_OF_REQUESTS = ['number', 'description', 'address', 'requesterName', 'requesterPhone', 'category'] as const
export const SEARCHED_OF_VOLUNTEERS = ['number', 'name', 'phone', 'availability'] as const

/** More words than anybody types; each costs a look at every row. */
const MOST_WORDS = 6

/**
 * Conditions that each word of what was typed stands in one of `fields`; [] when nothing was typed.
 * Numbers are kept in capitals and looked for so: people type sr-2026…, and PostgreSQL tells small letters from capitals.
 */
export function searchWords<Field extends string>(typed: string | undefined, fields: readonly Field[]): { OR: { [name in Field]?: { contains: string } }[] }[] {
  const words = typed?.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS) ?? []
  return words.map((word) => ({ OR: fields.map((field) => ({ [field]: { contains: field === 'number' ? word.toUpperCase() : word } }) as { [name in Field]?: { contains: string } }) }))
}
