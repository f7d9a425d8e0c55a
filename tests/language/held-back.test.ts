import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { IntentExample, Talk } from '../../src/domain/messages/talk.ts'
import type { FormId, Slots } from '../../src/domain/messages/understanding.ts'
import { loadKnowledge, loadTalk, type Knowledge } from '../../src/knowledge/documents/load.ts'
import { normalize } from '../../src/language/normalize.ts'
import { MessageReader } from '../../src/language/reader/message-reader.ts'
import { loadReaderWeights } from '../../src/language/reader/open-reader.ts'
import { readMessage, type ReadMessage } from '../../src/language/reader/read-message.ts'
import { digestOf } from '../../src/language/reader/training/train.ts'
import { NOW } from './labelled/label.ts'

/*
 * Messages that the reader has not learnt from, by another hand than those that it has: read by words alone, as on a machine without the model.
 * The floors lie a little below what was measured when the weights were made; they are raised with the reader, never lowered.
 */

const KNOWLEDGE = path.resolve(import.meta.dirname, '../../knowledge')
let talk: Talk
let knowledge: Knowledge
let reader: MessageReader
let readings: { example: IntentExample; read: ReadMessage }[]

const read = (text: string, form?: FormId): ReadMessage => readMessage(reader, text, null, { asked: form === undefined ? 'nothing' : null, form, now: NOW, areas: knowledge.areas })

beforeAll(async () => {
  talk = await loadTalk(KNOWLEDGE)
  knowledge = await loadKnowledge(KNOWLEDGE)
  reader = new MessageReader(await loadReaderWeights(KNOWLEDGE), knowledge)
  readings = talk.heldBack.map((example) => ({ example, read: read(example.text) }))
})

test('the weights were learnt from the talk that lies beside them', () => {
  expect(reader.weights.data, 'run `npm run -s linli -- train`').toBe(digestOf(talk))
})

const share = <T>(of: readonly T[], holds: (one: T) => boolean): number => of.filter(holds).length / of.length

describe('messages held back', () => {
  test('are read right', () => {
    const wrong = readings.filter(({ example, read: { intent } }) => intent !== example.intent).map(({ example, read: { intent } }) => `${example.intent} read as ${intent}: ${example.text}`)
    expect(1 - wrong.length / readings.length, wrong.join('\n')).toBeGreaterThan(0.945)
  })

  test('tell of danger, and hardly one gets no safety words; few others get them', () => {
    const dangers = readings.filter(({ example }) => example.intent === 'emergency')
    const others = readings.filter(({ example }) => example.intent !== 'emergency')
    expect(share(dangers, ({ read: { gist } }) => gist.danger >= 0.5), dangers.filter(({ read: { gist } }) => gist.danger < 0.5).map(({ example }) => example.text).join('\n')).toBeGreaterThan(0.985)
    expect(share(others, ({ read: { gist } }) => gist.danger >= 0.5)).toBeLessThan(0.045)
  })

  test('are put under the right service', () => {
    const requests = readings.filter(({ example }) => example.category !== undefined)
    expect(share(requests, ({ example, read: { slots } }) => slots.category === example.category)).toBeGreaterThan(0.93)
  })
})

interface Marked {
  text: string
  form: FormId | null
  slots: Slots
}

describe('values held back', () => {
  const lines = fs.readFileSync(path.join(import.meta.dirname, 'held-back/slots.jsonl'), 'utf8').trim().split('\n')
  const marked = lines.map((line) => JSON.parse(line) as Marked)
  const plain = (value: unknown): string => normalize(JSON.stringify(value ?? '')).replace(/[\s",，。、.;；:：-]/g, '')
  /** Places, names and free time may be told with more or fewer words around them. */
  const agrees = (one: unknown, other: unknown): boolean => plain(one) === plain(other) || plain(one).includes(plain(other)) || plain(other).includes(plain(one))

  test.each([
    ['name', 0.82], ['phone', 0.86], ['address', 0.56], ['community', 0.84], ['age', 0.84], ['availability', 0.72], ['time', 0.78],
  ] as const)('%s: of those said at least %f are found', (slot, least) => {
    const told = marked.filter(({ slots }) => slots[slot] !== undefined)
    const found = told.filter(({ text, form, slots }) => {
      const said = read(text, form ?? undefined).slots[slot]
      return said !== undefined && agrees(said, slots[slot])
    })
    expect(found.length / told.length).toBeGreaterThan(least)
  })
})
