import type { MessageEntity } from 'grammy/types'

/** The entities that Telegram finds in a plain text: addresses, commands, mentions by username. No mention inside an address. */
export function entitiesOf(text: string): MessageEntity[] {
  const entities: MessageEntity[] = []
  const isFree = (start: number, end: number): boolean => entities.every((entity) => end <= entity.offset || start >= entity.offset + entity.length)
  const add = (type: 'email' | 'bot_command' | 'mention', pattern: RegExp): void => {
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (isFree(match.index, end)) entities.push({ type, offset: match.index, length: match[0].length })
    }
  }
  add('email', /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g)
  add('bot_command', /(?<![A-Za-z0-9_/])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?/g)
  // Between letters of any script there is no mention: not in 请问@bot, not in @bot二号.
  add('mention', /(?<![\p{L}\p{N}_])@[A-Za-z0-9_]{4,32}(?![\p{L}\p{N}_])/gu)
  return entities.sort((a, b) => a.offset - b.offset)
}
