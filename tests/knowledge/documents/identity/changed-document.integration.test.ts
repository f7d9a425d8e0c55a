import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Passage } from '../../../../src/domain/answers.ts'
import { createAnswerer, type Answerer } from '../../../../src/knowledge/answer/answerer.ts'
import { printOf } from '../../../../src/knowledge/documents/identity/clause-print.ts'
import { settleFolder } from '../../../../src/knowledge/documents/identity/settle.ts'
import { loadKnowledge, type Knowledge } from '../../../../src/knowledge/documents/load.ts'
import { readRegressionSet } from '../../regression/measure.ts'

const SHIPPED = path.resolve(import.meta.dirname, '../../../../knowledge')
const ID = 'hexie-shequ-2012'
const DOCUMENT = `documents/${ID}.md`
const log = pino({ level: 'silent' })

/** A heading and what stands below it. */
interface Section {
  heading: string
  text: string
}

const numeral = (value: number): string => {
  const digits = '零一二三四五六七八九'
  const [tens, ones] = [Math.floor(value / 10), value % 10]
  return `${tens > 1 ? digits[tens] : ''}${tens > 0 ? '十' : ''}${ones > 0 ? digits[ones] : ''}`
}

/** The guideline with its clauses changed, numbered from 1 as its authors would. */
async function rewriteGuideline(directory: string, change: (clauses: Section[]) => Section[]): Promise<void> {
  const file = path.join(directory, DOCUMENT)
  const [head = '', ...parts] = (await readFile(file, 'utf8')).split(/^### /m)
  const clauses = parts.map((part): Section => {
    const [heading = '', ...rest] = part.split('\n')
    return { heading: heading.replace(/^（.*?）/, ''), text: rest.join('\n').replaceAll(/^## .*$/gm, '').trim() }
  })
  await writeFile(file, `${head}${change(clauses).map(({ heading, text }, place) => `### （${numeral(place + 1)}）${heading}\n\n${text}\n`).join('\n')}`)
}

const INSERTED: Section = { heading: '加强社区宠物管理', text: '加强社区宠物管理。居民养犬要到社区登记,遛狗时要拴绳,并清理粪便。每户养犬不得超过一只。' }
const insertAt = (place: number) => (clauses: Section[]) => [...clauses.slice(0, place), INSERTED, ...clauses.slice(place)]
const deleteAt = (place: number) => (clauses: Section[]) => clauses.filter((_, index) => index !== place)
const editWord = (place: number) => (clauses: Section[]) => clauses.map((clause, index) => (index === place ? { ...clause, text: clause.text.replace('社区', '小区').replace('建设', '创建') } : clause))
const splitAt = (place: number) => (clauses: Section[]) =>
  clauses.flatMap((clause, index) => {
    if (index !== place) return [clause]
    const middle = clause.text.indexOf('。', clause.text.length / 2) + 1
    return [{ ...clause, text: clause.text.slice(0, middle) }, { heading: '进一步要求', text: clause.text.slice(middle) }]
  })
const reorder = (clauses: Section[]) => [...clauses.slice(20), ...clauses.slice(0, 20)]

let directory = ''
let shipped: Knowledge
let questions: { question: string; gold: readonly string[] }[]

beforeAll(async () => {
  shipped = await loadKnowledge(SHIPPED)
  const unseen = (await readRegressionSet()).answerable.filter(({ gold, previous }) => gold.length === 1 && previous === undefined)
  questions = clausesOf(shipped).flatMap(({ clause, typicalQuestions }) => [
    ...unseen.filter(({ gold }) => gold[0] === clause).slice(0, 2),
    ...typicalQuestions.slice(0, 2).map((question) => ({ question, gold: [clause] })),
  ])
})

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'linli-identity-'))
  await cp(SHIPPED, directory, { recursive: true, filter: (source) => !source.includes('talk') })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const clausesOf = ({ documents }: Pick<Knowledge, 'documents'>): Passage[] => documents.flatMap(({ passages }) => passages)
const answererOf = (knowledge: Knowledge): Answerer => createAnswerer({ ...knowledge, cacheDirectory: directory, log, now: () => new Date('2026-12-01T02:00:00Z') })

const settle = async (): Promise<string[]> => {
  return (await settleFolder(directory, await loadKnowledge(directory))).sort()
}

/** Questions that were answered from the clause that they are about, and now from one with other words. `may`: the texts that are right as well. */
async function findWrong(before: Knowledge, after: Knowledge, may: (text: string) => boolean = () => false): Promise<string[]> {
  const [was, is] = [answererOf(before), answererOf(after)]
  const wrong: string[] = []
  for (const { question, gold } of questions) {
    const right = clausesOf(before).find(({ clause }) => clause === gold[0])
    const [first, second] = [await was.answer(question), await is.answer(question)]
    if (right === undefined || first.citations[0]?.clause !== right.clause) continue
    const cited = second.citations.map(({ clause }) => is.passage(ID, clause)?.text ?? '')
    if (second.kind !== 'refusal' && !cited.some((text) => printOf({ text }) === printOf(right) || may(text))) wrong.push(`${question}: ${second.citations[0]?.clause}`)
  }
  return wrong
}

/** Questions at clauses whose words are not those that they were written for. */
const strayed = (after: Knowledge): string[] => {
  const home = new Map(clausesOf(shipped).flatMap((passage) => passage.typicalQuestions.map((question) => [question, printOf(passage)])))
  return clausesOf(after).flatMap((passage) => passage.typicalQuestions.filter((question) => home.get(question) !== printOf(passage)))
}
const asked = (knowledge: Pick<Knowledge, 'documents'>): number => clausesOf(knowledge).reduce((sum, { typicalQuestions }) => sum + typicalQuestions.length, 0)

describe('After a clause was inserted into the guideline', () => {
  it('no question is answered from a wrong clause, and all of them stand where they belong', async () => {
    await rewriteGuideline(directory, insertAt(4))
    const after = await loadKnowledge(directory)
    expect(clausesOf(after)).toHaveLength(38)
    expect(strayed(after)).toEqual([])
    expect(asked(after)).toBe(asked(shipped))
    expect(after.held).toEqual([])
    expect(await findWrong(shipped, after)).toEqual([])
  })

  it('gaps name the clause that they were written for', async () => {
    await rewriteGuideline(directory, insertAt(0))
    const { gaps } = await loadKnowledge(directory)
    expect(gaps.map(({ question, clause }) => [question, clause])).toEqual(shipped.gaps.map(({ question, clause }) => [question, clause === null ? null : String(Number(clause) + 1)]))
  })

  it('the files get the new numbers once, comments and order stay, and the next reading finds the same', async () => {
    await rewriteGuideline(directory, insertAt(4))
    const before = await loadKnowledge(directory)
    expect(await settle()).toEqual([`gaps/${ID}.yaml`, `questions/${ID}.lock.yaml`, `questions/${ID}.yaml`])
    const text = await readFile(path.join(directory, `questions/${ID}.yaml`), 'utf8')
    const original = await readFile(path.join(SHIPPED, `questions/${ID}.yaml`), 'utf8')
    expect(text.match(/^\d+(?=:)/gm)).toEqual(Array.from({ length: 37 }, (_, place) => String(place < 4 ? place + 1 : place + 2)))
    expect(text.replaceAll(/^\d+:$/gm, '#:')).toBe(original.replaceAll(/^\d+:$/gm, '#:'))
    expect(await loadKnowledge(directory)).toEqual(before)
    expect(await settle()).toEqual([])
  })

  it('who numbers the questions anew by hand is understood, too', async () => {
    await rewriteGuideline(directory, insertAt(4))
    for (const folder of ['questions', 'gaps']) {
      const file = path.join(directory, `${folder}/${ID}.yaml`)
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/^(\d+):$/gm, (_, number: string) => `${Number(number) > 4 ? Number(number) + 1 : number}:`))
    }
    const file = path.join(directory, `questions/${ID}.yaml`)
    await writeFile(file, `${await readFile(file, 'utf8')}5:\n  - 养狗要不要登记\n`)
    const after = await loadKnowledge(directory)
    expect(after.held).toEqual([])
    expect(strayed(after)).toEqual(['养狗要不要登记'])
    expect(clausesOf(after).find(({ clause }) => clause === '5')?.typicalQuestions).toEqual(['养狗要不要登记'])
  })

  it('a question added under a number that means two clauses is held, and staff are told of both', async () => {
    await rewriteGuideline(directory, insertAt(4))
    const file = path.join(directory, `questions/${ID}.yaml`)
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^5:\n/m, '5:\n  - 养狗要不要登记\n'))
    const after = await loadKnowledge(directory)
    expect(after.held).toEqual([{ documentId: ID, question: '养狗要不要登记', isGap: false, key: '5', text: null, near: ['5', '6'] }])
    expect(strayed(after)).toEqual([])
    await settle()
    expect(await readFile(file, 'utf8')).toContain('待定:\n  - 养狗要不要登记')
    expect((await loadKnowledge(directory)).held).toMatchObject([{ question: '养狗要不要登记', key: '待定' }])
  })
})

describe('After another change of the guideline no question is answered from a clause that it was not meant for', () => {
  it('a clause taken out: its questions are held with what it said, and come back with it', async () => {
    await rewriteGuideline(directory, deleteAt(9))
    const after = await loadKnowledge(directory)
    const removed = clausesOf(shipped)[9]
    expect(strayed(after)).toEqual([])
    expect(after.held.filter(({ isGap }) => !isGap).map(({ question }) => question)).toEqual(removed?.typicalQuestions)
    expect(after.held[0]).toMatchObject({ documentId: ID, key: '10', text: removed?.text, near: [] })
    const written = new Set(removed?.typicalQuestions)
    expect((await findWrong(shipped, after)).filter((line) => written.has(line.split(': ')[0] ?? ''))).toEqual([])
    await settle()
    const text = await readFile(path.join(directory, `questions/${ID}.yaml`), 'utf8')
    expect(text).toContain('旧10:\n')
    await cp(path.join(SHIPPED, DOCUMENT), path.join(directory, DOCUMENT))
    const back = await loadKnowledge(directory)
    const inOrder = ({ gaps }: Knowledge) => gaps.map(({ question, clause }) => `${clause} ${question}`).sort()
    expect([back.documents, back.held, inOrder(back)]).toEqual([shipped.documents, [], inOrder(shipped)])
    await settle()
    expect((await readFile(path.join(directory, `questions/${ID}.yaml`), 'utf8'))).toBe(await readFile(path.join(SHIPPED, `questions/${ID}.yaml`), 'utf8'))
  })

  it('a word put right: its questions stay', async () => {
    await rewriteGuideline(directory, editWord(12))
    const after = await loadKnowledge(directory)
    expect(after.held).toEqual([])
    expect(clausesOf(after)[12]?.typicalQuestions).toEqual(clausesOf(shipped)[12]?.typicalQuestions)
    expect(strayed(after)).toEqual(clausesOf(shipped)[12]?.typicalQuestions)
    await settle()
    expect(await settle()).toEqual([])
  })

  it('clauses in another order: every question goes with its words', async () => {
    await rewriteGuideline(directory, reorder)
    const after = await loadKnowledge(directory)
    expect(after.held).toEqual([])
    expect(strayed(after)).toEqual([])
    expect(await findWrong(shipped, after)).toEqual([])
  })

  it('a clause made into two: its questions are held, and both are proposed', async () => {
    await rewriteGuideline(directory, splitAt(2))
    const after = await loadKnowledge(directory)
    const [first, second] = clausesOf(after).slice(2, 4)
    expect(strayed(after)).toEqual([])
    expect(new Set(after.held.flatMap(({ near }) => near))).toEqual(new Set(['3', '4']))
    expect(after.held.map(({ key }) => key).every((key) => key === '3')).toBe(true)
    expect(await findWrong(shipped, after, (text) => text === first?.text || text === second?.text)).toEqual([])
  })

  it('a change on top of a change, without the files being written between', async () => {
    await rewriteGuideline(directory, insertAt(4))
    await rewriteGuideline(directory, deleteAt(30))
    await rewriteGuideline(directory, insertAt(12))
    const after = await loadKnowledge(directory)
    expect(strayed(after)).toEqual([])
    expect(asked(after) + after.held.filter(({ isGap }) => !isGap).length).toBe(asked(shipped))
  })
})

describe('The shipped folder', () => {
  it('is settled: its lock says of which text the numbers are', async () => {
    expect(await settle()).toEqual([])
  })
})
