import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../../src/desk/actor.ts'
import { addDocument, noteFolder, removeDocument, supersedeDocument } from '../../../src/desk/knowledge/library.ts'
import type { Library } from '../../../src/desk/knowledge/library-change.ts'
import { withStaffKnowledge } from '../../../src/desk/knowledge/staff-knowledge.ts'
import { undoDocument } from '../../../src/desk/knowledge/undo-document.ts'
import type { KnowledgeDocument } from '../../../src/domain/answers.ts'
import { printOf } from '../../../src/knowledge/documents/identity/clause-print.ts'
import { changeFolder } from '../../../src/knowledge/documents/import/folder.ts'
import { readDocument } from '../../../src/knowledge/documents/load-document.ts'
import { loadKnowledge, type Knowledge } from '../../../src/knowledge/documents/load.ts'
import type { AnswerKnowledge } from '../../../src/knowledge/documents/staff-knowledge.ts'
import { watchKnowledge, type KnowledgeFolder } from '../../../src/knowledge/documents/watch.ts'
import { openStore, type Store } from '../../../src/store/engine/store.ts'
import { listVersions } from '../../../src/store/knowledge/document-versions.ts'
import { createTestDatabase } from '../../support/database.ts'

const log = pino({ level: 'silent' })
const NOW = new Date('2026-12-01T02:00:00Z')
const WANG: Actor = { staffId: null, user: 'wangfang', name: '王芳' }
const RULES = ['活动室每天早上八点开门,晚上九点关门,节假日照常开放。', '棋牌室内不得赌博,不得大声喧哗,违者请出。', '图书借阅期限为三十天,到期可以续借一次。']
const PARKING = ['院内不得停放电动车,违者由物业搬走。', '自行车停在车棚里,车棚夜里十点锁门。']

let directory: string
let database: Awaited<ReturnType<typeof createTestDatabase>>
let store: Store
let folder: KnowledgeFolder
let counting: AnswerKnowledge
let library: Library
/** What goes wrong when new knowledge is made to count. */
let fault: Error | null

const at = (name: string): string => path.join(directory, name)
const read = (name: string): string => fs.readFileSync(at(name), 'utf8')
const markdown = (id: string, title: string, clauses: readonly string[], issuedOn = '2024-01-01'): string =>
  `---\nid: ${id}\ntitle: ${title}\nissuer: 幸福社区居民委员会\nissued_on: ${issuedOn}\n---\n\n${clauses.map((text, place) => `### 第${'一二三四五六'.charAt(place)}条\n\n${text}\n`).join('\n')}`
const imported = (text: string): { document: KnowledgeDocument; markdown: string } => {
  const loaded = readDocument({ name: '', text, problems: [] })
  if (loaded === null) throw new Error('not a document')
  return { document: loaded.document, markdown: text }
}
const actions = async (id: string): Promise<string[]> => (await listVersions(store, id)).map(({ action, by }) => `${action} ${by}`)

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-desk-library-'))
  for (const name of ['documents', 'questions']) fs.mkdirSync(at(name))
  fs.writeFileSync(at('services.yaml'), '- { code: lamp, name: 照明, words: [路灯], materials: [], steps: [登记], place: 服务站, limitWorkingDays: 3, fee: 不收费, needsPersonalData: true, kind: service }\n')
  fs.writeFileSync(at('areas.yaml'), '- { code: p, name: 地区, level: prefecture, parent: null, words: [] }\n')
  fs.writeFileSync(at('documents/rules.md'), markdown('rules', '活动室管理办法', RULES))
  fs.writeFileSync(at('documents/parking.md'), markdown('parking', '停车办法', PARKING))
  fs.writeFileSync(at('questions/rules.yaml'), '2:\n  - 棋牌室能玩钱吗\n')
  database = await createTestDatabase(directory)
  store = await openStore({ ...database, log })
  fault = null
  const knowledge = await loadKnowledge(directory)
  const onChange = async (now: Knowledge) => {
    if (fault !== null) throw fault
    await noteFolder({ store, now: () => NOW }, now)
    counting = await withStaffKnowledge(store, now)
  }
  await onChange(knowledge)
  folder = await watchKnowledge({ directory, knowledge, onChange, log, now: () => new Date() })
  const look = async () => {
    await folder.look()
    counting = await withStaffKnowledge(store, folder.current())
  }
  library = { store, now: () => NOW, directory, knowledge: () => folder.current(), read: () => folder.look(), look, problem: () => folder.problem(), held: () => counting.held ?? [] }
})
afterEach(async () => {
  folder.close()
  await store.close()
  await database.drop()
  fs.rmSync(directory, { recursive: true, force: true })
})

describe('A change of the knowledge folder', () => {
  it('is refused, and nothing written, when any file that the service reads would not fit it', async () => {
    fs.writeFileSync(at('office.yaml'), 'name: 幸福社区\nchanged: 2026-11-01\nquestions:\n  - question: 车停哪里\n    answer: 停车棚\n    clause: { document: parking, number: "2" }\n')
    const changed = await changeFolder(directory, [{ file: 'documents/parking.md', text: null }])
    expect(changed).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('没有“parking”这份文件') as string })
    expect(fs.existsSync(at('documents/parking.md'))).toBe(true)
  })

  it('is put back, every file, when what belongs to it fails', async () => {
    const before = read('documents/rules.md')
    const changed = changeFolder(directory, [{ file: 'questions/rules.yaml', text: null }, { file: 'documents/rules.md', text: before.replace('九点', '十点') }, { file: 'documents/new.md', text: markdown('new', '新办法', ['新的一条。']) }], () => Promise.reject(new Error('the store is busy')))
    await expect(changed).rejects.toThrow('the store is busy')
    expect([read('documents/rules.md'), read('questions/rules.yaml'), fs.existsSync(at('documents/new.md')), fs.existsSync(at('removed/questions/rules.yaml'))]).toEqual([before, '2:\n  - 棋牌室能玩钱吗\n', false, false])
  })

  it('by two at once is one after the other, each with its version, and none is noted as done by hand', async () => {
    const removals = [removeDocument(library, WANG, 'parking'), supersedeDocument(library, WANG, { older: 'rules', newer: 'parking' }), removeDocument(library, WANG, 'parking')]
    for (let looks = 0; looks < 5; looks += 1) void folder.refresh()
    expect((await Promise.all(removals)).map(({ outcome }) => outcome)).toEqual(['changed', 'not_found', 'not_found'])
    expect(read('documents/rules.md')).not.toContain('superseded_by')
    expect(await actions('parking')).toEqual(['removed wangfang', 'found 文件夹'])
    const both = await Promise.all([undoDocument(library, WANG, { documentId: 'parking' }), supersedeDocument(library, WANG, { older: 'rules', newer: 'parking' })])
    expect(both.map(({ outcome }) => outcome)).toEqual(['changed', 'changed'])
    expect([await actions('rules'), await actions('parking')]).toEqual([['superseded wangfang', 'found 文件夹'], ['undone wangfang', 'removed wangfang', 'found 文件夹']])
  })

  it('that cannot be used yet is not called done, and counts at the next look without being saved again', async () => {
    fault = new Error('the database is busy')
    const changed = await addDocument(library, WANG, { ...imported(markdown('new', '养犬公约', ['遛狗必须牵绳。'])), supersedes: [] })
    expect(changed).toMatchObject({ outcome: 'not_used', reason: expect.stringContaining('the database is busy') as string })
    fault = null
    await folder.look()
    expect([folder.problem(), folder.current().documents.map(({ id }) => id)]).toEqual([null, ['new', 'parking', 'rules']])
    expect(await actions('new')).toEqual(['added wangfang'])
  })
})

describe('Bringing back', () => {
  it('what was seen is done once: pressed again, or after a colleague, it is refused with a sentence', async () => {
    await removeDocument(library, WANG, 'parking')
    const [newest] = await listVersions(store, 'parking')
    const undoing = { documentId: 'parking', seen: newest?.id ?? '' }
    expect((await undoDocument(library, WANG, undoing)).outcome).toBe('changed')
    expect(await undoDocument(library, WANG, undoing)).toMatchObject({ outcome: 'refused', reason: '《停车办法》刚才又改过了，没有再恢复。请先看看现在这一版。' })
    expect(fs.existsSync(at('documents/parking.md'))).toBe(true)
  })

  it('finds what a document was before it was taken away twice', async () => {
    await store.write(async (transaction) => {
      for (const place of [1, 2]) await transaction.documentVersion.create({ data: { id: `gone-${place}`, documentId: 'rules', title: '活动室管理办法', print: '', markdown: '', clauses: [], by: '文件夹', action: 'removed', createdAt: new Date(NOW.getTime() + place) } })
    })
    fs.rmSync(at('documents/rules.md'))
    fs.rmSync(at('questions/rules.yaml'))
    fs.rmSync(at('questions/rules.lock.yaml'))
    expect((await undoDocument(library, WANG, { documentId: 'rules' })).outcome).toBe('changed')
    expect(read('documents/rules.md')).toBe(markdown('rules', '活动室管理办法', RULES))
  })
})

describe('A document that takes the place of another', () => {
  const NEWER = markdown('rules-2025', '活动室管理办法', ['活动室由居委会管理。', RULES[0] ?? '', RULES[1] ?? '', '阅览室的报纸不外借。'], '2025-01-01')
  const passage = (text: string) => ({ print: printOf({ text }) })

  beforeEach(async () => {
    await store.write(async (transaction) => {
      const added = { documentId: 'rules', addedBy: 'wangfang', createdAt: NOW }
      await transaction.typicalQuestion.createMany({ data: [{ ...added, id: 't2', clause: '2', ...passage(RULES[1] ?? ''), text: '打牌能来钱吗' }, { ...added, id: 't3', clause: '3', ...passage(RULES[2] ?? ''), text: '书借几天' }] })
      await transaction.knownGap.create({ data: { ...added, id: 'g1', clause: '1', ...passage(RULES[0] ?? ''), text: '活动室收费吗' } })
      await transaction.officeAnswer.create({ data: { ...added, id: 'o2', clause: '2', ...passage(RULES[1] ?? ''), question: '谁管棋牌室', answer: '老年协会管' } })
    })
  })

  it('is named by its id, so that its title may change, and what staff added goes with the words; the rest is held', async () => {
    await addDocument(library, WANG, { ...imported(NEWER), supersedes: ['rules'] })
    expect(read('documents/rules.md')).toContain('superseded_by: rules-2025\n')
    expect(folder.current().documents.find(({ id }) => id === 'rules')).toMatchObject({ supersededBy: '活动室管理办法', supersededById: 'rules-2025' })
    expect(counting.decided).toContainEqual({ question: '打牌能来钱吗', answeredBy: { documentId: 'rules-2025', clause: '3' } })
    expect(counting.gaps).toContainEqual({ documentId: 'rules-2025', clause: '2', question: '活动室收费吗' })
    expect(counting.typed).toMatchObject([{ question: '谁管棋牌室', clause: { document: 'rules-2025', number: '3' } }])
    expect(counting.held).toMatchObject([{ documentId: 'rules-2025', question: '书借几天', key: '3', text: RULES[2] }])
  })

  it('leaves no trace when it is taken away, and all of it is there again when it comes back', async () => {
    await addDocument(library, WANG, { ...imported(NEWER), supersedes: ['rules'] })
    await removeDocument(library, WANG, 'rules-2025')
    expect(read('documents/rules.md')).toBe(markdown('rules', '活动室管理办法', RULES))
    expect(counting.held).toEqual([])
    expect(counting.decided).toContainEqual({ question: '书借几天', answeredBy: { documentId: 'rules', clause: '3' } })
    await undoDocument(library, WANG, { documentId: 'rules-2025' })
    expect(read('documents/rules.md')).toContain('superseded_by: rules-2025\n')
    expect(counting.decided).toContainEqual({ question: '打牌能来钱吗', answeredBy: { documentId: 'rules-2025', clause: '3' } })
  })

  it('is found by its title in files that were written by hand', async () => {
    fs.writeFileSync(at('documents/rules.md'), markdown('rules', '活动室管理办法', RULES).replace('---\n\n', 'superseded_by: 《停车办法》\n---\n\n'))
    await folder.look()
    expect(folder.current().documents.find(({ id }) => id === 'rules')).toMatchObject({ supersededBy: '停车办法', supersededById: 'parking' })
    await removeDocument(library, WANG, 'parking')
    expect(read('documents/rules.md')).not.toContain('superseded_by')
  })
})

describe('An answer of the office that points to a clause', () => {
  it('gets the words of that noted, and points to them when the numbers change', async () => {
    const office = 'name: 幸福社区\nchanged: 2026-11-01\nquestions:\n  # 常有人问\n  - question: 车停哪里\n    answer: 停车棚\n    clause: { document: parking, number: "2" }\n'
    fs.writeFileSync(at('office.yaml'), office)
    await folder.look()
    expect(read('office.yaml')).toContain(`print: ${printOf({ text: PARKING[1] ?? '' })}`)
    expect(read('office.yaml')).toContain('# 常有人问')
    fs.writeFileSync(at('documents/parking.md'), markdown('parking', '停车办法', ['停车由物业管理。', ...PARKING]))
    await library.look()
    expect(counting.office?.questions[0]?.clause).toMatchObject({ document: 'parking', number: '3' })
  })
})
