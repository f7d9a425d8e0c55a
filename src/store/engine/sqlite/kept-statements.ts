import type { ColumnType } from '@prisma/driver-adapter-utils'
import type SqliteDatabase from 'better-sqlite3'
import { declaredType } from './values.ts'

/** More than the program has; what is written with a list of its own, and is never asked again, makes room. */
const MOST = 400

/** A prepared statement, and what is known of its result. */
export interface KeptStatement {
  readonly prepared: SqliteDatabase.Statement<unknown[], unknown[]>
  /** Empty when it gives no rows. */
  names: string[]
  declared: (ColumnType | null)[]
}

/**
 * The statements of one connection, prepared once and kept: the last used ones. After a change of the schema SQLite prepares a kept one again by itself;
 * what is known of its columns is looked up again when it gives another number of them.
 */
export class KeptStatements {
  readonly #database: SqliteDatabase.Database
  readonly #most: number
  readonly #kept = new Map<string, KeptStatement>()

  constructor(database: SqliteDatabase.Database, most = MOST) {
    this.#database = database
    this.#most = most
  }

  get size(): number {
    return this.#kept.size
  }

  /** Runs what gives no rows. @returns how many rows it changed */
  run(sql: string, values: readonly unknown[]): number {
    return this.#take(sql).prepared.run(values).changes
  }

  /** Runs anything; rows as lists of values. */
  query(sql: string, values: readonly unknown[]): { statement: KeptStatement; rows: unknown[][] } {
    const statement = this.#take(sql)
    if (!statement.prepared.reader) {
      statement.prepared.run(values)
      return { statement, rows: [] }
    }
    const rows = statement.prepared.all(values)
    if (rows[0] !== undefined && rows[0].length !== statement.names.length) describe(statement)
    return { statement, rows }
  }

  #take(sql: string): KeptStatement {
    const kept = this.#kept.get(sql)
    if (kept !== undefined) this.#kept.delete(sql)
    const statement = kept ?? this.#prepare(sql)
    // The last used stands last.
    this.#kept.set(sql, statement)
    return statement
  }

  #prepare(sql: string): KeptStatement {
    const statement: KeptStatement = { prepared: this.#database.prepare<unknown[], unknown[]>(sql), names: [], declared: [] }
    if (statement.prepared.reader) {
      statement.prepared.raw().safeIntegers()
      describe(statement)
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#most) break
      this.#kept.delete(oldest)
    }
    return statement
  }
}

function describe(statement: KeptStatement): void {
  const columns = statement.prepared.columns()
  statement.names = columns.map(({ name }) => name)
  statement.declared = columns.map(({ type }) => declaredType(type))
}
