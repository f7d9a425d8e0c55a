import { DriverAdapterError, type MappedError, type SqlDriverAdapter, type SqlDriverAdapterFactory, type SqlQuery, type SqlResultSet, type Transaction } from '@prisma/driver-adapter-utils'
import type SqliteDatabase from 'better-sqlite3'
import { KeptStatements } from './kept-statements.ts'
import { columnTypes, toPrisma, toSqlite } from './values.ts'

const NAMES = { provider: 'sqlite', adapterName: 'linli-better-sqlite3' } as const
/** What SQLite itself takes; by Prisma's own guess of 999 an area of four hundred grids would be refused. */
const MOST_VALUES = 32_766

/** Prisma on one connection of better-sqlite3, with statements that are prepared once and kept. */
export function sqliteAdapter(database: SqliteDatabase.Database, statements: KeptStatements): SqlDriverAdapterFactory {
  return { ...NAMES, connect: () => Promise.resolve(createAdapter(database, statements)) }
}

function createAdapter(database: SqliteDatabase.Database, statements: KeptStatements): SqlDriverAdapter {
  const queryable = { ...NAMES, queryRaw: spoken((query: SqlQuery) => queryRows(statements, query)), executeRaw: spoken((query: SqlQuery) => statements.run(query.sql, bound(query))) }
  let lastTransaction = Promise.resolve()

  const startTransaction = async (): Promise<Transaction> => {
    const before = lastTransaction
    let end: () => void = () => undefined
    lastTransaction = new Promise((resolve) => (end = resolve))
    await before
    const ended = () => Promise.resolve(end())
    try {
      await plain('BEGIN')
    } catch (error) {
      end()
      throw error
    }
    const savepoint = (words: string) => (name: string) => plain(`${words} ${name}`)
    // COMMIT and ROLLBACK are run by Prisma.
    return { ...queryable, options: { usePhantomQuery: false }, commit: ended, rollback: ended, createSavepoint: savepoint('SAVEPOINT'), rollbackToSavepoint: savepoint('ROLLBACK TO'), releaseSavepoint: savepoint('RELEASE SAVEPOINT') }
  }

  const plain = spoken((sql: string) => void statements.run(sql, []))
  return { ...queryable, startTransaction, executeScript: spoken((script: string) => void database.exec(script)), getConnectionInfo: () => ({ maxBindValues: MOST_VALUES, supportsRelationJoins: false }), dispose: () => Promise.resolve(void database.close()) }
}

function queryRows(statements: KeptStatements, query: SqlQuery): SqlResultSet {
  const { statement, rows } = statements.query(query.sql, bound(query))
  const types = columnTypes(statement.declared, rows)
  for (const row of rows) for (const [column, type] of types.entries()) row[column] = toPrisma(row[column], type)
  return { columnNames: statement.names, columnTypes: types, rows }
}

const bound = ({ args, argTypes }: SqlQuery): unknown[] => args.map((value, index) => toSqlite(value, argTypes[index]?.scalarType ?? 'unknown'))

/** What fails is spoken of in Prisma's words. */
const spoken =
  <A extends unknown[], R>(run: (...given: A) => R) =>
  async (...given: A): Promise<R> => {
    try {
      return run(...given)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error
      throw new DriverAdapterError({ originalCode: error.code, originalMessage: error.message, ...mapError(error.code, error.message) })
    }
  }

function mapError(code: string, message: string): MappedError {
  const columns = message.split('constraint failed: ')[1]?.split(', ')
  const fields = columns?.map((column) => column.split('.').at(-1) ?? column)
  const constraint = fields === undefined ? {} : { constraint: { fields } }
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return { kind: 'UniqueConstraintViolation', ...constraint }
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return { kind: 'NullConstraintViolation', ...constraint }
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
    case 'SQLITE_CONSTRAINT_TRIGGER':
      return { kind: 'ForeignKeyConstraintViolation', constraint: { foreignKey: {} } }
    default:
      return code.startsWith('SQLITE_BUSY') ? { kind: 'SocketTimeout' } : { kind: 'sqlite', extendedCode: 1, message }
  }
}
