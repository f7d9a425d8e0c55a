import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KnowledgeDocument } from '../../../src/domain/answers.ts'
import { tellAllAtOnce } from '../../../src/forms/service-guide.ts'
import { createAnswerer, type Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { answerFromCommunity } from '../../../src/knowledge/office/answer-from-community.ts'

const log = pino({ level: 'silent' })
const now = () => new Date('2026-12-01T02:00:00Z')
const CLAUSES = ['申请居住证，要交身份证、照片和住在这里的证明。', '派出所十五日内发给居住证。', '居住证每年签注一次。']
const OWN: KnowledgeDocument = {
  id: 'juzhuzheng',
  title: '幸福县居住证办法',
  issuer: '幸福县公安局',
  issuedOn: '2024-03-01',
  passages: CLAUSES.map((text, index) => ({ documentId: 'juzhuzheng', clause: String(index + 1), title: text, text, typicalQuestions: [] })),
}

describe('A document that is named after what is asked about', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'linli-named-'))
  let asked: (question: string, documents: readonly KnowledgeDocument[]) => ReturnType<Answerer['answer']>
  beforeAll(async () => {
    const shipped = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
    asked = (question, documents) => {
      const knowledge = { ...shipped, documents: [...shipped.documents, ...documents] }
      return answerFromCommunity(createAnswerer({ ...knowledge, cacheDirectory: folder, log, now }), knowledge, { tellService: tellAllAtOnce, log, now }).answer(question)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('says it first, and the catalogue what it says of everything below', async () => {
    const alone = await asked('办居住证要什么材料', [])
    expect(alone.citations.map(({ document }) => document)).toEqual(['services'])
    const both = await asked('办居住证要什么材料', [OWN])
    expect(both.citations[0]).toMatchObject({ document: 'juzhuzheng', clause: '1' })
    expect(both.text).toMatch(/身份证、照片和住在这里的证明[\s\S]*要办这件事，一次告诉您/)
  })

  it('refuses what it does not say, where the catalogue is hardly asked', async () => {
    expect((await asked('居住证补一张收多少钱', [OWN])).kind).toBe('refusal')
    expect((await asked('居住证补一张收多少钱', [])).citations[0]?.document).toBe('services')
  })

  it('changes nothing of what another service is asked', async () => {
    const answer = await asked('办老年证要什么材料', [OWN])
    expect(answer.citations.map(({ document }) => document)).toEqual(['services'])
  })
})
