// What schema.prisma asks for beyond the migrations, by Prisma's own schema engine. It runs as WebAssembly, since its native
// build is a download that closed networks refuse; the databases it compares with are scratch ones from npm.
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import SqliteDatabase from 'better-sqlite3'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { toPostgresql } from './to-postgresql.mjs'
import { startPostgresql } from '../tests/support/postgresql-server.ts'

export const DATABASES = ['sqlite', 'postgresql']

const here = path.dirname(fileURLToPath(import.meta.url))
const schemaFile = path.join(here, 'schema.prisma')

/**
 * The SQL that leads from the migrations of `database` to schema.prisma; '' when they agree.
 * @param {'sqlite' | 'postgresql'} database
 * @returns {Promise<string>}
 */
export function writeDifference(database) {
  return database === 'sqlite' ? differenceOfSqlite() : differenceOfPostgresql()
}

async function differenceOfSqlite() {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-migration-'))
  const url = `file:${path.join(scratch, 'before.db')}`
  try {
    const before = new SqliteDatabase(url.slice('file:'.length))
    for (const sql of readMigrations('migrations')) before.exec(sql)
    before.close()
    return await diff(fs.readFileSync(schemaFile, 'utf8'), new PrismaBetterSqlite3({ url }))
  } finally {
    fs.rmSync(scratch, { recursive: true })
  }
}

async function differenceOfPostgresql() {
  const server = await startPostgresql()
  try {
    const before = new pg.Client({ connectionString: `${server.url}/postgres` })
    await before.connect()
    for (const sql of readMigrations('migrations-postgresql')) await before.query(sql)
    await before.end()
    // Given an address instead of its parts, the adapter would take the database itself for the engine's shadow database.
    const { hostname, port, username, password } = new URL(server.url)
    const adapter = new PrismaPg({ host: hostname, port: Number(port), user: username, password, database: 'postgres' })
    return await diff(toPostgresql(fs.readFileSync(schemaFile, 'utf8'), path.join(here, 'unused')), readingCatalogue(adapter))
  } finally {
    await server.stop()
  }
}

/** PostgreSQL's catalogue has columns of the type "char", which the adapter has no name for and the engine wants as characters. */
function readingCatalogue(factory) {
  const CHAR = 18
  const TEXT = 25
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const performIO = adapter.performIO.bind(adapter)
    const queryRaw = adapter.queryRaw.bind(adapter)
    const characters = new WeakMap()
    adapter.performIO = async (query) => {
      const result = await performIO(query)
      const columns = (result.fields ?? []).flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []))
      for (const index of columns) result.fields[index].dataTypeID = TEXT
      characters.set(query, columns)
      return result
    }
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const index of characters.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
  return factory
}

function readMigrations(folder) {
  const directory = path.join(here, folder)
  const names = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : []
  return names.map((name) => path.join(directory, name, 'migration.sql')).filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'utf8'))
}

async function diff(schema, adapter) {
  const engineModule = await loadEngine()
  const files = [{ path: schemaFile, content: schema }]
  const engine = await engineModule.SchemaEngine.new({ datamodels: files.map((file) => [file.path, file.content]) }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
  const { stdout } = await engine.diff({
    from: { tag: 'schemaDatasource', files, configDir: here },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return !stdout?.trim() || /empty migration/i.test(stdout) ? '' : stdout
}

let loaded = 0
/** An engine of its own each time: it may be started once in one module. */
async function loadEngine() {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const engineModule = await import(`${pathToFileURL(script)}?instance=${loaded++}`)
  const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(script.replace(/\.js$/, '.wasm'))), { './schema_engine_bg.js': engineModule })
  engineModule.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return engineModule
}
