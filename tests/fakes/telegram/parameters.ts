import { z } from 'zod'
import { UploadedFile } from './multipart.ts'

/** What the Bot API answers instead of a result. */
export class BotApiError extends Error {
  readonly code: number
  readonly description: string
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined

  constructor(code: number, description: string, parameters?: { retry_after?: number; migrate_to_chat_id?: number }) {
    super(description)
    this.code = code
    this.description = description
    this.parameters = parameters
  }
}

const inlineButton = z.strictObject({
  text: z.string().min(1),
  callback_data: z.string().refine((data) => Buffer.byteLength(data) >= 1 && Buffer.byteLength(data) <= 64, 'BUTTON_DATA_INVALID'),
})

/** Where a message goes and what hangs on it, for every method that sends. */
const destination = {
  chat_id: z.int(),
  message_thread_id: z.int().positive().optional(),
  reply_parameters: z.strictObject({ message_id: z.int().positive(), allow_sending_without_reply: z.boolean().optional() }).optional(),
  reply_markup: z.strictObject({ inline_keyboard: z.array(z.array(inlineButton).min(1).max(8)).min(1).max(100) }).optional(),
}

const updateKinds = z.array(z.enum(['message', 'edited_message', 'callback_query', 'my_chat_member', 'chat_member']))

/** The parameters that each method takes; anything else is an error here, where Telegram would silently ignore it. */
export const METHOD_PARAMETERS = {
  getMe: z.strictObject({}),
  getUpdates: z.strictObject({
    offset: z.int().optional(),
    limit: z.int().min(1).max(100).optional(),
    timeout: z.int().min(0).optional(),
    allowed_updates: updateKinds.optional(),
  }),
  sendMessage: z.strictObject({
    ...destination,
    text: z.string(),
    link_preview_options: z.strictObject({ is_disabled: z.boolean().optional() }).optional(),
  }),
  sendPhoto: z.strictObject({
    ...destination,
    photo: z.union([z.string().min(1), z.instanceof(UploadedFile)]),
    caption: z.string().optional(),
  }),
  getFile: z.strictObject({ file_id: z.string().min(1) }),
  answerCallbackQuery: z.strictObject({ callback_query_id: z.string().min(1), text: z.string().max(200).optional(), show_alert: z.boolean().optional() }),
  setMyCommands: z.strictObject({
    commands: z.array(z.strictObject({ command: z.string().regex(/^[a-z0-9_]{1,32}$/), description: z.string().min(1).max(256) })).max(100),
  }),
  setWebhook: z.strictObject({
    // A local Bot API takes http too; Telegram's own wants https.
    url: z.url({ protocol: /^https?$/ }).max(2048),
    secret_token: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/).optional(),
    allowed_updates: updateKinds.optional(),
    drop_pending_updates: z.boolean().optional(),
    max_connections: z.int().min(1).max(100).optional(),
  }),
  getWebhookInfo: z.strictObject({}),
  deleteWebhook: z.strictObject({ drop_pending_updates: z.boolean().optional() }),
}

export type MethodName = keyof typeof METHOD_PARAMETERS

/** The checked parameters of a call; a 400 that says which one is wrong. */
export function answer<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new BotApiError(400, `Bad Request: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
}
