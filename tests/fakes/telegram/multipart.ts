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
export function readMultipart(body: Buffer, contentType: string): Record<string, unknown> {
  const files = new Map<string, UploadedFile>()
  const params: Record<string, unknown> = {}
  for (const { name, fileName, content } of partsOf(body, /boundary=(\S+)/.exec(contentType)?.[1] ?? '')) {
    if (fileName !== undefined) files.set(name, new UploadedFile(fileName, new Uint8Array(content)))
    else params[name] = TEXTS.has(name) ? content.toString('utf8') : (JSON.parse(content.toString('utf8')) as unknown)
  }
  for (const [name, value] of Object.entries(params)) {
    const attached = typeof value === 'string' ? files.get(ATTACHED.exec(value)?.[1] ?? '') : undefined
    if (attached !== undefined) params[name] = attached
  }
  return params
}

/** The parts between the boundaries. grammY writes file names without quotation marks, which stricter readers refuse and Telegram takes. */
function* partsOf(body: Buffer, boundary: string): Generator<{ name: string; fileName: string | undefined; content: Buffer }> {
  const mark = Buffer.from(`--${boundary}`)
  let start = body.indexOf(mark) + mark.length + 2
  for (let end = body.indexOf(mark, start); end !== -1; end = body.indexOf(mark, start)) {
    const head = body.indexOf('\r\n\r\n', start)
    const header = body.subarray(start, head).toString('utf8')
    const name = /name="([^"]+)"/.exec(header)?.[1]
    if (name === undefined) throw new Error(`A part of a multipart call has no name: ${header}`)
    yield { name, fileName: /filename="?([^";\r\n]+)/.exec(header)?.[1], content: body.subarray(head + 4, end - 2) }
    start = end + mark.length + 2
  }
}
