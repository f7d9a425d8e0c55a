import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Weights } from '../knowledge/weights.ts'

/** Stores fitted weights where src/knowledge/weights.ts reads them, six digits each, and says where on standard output. */
export async function writeWeights(weights: Weights): Promise<void> {
  const file = path.resolve(import.meta.dirname, '../knowledge/weights.json')
  const shorten = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)
  await writeFile(file, `${JSON.stringify(weights, shorten, 1)}\n`)
  process.stdout.write(`\nWritten to ${file}\n`)
}
