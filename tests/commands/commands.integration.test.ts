import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readZipEntry } from '../../src/model/zip.ts'
import { openTestStore } from '../outbox/world.ts'
import { openCommandLine } from './run.ts'

let line: ReturnType<typeof openCommandLine>
beforeEach(() => {
  line = openCommandLine()
})
afterEach(() => line.close())

const json = (value: object) => `${JSON.stringify(value)}\n`
const parse = (text: string | undefined) => JSON.parse(text ?? '') as { id?: unknown; intent?: string; replies?: { kind: string; text: string }[]; status?: string; total?: number; error?: string; line?: number }

/** A request whose words are formula, and a volunteer, filed through the chat as residents do. */
async function fileRecords() {
  const say = (sender: string, ...texts: string[]) => texts.map((text) => json({ conversation: sender, sender: { id: sender }, text })).join('')
  return line.linli(['chat', '--json', '--lexical'], say('u1', '=HYPERLINK("x") 3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认') + say('u2', '我想当志愿者，我叫王建国，电话13900139002，今年40岁，会修水管，周末有空，住迎宾社区', '同意', '确认'))
}

describe('chat --json', () => {
  it('answers each line with one line, in order, also lines that are wrong, and nothing else on stdout', async () => {
    const ran = await line.linli(
      ['chat', '--json', '--lexical'],
      json({ id: 'a', conversation: 'c1', sender: { id: 'u1' }, text: '你好' }) + 'no json\n' + json({ id: 7, conversation: 'c1', text: 'x' }) + '\n' + json({ id: 'b', conversation: 'c2', sender: { id: 'u2' }, text: '谢谢' }) + json({ conversation: 'c3', sender: { id: 'u3' }, text: '再见' }),
    )
    const lines = ran.lines.map(parse)
    expect(lines).toHaveLength(5)
    expect(lines.map((one) => one.id)).toEqual(['a', undefined, 7, 'b', expect.any(String) as unknown])
    expect(lines[1]).toMatchObject({ line: 2, error: expect.stringContaining('JSON') as unknown })
    expect(lines[2]?.error).toBeTruthy()
    for (const index of [0, 3, 4]) expect(lines[index]).toMatchObject({ intent: 'smalltalk', replies: [{ to: 'private', text: expect.stringMatching(/./) as unknown }] })
    expect(ran.code).toBe(1)
  })

  it('answers the same id the same, also in a later run, and keeps a conversation in order', async () => {
    const form = json({ id: '1', conversation: 'c', sender: { id: 'u' }, text: '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001' }) + json({ id: '2', conversation: 'c', sender: { id: 'u' }, text: '同意' }) + json({ id: '3', conversation: 'c', sender: { id: 'u' }, text: '确认' })
    const first = await line.linli(['chat', '--json', '--lexical'], form + form)
    expect(first.stderr).toBe('')
    expect(first.lines.slice(3)).toEqual(first.lines.slice(0, 3))
    expect(parse(first.lines[2]).replies?.[0]).toMatchObject({ kind: 'receipt', text: expect.stringMatching(/SR-\d{8}-0001/) as unknown })
    const second = await line.linli(['chat', '--json', '--lexical'], form)
    expect(second.lines).toEqual(first.lines.slice(0, 3))
    const exported = await line.linli(['export', 'requests'])
    expect(exported.lines).toHaveLength(1)
  })

  it('says nothing in a group in which it was only overheard', async () => {
    const ran = await line.linli(['chat', '--json', '--lexical'], json({ id: '1', conversation: 'g', sender: { id: 'u' }, group: { id: 'g' }, text: '今天停水吗' }))
    expect(parse(ran.lines[0])).toMatchObject({ id: '1', replies: [] })
    expect(ran.code).toBe(0)
  })
})

describe('chat', () => {
  it('talks in the terminal, shows buttons by number and goes on where it was', async () => {
    const first = await line.linli(['chat', '--lexical', '--as', '刘大妈'], '3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001\n1\n退出\n')
    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(/邻里：.*\n(.*\n)* {2}1\. 同意\n {2}2\. 不同意/)
    const second = await line.linli(['chat', '--lexical', '--as', '刘大妈'], '确认\n')
    expect(second.stdout).toMatch(/SR-\d{8}-0001/)
  })

  it('says in one sentence that the folder of DATA_DIR cannot be made', async () => {
    const file = path.join(line.directory, 'file')
    fs.writeFileSync(file, '')
    const other = openCommandLine({ DATA_DIR: path.join(file, 'data') })
    const ran = await other.linli(['chat', '--lexical'], '你好\n')
    other.close()
    expect(ran.code).toBe(2)
    expect(ran.stderr).toContain('DATA_DIR')
    expect(ran.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('export', () => {
  it('gives programs JSON Lines and staff tables in which no cell starts a formula', async () => {
    const filed = await fileRecords()
    expect(filed.lines).toHaveLength(6)

    const requests = (await line.linli(['export', 'requests', '--format', 'jsonl'])).lines.map(parse)
    expect(requests).toMatchObject([{ kind: 'service', requester: { name: '刘桂兰', phone: '13800138001' }, history: [{ status: 'submitted' }] }])
    const volunteers = (await line.linli(['export', 'volunteers'])).lines.map(parse)
    expect(volunteers).toMatchObject([{ name: '王建国', phone: '13900139002', status: 'active' }])

    const csv = (await line.linli(['export', 'requests', '--format', 'csv'])).stdout
    expect(csv.startsWith('\ufeff编号,类型,')).toBe(true)
    expect(csv).toContain('刘桂兰')
    expect(csv).not.toMatch(/(^|,)"?[=+\-@]/m)

    const file = path.join(line.directory, 'requests.xlsx')
    const ran = await line.linli(['export', 'requests', '--format', 'xlsx', '--output', file])
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    const book = fs.readFileSync(file)
    expect(book.subarray(0, 2).toString()).toBe('PK')
    const parts = ['xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml'].map((name) => readZipEntry(book, name, 1_000_000)?.toString('utf8') ?? '').join('')
    expect(parts).toContain('刘桂兰')
    expect(parts).not.toMatch(/<f>|>=HYPERLINK/)
    expect(fs.readdirSync(line.directory)).not.toContain('requests.xlsx.part')
  })

  it('says what is wrong with the kind and with the file', async () => {
    const kind = await line.linli(['export', 'people'])
    expect(kind.code).not.toBe(0)
    expect(kind.stderr).toContain('requests')
    const file = await line.linli(['export', 'requests', '--output', path.join(line.directory, 'no', 'such', 'folder')])
    expect(file.code).not.toBe(0)
    expect(file.stderr).toContain('写不了')
  })
})

describe('staff and announcements', () => {
  it('a code that says which room of ours a group is; without such a room the ones that there are', async () => {
    await line.linli(['chat', '--json', '--lexical'], json({ conversation: 'g1', sender: { id: 'u1' }, group: { id: 'g1', name: '花园群' }, mentioned: true, text: '你好' }))
    const wrong = await line.linli(['room-code', '--room', 'nowhere'])
    expect([wrong.code, wrong.stdout]).toEqual([1, ''])
    const id = /([0-9a-f-]{36}) .*花园群/.exec(wrong.stderr)?.[1] ?? ''
    expect((await line.linli(['room-code', '--room', id])).stdout.trim()).toMatch(/^[A-Z2-9]{10}$/)
  })

  it('from an empty database to an approved announcement', async () => {
    const added = await line.linli(['staff-add', 'wang', '--role', 'admin'])
    expect(added.stdout.trim().split(/\s+/).at(-1)).toMatch(/^[a-z2-9]{14}$/)
    expect((await line.linli(['staff-add', 'wang'])).code).toBe(1)
    await line.linli(['staff-add', 'li'])
    expect((await line.linli(['staff-code', 'wang'])).stdout.trim()).toMatch(/^[A-Z2-9]{10}$/)
    expect((await line.linli(['staff-code', 'nobody'])).code).toBe(1)
    expect((await line.linli(['room-code', '--area', '迎宾社区'])).stdout.trim()).toMatch(/^[A-Z2-9]{10}$/)
    expect((await line.linli(['room-code', '--area', '火星'])).stderr).toContain('火星')

    await fileRecords()
    await line.linli(['chat', '--json', '--lexical'], json({ conversation: 'u2', sender: { id: 'u2' }, text: '要收通知' }))
    const draft = await line.linli(['announce', '--by', 'wang', '--title', '停水', '--text', '明天停水', '--roles', 'volunteer', '--expires-at', '2099-01-01'])
    const { id, status, total } = parse(draft.lines[0])
    expect({ status, total, lines: draft.lines.length }).toEqual({ status: 'draft', total: 1, lines: 1 })
    const own = await line.linli(['announce', 'approve', String(id), '--by', 'wang'])
    expect(own).toMatchObject({ code: 1, stdout: '' })
    expect(own.stderr).toContain('另一位同事')
    expect(parse((await line.linli(['announce', 'approve', String(id), '--by', 'li'])).lines[0])).toMatchObject({ status: 'sending', approved_by: 'li', total: 1, open: 1 })
    expect(parse((await line.linli(['announce', 'cancel', String(id), '--by', 'wang'])).lines[0])).toMatchObject({ status: 'cancelled', cancelled: 1, open: 0 })
    expect(parse((await line.linli(['announce', 'show', String(id)])).lines[0])).toMatchObject({ status: 'cancelled' })
    expect((await line.linli(['announce', '--by', 'nobody', '--text', 'x'])).code).toBe(1)
    // A dozen processes, one after the other: on a busy machine each takes seconds to start.
  }, 180_000)

  it('an audience by tag, which an empty list is not', async () => {
    await line.linli(['staff-add', 'wang'])
    const draft = await line.linli(['announce', '--by', 'wang', '--text', 'x', '--tags', '独居老人，三期业主', '--roles', 'group'])
    expect(parse(draft.lines[0])).toMatchObject({ total: 0, audience: { tags: ['独居老人', '三期业主'], roles: ['group'] } })
    const unset = await line.linli(['announce', '--by', 'wang', '--text', 'x', '--tags', ''])
    expect(unset).toMatchObject({ code: 2, stdout: '' })
    expect(unset.stderr).toContain('--tags 后面没有写东西')
  }, 120_000)
})

it('--version prints what runs', async () => {
  const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string }
  expect((await line.linli(['--version'])).lines).toEqual([version])
})

describe('migrate', () => {
  it('prints the names of what it applied, once', async () => {
    const first = await line.linli(['migrate'])
    expect(first.code).toBe(0)
    expect(first.lines[0]).toMatch(/^\d{14}_init$/)
    expect((await line.linli(['migrate'])).lines).toEqual([])
  })
})

describe('doctor', () => {
  const findings = async (environment: Record<string, string> = {}) => {
    Object.assign(line.env, environment)
    const ran = await line.linli(['doctor', '--json'])
    const all = ran.lines.map((text) => JSON.parse(text) as { name: string; state: string; detail: string; remedy: string })
    return { code: ran.code, of: (name: string) => all.find((one) => one.name === name), broken: all.filter((one) => one.state === 'broken').map((one) => one.name) }
  }

  it('finds nothing to mend in a fresh folder, and makes nothing', async () => {
    const ran = await line.linli(['doctor'])
    expect(ran.stdout).toMatch(/✓ Node\.js/)
    expect(ran.stdout).not.toContain('✗')
    expect(ran.code).toBe(0)
    expect(fs.existsSync(line.env.DATA_DIR)).toBe(false)
  })

  it('names a broken knowledge file with its line, a port that is taken and a server that is silent', async () => {
    const knowledge = path.join(line.directory, 'knowledge')
    fs.cpSync('knowledge', knowledge, { recursive: true })
    fs.appendFileSync(path.join(knowledge, 'areas.yaml'), '\n- { code: x, name: 1 }\n')
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const refused = 'http://127.0.0.1:1'
    const found = await findings({ KNOWLEDGE_DIR: knowledge, PORT: String(port), CHAT_MODEL: 'm', OPENAI_BASE_URL: refused, TELEGRAM_BOT_TOKEN: '1:secret', TELEGRAM_API_ROOT: refused })
    taken.close()
    expect(found.code).toBe(1)
    expect(found.broken.sort()).toEqual(['Telegram', '写回答的模型', '知识文件', '端口'].sort())
    expect(found.of('知识文件')?.detail).toMatch(/areas\.yaml:\d+/)
    expect(found.of('端口')?.remedy).toContain('PORT')
    expect(JSON.stringify(found.of('Telegram'))).not.toContain('secret')
  })

  it('names a half-set channel', async () => {
    const found = await findings({ WECHATY_PUPPET: 'wechaty-puppet-service' })
    expect(found.code).toBe(1)
    expect(found.of('设置')?.detail).toContain('WECHATY_PUPPET_SERVICE_TOKEN')
  })

  it('finds a database that is broken, and one that waits for nothing', async () => {
    const world = await openTestStore()
    await world.store.close()
    const fine = await findings({ DATABASE_URL: world.url })
    expect(fine.of('数据库')).toMatchObject({ state: 'ok' })
    expect(fine.of('管理员')).toMatchObject({ state: 'advice', remedy: expect.stringContaining('staff-add') as unknown })
    const broken = path.join(line.directory, 'broken.db')
    fs.writeFileSync(broken, 'this is no database'.repeat(1_000))
    const found = await findings({ DATABASE_URL: `file:${broken}` })
    expect(found.broken).toContain('数据库')
    expect(found.code).toBe(1)
    fs.rmSync(world.directory, { recursive: true, force: true })
  })
})
