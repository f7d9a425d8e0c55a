import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BareWeights, ClaimWeights, Weights } from '../../knowledge/find/numbers/weights.ts'

/** Stores fitted weights where src/knowledge/find/numbers/weights.ts reads them, six digits each, and says where on standard output. */
export const writeWeights = (weights: Weights): Promise<void> => write('weights.json', weights)
export const writeBareWeights = (weights: BareWeights): Promise<void> => write('weights-bare.json', weights)
export const writeClaimWeights = (weights: ClaimWeights): Promise<void> => write('weights-claim.json', weights)

async function write(name: string, weights: object): Promise<void> {
  const file = path.resolve(import.meta.dirname, '../../knowledge/find/numbers', name)
  const shorten = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)
  await writeFile(file, `${JSON.stringify(weights, shorten, 1)}\n`)
  process.stdout.write(`\nWritten to ${file}\n`)
}
