import type { Prisma } from '../generated/client.ts'

/** A plain value for a Json column. Prisma's type wants an index signature that interfaces of ours don't have. */
export const toJson = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue

/** A Json column as a plain statement gives it: a text with one driver, a value with another; null when it is empty. */
export const fromJson = (value: unknown): unknown => (typeof value === 'string' ? (JSON.parse(value) as unknown) : (value ?? null))
