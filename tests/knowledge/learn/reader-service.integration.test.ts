import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaughtMessage } from '../../../src/domain/messages/talk.ts'
import { createReaderService, type ReaderService } from '../../../src/knowledge/learn/retrain/reader-service.ts'
import type { ReaderWeights } from '../../../src/language/reader/weights-file.ts'
import { smallWeights, writeSmallTalk } from '../../support/small-talk.ts'

/** Read as a repair by what is learnt: 坏了. */
const MISREAD = '我家锅炉坏了咋报销'
const ALIKE = '俺家锅炉坏了咋报销呀'
const LESSON: TaughtMessage = { text: MISREAD, intent: 'ask_policy' }

let folder: string
let weights: ReaderWeights
let taught: TaughtMessage[]
let lines: string[]
const services: ReaderService[] = []
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-reader-'))
  writeSmallTalk(folder)
  weights = await smallWeights(folder)
  taught = []
  lines = []
})
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

const open = (): ReaderService => {
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const service = createReaderService({ weights, knowledge: { services: [], areas: [] }, knowledgeDirectory: folder, keptDirectory: path.join(folder, 'kept'), taught: async () => taught, log })
  services.push(service)
  return service
}
const intentOf = (service: ReaderService, text: string) => service.current().gist(text, null).intents[0]
const certaintyOf = (service: ReaderService, text: string) => service.current().gist(text, null).probabilities.get('ask_policy') ?? 0

describe('the reader that learns', () => {
  it('reads an example in the same words as staff said at once, what is like it when it has learnt, and both as before when it is taken back', async () => {
    const service = open()
    await service.start()
    await service.settled()
    expect(intentOf(service, MISREAD)).toBe('service_request')
    const before = certaintyOf(service, ALIKE)
    taught = [LESSON]
    await service.reload()
    expect(service.state()).toMatchObject({ isLearning: true, taught: 1 })
    expect(service.current().gist(`${MISREAD}？`, null)).toMatchObject({ intents: ['ask_policy'], isSure: true })
    expect(certaintyOf(service, ALIKE)).toBe(before)
    await service.settled()
    expect(intentOf(service, ALIKE)).toBe('ask_policy')
    taught = []
    await service.reload()
    await service.settled()
    expect(intentOf(service, MISREAD)).toBe('service_request')
    expect(certaintyOf(service, ALIKE)).toBe(before)
  })

  it('leaves the loop free while it learns', async () => {
    const service = open()
    await service.start()
    taught = [LESSON]
    await service.reload()
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 5)
    const from = performance.eventLoopUtilization()
    await service.settled()
    clearInterval(ticking)
    expect(performance.eventLoopUtilization(from).utilization).toBeLessThan(0.4)
    expect(ticks).toBeGreaterThan(10)
  })

  it('has at the next start what it learnt, without learning', async () => {
    const first = open()
    taught = [LESSON]
    await first.start()
    await first.settled()
    const learnt = certaintyOf(first, ALIKE)
    const next = open()
    await next.start()
    expect(next.state().isLearning).toBe(false)
    expect(certaintyOf(next, ALIKE)).toBe(learnt)
  })

  it('learns again when the folder is not what the weights were trained from, and says so', async () => {
    fs.appendFileSync(path.join(folder, 'talk/intents/ask_policy.yml'), ['我家锅炉坏了咋报销', '锅炉坏了能报销吗', '锅炉怎么报销', '报销锅炉找谁'].map((text) => `    - ${text}\n`).join(''))
    const service = open()
    await service.start()
    expect(intentOf(service, MISREAD)).toBe('service_request')
    await service.settled()
    expect(intentOf(service, MISREAD)).toBe('ask_policy')
    expect(lines.join('')).toContain('not what the weights were trained from')
  })

  it('reads by the weights alone where there is no talk; an example in the same words counts all the same', async () => {
    fs.rmSync(path.join(folder, 'talk'), { recursive: true })
    taught = [LESSON]
    const service = open()
    await service.start()
    expect(service.state().isLearning).toBe(false)
    expect(intentOf(service, MISREAD)).toBe('ask_policy')
    await expect(service.tryOut({ text: ALIKE, intent: 'ask_policy' })).rejects.toThrow('no talk')
  })

  it('keeps what it had when a file is faulty, and says why', async () => {
    const service = open()
    await service.start()
    await service.settled()
    fs.writeFileSync(path.join(folder, 'talk/intents/other.yml'), 'nlu:\n- intent: nonsense\n  examples: |\n    - 哦\n')
    taught = [LESSON]
    await service.reload()
    await service.settled()
    expect(service.state().problem).toContain('nonsense')
    expect(intentOf(service, '电梯坏了')).toBe('service_request')
    expect(lines.join('')).not.toContain(MISREAD)
  })
})

describe('trying out an example', () => {
  it('shows how it and the messages held back would be read, changes nothing, and is not learnt twice', async () => {
    const service = open()
    await service.start()
    const effect = await service.tryOut(LESSON)
    expect(effect).toMatchObject({ tried: 7, rightBefore: 7 })
    expect(effect.before[0]).toMatchObject({ intent: 'service_request' })
    expect(effect.after[0]).toMatchObject({ intent: 'ask_policy' })
    // One more example changes nothing that is unlike it.
    expect(effect).toMatchObject({ rightAfter: 7, changed: [] })
    expect(intentOf(service, MISREAD)).toBe('service_request')
    const kept = fs.readdirSync(path.join(folder, 'kept')).length
    taught = [LESSON]
    await service.reload()
    await service.settled()
    expect(intentOf(service, ALIKE)).toBe('ask_policy')
    expect(fs.readdirSync(path.join(folder, 'kept'))).toHaveLength(kept)
  })

  it('names the messages that a wrong example makes read wrongly', async () => {
    const service = open()
    await service.start()
    const { changed, rightBefore, rightAfter } = await service.tryOut({ text: '楼梯扶手坏了来人看看吧', intent: 'smalltalk' })
    expect(changed).toContainEqual({ text: '楼梯扶手坏了来人看看', right: 'service_request', before: 'service_request', after: 'smalltalk' })
    expect(rightAfter).toBeLessThan(rightBefore)
  })

  it('holds a tenth back for once where the folder holds none back', async () => {
    fs.rmSync(path.join(folder, 'talk/held-back'), { recursive: true })
    const service = open()
    await service.start()
    const effect = await service.tryOut(LESSON)
    expect(effect.tried).toBeGreaterThan(5)
    expect(effect.tried).toBeLessThan(40)
    expect(effect.after[0]).toMatchObject({ intent: 'ask_policy' })
  })
})
