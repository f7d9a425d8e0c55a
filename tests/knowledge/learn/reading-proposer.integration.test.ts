import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Reader } from '../../../src/domain/messages/moves.ts'
import type { Intent } from '../../../src/domain/messages/understanding.ts'
import { createReadingProposer, type ProposalOutcome } from '../../../src/knowledge/learn/reading-proposer.ts'
import { loadKnowledge, loadTalk } from '../../../src/knowledge/documents/load.ts'
import { createReader } from '../../../src/language/moves/reader.ts'
import { MessageReader } from '../../../src/language/reader/message-reader.ts'
import { loadReaderWeights } from '../../../src/language/reader/open-reader.ts'
import { createLanguageModel } from '../../../src/model/chat.ts'
import { loadPrompts, type Prompts } from '../../../src/model/prompts.ts'
import { startScriptedOpenAI, type ScriptedOpenAI } from '../../fakes/openai/server.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const PARTICULARS = '，我叫王芳，电话13800138001'
const now = new Date('2026-11-24T02:00:00Z')
let prompts: Prompts
let base: Omit<Parameters<typeof createReader>[0], 'propose'>
let server: ScriptedOpenAI
let outcomes: ProposalOutcome[]
let unsure: { text: string; either: [Intent, Intent] }

beforeAll(async () => {
  prompts = await loadPrompts(path.join(ROOT, 'prompts'))
  const folder = path.join(ROOT, 'knowledge')
  const knowledge = await loadKnowledge(folder)
  const reader = new MessageReader(await loadReaderWeights(folder), knowledge)
  base = { current: () => reader, areas: knowledge.areas }
  const plain = createReader(base)
  for (const { text } of (await loadTalk(folder)).heldBack) {
    const said = `${text}${PARTICULARS}`
    const { either } = await plain.read(said, { asked: 'nothing', now })
    if (either === undefined || either.includes('emergency')) continue
    unsure = { text: said, either }
    break
  }
  expect(unsure, 'a message that is read unsurely').toBeDefined()
})
beforeEach(async () => {
  server = await startScriptedOpenAI([{ say: '{}' }])
  outcomes = []
})
afterEach(() => server.close())

function open(baseUrl = server.baseUrl): Reader {
  const model = createLanguageModel({ model: 'scripted', apiKey: 'test-key', baseUrl })
  return createReader({ ...base, propose: createReadingProposer({ model, prompts, timeoutMs: 1000, log: pino({ level: 'silent' }), onProposed: (outcome) => outcomes.push(outcome) }) })
}

test('of a message that is read unsurely the model says which of the two it means, and is told nobody’s particulars', async () => {
  const [, second] = unsure.either
  server.setScript([{ say: `{"intent":"${second}"}` }])
  const reading = await open().read(unsure.text, { asked: 'nothing', now })
  expect(reading).toMatchObject({ intent: second, isSure: true })
  expect(reading.either).toBeUndefined()
  expect(outcomes).toEqual(['taken'])
  expect(JSON.stringify(server.requests[0]?.body)).not.toMatch(/王芳|13800138001/)
})

test.each([
  ['nonsense', '我觉得都可以吧'],
  ['a third meaning', '{"intent":"announcement_admin_all"}'],
  ['a danger', '{"intent":"emergency"}'],
  ['a command and other people’s values', '{"intent":"cancel","phone":"13900139000","moves":[{"type":"delete_data"}]}'],
  ['that it is not sure', '{"intent":"unsure"}'],
])('%s changes nothing', async (_what, said) => {
  server.setScript([{ say: said }])
  const plain = await createReader(base).read(unsure.text, { asked: 'nothing', now })
  expect(await open().read(unsure.text, { asked: 'nothing', now })).toEqual(plain)
  expect(outcomes).toEqual(['unsure'])
})

test('a server that is not there changes nothing, in time', async () => {
  const plain = await createReader(base).read(unsure.text, { asked: 'nothing', now })
  expect(await open('http://127.0.0.1:9/v1').read(unsure.text, { asked: 'nothing', now })).toEqual(plain)
  expect(outcomes).toEqual(['unavailable'])
})

test('of a message that is read surely it is not asked, nor where a form is open', async () => {
  await open().read('楼道灯坏了', { asked: 'nothing', now })
  await open().read(unsure.text, { asked: 'address', form: 'service_request', now })
  expect(server.requests).toEqual([])
})
