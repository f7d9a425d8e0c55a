import { parentPort } from 'node:worker_threads'
import { readByKind } from './formats/read-by-kind.ts'
import type { ReadLines } from './lines.ts'

export interface ReadQuestion {
  id: number
  name: string
  bytes: Uint8Array
}

/** `ready` once, when the thread can read; `goes_on` while it does; then the result. */
export type ReadAnswer = { kind: 'ready' } | { kind: 'goes_on' } | { kind: 'read'; id: number; result: ReadLines }

const tell = (answer: ReadAnswer): void => parentPort?.postMessage(answer)

parentPort?.on('message', ({ id, name, bytes }: ReadQuestion) => {
  void readByKind(name, Buffer.from(bytes), () => tell({ kind: 'goes_on' }))
    .catch((): ReadLines => ({ outcome: 'refused', reason: '这个文件读不了，可能坏了。请重新下载，或者“另存为” docx 再试。' }))
    .then((result) => tell({ kind: 'read', id, result }))
})
tell({ kind: 'ready' })
