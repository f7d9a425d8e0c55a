import { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'

export type LogLine = { level: number; msg: string; fault?: string } & Record<string, unknown>

export interface CapturedLog {
  log: Logger
  /** Everything logged, oldest first. */
  lines: LogLine[]
  /** What operators are warned of. */
  faults: () => LogLine[]
}

const WARN = 40

/** A real pino log whose lines a test reads. */
export function captureLog(): CapturedLog {
  const lines: LogLine[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString('utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as LogLine))
      done()
    },
  })
  return { log: pino({ level: 'debug', base: null }, stream), lines, faults: () => lines.filter((line) => line.level >= WARN) }
}
