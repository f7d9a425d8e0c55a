import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TaughtMessage } from '../../../domain/messages/talk.ts'
import { inOrder } from '../../../language/reader/training/retrain.ts'
import type { WeightTable } from '../../../language/reader/classifiers/table.ts'
import { packOneTable, unpackOneTable, type ReaderWeights } from '../../../language/reader/weights-file.ts'
import { removeOldFiles, touch, unfinishedName } from '../../find/numbers/kept-file.ts'

/** To be raised when the same messages would be learnt otherwise. */
const LEARNING = 1
const PREFIX = 'talk-'
/** The present one, and those that an undo goes back to. */
const MOST = 8

/** A digest of the files from which is learnt; null when there are none. */
export async function digestTalkFolder(knowledgeDirectory: string): Promise<string | null> {
  const hash = createHash('sha256')
  let count = 0
  for (const folder of ['intents', 'held-back', 'spans', 'moves']) {
    const directory = path.join(knowledgeDirectory, 'talk', folder)
    const names = (await readdir(directory).catch(() => [])).filter((name) => /^[^.].*\.ya?ml$/i.test(name)).sort()
    for (const name of names) {
      const bytes = await readFile(path.join(directory, name))
      hash.update(`\n${folder}/${name} ${bytes.length}\n`).update(bytes)
      count += 1
    }
  }
  return count === 0 ? null : hash.digest('hex')
}

/** What a learnt table was learnt from, as a name: the folder's files, what staff added, and the weights that it belongs beside. */
export const keyOfTable = (folder: string, taught: readonly TaughtMessage[], { data, trainedOn }: Pick<ReaderWeights, 'data' | 'trainedOn'>): string =>
  createHash('sha256').update(JSON.stringify([LEARNING, folder, data, trainedOn, inOrder(taught).map(({ text, intent }) => [text, intent])])).digest('hex').slice(0, 32)

/** Learnt from exactly that: a table, or what the weights hold anyway. */
export type KeptTable = { table: WeightTable } | 'as_in_weights'

const fileOf = (directory: string, key: string): string => path.join(directory, `${PREFIX}${key}.bin`)

/** What was kept under a key; null when there is nothing, or nothing that can be read. */
export async function readKeptTable(directory: string, key: string): Promise<KeptTable | null> {
  const file = fileOf(directory, key)
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null) return null
  try {
    const kept: KeptTable = bytes.length === 0 ? 'as_in_weights' : { table: unpackOneTable(bytes) }
    touch(file)
    return kept
  } catch {
    return null
  }
}

/**
 * Keeps a table, whole or not at all, and removes those used longest ago.
 * @throws when the disk doesn't take it
 */
export async function keepTable(directory: string, key: string, packed: Uint8Array): Promise<void> {
  const file = fileOf(directory, key)
  const unfinished = unfinishedName(file)
  await mkdir(directory, { recursive: true })
  try {
    await writeFile(unfinished, packed)
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
  removeOldFiles(directory, PREFIX, MOST)
}

/** A table as it is after having been kept: so that one that was just learnt reads exactly as after the next start. */
export function packForKeeping(table: WeightTable): { packed: Uint8Array; table: WeightTable } {
  const packed = packOneTable(table)
  return { packed, table: unpackOneTable(packed) }
}
