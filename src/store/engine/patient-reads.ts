import { setTimeout as pause } from 'node:timers/promises'
import type { Prisma, PrismaClient } from '../generated/client.ts'
import type { StoreTroubles } from './store-faults.ts'

const ASK_AGAIN_MS = 25

/**
 * The same reader, for which a lock of another program is no error at once: it asks again, while everything else goes on.
 * What fails because of the database is a StoreError, which whoever asked may try again.
 */
export function readPatiently(reader: PrismaClient, troubles: StoreTroubles, patienceMs: number): PrismaClient {
  const patiently = async <T>(read: () => Promise<T>): Promise<T> => {
    const since = performance.now()
    for (;;) {
      try {
        return await read()
      } catch (failure) {
        if (troubles.isLock(failure) && performance.now() - since < patienceMs) await pause(ASK_AGAIN_MS)
        else throw troubles.explain(failure).error
      }
    }
  }
  const patient = reader.$extends({ query: { $allOperations: ({ args, query }) => patiently<unknown>(() => query(args)) } })
  return Object.create(patient, { $queryRaw: { configurable: true, value: (query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => patiently(() => reader.$queryRaw(query, ...values)) } }) as PrismaClient
}
