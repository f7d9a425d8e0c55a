import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')
const MAIN = `
export const said: string = process.argv.slice(2).join(' ')
console.log(said, process.argv[1], import.meta.dirname)
if (said === 'fail') {

  throw new Error('planted')
}
`

/** A project with two small programs, started as ours are. */
let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'linli start '))
  fs.mkdirSync(path.join(folder, 'src/commands'), { recursive: true })
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'src/start.mjs']) fs.copyFileSync(path.join(ROOT, file), path.join(folder, file))
  write('src/main.ts', MAIN)
  write('src/commands/linli.ts', MAIN.replace('console.log(', "console.log('linli', "))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text)
const kept = () => fs.readdirSync(path.join(folder, '.cache/programs'))
function start(...args: string[]): { out: string; err: string } {
  const { stdout, stderr } = spawnSync(process.execPath, ['src/start.mjs', ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  return { out: stdout.trim(), err: stderr }
}

describe('a program', () => {
  it('is compiled at its first start, knows its arguments and its own place, and is kept until a source changes', () => {
    expect(start('src/main.ts', 'one', 'two').out).toBe(`one two ${folder}/src/main.ts ${folder}/src`)
    const first = kept()
    expect(first).toHaveLength(1)
    expect(start('src/commands/linli.ts', 'three').out).toBe(`linli three ${folder}/src/commands/linli.ts ${folder}/src/commands`)
    expect(kept()).toEqual(first)
    write('src/main.ts', MAIN.replace('console.log(', "console.log('changed', "))
    expect(start('src/main.ts', 'one').out).toContain('changed one')
    expect(kept()).toHaveLength(2)
  })

  it('names the line of its source where it fails', () => {
    expect(start('src/main.ts', 'fail').err).toMatch(/planted[\s\S]*src\/main\.ts:6:/)
  })

  it('starts where nothing can be kept', () => {
    write('.cache', 'no folder')
    expect(start('src/main.ts', 'one').out).toBe(`one ${folder}/src/main.ts ${folder}/src`)
  })

  it('leaves no more than five of what was kept', () => {
    for (let change = 0; change < 7; change += 1) {
      write('src/main.ts', `console.log(${change})`)
      expect(start('src/main.ts').out).toBe(String(change))
    }
    expect(kept()).toHaveLength(5)
  })
})
