import type { BaseMessage, EventMessage } from '@wecom/aibot-node-sdk'
import { z } from 'zod'
import type { Attachment, InboundMessage } from '../../domain/messages/messages.ts'
import { findNameMentions, removeSpans } from '../mentions.ts'

const TextPart = z.object({ content: z.string() })
/** Where a picture lies for five minutes, and the key that it is encrypted with. */
const ImagePart = z.object({ url: z.string(), aeskey: z.string().optional() })
export type WecomImage = z.infer<typeof ImagePart>
/** The parts of a callback that we read; the SDK's own types leave its content open. */
const Callback = z.object({
  msgid: z.string().min(1),
  chatid: z.string().optional(),
  chattype: z.enum(['single', 'group']),
  from: z.object({ userid: z.string().min(1) }),
  create_time: z.number().optional(),
  msgtype: z.string(),
  text: TextPart.optional(),
  voice: TextPart.optional(),
  image: ImagePart.optional(),
  mixed: z.object({ msg_item: z.array(z.object({ msgtype: z.string(), text: TextPart.optional(), image: ImagePart.optional() })) }).optional(),
})

export interface WecomSelf {
  botId: string
  botName?: string
}

/** What a callback says to us; null for one without a sender or a shape that we do not know. */
export function readCallback(body: BaseMessage, self: WecomSelf, now: Date): InboundMessage | null {
  const parsed = Callback.safeParse(body)
  if (!parsed.success) return null
  const message = parsed.data
  const isGroup = message.chattype === 'group'
  if (isGroup && message.chatid === undefined) return null
  const { text, attachments } = readContent(message)
  const said = isGroup ? withoutMention(text, self.botName) : text.trim()
  if (said === '' && attachments.length === 0 && !isGroup) return null
  return {
    channel: 'wecom',
    account: self.botId,
    externalId: message.msgid,
    conversation: isGroup ? { kind: 'group', externalId: message.chatid ?? '' } : { kind: 'private', externalId: message.from.userid },
    sender: { externalId: message.from.userid },
    // WeCom hands over nothing of a group but what mentions the robot.
    isAddressed: true,
    text: said,
    attachments,
    sentAt: message.create_time === undefined ? now : new Date(message.create_time * 1000),
  }
}

/** A pressed button of a card says its key. */
export function readPressed(body: EventMessage, botId: string, now: Date): InboundMessage | null {
  const key = 'event_key' in body.event ? body.event.event_key : undefined
  if (key === undefined || key === '') return null
  const isGroup = body.chattype === 'group' && body.chatid !== undefined
  return {
    channel: 'wecom',
    account: botId,
    externalId: body.msgid,
    conversation: isGroup ? { kind: 'group', externalId: body.chatid ?? '' } : { kind: 'private', externalId: body.from.userid },
    sender: { externalId: body.from.userid },
    isAddressed: true,
    text: key,
    attachments: [],
    sentAt: now,
  }
}

const ATTACHMENTS: Record<string, Attachment['kind']> = { image: 'photo', file: 'file', video: 'video', location: 'location' }

function readContent(message: z.infer<typeof Callback>): { text: string; attachments: Attachment[] } {
  const kind = ATTACHMENTS[message.msgtype]
  if (message.msgtype === 'mixed') {
    const parts = message.mixed?.msg_item ?? []
    return { text: parts.map((part) => part.text?.content ?? '').join(' '), attachments: parts.filter((part) => part.msgtype === 'image').map(({ image }) => readPhoto(image)) }
  }
  // WeCom has put what was spoken into words.
  if (message.msgtype === 'voice' && message.voice !== undefined) return { text: message.voice.content, attachments: [] }
  if (message.text !== undefined) return { text: message.text.content, attachments: [] }
  if (kind === 'photo') return { text: '', attachments: [readPhoto(message.image)] }
  return { text: '', attachments: [{ kind: kind ?? (message.msgtype === 'voice' ? 'voice' : 'other'), caption: '' }] }
}

const readPhoto = (image: WecomImage | undefined): Attachment => ({ kind: 'photo', caption: '', ...(image && { reference: JSON.stringify(image) }) })

/** What `readPhoto` made of it; null for anything else. */
export function readReference(reference: string): WecomImage | null {
  try {
    return ImagePart.safeParse(JSON.parse(reference)).data ?? null
  } catch {
    return null
  }
}

function withoutMention(text: string, botName: string | undefined): string {
  if (botName !== undefined) return removeSpans(text, findNameMentions(text, [botName]))
  return text.replace(/^\s*[@＠][^\s@＠\u2005]{1,40}(?:[\s\u2005]+|$)/u, '').trim()
}
