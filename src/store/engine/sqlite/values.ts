import { ColumnTypeEnum, type ArgScalarType, type ColumnType } from '@prisma/driver-adapter-utils'

/** What Prisma takes a column for by the type that its table declares; null = nothing is declared, as for an expression. */
export function declaredType(type: string | null): ColumnType | null {
  switch (type?.toUpperCase()) {
    case 'TEXT':
      return ColumnTypeEnum.Text
    case 'INTEGER':
      return ColumnTypeEnum.Int32
    case 'BIGINT':
      return ColumnTypeEnum.Int64
    case 'BOOLEAN':
      return ColumnTypeEnum.Boolean
    case 'DATETIME':
      return ColumnTypeEnum.DateTime
    case 'REAL':
      return ColumnTypeEnum.Double
    case 'DECIMAL':
      return ColumnTypeEnum.Numeric
    case 'JSONB':
      return ColumnTypeEnum.Json
    case 'BLOB':
      return ColumnTypeEnum.Bytes
    default:
      return null
  }
}

/** The types of all columns of a result: where none is declared, that of the first value. */
export function columnTypes(declared: readonly (ColumnType | null)[], rows: readonly unknown[][]): ColumnType[] {
  return declared.map((type, column) => type ?? inferredType(rows.find((row) => row[column] !== null)?.[column]))
}

function inferredType(value: unknown): ColumnType {
  switch (typeof value) {
    case 'string':
      return ColumnTypeEnum.Text
    case 'bigint':
      return ColumnTypeEnum.Int64
    case 'number':
      return ColumnTypeEnum.UnknownNumber
    case 'object':
      return ColumnTypeEnum.Bytes
    default:
      return ColumnTypeEnum.Int32
  }
}

/** A value as Prisma's interpreter takes it. SQLite's integers come as bigint; those that fit are numbers there. */
export function toPrisma(value: unknown, type: ColumnType): unknown {
  if (typeof value !== 'bigint' && typeof value !== 'number') return value
  if (type === ColumnTypeEnum.DateTime) return new Date(Number(value)).toISOString()
  if (typeof value === 'number') return type === ColumnTypeEnum.Int32 || type === ColumnTypeEnum.Int64 ? Math.trunc(value) : value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

/** A value as `$queryRaw` gives it to whoever asked. */
export function toResult(value: unknown, type: ColumnType): unknown {
  if (value === null) return null
  switch (type) {
    case ColumnTypeEnum.Int64:
      return typeof value === 'number' ? BigInt(Math.trunc(value)) : value
    case ColumnTypeEnum.Int32:
      return Math.trunc(Number(value))
    case ColumnTypeEnum.Boolean:
      return Number(value) === 1
    case ColumnTypeEnum.DateTime:
      return new Date(typeof value === 'bigint' ? Number(value) : (value as string))
    case ColumnTypeEnum.Json:
      return JSON.parse(value as string) as unknown
    default:
      return typeof value === 'bigint' ? Number(value) : value
  }
}

/** Dates are kept as text, as Prisma's own adapter keeps them: so they sort and compare as they were written before. */
const toText = (at: Date): string => at.toISOString().replace('Z', '+00:00')

/** A value of Prisma's interpreter as SQLite takes it. */
export function toSqlite(value: unknown, type: ArgScalarType): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return toText(value)
  if (typeof value !== 'string') return value
  switch (type) {
    case 'int':
      return Number.parseInt(value)
    case 'float':
    case 'decimal':
      return Number.parseFloat(value)
    case 'bigint':
      return BigInt(value)
    case 'datetime':
      return toText(new Date(value))
    case 'bytes':
      return Buffer.from(value, 'base64')
    default:
      return value
  }
}

/** A value that is put into a plain statement, as SQLite takes it. */
export function toBound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return toText(value)
  if (value === undefined) return null
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? JSON.stringify(value) : value
}
