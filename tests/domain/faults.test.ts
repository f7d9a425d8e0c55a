import { beforeEach, describe, expect, it } from 'vitest'
import { ModelCallError } from '../../src/domain/errors.ts'
import { createFaultLog, describeError, type Fault, type FaultLog } from '../../src/domain/faults.ts'

const LASTING: Fault = { name: 'network', level: 'warn', message: 'The network is dead; it is tried again by itself.', end: 'The network is back.' }
const HAPPENING: Fault = { name: 'refused', level: 'error', message: 'A message was refused; see why.', end: 'No message was refused for a while.', quietMs: 60_000 }

let lines: [string, object, string][]
let clock: number
let faults: FaultLog
beforeEach(() => {
  lines = []
  clock = 1_000_000
  const at = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message])
  faults = createFaultLog({ info: at('info'), warn: at('warn'), error: at('error') }, () => new Date(clock))
})
const later = (seconds: number): void => void (clock += seconds * 1000)

describe('a fault', () => {
  it('is said when it begins, with whom it befell, counted while it lasts, and its end is said once', () => {
    for (let count = 0; count < 5; count += 1, later(2)) faults.say(LASTING, { channel: 'telegram' }, { attempt: count })
    faults.over('network', { channel: 'telegram' })
    faults.over('network', { channel: 'telegram' })
    expect(lines).toEqual([
      ['warn', { fault: 'network', channel: 'telegram', attempt: 0 }, LASTING.message],
      ['info', { fault: 'network', channel: 'telegram', times: 5, seconds: 8 }, LASTING.end],
    ])
  })

  it('of another account is another fault, and its end does not end the first', () => {
    faults.say(LASTING, { channel: 'telegram' })
    faults.say(LASTING, { channel: 'wecom' })
    faults.over('network', { channel: 'wecom' })
    later(1)
    faults.say(LASTING, { channel: 'telegram' })
    expect(lines.map(([level, fields]) => [level, (fields as { channel: string }).channel])).toEqual([['warn', 'telegram'], ['warn', 'wecom'], ['info', 'wecom']])
  })

  it('that comes and goes is said at most once a minute, and never stays unsaid while it lasts', () => {
    for (let second = 0; second < 59; second += 1, later(1)) {
      faults.say(LASTING)
      faults.over('network')
    }
    expect(lines).toHaveLength(2)
    for (let second = 0; second < 30; second += 1, later(1)) faults.say(LASTING)
    expect(lines).toHaveLength(3)
    expect(lines[2]?.[0]).toBe('warn')
  })

  it('that happens rather than lasts is over when it has not come for its quiet time', () => {
    faults.say(HAPPENING, {}, {}, 3)
    later(59)
    faults.sweep()
    expect(lines).toHaveLength(1)
    faults.say(HAPPENING)
    later(60)
    faults.sweep()
    faults.sweep()
    expect(lines.slice(1)).toEqual([['info', { fault: 'refused', times: 4, seconds: 59 }, HAPPENING.end]])
  })

  it('that lasts is never swept away', () => {
    faults.say(LASTING)
    later(24 * 3600)
    faults.sweep()
    expect(lines).toHaveLength(1)
  })
})

describe('an error in a log', () => {
  it('of a library is named by its kind, code and place, never by its words', () => {
    const error = Object.assign(new TypeError('刘桂兰 13800138001\n    at 3号楼 2单元'), { code: 'P2002' })
    const described = describeError(error)
    expect(described).toMatchObject({ error: 'TypeError', code: 'P2002', where: expect.stringContaining('faults.test.ts') as string })
    expect(JSON.stringify(described)).not.toMatch(/刘桂兰|13800138001|3号楼/)
  })

  it('of ours keeps its sentence, which we wrote', () => {
    expect(describeError(new ModelCallError('The language model server is busy: 429'))).toEqual({ error: 'ModelCallError', code: 'model_call_failed', reason: 'The language model server is busy: 429' })
    expect(describeError('刘桂兰')).toEqual({ error: 'string' })
  })
})
