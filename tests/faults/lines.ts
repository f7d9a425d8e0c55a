import { expect } from 'vitest'
import type { CapturedLog, LogLine } from '../support/log.ts'

/** What must stand in no line. The scripted platforms put it into their answers, as real ones do. */
export const PERSONAL = { name: '刘桂兰', phone: '13800138001', address: '3号楼2单元', text: '水管爆了快来', token: '7000001:TEST-token', secret: 'fake-secret' }
export const EVERYTHING = Object.values(PERSONAL).join(' ')

const LEVELS = { warn: 40, error: 50 }
/** A line says what to do, or that it mends itself. */
const ADVICE = /nothing to do|by itself|by themselves|check|restart|report|decide|bind|see why|look|tell who|scan|stop one|lift|end that|make room|start again|try|let an administrator|answered now|accept/i

export interface Expected {
  fault: string
  level?: 'warn' | 'error'
  /** What the line must tell, in the words that matter. */
  tells: RegExp
  /** How often it came, where that is known. */
  times?: number
  /** 'said' when its end is due within the test, 'none' where it has no end. */
  end?: 'said' | 'none'
}

/** One line for the fault and no other line of its weight, however often it came; its end once; nothing personal in any line. */
export function expectOneLine({ lines, faults }: CapturedLog, { fault, level = 'warn', tells, times, end = 'said' }: Expected): void {
  expect(faults().map((line) => line.fault), describe(faults())).toEqual([fault])
  const [line] = faults()
  expect(line?.level).toBe(LEVELS[level])
  expect(line?.msg).toMatch(tells)
  expect(line?.msg).toMatch(ADVICE)
  expect(line?.msg).not.toMatch(/\p{Script=Han}/u)
  const ends = lines.filter((one) => one.level < LEVELS.warn && one.fault === fault)
  expect(ends, describe(ends)).toHaveLength(end === 'said' ? 1 : 0)
  if (times !== undefined) expect(ends[0]).toMatchObject({ times })
  expectNothingPersonal(lines)
}

export function expectNothingPersonal(lines: readonly LogLine[]): void {
  for (const line of lines) for (const [kind, value] of Object.entries(PERSONAL)) expect(JSON.stringify(line).includes(value), `${kind} in ${JSON.stringify(line)}`).toBe(false)
}

const describe = (lines: readonly LogLine[]): string => lines.map((line) => `${line.fault ?? ''} ${line.msg}`).join('\n')
