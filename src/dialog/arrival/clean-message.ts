import { LONGEST_INBOUND_TEXT, type InboundMessage } from '../../domain/messages/messages.ts'
import { cleanForEcho, cleanNickname, cleanTyped, showNickname, withoutMention } from '../../language/clean.ts'
import type { ReadTurn } from '../turn.ts'

/** What a person typed enters the store clean and cut; what was merely overheard in a group is not kept. */
export function cleanMessage(message: InboundMessage): InboundMessage {
  const { nickname, ...sender } = message.sender
  return {
    ...message,
    text: message.isAddressed ? cleanForEcho(withoutMention(cleanTyped(message.text, { longest: LONGEST_INBOUND_TEXT }))) : '',
    attachments: message.isAddressed ? message.attachments.map((attachment) => ({ ...attachment, caption: cleanForEcho(cleanTyped(attachment.caption, { longest: 200 })) })) : [],
    sender: nickname === undefined || !message.isAddressed ? sender : { ...sender, nickname: cleanNickname(nickname) },
    conversation: message.conversation.title === undefined ? message.conversation : { ...message.conversation, title: cleanNickname(message.conversation.title) },
  }
}

/** In a group all read who is answered. */
export const namedForOthers = (message: InboundMessage, { person }: ReadTurn['context']): InboundMessage =>
  message.sender.nickname === undefined || person.staff !== null ? message : { ...message, sender: { ...message.sender, nickname: showNickname(message.sender.nickname) } }
