import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** Lines of standard output. */
  lines: string[]
}

/** A folder of its own for one test's data, and the command line as a process on it. */
export function openCommandLine(environment: Record<string, string> = {}) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-commands-'))
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', DATA_DIR: path.join(directory, 'data'), PORT: '0', ...environment }
  const start = (args: string[]) => spawn(process.execPath, ['src/start.mjs', 'src/commands/linli.ts', ...args], { cwd: ROOT, env })

  /** Runs one command to its end, with `input` on standard input. */
  async function linli(args: string[], input = ''): Promise<Ran> {
    const child = start(args)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdin.end(input)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, stdout, stderr, lines: stdout.split('\n').filter((line) => line !== '') }
  }
  return { directory, env, linli, start, close: () => fs.rmSync(directory, { recursive: true, force: true }) }
}
