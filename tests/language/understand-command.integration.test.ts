import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
let directory: string

beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-understand-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

function understand(lines: string, ...more: string[]): { out: unknown[]; status: number | null; err: string } {
  const file = path.join(directory, 'messages.jsonl')
  fs.writeFileSync(file, lines)
  const run = spawnSync(process.execPath, ['src/start.mjs', 'src/commands/linli.ts', 'understand', '--json', '--file', file, ...more], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: directory, DATA_DIR: directory },
    encoding: 'utf8',
  })
  return { out: run.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown), status: run.status, err: run.stderr }
}

test('every line in gives one line out, in order, with a broken one said to be broken', () => {
  const { out, status, err } = understand(
    [
      '\ufeff{"id":"a","text":"3号楼2单元楼道灯坏了，明天下午三点来","now":"2026-11-24T10:00:00+08:00"}',
      '',
      '{"id":"b","text":"社区志愿者要占居民多少"}',
      '{broken',
      '{"id":"c","text":42}',
      '{"id":"d","text":"62","form":"volunteer_signup"}',
      '{"id":"e","text":"我妈叫王芳，她电话13644445555","form":"volunteer_signup"}',
    ].join('\n'),
    '--now',
    '2026-11-01T10:00',
  )
  expect(err).toBe('')
  expect(status).toBe(0)
  expect(out).toHaveLength(6)
  expect(out[0]).toMatchObject({ id: 'a', intent: 'service_request', slots: { address: '3号楼2单元', time: '2026-11-25T15:00', category: '公共照明' } })
  expect(out[1]).toMatchObject({ id: 'b', intent: 'ask_policy', intents: ['ask_policy'], slots: {}, sure: true })
  expect((out[1] as { danger: number }).danger).toBeLessThan(0.5)
  expect(out[2]).toMatchObject({ line: 4, error: expect.any(String) as string })
  expect(out[3]).toMatchObject({ id: 'c', error: expect.any(String) as string })
  expect(out[4]).toMatchObject({ id: 'd', intent: 'volunteer_signup', slots: { age: 62 } })
  // A guardian is no key of the contract.
  expect(out[5]).toMatchObject({ id: 'e', intent: 'volunteer_signup' })
  expect((out[5] as { slots: object }).slots).not.toHaveProperty('guardian')
})
