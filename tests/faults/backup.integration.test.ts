import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runRound } from './backup-rounds.ts'

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-backup-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

it('backup while sixteen conversations run, restore elsewhere, both killed at a random moment and begun anew: what was confirmed before is there, and no number is given twice', async () => {
  const told = new Set<string>()
  let last = { backupMs: 3_000, restoreMs: 3_000 }
  for (let round = 0; round < 2; round += 1) {
    const found = await runRound(round, { directory, told, last })
    expect(found).toMatchObject({ lost: [], different: [], integrity: 'ok', unsound: [], isGivenTwice: false })
    expect(found.halfWay).toMatch(/^$|was not finished/)
    expect(found.toldBefore).toBeGreaterThan(0)
    last = found
  }
}, 240_000)
