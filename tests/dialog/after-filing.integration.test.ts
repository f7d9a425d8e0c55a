import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

/** Of the conversations so many end as they should: the words in the right request's history, its state, whoever must be told, no new request. How one is written: after-filing/README.md. */
const RIGHT_AT_LEAST = 0.9

it('what residents say after filing joins their request', { timeout: 900_000 }, () => {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'after-filing/player.mjs')], { encoding: 'utf8', timeout: 880_000, maxBuffer: 64 * 1024 * 1024 })
  const [, right, all] = /RIGHT (\d+) of (\d+)\s*$/.exec(stdout) ?? []
  process.stdout.write(`Conversations after filing that end right: ${right ?? 'none'} of ${all ?? '?'}\n`)
  expect(Number(all), `${stdout}\n${stderr}`).toBeGreaterThan(0)
  expect(Number(right) / Number(all), stdout).toBeGreaterThanOrEqual(RIGHT_AT_LEAST)
})
