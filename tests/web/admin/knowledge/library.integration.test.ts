import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteFolder } from '../../../../src/desk/knowledge/library.ts'
import type { Library } from '../../../../src/desk/knowledge/library-change.ts'
import { withStaffKnowledge } from '../../../../src/desk/knowledge/staff-knowledge.ts'
import { createAnswerer, type Answerer } from '../../../../src/knowledge/answer/answerer.ts'
import { printOf } from '../../../../src/knowledge/documents/identity/clause-print.ts'
import type { HeldQuestion } from '../../../../src/knowledge/documents/load-questions.ts'
import { loadKnowledge, type Knowledge } from '../../../../src/knowledge/documents/load.ts'
import { watchKnowledge, type KnowledgeFolder } from '../../../../src/knowledge/documents/watch.ts'
import { createQuestionLearning } from '../../../../src/knowledge/learn/question-learning.ts'
import { countUse } from '../../../../src/store/knowledge/clause-use.ts'
import { addStaff, changePassword } from '../../../../src/store/staff/staff.ts'
import { FormClient, startAdmin, type AdminFixture } from '../../admin-fixture.ts'

const log = pino({ level: 'silent' })
const RULES = ['活动室每天早上八点开门,晚上九点关门,节假日照常开放。', '棋牌室内不得赌博,不得大声喧哗,违者请出。', '图书借阅期限为三十天,到期可以续借一次。']
const NUMERALS = '一二三四五六七八九'

let directory: string
let fixture: AdminFixture
let folder: KnowledgeFolder
let answerer: Answerer
let staff: FormClient

const at = (name: string): string => path.join(directory, name)
const markdown = (clauses: readonly string[]): string => `---\nid: rules\ntitle: 活动室管理办法\nissuer: 幸福社区居民委员会\nissued_on: 2024-01-01\n---\n\n${clauses.map((text, place) => `### 第${NUMERALS.charAt(place)}条\n\n${text}\n`).join('\n')}`

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-library-'))
  for (const name of ['documents', 'questions']) fs.mkdirSync(at(name))
  fs.writeFileSync(at('services.yaml'), '- { code: lamp, name: 照明, words: [路灯], materials: [], steps: [登记], place: 服务站, limitWorkingDays: 3, fee: 不收费, needsPersonalData: true, kind: service }\n')
  fs.writeFileSync(at('areas.yaml'), '- { code: p, name: 地区, level: prefecture, parent: null, words: [] }\n')
  fs.writeFileSync(at('documents/rules.md'), markdown(RULES))
  fs.writeFileSync(at('questions/rules.yaml'), '1:\n  - 活动室几点开门\n2:\n  - 棋牌室能玩钱吗\n3:\n  - 书能借多久\n  - 借的书到期了咋办\n')
  const knowledge = await loadKnowledge(directory)
  answerer = createAnswerer({ ...knowledge, cacheDirectory: directory, log, now: () => new Date('2026-12-01T02:00:00Z') })
  let held: readonly HeldQuestion[] = []
  const services = {} as { store: AdminFixture['store'] }
  const now = () => new Date('2026-12-01T02:00:00Z')
  const reload = async (read: Knowledge) => {
    await noteFolder({ store: services.store, now }, read)
    const all = await withStaffKnowledge(services.store, read)
    held = all.held
    await answerer.replace(all)
  }
  const library: Omit<Library, 'store'> = { now, directory, knowledge: () => folder.current(), read: () => folder.look(), look: () => folder.look(), problem: () => folder.problem(), held: () => held }
  fixture = await startAdmin({
    documents: () => folder.current().documents,
    ask: (question) => answerer.answer(question),
    learning: createQuestionLearning(() => answerer.workings()),
    library: { ...library, get store() { return services.store } },
  })
  services.store = fixture.store
  folder = await watchKnowledge({ directory, knowledge, onChange: reload, log, now: () => new Date() })
  await reload(folder.current())
  staff = new FormClient(fixture.url)
  await staff.logIn()
})
afterEach(async () => {
  folder.close()
  await fixture.close()
  fs.rmSync(directory, { recursive: true, force: true })
})

const upload = (name: string, text: string) => staff.postFile('/admin/knowledge/new', {}, { field: 'file', name, bytes: Buffer.from(text) })
const uploadId = (text: string): string => /name="upload" value="([^"]+)"/.exec(text)?.[1] ?? ''
const clauseOf = async (question: string): Promise<string | undefined> => (await answerer.answer(question)).citations[0]?.clause

describe('The documents in the desk', () => {
  it('are listed with validity, what supersedes what, clauses and questions', async () => {
    const { text } = await staff.get('/admin/knowledge')
    for (const part of ['活动室管理办法', '幸福社区居民委员会', '2024-01-01 发文', '有效', '3 条', '4 个问题']) expect(text).toContain(part)
  })

  it('are looked at clause by clause, with questions and how often each answered', async () => {
    const answered = { question: '书能借多久', kind: 'answer' as const, document: 'rules', clause: '3', print: printOf({ text: RULES[2] ?? '' }), score: 1 }
    for (const turn of [answered, answered, { ...answered, kind: 'refusal' as const }]) await fixture.store.write((transaction) => countUse(transaction, turn, new Date()))
    const { text } = await staff.get('/admin/knowledge/d/rules')
    for (const part of ['第 3 条', '图书借阅期限为三十天', '借的书到期了咋办', '回答过 0 次', '回答过 2 次', '版本', '放进文件夹']) expect(text).toContain(part)
    expect((await staff.get('/admin/knowledge/d/nowhere')).status).toBe(404)
  })

  it('tell for a question what was found, how surely and why, and what a resident reads', async () => {
    const { text } = await staff.get(`/admin/knowledge/try?q=${encodeURIComponent('书能借多久')}`)
    for (const part of ['图书借阅期限为三十天', '第 3 条', '把握', '字词对上', '最像的问法“书能借多久”']) expect(text).toContain(part)
    expect(await fixture.store.read.unansweredQuestion.count()).toBe(0)
  })
})

describe('A document added in the desk', () => {
  it('is shown, put right, saved, answers at the next question, and goes again when that is undone', async () => {
    const shown = await upload('gonggao.txt', '第一条 小区内遛狗必须牵绳。\n第二条 狗要在社区登记，每年登记一次。\n')
    expect(shown.status).toBe(422)
    expect(shown.text).toContain('文件里没有找到')
    const said = { upload: uploadId(shown.text), title: '养犬公约', issuer: '幸福社区居民委员会', issuedOn: '2025-13-01', id: 'yangquan' }
    expect((await staff.post('/admin/knowledge/new', said)).text).toContain('日期“2025-13-01”看不懂')
    const right = { ...said, issuedOn: '2025-03-01' }
    const preview = await staff.post('/admin/knowledge/new', right)
    expect(preview.text).toContain('小区内遛狗必须牵绳')
    expect(fs.existsSync(at('documents/yangquan.md'))).toBe(false)
    const saved = await staff.post('/admin/knowledge/new', { ...right, as: 'save' })
    expect(saved.text).toContain('写进去了')
    expect(await clauseOf('遛狗要不要牵绳')).toBe('1')
    const page = await staff.get('/admin/knowledge/d/yangquan')
    expect(page.text).toMatch(/添加\s*wangfang/)
    await staff.post('/admin/knowledge/d/yangquan/undo', {})
    expect(fs.existsSync(at('documents/yangquan.md'))).toBe(false)
    expect((await answerer.answer('遛狗要不要牵绳')).kind).toBe('refusal')
    await staff.post('/admin/knowledge/d/yangquan/undo', {})
    expect(await clauseOf('遛狗要不要牵绳')).toBe('1')
  })

  it('is not added twice: the same text under another name is recognised', async () => {
    const shown = await upload('huodongshi.txt', RULES.map((text, place) => `第${NUMERALS.charAt(place)}条 ${text}`).join('\n'))
    const said = { upload: uploadId(shown.text), title: '活动室规定', issuer: '社区', issuedOn: '2025-03-01', id: 'copy' }
    expect((await staff.post('/admin/knowledge/new', said)).text).toContain('一字不差')
    expect((await staff.post('/admin/knowledge/new', { ...said, as: 'save' })).text).toContain('没有再加一份')
    expect(fs.existsSync(at('documents/copy.md'))).toBe(false)
  })

  it('that is the newer version of another takes its questions along, and the older answers no more', async () => {
    const newer = ['活动室由居委会管理。', RULES[0], RULES[1], '图书借阅期限为二十天,到期可以续借一次。']
    const shown = await upload('xin.txt', newer.map((text, place) => `第${NUMERALS.charAt(place)}条 ${text}`).join('\n'))
    const said = { upload: uploadId(shown.text), title: '活动室管理办法', issuer: '幸福社区居民委员会', issuedOn: '2025-03-01', id: 'rules-2025' }
    expect((await staff.post('/admin/knowledge/new', said)).text).toContain('像是已有的')
    await staff.post('/admin/knowledge/new', { ...said, supersedes: 'rules', as: 'save' })
    expect(await answerer.answer('棋牌室能玩钱吗')).toMatchObject({ kind: 'answer', citations: [{ document: 'rules-2025', clause: '3' }] })
    const changed = await answerer.answer('书能借多久')
    expect([changed.kind, changed.citations[0]]).toMatchObject(['answer', { document: 'rules-2025', clause: '4' }])
    expect((await staff.get('/admin/knowledge')).text).toMatch(/代替了《活动室管理办法》/)
  })
})

describe('Questions of a clause that was changed beyond recognition', () => {
  it('wait for staff, who put them to a clause or give them up; both count at once', async () => {
    fs.writeFileSync(at('documents/rules.md'), markdown([RULES[0] ?? '', RULES[1] ?? '', '阅览室的书只能在室内看,不外借。']))
    await folder.look()
    const { text } = await staff.get('/admin/knowledge/d/rules')
    for (const part of ['原来第 3 条的问题', '图书借阅期限为三十天', '书能借多久']) expect(text).toContain(part)
    expect((await staff.get('/admin/knowledge')).text).toContain('2 个问题等您说放在哪一条')
    expect((await answerer.answer('书能借多久')).kind).toBe('refusal')
    await staff.post('/admin/knowledge/d/rules/held', { q: ['书能借多久'], clause: '3', as: 'place' })
    expect(await clauseOf('书能借多久')).toBe('3')
    await staff.post('/admin/knowledge/d/rules/held', { q: ['借的书到期了咋办'], clause: '3', as: 'drop' })
    expect((await staff.get('/admin/knowledge/d/rules')).text).not.toContain('等您说放在哪一条的问题')
    expect(fs.readFileSync(at('questions/rules.yaml'), 'utf8')).toBe('1:\n  - 活动室几点开门\n2:\n  - 棋牌室能玩钱吗\n3:\n  - 书能借多久\n')
  })
})

describe('What was done to a document', () => {
  it('by hand, too, is a version that can be brought back, and the questions follow', async () => {
    fs.writeFileSync(at('documents/rules.md'), markdown(['活动室由居委会管理。', ...RULES]))
    await folder.look()
    expect(await clauseOf('书能借多久')).toBe('4')
    const { text } = await staff.get('/admin/knowledge/d/rules')
    expect(text).toMatch(/改动\s*文件夹/)
    await staff.post('/admin/knowledge/d/rules/undo', { version: /name="version" value="([^"]+)"/.exec(text)?.[1] ?? '' })
    expect(fs.readFileSync(at('documents/rules.md'), 'utf8')).toBe(markdown(RULES))
    expect(await clauseOf('书能借多久')).toBe('3')
    expect((await fixture.store.read.auditEntry.findMany({ where: { action: 'document_undone' } })).map(({ actor, subject }) => [actor, subject])).toEqual([['wangfang', 'rules']])
  })

  it('a removal takes its questions along and brings them back; the last document stays', async () => {
    expect((await staff.post('/admin/knowledge/d/rules/remove', {})).text).toContain('至少要一份')
    fs.writeFileSync(at('documents/other.md'), markdown(['院内不得停放电动车。']).replace('id: rules', 'id: other').replace('活动室管理办法', '停车办法'))
    await folder.look()
    await staff.post('/admin/knowledge/d/rules/remove', {})
    expect((await staff.get('/admin/knowledge')).text).toContain('删掉的')
    expect((await answerer.answer('书能借多久')).kind).toBe('refusal')
    await staff.post('/admin/knowledge/d/rules/undo', {})
    expect(await clauseOf('书能借多久')).toBe('3')
    await staff.post('/admin/knowledge/d/other/supersede', { by: 'rules' })
    expect(fs.readFileSync(at('documents/other.md'), 'utf8')).toContain('superseded_by: rules')
  })
})

describe('What is pressed in the desk', () => {
  it('twice counts once: the second time nothing is done, and a sentence says why', async () => {
    fs.writeFileSync(at('documents/rules.md'), markdown(RULES.slice(0, 2)))
    await folder.look()
    const seen = /name="seen" value="([^"]+)"/.exec((await staff.get('/admin/knowledge/d/rules')).text)?.[1] ?? ''
    expect((await staff.post('/admin/knowledge/d/rules/undo', { seen })).status).toBe(200)
    const again = await staff.post('/admin/knowledge/d/rules/undo', { seen })
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('刚才又改过了，没有再恢复')])
    expect(fs.readFileSync(at('documents/rules.md'), 'utf8')).toBe(markdown(RULES))
  })

  it('on a document that a colleague has just taken away gives a sentence', async () => {
    fs.writeFileSync(at('documents/other.md'), markdown(['院内不得停放电动车。']).replace('id: rules', 'id: other').replace('活动室管理办法', '停车办法'))
    await folder.look()
    await staff.post('/admin/knowledge/d/other/remove', {})
    const again = await staff.post('/admin/knowledge/d/other/remove', {})
    expect([again.status, again.text]).toEqual([404, expect.stringContaining('没有这份文件')])
  })

  it('changes nothing for who is no administrator, who may look at all of it', async () => {
    const added = await addStaff(fixture.store, { user: 'zhangwei', name: '张伟', role: 'staff', now: fixture.clock.now })
    if (added.outcome !== 'added') throw new Error('not added')
    await changePassword(fixture.store, { staffId: added.staff.id, current: added.oneTimePassword, next: 'three calm rivers', now: fixture.clock.now })
    const colleague = new FormClient(fixture.url)
    await colleague.logIn('zhangwei', 'three calm rivers')
    const { text } = await colleague.get('/admin/knowledge/d/rules')
    expect([text.includes('图书借阅期限为三十天'), text.includes('删掉这份文件')]).toEqual([true, false])
    for (const page of ['new', 'd/rules/remove', 'd/rules/undo', 'd/rules/held', 'd/rules/supersede']) {
      const refused = await colleague.post(`/admin/knowledge/${page}`, {})
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('文件只有管理员能改')])
    }
    expect(fs.existsSync(at('documents/rules.md'))).toBe(true)
  })

  it('lists what staff added to a document that is gone, until it comes back or they give it up', async () => {
    await fixture.store.write((transaction) => transaction.typicalQuestion.create({ data: { id: 't', documentId: 'gone', clause: '1', print: 'abc', text: '泳池几点开', addedBy: 'wangfang', createdAt: new Date() } }))
    fs.writeFileSync(at('documents/rules.md'), markdown([...RULES, '本办法由居委会解释。']))
    await folder.look()
    expect((await staff.get('/admin/knowledge')).text).toMatch(/文件不在了的问题[\s\S]*泳池几点开/)
    await staff.post('/admin/knowledge/d/gone/held', { q: ['泳池几点开'], as: 'drop' })
    expect((await fixture.store.read.typicalQuestion.findMany({ where: { removedAt: null } })).length).toBe(0)
  })
})

describe('A file named like a document that is another one', () => {
  it('gets an id of its own, and the page speaks of its fields, not of a command', async () => {
    const shown = await upload('rules.txt', '第一条 小区内遛狗必须牵绳。\n第二条 狗要在社区登记，每年登记一次。\n')
    const said = { upload: uploadId(shown.text), title: '养犬公约', issuer: '幸福社区居民委员会', issuedOn: '2025-03-01' }
    expect((await staff.post('/admin/knowledge/new', said)).text).toMatch(/编号（id）：rules-2\n/)
    const replaced = await staff.post('/admin/knowledge/new', { ...said, id: 'rules', as: 'save' })
    expect(replaced.text).toContain('那 3 条里只有 0 条还在')
    const named = await staff.post('/admin/knowledge/new', { ...said, title: '活动室管理办法' })
    expect([named.text.includes('勾上下面的“代替”'), named.text.includes('--')]).toEqual([true, false])
  })
})
