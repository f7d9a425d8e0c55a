import { z } from 'zod'
import type { Assistant } from '../../dialog/assistant.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { MessageInput, takePhotos, toInboundMessage } from '../../web/api/message-input.ts'
import { toReplyJson } from '../../web/api/messages.ts'
import { readId } from '../ask.ts'
import { readJsonLines, writeJsonLine, type JsonLine } from '../json-lines.ts'

export interface ChatLineServices {
  assistant: Assistant
  photos: Pick<Photos, 'takeAll' | 'release'>
}

/** Lines under way at a time: enough for many conversations, bounded for a file of a million lines. */
const MOST_AT_ONCE = 64

/**
 * Answers each line of `file` with one line, in the order of the lines. Messages of one conversation, and of one sender, are
 * taken one after the other; others at once. A line that is wrong is answered with its error and changes nothing.
 */
export async function answerLines(services: ChatLineServices, file: string): Promise<void> {
  const latest = new Map<string, Promise<unknown>>()
  const underWay: Promise<void>[] = []
  let printed: Promise<void> = Promise.resolve()
  for await (const line of readJsonLines(file)) {
    const answer = answerLine(services, line, latest)
    const done = Promise.all([printed, answer]).then(([, value]) => writeJsonLine(value))
    printed = done
    underWay.push(done)
    if (underWay.length >= MOST_AT_ONCE) await underWay.shift()
  }
  await printed
}

function answerLine(services: ChatLineServices, line: JsonLine, latest: Map<string, Promise<unknown>>): Promise<object> {
  const parsed = 'error' in line ? null : MessageInput.safeParse(line.value)
  if (parsed?.success !== true) {
    process.exitCode = 1
    return Promise.resolve({ ...readId('value' in line ? line.value : null), line: line.line, error: 'error' in line ? line.error : z.prettifyError(parsed?.error ?? new z.ZodError([])) })
  }
  const input = parsed.data
  const keys = [`conversation ${input.group?.id ?? input.conversation}`, `sender ${input.sender.id}`]
  const before = Promise.all(keys.map((key) => latest.get(key) ?? Promise.resolve()))
  const answer = before.then(() => takeTurn(services, input))
  for (const key of keys) {
    latest.set(key, answer)
    void answer.then(() => {
      if (latest.get(key) === answer) latest.delete(key)
    })
  }
  return answer
}

/** Never rejects: what failed is said in the line. */
async function takeTurn({ assistant, photos }: ChatLineServices, input: MessageInput): Promise<object> {
  const attachments = await takePhotos(input, photos)
  const { id, message } = toInboundMessage(input, new Date(), attachments)
  try {
    const { turn } = await assistant.receive(message)
    const { intent, replies } = await turn
    return { id, intent, replies: replies.map(toReplyJson) }
  } catch (error) {
    process.exitCode = 1
    return { id, error: error instanceof Error ? error.message : String(error) }
  } finally {
    photos.release(attachments)
  }
}
