/** A file as it came with a call. */
export class UploadedFile {
  readonly name: string
  readonly bytes: Uint8Array

  constructor(name: string, bytes: Uint8Array) {
    this.name = name
    this.bytes = bytes
  }
}

/** Fields that are texts whatever they look like; the others come as JSON. */
const TEXTS = new Set(['text', 'caption', 'photo'])
const ATTACHED = /^attach:\/\/(.+)$/

/** The parameters of a multipart call, as Telegram reads them: `attach://x` stands for the file in field x. */
export async function readMultipart(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  const files = new Map<string, UploadedFile>()
  const params: Record<string, unknown> = {}
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') params[name] = TEXTS.has(name) ? value : (JSON.parse(value) as unknown)
    else files.set(name, new UploadedFile(value.name, new Uint8Array(await value.arrayBuffer())))
  }
  for (const [name, value] of Object.entries(params)) {
    const attached = typeof value === 'string' ? files.get(ATTACHED.exec(value)?.[1] ?? '') : undefined
    if (attached !== undefined) params[name] = attached
  }
  return params
}
