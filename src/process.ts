import fs from 'node:fs'
import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'
import { AppError, SetupError } from './domain/errors.ts'
import { describeError } from './domain/faults.ts'

/** JSON lines on stderr, so that stdout stays a command's own. Personal data never gets here: what is logged are ids and counts. */
export const createLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({ level: config.logLevel, base: null, redact: ['text', 'phone', 'name', 'token', '*.text', '*.phone', '*.name', '*.token'] }, pino.destination(2))

/** Makes DATA_DIR, for this user's eyes only: it holds personal data. */
export function makeDataDirectory(config: Pick<Config, 'dataDirectory'>): void {
  process.umask(0o077)
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
