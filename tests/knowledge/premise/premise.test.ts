import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Passage } from '../../../src/domain/answers.ts'
import { loadKnowledge } from '../../../src/knowledge/documents/load.ts'
import { findFalsePremise } from '../../../src/knowledge/premise/premise.ts'
import type { FalsePremise } from '../../../src/knowledge/premise/premise.ts'
import { readClaim } from '../../../src/knowledge/premise/premise-claim.ts'
import { choosePremise } from '../../../src/knowledge/premise/premise-choice.ts'
import { confirmsClaim } from '../../../src/knowledge/premise/premise-confirm.ts'
import { confirmsFigure } from '../../../src/knowledge/premise/premise-figure.ts'

const RULE = '居民食堂。每个街道至少建设2所居民食堂,面积在200平方米以上,每餐补贴3元,由商务部门负责监督,民政部门给予开办补助。居民食堂面向全体居民开放,不得转让,节假日照常营业。食堂从业人员实行公开招聘,体检免费。'
const check = (question: string): FalsePremise | null => findFalsePremise(question, RULE)
const quoted = (premise: FalsePremise | null): string => (premise === null ? '' : RULE.slice(premise.span.start, premise.span.end))

describe('A figure that the text contradicts', () => {
  it.each([
    ['居民食堂每餐补贴8元对吧', '3元'],
    ['听说居民食堂要五百平', '200平方米以上'],
    ['为什么每个街道只建5所居民食堂', '2所'],
    ['每餐补贴10元的居民食堂怎么申请补助', '3元'],
    ['每个街道要建七八所居民食堂，忙得过来吗', '2所'],
    ['居民食堂不超过200平方米，是这样吧', '200平方米以上'],
  ])('is put right: %s', (question, actual) => {
    const premise = check(question)
    expect(premise).toMatchObject({ kind: 'figure', actual: { text: actual.replace('以上', '') + (actual.endsWith('以上') ? '以上' : '') } })
    expect(quoted(premise)).toContain(actual)
  })

  it.each(['居民食堂每餐补贴3元对吧', '居民食堂要200平方米以上是吗', '我家5口人能去居民食堂吃饭吗', '居民食堂每餐补贴多少元', '哪一年建居民食堂'])('is none in: %s', (question) => {
    expect(check(question)).toBeNull()
  })

  it('is confirmed where the text says the same', () => {
    const confirms = (question: string) => confirmsFigure(question, readClaim(question), RULE)
    expect(confirms('居民食堂每餐补贴3元对吧')).toBe(true)
    expect(confirms('居民食堂每餐补贴8元对吧')).toBe(false)
    expect(confirms('居民食堂每餐补贴多少元')).toBe(false)
  })
})

describe('An office in another one’s place', () => {
  it.each([
    ['居民食堂是公安局负责监督的吧', '公安局', '商务部门'],
    ['居民食堂的开办补助由财政局给，怎么领', '财政局', '民政部门'],
    ['听说居民食堂归城管监督', '城管', '商务部门'],
    ['派出所怎么监督居民食堂', '派出所', '商务部门'],
    ['居民食堂不是由物业公司监督的吗', '物业公司', '商务部门'],
  ])('is put right: %s', (question, claimed, actual) => {
    const premise = check(question)
    expect(premise).toMatchObject({ kind: 'office', claimed })
    expect(quoted(premise)).toContain(actual)
  })

  it.each(['居民食堂是商务部门负责监督的吧', '民政部门给居民食堂开办补助对吗', '派出所管不管居民食堂', '公安局在哪条街', '居民食堂不归公安局监督，归商务部门，对吧'])('is none in: %s', (question) => {
    expect(check(question)).toBeNull()
  })
})

describe('A condition that the text contradicts', () => {
  it.each([
    ['居民食堂只让党员进，对吧', '面向全体居民'],
    ['听说居民食堂可以转让给别人', '不得转让'],
    ['听说居民食堂节假日不营业', '节假日照常营业'],
    ['食堂从业人员是上面任命的吧', '公开招聘'],
    ['为什么从业人员体检要收费', '体检免费'],
    ['从业人员是靠关系进的吧', '公开招聘'],
    ['居民食堂没有开办补助，对吧', '给予开办补助'],
    ['居民食堂节假日都关门，是真的吗', '节假日照常营业'],
  ])('is put right with the words of the text: %s', (question, words) => {
    expect(quoted(check(question))).toContain(words)
  })

  it.each(['居民食堂面向全体居民开放对吧', '居民食堂能不能转让', '居民食堂节假日营业吗', '从业人员是招聘还是任命', '没有居民食堂的地方怎么办', '居民食堂不能转让，对吧', '从业人员不是任命的，是招聘的，对吧', '居民食堂不只给党员开，面向全体居民，是吧'])('is none in: %s', (question) => {
    expect(check(question)).toBeNull()
  })
})

interface Sample {
  q: string
  clause: string
  kind: string
}

/** Written from the guideline for tuning: what is left wrong is known; new ones fare worse. */
describe('Premises about the guideline', () => {
  let samples: (Sample & { isWrong: boolean })[] = []
  beforeAll(async () => {
    const { documents } = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
    const clauses = new Map(documents.flatMap(({ passages }) => passages.map(({ clause, text }) => [clause, text])))
    const lines = (await readFile(path.resolve(import.meta.dirname, 'premises.jsonl'), 'utf8')).trim().split('\n')
    samples = lines.map((line) => JSON.parse(line) as Sample).map((sample) => ({ ...sample, isWrong: findFalsePremise(sample.q, clauses.get(sample.clause) ?? '') !== null }))
  })

  it.each(['false_figure', 'false_office', 'false_condition'])('are put right where they are %s', (kind) => {
    const of = samples.filter((sample) => sample.kind === kind)
    const missed = of.filter(({ isWrong }) => !isWrong).map(({ q }) => q)
    expect(of.length).toBeGreaterThan(100)
    expect(1 - missed.length / of.length, missed.join('\n')).toBeGreaterThanOrEqual(0.95)
  })

  it('are left alone where they are true', () => {
    const of = samples.filter(({ kind }) => kind === 'true_premise')
    const corrected = of.filter(({ isWrong }) => isWrong).map(({ q }) => q)
    expect(of.length).toBeGreaterThan(250)
    expect(corrected.length / of.length, corrected.join('\n')).toBeLessThanOrEqual(0.01)
  })
})

describe('What a text confirms', () => {
  it.each(['居民食堂每餐补贴3元对吧', '居民食堂由商务部门负责监督，是吧', '听说居民食堂面向全体居民开放'])('is told so: %s', (question) => {
    expect(confirmsClaim(question, RULE)).toBe(true)
  })

  it.each(['居民食堂每餐补贴8元对吧', '居民食堂由公安局负责监督，是吧', '居民食堂每餐补贴几元', '居民食堂夏天卖冰棍对吧'])('is not told of: %s', (question) => {
    expect(confirmsClaim(question, RULE)).toBe(false)
  })
})

describe('Which clause puts a question right', () => {
  const passage = (clause: string, text: string): Passage => ({ documentId: 'd', clause, title: text.slice(0, 4), text, typicalQuestions: [] })
  const other = passage('1', '居民食堂的建设。居民食堂建设要因地制宜,合理布局。')
  const rule = passage('2', RULE)

  it('is the second one where the first does not speak of it', () => {
    const found = choosePremise('居民食堂是公安局负责监督的吧', [{ passage: other, score: 0.6 }, { passage: rule, score: 0.4 }])
    expect(found).toMatchObject({ passage: { clause: '2' }, premise: { kind: 'office', claimed: '公安局' } })
  })

  it('is none where no clause is near enough', () => {
    expect(choosePremise('居民食堂是公安局负责监督的吧', [{ passage: other, score: 0.2 }, { passage: rule, score: 0.1 }])).toBeNull()
    expect(choosePremise('居民食堂是公安局负责监督的吧', [{ passage: other, score: 0.9 }, { passage: rule, score: 0.1 }])).toBeNull()
  })
})

describe('The guideline’s own typical questions', () => {
  let wrong: string[] = []
  let all = 0
  beforeAll(async () => {
    const { documents } = await loadKnowledge(path.resolve(import.meta.dirname, '../../../knowledge'))
    const pairs = documents.flatMap(({ passages }) => passages.flatMap(({ text, typicalQuestions }) => typicalQuestions.map((question) => ({ question, text }))))
    all = pairs.length
    wrong = pairs.filter(({ question, text }) => findFalsePremise(question, text) !== null).map(({ question }) => question)
  })

  it('are hardly ever taken for false premises', () => {
    expect(all).toBeGreaterThan(1_000)
    expect(wrong.length / all, wrong.join('\n')).toBeLessThan(0.005)
  })
})
