import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnswerer, type Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { createQuestionLearning } from '../../../src/knowledge/learn/question-learning.ts'
import { tryOut } from '../../../src/knowledge/learn/try-out.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const DOCUMENT = 'hexie-shequ-2012'
/** Nobody asks this with words of the text. */
const STRANGE = '紫薯拿铁咕噜咕噜派对在哪一层'

let folder: string
let answerer: Answerer
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-try-out-'))
  const { documents, gaps } = await loadKnowledge(path.join(ROOT, 'knowledge'))
  answerer = createAnswerer({ documents, gaps, cacheDirectory: folder, log: pino({ level: 'silent' }), now: () => new Date('2026-11-24T02:00:00Z') })
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

describe('trying out a question before it is added', () => {
  it('shows how it would be answered, without adding it', async () => {
    const { asked, tried } = await tryOut({ workings: answerer.workings(), added: [{ text: STRANGE, as: 'typical', documentId: DOCUMENT, clause: '13' }], asked: [STRANGE] })
    expect(tried).toBe(200)
    expect(asked[0]?.before.ranked[0]?.clause).not.toBe('13')
    expect(asked[0]?.after.ranked[0]?.clause).toBe('13')
    expect((await answerer.answer(STRANGE)).ranked[0]?.clause).not.toBe('13')
  })

  it('tells what it would spoil: typical questions of one clause given to another', async () => {
    const { documents } = await loadKnowledge(path.join(ROOT, 'knowledge'))
    const taken = documents[0]?.passages.find((passage) => passage.clause === '13')?.typicalQuestions.slice(0, 20) ?? []
    const { worse } = await tryOut({ workings: answerer.workings(), added: taken.map((text) => ({ text, as: 'typical', documentId: DOCUMENT, clause: '3' })), asked: [] })
    expect(worse.length).toBeGreaterThan(5)
    for (const { right, before, after } of worse) {
      expect(before).toEqual(right)
      expect(after).not.toEqual(right)
    }
  })

  it('a gap makes its own words refused', async () => {
    const question = '社区志愿者要占居民多少'
    const { asked } = await tryOut({ workings: answerer.workings(), added: [{ text: question, as: 'gap', documentId: DOCUMENT, clause: '13' }], asked: [question] })
    expect(asked[0]?.before.kind).toBe('answer')
    expect(asked[0]?.after.ranked[0]?.clause).toBe('13')
  })
})

describe('what is remembered between pages', () => {
  it('answers are the present ones after the knowledge was changed', async () => {
    const learning = createQuestionLearning(() => answerer.workings())
    expect((await learning.answer([STRANGE]))[0]?.kind).toBe('refusal')
    const { documents, gaps } = await loadKnowledge(path.join(ROOT, 'knowledge'))
    const added = documents.map((document) => ({ ...document, passages: document.passages.map((passage) => (passage.clause === '13' ? { ...passage, typicalQuestions: [...passage.typicalQuestions, STRANGE] } : passage)) }))
    await answerer.replace({ documents: added, gaps })
    expect((await learning.answer([STRANGE]))[0]?.ranked[0]?.clause).toBe('13')
    await answerer.replace({ documents, gaps })
  })

  it('groups tell first the question that speaks for all', async () => {
    const learning = createQuestionLearning(() => answerer.workings())
    const questions = [{ text: '停车位怎么收费', times: 1 }, { text: '我们小区的停车位到底怎么收费呀', times: 1 }, { text: '小区停车位怎么收费', times: 5 }]
    expect(await learning.group(questions)).toEqual([[2, 0, 1]])
  })
})
