const TEXTS_OF_ROOM = 50
const ROOMS = 500

/** What we said in groups lately, so that a quote of it is known for ours. In memory: after a restart only names tell. */
export interface Spoken {
  note(roomId: string, text: string): void
  /** Whether these words, as a quote shows them (cut, numbered, with the asker in front), are ours. */
  has(roomId: string, quoted: string): boolean
}

export function createSpoken(): Spoken {
  const rooms = new Map<string, string[]>()
  return {
    note(roomId, text) {
      const said = [...(rooms.get(roomId) ?? []), plain(text)].slice(-TEXTS_OF_ROOM)
      rooms.delete(roomId)
      rooms.set(roomId, said)
      const oldest = rooms.keys().next().value
      if (rooms.size > ROOMS && oldest !== undefined) rooms.delete(oldest)
    },
    has(roomId, quoted) {
      const words = plain(quoted.replace(/^（\d+\/\d+）/u, '').replace(/^@[^\u2005\n]{1,40}\u2005/u, '').replace(/(?:…|\.{3})$/u, ''))
      return words !== '' && (rooms.get(roomId) ?? []).some((text) => text.includes(words))
    },
  }
}

const plain = (text: string): string => text.replace(/[\s\u2005]+/gu, '')
