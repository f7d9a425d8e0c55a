import { z } from '@hono/zod-openapi'
import { randomUUID } from 'node:crypto'
import { LONGEST_INBOUND_TEXT, type Attachment, type InboundMessage } from '../../domain/messages/messages.ts'
import { MOST_PHOTOS } from '../../domain/pictures/photos.ts'
import { PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { cleanNickname, cleanTyped } from '../../language/clean.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { identifier } from './schemas.ts'

/** The channel of messages that other programs hand in, over HTTP or by `chat --json`. */
export const HTTP_CHANNEL = { channel: 'http', account: 'api' } as const

/** Far more than are taken: whoever sends more means something else. */
const MOST_ATTACHMENTS = 20

/** Looked at without going back, so that megabytes cost no more than reading them. */
const isBase64 = (data: string): boolean => data.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(data.replace(/={1,2}$/, ''))

const PhotoInput = z
  .object({
    type: z.literal('photo'),
    mime: z.enum(PICTURE_TYPES).openapi({ description: 'What it is called; what it is, its content tells' }),
    data: z.string().refine(isBase64, 'must be base64').openapi({ format: 'byte', description: 'At most 5 MB before base64' }),
  })
  .openapi('PhotoInput')

/** One line of `chat --json`, and the body of POST /api/v1/messages. */
export const MessageInput = z
  .object({
    id: identifier('The same id in the same conversation again changes nothing; made up when absent').optional(),
    conversation: identifier('Free string; in a group: the group’s'),
    sender: z.object({ id: identifier('The same person wherever it is used'), name: z.string().optional() }),
    group: z.object({ id: identifier('The group in which it was said'), name: z.string().optional() }).optional(),
    mentioned: z.boolean().optional().openapi({ description: 'In a group: whether the assistant was addressed; what is only overheard gets no reply' }),
    reply_to: z.number().int().min(1).optional().openapi({ description: 'The seq of the pushed message that it answers: with the words of one of its buttons, that button was pressed' }),
    attachments: z.array(PhotoInput).max(MOST_ATTACHMENTS).optional().openapi({ description: `Photos; the first ${MOST_PHOTOS} are taken, and the reply says what became of the others` }),
    text: z.string().openapi({ description: `What was typed; of a longer text the first ${LONGEST_INBOUND_TEXT} UTF-16 units are read` }),
  })
  .openapi('MessageInput')
export type MessageInput = z.infer<typeof MessageInput>

/** More than any message needs, so that cleaning a text of a million characters does not hold everybody up. */
const LONGEST_RAW_TEXT = 4 * LONGEST_INBOUND_TEXT

/** The message of a line as the assistant takes it, and the id by which its answer is recognised. */
export function toInboundMessage(input: MessageInput, now: Date, attachments: Attachment[] = []): { id: string; message: InboundMessage } {
  const id = input.id ?? randomUUID()
  const conversation = input.group?.id ?? input.conversation
  const { name } = input.sender
  return {
    id,
    message: {
      ...HTTP_CHANNEL,
      // The sender is part of it: whoever repeats an id must not be told what was answered to somebody else.
      externalId: JSON.stringify([conversation, input.sender.id, id]),
      conversation: {
        kind: input.group === undefined ? 'private' : 'group',
        externalId: conversation,
        ...(input.group?.name !== undefined && { title: cleanNickname(input.group.name) }),
      },
      sender: { externalId: input.sender.id, ...(name !== undefined && { nickname: cleanNickname(name) }) },
      isAddressed: input.group === undefined || input.mentioned === true,
      text: cleanTyped(input.text.slice(0, LONGEST_RAW_TEXT), { longest: LONGEST_INBOUND_TEXT }),
      attachments,
      sentAt: now,
      ...(input.reply_to !== undefined && { repliesTo: { pushSeq: input.reply_to } }),
    },
  }
}

/** The photos of a line are kept here before the message is: see `Photos.release`. */
export const takePhotos = ({ attachments = [] }: MessageInput, photos: Pick<Photos, 'takeAll'>): Promise<Attachment[]> =>
  photos.takeAll(attachments.map(({ data }) => async () => new Uint8Array(Buffer.from(data, 'base64'))))
