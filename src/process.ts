import fs from 'node:fs'
import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'
import { AppError, SetupError } from './domain/errors.ts'
import { describeError } from './domain/faults.ts'
import type { Store } from './store/engine/store.ts'
import { isRestoreUnfinished } from './store/backups/restore-folder.ts'
import { ensureFirstStaff } from './store/staff/staff.ts'

/** JSON lines on stderr, so that stdout stays a command's own. Personal data never gets here: what is logged are ids and counts. */
export const createLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({ level: config.logLevel, base: null, redact: ['text', 'phone', 'name', 'token', '*.text', '*.phone', '*.name', '*.token'] }, pino.destination(2))

/** Makes DATA_DIR, for this user's eyes only: it holds personal data. */
export function makeDataDirectory(config: Pick<Config, 'dataDirectory'>): void {
  process.umask(0o077)
  if (isRestoreUnfinished(config.dataDirectory)) {
    throw new SetupError(`A restore into ${config.dataDirectory} was not finished: run "npm run -s linli -- restore FILE" again with the same backup, then start.`)
  }
  try {
    fs.mkdirSync(config.dataDirectory, { recursive: true })
  } catch (error) {
    throw new SetupError(`The folder ${config.dataDirectory} can't be made (${error instanceof Error ? error.message : String(error)}): set DATA_DIR to a folder that this user may write.`, { cause: error })
  }
}

/** Stops in order when the process is told to end. */
export function stopOnSignals(stop: (signal: string) => Promise<void>, log: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.error({ fault: 'stop-failed', ...describeError(error) }, 'Stopping failed: the process ends at once, and what was under way is taken up at the next start. Nothing to do; if it comes again, report it with this line.')
        process.exit(1)
      })
    })
  }
}

/** Ends the process with the one sentence that tells what to mend. */
export function exitWith(error: unknown): never {
  const isExpected = error instanceof AppError
  process.stderr.write(isExpected ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(error instanceof SetupError ? 2 : 1)
}

const SWEEP_MS = 60 * 60_000

/** Looks through the photos for those that nobody needs any more; what is erased goes at once. Returns what ends it. */
export function sweepHourly(photos: { sweep(): Promise<unknown> }, log: Logger): () => void {
  const remedy = 'Photos that nobody needs any more could not be removed; it is tried again in an hour. Check the rights of DATA_DIR/photos if it goes on.'
  const timer = setInterval(() => void photos.sweep().catch((error: unknown) => log.warn({ fault: 'photos-not-swept', ...describeError(error) }, remedy)), SWEEP_MS).unref()
  return () => clearInterval(timer)
}

/** Says where to go, and on the first start how staff log in. Printed once, never logged. */
export async function greet(store: Store, config: Config, { port, now }: { port: number; now: Date }): Promise<void> {
  const address = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`
  const lines = ['邻里已经启动。', `居民：${address}/`, `工作人员：${address}/admin`]
  const first = await ensureFirstStaff(store, { ...(config.admin ?? {}), now })
  if (first?.oneTimePassword) lines.push(`第一次登录：用户名 ${first.user}，一次性密码 ${first.oneTimePassword}（登录后要改）`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
