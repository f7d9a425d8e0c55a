import type { Prisma } from './generated/client.ts'

/** A plain value for a Json column. Prisma's type wants an index signature that interfaces of ours don't have. */
export const toJson = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue
