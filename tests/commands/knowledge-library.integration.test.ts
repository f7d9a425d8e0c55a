import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCommandLine } from './run.ts'

const RULES = ['活动室每天早上八点开门,晚上九点关门,节假日照常开放。', '棋牌室内不得赌博,不得大声喧哗,违者请出。', '图书借阅期限为三十天,到期可以续借一次。']
const NUMERALS = '一二三四五六'
const QUESTIONS = '1:\n  - 活动室几点开门\n2:\n  - 棋牌室能玩钱吗\n3:\n  - 书能借多久\n'

let line: ReturnType<typeof openCommandLine>
let folder: string

beforeEach(() => {
  line = openCommandLine()
  folder = path.join(line.directory, 'knowledge')
  for (const name of ['documents', 'questions']) fs.mkdirSync(path.join(folder, name), { recursive: true })
  fs.writeFileSync(path.join(folder, 'services.yaml'), '- { code: lamp, name: 照明, words: [路灯], materials: [], steps: [登记], place: 服务站, limitWorkingDays: 3, fee: 不收费, needsPersonalData: true, kind: service }\n')
  fs.writeFileSync(path.join(folder, 'areas.yaml'), '- { code: p, name: 地区, level: prefecture, parent: null, words: [] }\n')
  write(RULES)
  fs.writeFileSync(path.join(folder, 'questions/rules.yaml'), QUESTIONS)
  Object.assign(line.env, { KNOWLEDGE_DIR: folder })
})
afterEach(() => line.close())

const write = (clauses: readonly string[]): void =>
  fs.writeFileSync(path.join(folder, 'documents/rules.md'), `---\nid: rules\ntitle: 活动室管理办法\nissuer: 幸福社区居民委员会\nissued_on: 2024-01-01\n---\n\n${clauses.map((text, place) => `### 第${NUMERALS.charAt(place)}条\n\n${text}\n`).join('\n')}`)
const source = (name: string, clauses: readonly string[]): string => {
  const file = path.join(line.directory, name)
  fs.writeFileSync(file, clauses.map((text, place) => `第${NUMERALS.charAt(place)}条 ${text}`).join('\n'))
  return file
}
const knowledge = (...args: string[]) => line.linli(['knowledge', ...args])
const SAID = ['--title', '活动室管理办法', '--issuer', '幸福社区居民委员会', '--issued-on', '2025-03-01', '--yes']
const questions = (id = 'rules'): string => fs.readFileSync(path.join(folder, `questions/${id}.yaml`), 'utf8')

describe('knowledge add of what is there already', () => {
  it('says so of the same text under another name, and adds nothing', async () => {
    const ran = await knowledge('add', source('copy.txt', RULES), ...SAID)
    expect(ran.stdout).toContain('和已有的 rules《活动室管理办法》一字不差')
    expect([ran.code, fs.readdirSync(path.join(folder, 'documents'))]).toEqual([3, ['rules.md']])
  }, 120_000)

  it('proposes for a newer version that it supersedes; then the questions go with their words', async () => {
    const newer = source('newer.txt', ['活动室由居委会管理。', ...RULES])
    const [preview] = [await knowledge('add', newer, ...SAID.slice(0, -1))]
    expect(preview.stdout).toContain('像是已有的 rules《活动室管理办法》的另一版：那一份的 3 条里有 3 条还在。是新的一版，请加上 --supersedes rules')
    expect((await knowledge('add', newer, ...SAID, '--supersedes', 'rules', '--id', 'rules-2025')).code).toBe(0)
    expect(questions('rules-2025')).toBe('2:\n  - 活动室几点开门\n3:\n  - 棋牌室能玩钱吗\n4:\n  - 书能借多久\n')
    expect((await knowledge('list')).stdout).toMatch(/rules-2025 .*3个问题.*有效\nrules .*已由《活动室管理办法》代替/)
  }, 120_000)

  it('of a document with the same id moves its questions along, and takes the change back', async () => {
    expect((await knowledge('add', source('rules.txt', ['活动室由居委会管理。', RULES[1] ?? '', RULES[0] ?? '']), ...SAID, '--id', 'rules')).code).toBe(0)
    expect(questions()).toBe('3:\n  - 活动室几点开门\n2:\n  - 棋牌室能玩钱吗\n旧3:\n  - 书能借多久\n')
    expect((await knowledge('held')).stdout).toBe('rules  原第 3 条  书能借多久  没有像的\n')
    const { lines } = await knowledge('versions', 'rules')
    expect(lines.map((one) => one.split('  ').slice(2, 4))).toEqual([['命令行', '改动'], ['文件夹', '放进文件夹']])
    expect((await knowledge('undo', 'rules')).code).toBe(0)
    expect(questions()).toBe(QUESTIONS)
    expect((await knowledge('held')).stdout).toBe('')
  }, 120_000)
})

describe('knowledge place and try', () => {
  it('puts held questions to a clause, and tells what a question finds', async () => {
    expect((await knowledge('undo', 'rules')).stderr).toContain('没有更早的可以恢复')
    write([RULES[0] ?? '', RULES[1] ?? '', '阅览室的书只能在室内看,不外借。'])
    expect((await knowledge('place', 'rules', '书能借多久', '--to', '3')).stdout).toContain('已放到第 3 条')
    expect(questions()).toBe(QUESTIONS)
    const { stdout } = await knowledge('try', '书能借多久', '--lexical')
    expect(stdout).toMatch(/^rules 第 3 条 {2}把握 \d+%.*最像“书能借多久” 100%/)
    expect(stdout).toContain('阅览室的书只能在室内看')
  }, 120_000)
})
