// Writes prisma/migrations/<time>_<name>/migration.sql: the difference between the migrations so far and schema.prisma.
//   node prisma/new-migration.mjs add_something
// Runs Prisma's own schema engine as WebAssembly, since its native build is a download that closed networks refuse.
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import Database from 'better-sqlite3'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const name = process.argv[2]
if (!/^[a-z0-9_]+$/.test(name ?? '')) throw new Error('usage: node prisma/new-migration.mjs lower_case_name')

const engineModule = await import('@prisma/schema-engine-wasm/schema_engine_bg')
const wasmFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm')
const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(wasmFile)), { './schema_engine_bg.js': engineModule })
engineModule.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-migration-'))
const url = `file:${path.join(scratch, 'before.db')}`
const before = new Database(url.slice('file:'.length))
const folder = path.join(here, 'migrations')
for (const migration of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
  const file = path.join(folder, migration, 'migration.sql')
  if (fs.existsSync(file)) before.exec(fs.readFileSync(file, 'utf8'))
}
before.close()

const schema = path.join(here, 'schema.prisma')
const files = [{ path: schema, content: fs.readFileSync(schema, 'utf8') }]
const factory = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url }))
const engine = await engineModule.SchemaEngine.new({ datamodels: files.map((file) => [file.path, file.content]) }, () => {}, factory)
const { stdout } = await engine.diff({
  from: { tag: 'schemaDatasource', files, configDir: here },
  to: { tag: 'schemaDatamodel', files },
  script: true,
  exitCode: null,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
})
fs.rmSync(scratch, { recursive: true })
if (!stdout?.trim() || /empty migration/i.test(stdout)) {
  console.log('schema.prisma and the migrations agree: nothing to write')
  process.exit(0)
}
const target = path.join(folder, `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`)
fs.mkdirSync(target, { recursive: true })
fs.writeFileSync(path.join(target, 'migration.sql'), stdout)
console.log(`wrote ${path.relative(process.cwd(), target)}/migration.sql`)
