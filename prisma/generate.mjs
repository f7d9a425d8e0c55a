// Generates the Prisma clients after `npm ci`: one of schema.prisma as it stands, for SQLite, and one of the same models for
// PostgreSQL. Prisma's CLI looks for its native schema engine before every command and downloads it when none is named;
// generating needs no engine, so an existing file is named.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { toPostgresql } from './to-postgresql.mjs'

const require = createRequire(import.meta.url)
const here = path.dirname(fileURLToPath(import.meta.url))
const cli = path.join(path.dirname(require.resolve('prisma/package.json')), 'build/index.js')

function generate(schema) {
  const { status } = spawnSync(process.execPath, [cli, 'generate', '--schema', schema, '--no-hints'], {
    cwd: path.dirname(here),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  })
  if (status !== 0) process.exit(status ?? 1)
}

const schema = path.join(here, 'schema.prisma')
generate(schema)
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-schema-'))
const postgresql = path.join(scratch, 'schema.prisma')
fs.writeFileSync(postgresql, toPostgresql(fs.readFileSync(schema, 'utf8'), path.join(here, '../src/store/generated-postgresql')))
try {
  generate(postgresql)
} finally {
  fs.rmSync(scratch, { recursive: true })
}
