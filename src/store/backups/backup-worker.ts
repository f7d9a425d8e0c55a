import { parentPort, workerData } from 'node:worker_threads'
import { makeBackup, type BackupOptions } from './make-backup.ts'
import type { ThreadAnswer } from './make-in-thread.ts'

const answer = (value: ThreadAnswer): void => parentPort?.postMessage(value)

makeBackup(workerData as BackupOptions).then(
  (made) => answer({ made }),
  (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
)
