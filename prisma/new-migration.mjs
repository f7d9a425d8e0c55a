// Writes the difference between the migrations so far and schema.prisma, for each of the two databases, as
// prisma/migrations/<time>_<name>/migration.sql and prisma/migrations-postgresql/<time>_<name>/migration.sql.
//   node prisma/new-migration.mjs add_something
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

register()
const { DATABASES, writeDifference } = await import('./schema-difference.mjs')

const here = path.dirname(fileURLToPath(import.meta.url))
const name = process.argv[2]
if (!/^[a-z0-9_]+$/.test(name ?? '')) throw new Error('usage: node prisma/new-migration.mjs lower_case_name')

const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
for (const database of DATABASES) {
  const sql = await writeDifference(database)
  if (sql === '') {
    console.log(`${database}: schema.prisma and the migrations agree, nothing to write`)
    continue
  }
  const target = path.join(here, database === 'sqlite' ? 'migrations' : 'migrations-postgresql', `${stamp}_${name}`)
  fs.mkdirSync(target, { recursive: true })
  fs.writeFileSync(path.join(target, 'migration.sql'), sql)
  console.log(`wrote ${path.relative(process.cwd(), target)}/migration.sql`)
}
