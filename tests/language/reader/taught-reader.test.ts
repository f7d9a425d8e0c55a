import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TaughtMessage } from '../../../src/domain/messages/talk.ts'
import { MessageReader } from '../../../src/language/reader/message-reader.ts'
import { TaughtReader } from '../../../src/language/reader/taught-reader.ts'
import { packWeights, unpackWeights, type ReaderWeights } from '../../../src/language/reader/weights-file.ts'
import { smallWeights, writeSmallTalk } from '../../support/small-talk.ts'

const PLACES = { services: [], areas: [] }
let folder: string
let weights: ReaderWeights
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-taught-'))
  writeSmallTalk(folder)
  fs.writeFileSync(path.join(folder, 'talk/intents/emergency.yml'), `nlu:\n- intent: emergency\n  examples: |\n${['着火了', '楼上着火了快来', '厨房着火了', '我家着大火了', '车库着火了'].map((text) => `    - ${text}\n`).join('')}`)
  weights = await smallWeights(folder)
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const reader = (...taught: TaughtMessage[]) => new TaughtReader(weights, PLACES, taught)

describe('a message that staff said the meaning of', () => {
  it('means that for certain, whatever its marks and particles; all others are read as before', () => {
    const taught = reader({ text: '楼道灯坏了', intent: 'smalltalk' })
    const gist = taught.gist('楼道灯坏了！', null)
    expect(gist).toMatchObject({ intents: ['smalltalk'], isSure: true })
    expect([...gist.probabilities.values()].reduce((sum, one) => sum + one)).toBeCloseTo(1)
    expect([...gist.probabilities.keys()][0]).toBe('smalltalk')
    expect(taught.gist('电梯坏了', null)).toEqual(new MessageReader(weights, PLACES).gist('电梯坏了', null))
  })

  it('is dangerous where they say so; where it seems surely dangerous, and they say it is not, it keeps the safety words', () => {
    expect(reader({ text: '楼道灯坏了', intent: 'emergency' }).gist('楼道灯坏了', null)).toMatchObject({ danger: 1, isSurelyDanger: true })
    expect(reader().gist('楼上着火了快来', null).isSurelyDanger).toBe(true)
    const gist = reader({ text: '楼上着火了快来', intent: 'ask_policy' }).gist('楼上着火了快来', null)
    expect(gist).toMatchObject({ intents: ['ask_policy'], isSurelyDanger: false })
    expect(gist.danger).toBeGreaterThan(0.5)
  })

  it('of two sayings of the same message the later one counts', () => {
    expect(reader({ text: '灯坏了', intent: 'smalltalk' }, { text: '灯坏了。', intent: 'ask_policy' }).gist('灯坏了', null).intents).toEqual(['ask_policy'])
  })

  it('costs nothing to look for in a text of ten thousand particles', () => {
    const startedAt = performance.now()
    reader({ text: '灯坏了', intent: 'smalltalk' }).gist(`${'了'.repeat(10_000)}x`, null)
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

it('weights are read from a file as they were written, to one part in 255 of the largest', () => {
  const read = unpackWeights(packWeights(weights))
  const { intents } = weights.tables
  expect(read.tables.intents.hashes).toEqual(intents.hashes)
  expect(read.tables.intents.starts).toEqual(intents.starts)
  expect(read.tables.intents.of).toEqual(intents.of)
  const largest = Math.max(...intents.values.map(Math.abs))
  for (const [place, value] of intents.values.entries()) expect(Math.abs(read.tables.intents.values[place]! - value)).toBeLessThanOrEqual(largest / 250)
  expect(read.syllables.of).toEqual(weights.syllables.of)
  expect(new MessageReader(read, PLACES).gist('电梯坏了', null).intents).toEqual(['service_request'])
})
