import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startService } from '../../src/commands/bench/service-process.ts'
import { paragraph, writeDocx } from '../knowledge/documents/import/docx.ts'
import { openCommandLine } from './run.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ROOMS = path.join(ROOT, 'tests/knowledge/documents/yongfang-2024.txt')

let line: ReturnType<typeof openCommandLine>
let folder: string
beforeEach(() => {
  line = openCommandLine()
  folder = path.join(line.directory, 'knowledge')
  fs.cpSync(path.join(ROOT, 'knowledge'), folder, { recursive: true })
  Object.assign(line.env, { KNOWLEDGE_DIR: folder })
})
afterEach(() => line.close())

const knowledge = (...args: string[]) => line.linli(['knowledge', ...args])
const listed = () => fs.readdirSync(path.join(folder, 'documents')).sort()

describe('knowledge add', () => {
  it('shows what it would write and writes nothing without --yes', async () => {
    const ran = await knowledge('add', ROOMS)
    expect(ran.code).toBe(3)
    for (const part of ['标题：社区服务用房配建管理办法', '文号：大署办发〔2024〕8号', '有效期：2024-07-01 起，到 2029-06-30 止', '共 9 条', '第 1 条 为规范', '第 9 条 本办法']) expect(ran.stdout).toContain(part)
    expect(ran.stderr).toContain('--yes')
    expect(listed()).toEqual(['hexie-shequ-2012.md'])
  })

  it('writes one markdown file that staff can read, lists it, marks what it supersedes, and takes it away again', async () => {
    expect((await knowledge('add', ROOMS, '--yes', '--supersedes', 'hexie-shequ-2012')).code).toBe(0)
    expect(listed()).toEqual(['hexie-shequ-2012.md', 'yongfang-2024.md'])
    expect(fs.readFileSync(path.join(folder, 'documents/yongfang-2024.md'), 'utf8')).toContain('\n## 第二章 配建标准\n\n### 第三条\n\n新建住宅小区的社区服务用房每百户不少于30平方米')
    const older = fs.readFileSync(path.join(folder, 'documents/hexie-shequ-2012.md'), 'utf8')
    expect(older.replace('superseded_by: yongfang-2024\n', '')).toBe(fs.readFileSync(path.join(ROOT, 'knowledge/documents/hexie-shequ-2012.md'), 'utf8'))
    const list = await knowledge('list')
    expect(list.lines).toHaveLength(2)
    expect(list.stdout).toMatch(/hexie-shequ-2012.*已由《社区服务用房配建管理办法》代替\n.*yongfang-2024.*9条.*有效/)
    expect((await knowledge('remove', 'yongfang-2024')).code).toBe(3)
    expect((await knowledge('remove', 'yongfang-2024', '--yes')).code).toBe(0)
    expect(listed()).toEqual(['hexie-shequ-2012.md'])
    expect(fs.existsSync(path.join(folder, 'removed/documents/yongfang-2024.md'))).toBe(true)
  })

  it('asks in one sentence for what stands nowhere, and refuses what cannot be used, with nothing written', async () => {
    const bare = path.join(line.directory, 'bare.docx')
    fs.writeFileSync(bare, writeDocx([paragraph({ text: '第一条 楼道不得堆物。' }), paragraph({ text: '第二条 车棚不得充电。' })]))
    const asked = await knowledge('add', bare, '--yes')
    expect(asked).toMatchObject({ code: 1, stderr: 'bare.docx：文件里没有找到标题、发文机关、发文日期，请加上 --title "幸福社区卫生公约" --issuer "幸福社区居民委员会" --issued-on "2024-03-01"。什么都没有写。\n标题没有找到，第一行写的是“第一条 楼道不得堆物。”；发文机关没有找到，第一行写的是“第一条 楼道不得堆物。”，最后一行写的是“第二条 车棚不得充电。”；发文日期没有找到，文件里没有写年份。\n' })
    const big = path.join(line.directory, 'big.txt')
    fs.writeFileSync(big, '')
    fs.truncateSync(big, 50 * 1024 * 1024)
    expect((await knowledge('add', big, '--yes')).stderr).toMatch(/^big\.txt：文件太大（50 MB），最多 20 MB/)
    expect((await knowledge('add', path.join(line.directory, 'nowhere.txt'))).stderr).toContain('没有这个文件')
    expect(listed()).toEqual(['hexie-shequ-2012.md'])
    expect((await knowledge('add', bare, '--title', '楼道公约', '--issuer', '幸福社区居民委员会', '--issued-on', '2024-03-01', '--id', 'loudao', '--yes')).code).toBe(0)
    expect(listed()).toContain('loudao.md')
  })

  it('does not replace a document when questions that staff wrote would be left without their clause', async () => {
    const text = path.join(line.directory, 'hexie-shequ-2012.txt')
    fs.writeFileSync(text, '第一条 甲。\n第二条 乙。')
    const ran = await knowledge('add', text, '--id', 'hexie-shequ-2012', '--title', '新意见', '--issuer', '社区', '--issued-on', '2024-03-01', '--yes')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/没有写进去。\n编号 hexie-shequ-2012 已经是.*只有 0 条还在.*--id/)
    expect(fs.readFileSync(path.join(folder, 'documents/hexie-shequ-2012.md'), 'utf8')).toContain('### （三十七）')
  })

  it('does not take away the last document', async () => {
    const ran = await knowledge('remove', 'hexie-shequ-2012', '--yes')
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('至少要一份')
    expect(listed()).toEqual(['hexie-shequ-2012.md'])
  })
})

describe('the running service', () => {
  it('counts a file that was added, changed, broken, mended and removed at the next question', async () => {
    const service = await startService({ dataDirectory: path.join(line.directory, 'service'), environment: { KNOWLEDGE_DIR: folder, EMBEDDING_MODEL_DIR: path.join(line.directory, 'no-model'), HF_ENDPOINT: 'http://127.0.0.1:9', PATH: path.dirname(process.execPath), XDG_CACHE_HOME: line.directory } })
    let count = 0
    const ask = async (text: string) => {
      const id = String((count += 1))
      const { text: body } = await service.call('POST', '/api/v1/messages', { id, conversation: 'c', sender: { id: 'u' }, text })
      return (JSON.parse(body) as { replies: { kind: string; text: string }[] }).replies[0]
    }
    try {
      const file = path.join(folder, 'documents/yangquan.md')
      const write = (hours: string) => fs.writeFileSync(file, `---\nid: yangquan\ntitle: 幸福社区养犬公约\nissuer: 幸福社区居民委员会\nissued_on: 2024-03-01\n---\n\n### 第一条 遛狗牵绳\n\n遛狗要牵绳，遛狗时间是${hours}。\n`)
      expect((await ask('遛狗要不要牵绳'))?.kind).toBe('refusal')
      write('早上7点以前')
      expect((await ask('遛狗要不要牵绳'))?.text).toContain('早上7点以前')
      write('晚上8点以后')
      expect((await ask('遛狗要不要牵绳'))?.text).toContain('晚上8点以后')
      fs.writeFileSync(file, '---\nid: yangquan\n')
      expect((await ask('遛狗要不要牵绳'))?.text).toContain('晚上8点以后')
      expect((await line.linli(['doctor'])).stdout).toContain('yangquan.md')
      write('中午12点')
      expect((await ask('遛狗要不要牵绳'))?.text).toContain('中午12点')
      fs.rmSync(file)
      expect((await ask('遛狗要不要牵绳'))?.kind).toBe('refusal')
    } finally {
      await service.stop()
    }
  })
})
