import { readlinkSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Imported, ImportOptions } from './import-document.ts'
import { makeDocument } from './make-document.ts'

export interface ImportQuestion {
  id: number
  name: string
  bytes: Uint8Array
  options: ImportOptions
}

/** `ready` once, when the thread can work, with the number that Linux counts its time under; `goes_on` while it does; then the result. */
export type ImportAnswer = { kind: 'ready'; task: string | null } | { kind: 'goes_on' } | { kind: 'imported'; id: number; result: Imported }

const tell = (answer: ImportAnswer): void => parentPort?.postMessage(answer)

parentPort?.on('message', ({ id, name, bytes, options }: ImportQuestion) => {
  void makeDocument(name, Buffer.from(bytes), options, () => tell({ kind: 'goes_on' }))
    .catch((): Imported => ({ outcome: 'refused', reason: '这个文件读不了，可能坏了。请重新下载，或者“另存为” docx 再试。' }))
    .then((result) => tell({ kind: 'imported', id, result }))
})
tell({ kind: 'ready', task: findTask() })

function findTask(): string | null {
  try {
    return /\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? null
  } catch {
    return null
  }
}
