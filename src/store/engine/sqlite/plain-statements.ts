import { Prisma } from '../../generated/client.ts'
import type { KeptStatements } from './kept-statements.ts'
import { columnTypes, toBound, toResult } from './values.ts'

/** The text of a statement that is written at one place without parts of its own is put together once. */
const texts = new WeakMap<TemplateStringsArray, string>()

/** What `$queryRaw` and `$executeRaw` are given. */
type Written = [query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]]

/**
 * The same client, whose `$queryRaw` and `$executeRaw` go to SQLite at once rather than through Prisma's client, which takes ten times what
 * the statement does; they give and take the same. `isOver`: the transaction has ended, and nothing more may be run in it.
 */
export function withPlainStatements<C extends object>(client: C, statements: KeptStatements, isOver: () => boolean = () => false): C {
  const run = async <T>(query: Written, how: (sql: string, values: unknown[]) => T): Promise<T> => {
    if (isOver()) throw new Error('The transaction has ended already')
    const [sql, values] = read(query)
    return how(sql, values.map(toBound))
  }
  return Object.create(client, {
    $queryRaw: { configurable: true, value: (...query: Written) => run(query, (sql, values) => listRows(statements, sql, values)) },
    $executeRaw: { configurable: true, value: (...query: Written) => run(query, (sql, values) => statements.run(sql, values)) },
  }) as C
}

function read([query, ...values]: Written): [sql: string, values: unknown[]] {
  if (query instanceof Prisma.Sql) return [query.sql, query.values]
  if (values.some((value) => value instanceof Prisma.Sql)) {
    const { sql, values: inner } = new Prisma.Sql(query, values)
    return [sql, inner]
  }
  const known = texts.get(query)
  if (known !== undefined) return [known, values]
  const text = query.join('?')
  texts.set(query, text)
  return [text, values]
}

function listRows(statements: KeptStatements, sql: string, values: readonly unknown[]): Record<string, unknown>[] {
  const { statement, rows } = statements.query(sql, values)
  const types = columnTypes(statement.declared, rows)
  const { names } = statement
  return rows.map((row) => {
    const result: Record<string, unknown> = {}
    for (const [column, type] of types.entries()) result[names[column] ?? ''] = toResult(row[column], type)
    return result
  })
}
