import type { Logger } from 'pino'
import { loadConfig, type Config } from '../config.ts'
import { SetupError } from '../domain/errors.ts'
import { fromLocalIso } from '../domain/time.ts'
import { openStore, type Store } from '../store/engine/store.ts'
import { createCommandLog } from './answering.ts'

/** One line of result: standard output carries nothing else. */
export function writeLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** One line for the person at the keyboard, on standard error. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Says what went wrong and what to do; the command ends with code 1. */
export function fail(text: string): void {
  tell(text)
  process.exitCode = 1
}

/** Opens the database of the settings for one job and closes it again, whatever happens. */
export async function withStore(job: (services: { store: Store; config: Config; log: Logger; now: () => Date }) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env)
  const log = createCommandLog(config)
  const store = await openStore({ url: config.databaseUrl, migrationsDirectory: config.migrationsDirectory, keysDirectory: config.keysDirectory, log })
  try {
    await job({ store, config, log, now: () => new Date() })
  } finally {
    await store.close()
  }
}

/**
 * An instant from ISO 8601; without a zone it is Shanghai's wall clock.
 * @throws {SetupError} with an example
 */
export function parseInstant(value: string, option: string): Date {
  const shape = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)?)?$/i.exec(value)
  const instant = shape === null ? undefined : shape[1] === undefined ? fromLocalIso(value.replace(' ', 'T')) : new Date(value.replace(' ', 'T'))
  if (instant === undefined || Number.isNaN(instant.getTime())) throw new SetupError(`${option} 的时间看不懂：${value}。请写成 2026-11-24T15:00（北京时间）。`)
  return instant
}

/** `a,b` and repeated options as one list. */
export function collectList(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(/[,，]/).map((part) => part.trim()).filter((part) => part !== '')]
}

/** A reader that goes away early (`| head`) ends the command without a stack trace. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
}
