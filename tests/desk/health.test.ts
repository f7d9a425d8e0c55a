import os from 'node:os'
import { describe, expect, it } from 'vitest'
import { createHealth, type HealthSources } from '../../src/desk/health/health.ts'
import type { Store } from '../../src/store/engine/store.ts'
import { captureLog } from '../support/log.ts'
import { expectOneLine } from '../faults/lines.ts'

const MEGABYTE = 1024 * 1024
const STORE = { trouble: () => null, write: () => Promise.resolve(undefined), read: { counter: { findUnique: () => Promise.resolve(null) } } } as unknown as Store

function open(freeMb: () => number, more: Partial<HealthSources> = {}) {
  const log = captureLog()
  const sources: HealthSources = {
    store: STORE, dataFolders: [os.tmpdir()], databaseFolder: os.tmpdir(), pictureFolders: [os.tmpdir()], channels: () => [], answersBy: () => 'hybrid', knowledgeProblem: () => null,
    log: log.log, now: () => new Date(), measureDisk: () => Promise.resolve({ freeBytes: freeMb() * MEGABYTE, freeFiles: null }), ...more,
  }
  return { log, health: createHealth(sources) }
}

describe('A disk that fills up', () => {
  it.each([
    [5_000, 'ok', true, []],
    [999, 'warning', true, [/还剩 999 MB/]],
    [99, 'failed', true, [/只剩 99 MB/]],
    [0, 'failed', false, [/只剩 0 MB/, /磁盘满了/]],
  ])('with %i MB left is %s, and ready is %s', async (freeMb, state, isReady, banners) => {
    const { log, health } = open(() => freeMb)
    const report = await health.examine()
    expect(report).toMatchObject({ isReady, parts: { disk: { state } } })
    expect(health.banners()).toEqual(banners.map((banner) => expect.stringMatching(banner) as string))
    if (state === 'ok') expect(log.faults()).toEqual([])
    else expectOneLine(log, { fault: 'disk-low', tells: /Make room on it before nothing can be written/, end: 'none' })
  })
})

it('What is away or wrong is told by its part, and does not make the service unready', async () => {
  const status = () => ({ state: 'banned' as const, detail: '账号被限制了。', since: new Date() })
  const { health } = open(() => 5_000, { answersBy: () => 'lexical', knowledgeProblem: () => 'line 3', channels: () => [{ id: 'wechat', status, capabilities: { pulls: false } as never }, { id: 'web', status, capabilities: { pulls: true } as never }] })
  expect(await health.examine()).toMatchObject({ isReady: true, parts: { model: { state: 'warning' }, knowledge: { state: 'warning' }, channels: { state: 'warning', detail: 'wechat: banned' }, database: { state: 'ok' } } })
  expect(health.banners()).toEqual([expect.stringMatching(/wechat（账号被限制了。）/), expect.stringMatching(/知识文件/)])
})
