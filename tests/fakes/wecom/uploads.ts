import { createHash } from 'node:crypto'
import { z } from 'zod'

const Begin = z.strictObject({ type: z.literal('image'), filename: z.string().regex(/\.(?:jpg|png)$/), total_size: z.int().positive().max(2 * 1024 * 1024), total_chunks: z.int().min(1).max(100), md5: z.string().regex(/^[0-9a-f]{32}$/) })
const Chunk = z.strictObject({ upload_id: z.string(), chunk_index: z.int().min(0), base64_data: z.base64() })
const End = z.strictObject({ upload_id: z.string() })
const LARGEST_CHUNK_BYTES = 512 * 1024

/** What WeCom answers to one step of an upload. */
export type UploadAnswer = { body: Record<string, unknown> } | { errcode: number; errmsg: string }

/** WeCom's uploads in chunks over the websocket: each is put together and compared with the checksum it was announced with. */
export class FakeUploads {
  /** What was uploaded, by its number. */
  readonly media = new Map<string, Uint8Array>()
  readonly #open = new Map<string, { announced: z.infer<typeof Begin>; chunks: Map<number, Buffer> }>()

  /** null when the command is no part of an upload. */
  take(cmd: string, body: unknown): UploadAnswer | null {
    switch (cmd) {
      case 'aibot_upload_media_init':
        return this.#begin(Begin.safeParse(body))
      case 'aibot_upload_media_chunk':
        return this.#chunk(Chunk.safeParse(body))
      case 'aibot_upload_media_finish':
        return this.#end(End.safeParse(body))
      default:
        return null
    }
  }

  #begin(parsed: z.ZodSafeParseResult<z.infer<typeof Begin>>): UploadAnswer {
    if (!parsed.success) return { errcode: 40058, errmsg: 'invalid parameter' }
    const id = `upload-${this.#open.size + this.media.size + 1}`
    this.#open.set(id, { announced: parsed.data, chunks: new Map() })
    return { body: { upload_id: id } }
  }

  #chunk(parsed: z.ZodSafeParseResult<z.infer<typeof Chunk>>): UploadAnswer {
    const upload = parsed.success ? this.#open.get(parsed.data.upload_id) : undefined
    if (!parsed.success || upload === undefined) return { errcode: 40058, errmsg: 'invalid parameter' }
    const bytes = Buffer.from(parsed.data.base64_data, 'base64')
    if (bytes.length > LARGEST_CHUNK_BYTES) return { errcode: 45001, errmsg: 'chunk size out of limit' }
    upload.chunks.set(parsed.data.chunk_index, bytes)
    return { body: {} }
  }

  #end(parsed: z.ZodSafeParseResult<z.infer<typeof End>>): UploadAnswer {
    const upload = parsed.success ? this.#open.get(parsed.data.upload_id) : undefined
    if (!parsed.success || upload === undefined) return { errcode: 40058, errmsg: 'invalid parameter' }
    const { announced, chunks } = upload
    const whole = Buffer.concat([...chunks.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes))
    const isWhole = chunks.size === announced.total_chunks && whole.length === announced.total_size && createHash('md5').update(whole).digest('hex') === announced.md5
    if (!isWhole) return { errcode: 40058, errmsg: 'file incomplete' }
    const id = `media-${this.media.size + 1}`
    this.media.set(id, new Uint8Array(whole))
    return { body: { type: 'image', media_id: id, created_at: '1700000000' } }
  }
}
