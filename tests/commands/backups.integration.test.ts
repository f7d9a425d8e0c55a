import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCommandLine } from './run.ts'

let line: ReturnType<typeof openCommandLine>
let elsewhere: ReturnType<typeof openCommandLine>
beforeEach(() => {
  line = openCommandLine({ LINLI_API_TOKEN: 'secret-of-the-interface' })
  elsewhere = openCommandLine()
})
afterEach(() => {
  line.close()
  elsewhere.close()
})

const json = (value: object) => `${JSON.stringify(value)}\n`

it('backup, restore and doctor say what was done, what is lost and what is still to do, and no setting’s value', async () => {
  const backups = path.join(line.directory, 'data', 'backups')
  expect((await line.linli(['backup', backups])).stderr).toContain('还没有数据库')
  await line.linli(['chat', '--json', '--lexical'], ['3号楼2单元楼道灯坏了，我叫刘桂兰，电话13800138001', '同意', '确认'].map((text) => json({ conversation: 'u1', sender: { id: 'u1' }, text })).join(''))
  expect((await line.linli(['doctor'])).stdout).toMatch(/! 备份：.*还没有备份。每夜 3:30 自动做，留 7 份/)

  const made = await line.linli(['backup', backups])
  expect(made.code).toBe(0)
  const [file = ''] = made.lines
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(made.stderr).toContain('LINLI_API_TOKEN')
  expect(made.stderr + fs.readFileSync(file).toString('latin1')).not.toContain('secret-of-the-interface')
  expect((await line.linli(['doctor'])).stdout).toMatch(/备份：最近一份是 0 小时前做的/)
  expect((await line.linli(['restore', file])).stderr).toContain('这里不是空的')

  const restored = await elsewhere.linli(['restore', file])
  expect(restored.code).toBe(0)
  expect(restored.lines).toEqual([elsewhere.env.DATA_DIR])
  expect(restored.stderr).toMatch(/最后一张工单 SR-\d{8}-0001/)
  expect(restored.stderr).toContain('不会自己发出去')
  expect((await elsewhere.linli(['export', 'requests'])).lines).toHaveLength(1)

  fs.truncateSync(file, 1_000)
  fs.rmSync(elsewhere.env.DATA_DIR, { recursive: true })
  const damaged = await elsewhere.linli(['restore', file])
  expect(damaged.code).toBe(1)
  expect(damaged.stderr).toMatch(/坏了.*没有恢复/)
}, 300_000)
