import { Worker } from 'node:worker_threads'
import { StoreError } from '../../domain/errors.ts'
import type { BackupMade, BackupOptions } from './make-backup.ts'

export type ThreadAnswer = { made: BackupMade } | { error: string }

/**
 * `makeBackup` on a thread of its own: reading all rows through takes seconds, in which nobody should wait for an answer.
 * @throws {StoreError} with what was in the way
 */
export function makeBackupInThread(options: BackupOptions, signal?: AbortSignal): Promise<BackupMade> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./backup-worker.mjs', import.meta.url), { workerData: options })
    const end = (why: unknown) => reject(why instanceof StoreError ? why : new StoreError('The thread that makes backups ended', { cause: why, retryable: true }))
    worker.once('message', (answer: ThreadAnswer) => ('made' in answer ? resolve(answer.made) : end(new StoreError(answer.error, { retryable: true }))))
    worker.once('error', end)
    worker.once('exit', (code) => end(new Error(`exit code ${code}`)))
    signal?.addEventListener('abort', () => void worker.terminate(), { once: true })
  })
}
