/**
 * All of a stream, unless it is longer than `most` bytes: then null, without reading on.
 * @throws what the stream throws, and the signal's reason when that ends first
 */
export async function readWhole(stream: AsyncIterable<Uint8Array | string>, most: number, signal: AbortSignal): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of untilAborted(stream, signal)) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    length += bytes.byteLength
    if (length > most) return null
    chunks.push(bytes)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** Ends with the signal, also while nothing comes. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]()
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  aborted.catch(() => undefined)
  try {
    for (;;) {
      const next: IteratorResult<T, unknown> = await Promise.race([iterator.next(), aborted])
      if (next.done === true) return
      yield next.value
    }
  } finally {
    void iterator.return?.().catch(() => undefined)
  }
}
