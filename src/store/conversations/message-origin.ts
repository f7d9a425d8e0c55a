import { z } from 'zod'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { fromJson } from '../engine/json.ts'

/** What only some messages come with; kept together, since it is read again only where a turn is decided anew. */
type Origin = Pick<InboundMessage, 'firstSentAt' | 'buttonSentAt' | 'buttonOf' | 'repliesTo' | 'thread' | 'album'>

const OriginSchema = z.object({
  firstSentAt: z.coerce.date().optional(),
  buttonSentAt: z.coerce.date().optional(),
  buttonOf: z.string().optional(),
  repliesTo: z.union([z.object({ seq: z.number() }), z.object({ pushSeq: z.number() }), z.object({ platformMessageId: z.string() }), z.object({ words: z.string() })]).optional(),
  thread: z.string().optional(),
  album: z.string().optional(),
})

/** The JSON text of what the platform told besides the message itself; null when that is nothing. */
export function writeOrigin({ firstSentAt, buttonSentAt, buttonOf, repliesTo, thread, album }: Origin): string | null {
  const origin = JSON.stringify({ firstSentAt, buttonSentAt, buttonOf, repliesTo, thread, album })
  return origin === '{}' ? null : origin
}

/** What `writeOrigin` wrote. */
export function readOrigin(column: unknown): Origin {
  const { firstSentAt, buttonSentAt, buttonOf, repliesTo, thread, album } = OriginSchema.parse(fromJson(column) ?? {})
  return {
    ...(firstSentAt && { firstSentAt }),
    ...(buttonSentAt && { buttonSentAt }),
    ...(buttonOf !== undefined && { buttonOf }),
    ...(repliesTo !== undefined && { repliesTo }),
    ...(thread !== undefined && { thread }),
    ...(album !== undefined && { album }),
  }
}
