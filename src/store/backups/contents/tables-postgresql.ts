import type pg from 'pg'
import type { PlainRow, TableSource } from './tables.ts'

const BATCH = 500
const KEY_OF = `SELECT a.attname AS name, a.attcollation <> 0 AS "isText" FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
  WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)`

/** What a plain statement of ours is read with: an instant comes as PostgreSQL writes it, whatever the machine's time zone. */
const PARSERS: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  20: Number, 21: Number, 23: Number, 700: Number, 701: Number,
  114: (text) => JSON.parse(text) as unknown,
  3802: (text) => JSON.parse(text) as unknown,
  1114: (text) => new Date(`${text.replace(' ', 'T')}Z`).toISOString(),
}
const types: pg.CustomTypesConfig = { getTypeParser: (oid: number) => PARSERS[oid] ?? ((text: string) => text) }

/** The rows that a connection's open transaction sees. */
export function readPostgresqlTables(client: pg.Client): TableSource {
  return {
    async listTables() {
      const { rows } = await client.query<{ name: string; columns: string[] }>(
        `SELECT table_name::text AS name, array_agg(column_name::text) AS columns FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
          WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations' GROUP BY table_name`,
      )
      return rows.map(({ name, columns }) => ({ name, columns: columns.sort() })).sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async *readRows(table) {
      const key = (await client.query<{ name: string; isText: boolean }>(KEY_OF, [`"${table}"`])).rows
      const order = key.map(({ name, isText }) => `"${name}"${isText ? ' COLLATE "C"' : ''}`).join(', ')
      await client.query(`DECLARE read_rows NO SCROLL CURSOR FOR SELECT * FROM "${table}" ORDER BY ${order}`)
      try {
        for (;;) {
          const { rows } = await client.query<PlainRow>({ text: `FETCH ${BATCH} FROM read_rows`, types })
          if (rows.length > 0) yield rows
          if (rows.length < BATCH) break
        }
      } finally {
        await client.query('CLOSE read_rows')
      }
    },
  }
}
