import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/domain/answers.ts'
import { tellAllAtOnce } from '../../../src/forms/service-guide.ts'
import { createAnswerer, type Answerer } from '../../../src/knowledge/answer/answerer.ts'
import { loadKnowledge, type Knowledge } from '../../../src/knowledge/documents/load.ts'
import { answerFromCommunity } from '../../../src/knowledge/office/answer-from-community.ts'
import { loadEmbeddingModel } from '../../../src/model/embedding/embedding-source.ts'
import { readRegressionSet, rememberQuestions } from '../regression/measure.ts'
import { readAsked, type Asked } from './asked.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const log = pino({ level: 'silent' })
const now = () => new Date('2026-12-01T02:00:00Z')

/** Shares that must be reached; what was measured on 2026-12-01 stands behind. `unseen` and `fresh` were written after the weights, and each looked at once before the ways of asking grew. */
const LEAST = {
  hybrid: { known: 0.97, /* .984 */ unseen: 0.95, /* .993; at first look .915 */ fresh: 0.85 /* .892; at first look .80 */ },
  lexical: { known: 0.94, /* .959 */ unseen: 0.94, /* .974; at first look .856 */ fresh: 0.82 /* .877; at first look .72 */ },
}
/** Of what asks something else, so many may be taken. */
const MOST_TAKEN = 0.05
/** Of the guideline's 471 questions so many may be answered by the community alone. */
const MOST_TAKEN_FROM_GUIDELINE = 2

const CLAUSES: Partial<Record<NonNullable<Asked['topic']>, readonly string[]>> = { office_phone: ['telephone'], office_address: ['address', 'name'], office_hours: ['hours'], office_open: ['hours'], office_name: ['name'] }
const isOwn = ({ citations }: Answer): boolean => citations[0]?.document === 'office' || citations[0]?.document === 'services'

function isRight({ citations }: Answer, topic: NonNullable<Asked['topic']>): boolean {
  const [first] = citations
  if (topic.startsWith('service_')) return first?.document === 'services'
  return first?.document === 'office' && (CLAUSES[topic]?.includes(first.clause) ?? true)
}

let knowledge: Knowledge
const folder = mkdtempSync(path.join(tmpdir(), 'linli-office-'))
beforeAll(async () => {
  knowledge = await loadKnowledge(path.join(ROOT, 'knowledge'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['lexical', 'hybrid'] as const)('Questions to the office, %s', (mode) => {
  let answerer: Answerer | null = null
  beforeAll(async () => {
    const opened = mode === 'lexical' ? null : await loadEmbeddingModel({ log })
    if (opened?.outcome === 'unavailable') return
    const cacheDirectory = opened === null ? folder : path.join(ROOT, 'node_modules/.cache/linli-regression')
    const community = answerFromCommunity(createAnswerer({ ...knowledge, cacheDirectory, log, now }), knowledge, { tellService: tellAllAtOnce, log, now })
    const { answerable, unanswerable } = await readRegressionSet()
    if (opened !== null) await community.useEmbedding(await rememberQuestions(opened.model, cacheDirectory, [...answerable, ...unanswerable]))
    answerer = community
  }, 300_000)

  it.each(['known', 'unseen', 'fresh'] as const)('are answered by the community, and others are not (%s)', { timeout: 120_000 }, async (name) => {
    if (answerer === null) return
    const missed: string[] = []
    const taken: string[] = []
    const asked = readAsked(name)
    for (const { q, previous, topic } of asked) {
      const answer = await answerer.answer(q, previous === undefined ? {} : { previousQuestion: previous })
      if (topic === null && isOwn(answer)) taken.push(q)
      if (topic !== null && !isRight(answer, topic)) missed.push(q)
    }
    const ofOffice = asked.filter(({ topic }) => topic !== null).length
    expect(1 - missed.length / ofOffice, missed.join('\n')).toBeGreaterThanOrEqual(LEAST[mode][name])
    expect(taken.length / (asked.length - ofOffice), taken.join('\n')).toBeLessThanOrEqual(MOST_TAKEN)
  })

  it('take nothing from the guideline: where the community speaks first its clause is cited below', { timeout: 300_000 }, async () => {
    if (answerer === null) return
    const { answerable, unanswerable } = await readRegressionSet()
    const lost: string[] = []
    for (const { question, previous, gold } of answerable) {
      const answer = await answerer.answer(question, previous === undefined ? {} : { previousQuestion: previous })
      if (isOwn(answer) && !answer.citations.some(({ clause }) => gold.includes(clause))) lost.push(question)
    }
    expect(lost.length, lost.join('\n')).toBeLessThanOrEqual(MOST_TAKEN_FROM_GUIDELINE)
    const personal = unanswerable.filter(({ kind }) => kind === 'personal_data' || kind === 'legal' || kind === 'medical' || kind === 'weather' || kind === 'garbage')
    expect(personal.length).toBeGreaterThan(30)
    for (const { question } of personal) expect(isOwn(await answerer.answer(question)), question).toBe(false)
  })

  it.each(['社区服务站面积要多大', '12349是什么电话', '社区工作者待遇怎么样', '居委会成员几个人', '什么是网格化管理', '社区志愿者怎么报名', '老年人日间照料中心有多少床位'])('%s goes to the guideline', async (question) => {
    if (answerer === null) return
    expect(isOwn(await answerer.answer(question))).toBe(false)
  })
})

describe('Answered questions of the office (pairs), by words and by meaning', () => {
  const pairs = [
    { question: '社区能免费复印吗', also: ['在社区复印要钱吗'], answer: '十页以内免费复印。', changed: '2026-11-20' },
    { question: '暑假班什么时候报名', answer: '六月二十号开始报名。', clause: { document: 'hexie-shequ-2012', number: '23' }, changed: '2026-11-21' },
    { question: '轮椅怎么借', answer: '拿身份证到社区登记，押金两百。', changed: '2026-11-22' },
  ]
  const SAME: [string, string][] = [['社区能免费复印吗？', '十页'], ['社区复印免费吗', '十页'], ['暑假班啥时候报名', '六月二十'], ['暑假班几号开始报名', '六月二十'], ['想借个轮椅怎么借', '押金'], ['轮椅咋借', '押金']]
  const OTHER = ['社区志愿者怎么报名', '暑假班收多少钱', '轮椅坏了', '轮椅坡道归谁修', '低保怎么申请', '社区有复印机的采购标准吗', '社区志愿者要占居民多少']

  it.each(['lexical', 'hybrid'] as const)('%s', { timeout: 120_000 }, async (mode) => {
    const opened = mode === 'lexical' ? null : await loadEmbeddingModel({ log })
    if (opened?.outcome === 'unavailable') return
    const cacheDirectory = opened === null ? folder : path.join(ROOT, 'node_modules/.cache/linli-regression')
    const own = { documents: knowledge.documents, gaps: knowledge.gaps, typed: pairs }
    const answerer = answerFromCommunity(createAnswerer({ ...own, cacheDirectory, log, now }), own, { tellService: tellAllAtOnce, log, now })
    if (opened !== null) await answerer.useEmbedding(opened.model)
    const told = async (question: string) => (await answerer.answer(question)).text
    const missed: string[] = []
    for (const [question, answer] of SAME) if (!(await told(question)).includes(answer)) missed.push(question)
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(mode === 'lexical' ? 1 : 0)
    for (const question of OTHER) expect(isOwn(await answerer.answer(question)), question).toBe(false)
    const cited = await answerer.answer('暑假班什么时候报名')
    expect(cited.text).toBe('六月二十号开始报名。\n参见《关于加强和谐社区建设的意见》第23条。\n——社区提供，2026年11月21日更新')
    expect(cited.citations.map(({ document, clause }) => `${document} ${clause}`)).toEqual(['office questions', 'hexie-shequ-2012 23'])
    expect(cited.details).toContain('第23条')
  })
})
