import fs from 'node:fs'
import path from 'node:path'
import type { Store } from '../../src/store/engine/store.ts'
import type { TestDatabase } from './database.ts'

/**
 * Which of these words stand anywhere in what a store keeps: in every byte of the database's files, its write-ahead log included, or, on a
 * server, in every column of every table; and in the names and bytes of all other files of `directory`, but for those of the index.
 */
export async function findInStore({ store, database, directory }: { store: Store; database: Pick<TestDatabase, 'url'>; directory: string }, words: readonly string[]): Promise<string[]> {
  const contents = fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => Buffer.concat([Buffer.from(file), fs.readFileSync(file)]))
  if (!database.url.startsWith('file:')) contents.push(Buffer.from(await readTables(store)))
  return words.filter((word) => contents.some((content) => content.includes(word)))
}

async function readTables(store: Store): Promise<string> {
  const tables = await store.read.$queryRawUnsafe<{ name: string }[]>('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()')
  const rows: string[] = []
  for (const { name } of tables) rows.push(...(await store.read.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`)).map(({ row }) => row))
  return rows.join('\n')
}
