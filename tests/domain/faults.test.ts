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

  it('of another cause within minutes is said too, with its own place; the same cause is counted, and the end is one', () => {
    const first = (): Error => new TypeError('x')
    const second = (): Error => new TypeError('x')
    for (let count = 0; count < 4; count += 1, later(5)) faults.say(HAPPENING, {}, { inboundId: `m${count}`, ...describeError(count % 2 === 0 ? first() : second()) })
    later(60)
    faults.sweep()
    expect(lines.map(([level]) => level)).toEqual(['error', 'error', 'info'])
    expect(lines.map(([, fields]) => fields)).toMatchObject([{ inboundId: 'm0' }, { inboundId: 'm1' }, { times: 4 }])
    expect((lines[0]?.[1] as { where: string }).where).not.toBe((lines[1]?.[1] as { where: string }).where)
  })

  it('of ever new causes is not a line each', () => {
    for (let count = 0; count < 100; count += 1) faults.say(HAPPENING, {}, { error: 'Error', code: String(count) })
    expect(lines).toHaveLength(8)
  })

  it('of another cause that comes and goes is said at most once a minute, too', () => {
    for (let second = 0; second < 59; second += 1, later(1)) {
      faults.say(LASTING, {}, { error: 'Error', code: second % 2 === 0 ? 'A' : 'B' })
      faults.over('network')
    }
    expect(lines.filter(([level]) => level === 'warn')).toHaveLength(2)
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

  it('of ours keeps its sentence, which we wrote, and says where it was thrown and what caused it, without the words of that', () => {
    const described = describeError(new ModelCallError('The language model server is busy: 429', { cause: new RangeError('刘桂兰') }))
    const here = expect.stringContaining('faults.test.ts') as string
    expect(described).toEqual({ error: 'ModelCallError', code: 'model_call_failed', reason: 'The language model server is busy: 429', where: here, cause: { error: 'RangeError', where: here } })
    expect(describeError('刘桂兰')).toEqual({ error: 'string' })
  })
})
