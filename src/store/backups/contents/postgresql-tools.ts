import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** `absent`: it is not on the PATH. */
export type ToolRan = { outcome: 'done' } | { outcome: 'absent' } | { outcome: 'failed'; reason: string }

/** Where PostgreSQL's tools lie; undefined = on the PATH. */
export type ToolsDirectory = string | undefined

/** Runs one of PostgreSQL's own tools to its end. */
export function runTool(name: 'pg_dump' | 'pg_restore', args: readonly string[], tools: ToolsDirectory): Promise<ToolRan> {
  return new Promise((resolve) => {
    const child = spawn(tools === undefined ? name : path.join(tools, name), args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)))
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? { outcome: 'absent' } : { outcome: 'failed', reason: error.message }))
    child.once('close', (code) => resolve(code === 0 ? { outcome: 'done' } : { outcome: 'failed', reason: said.trim().replaceAll(/\s*\n\s*/g, '; ') || `${name} ended with ${code}` }))
  })
}

/** The address as the tools are given it: the password lies in a file beside, since anybody on the machine can read a command line. */
export function toolAddress(url: string, scratch: string): string {
  const address = new URL(url)
  const file = path.join(scratch, 'password')
  const password = decodeURIComponent(address.password).replaceAll(/[\\:]/g, (sign) => `\\${sign}`)
  fs.writeFileSync(file, `*:*:*:*:${password}\n`, { mode: 0o600 })
  address.password = ''
  address.searchParams.set('passfile', file)
  return address.toString()
}
