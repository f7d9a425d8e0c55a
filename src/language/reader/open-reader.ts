import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { SetupError } from '../../domain/errors.ts'
import { unpackWeights, type ReaderWeights } from './weights-file.ts'

/** Where the weights lie that belong to a knowledge folder's talk. */
export const WEIGHTS_FILE = path.join('talk', 'weights.bin')

/** The knowledge folder that comes with the program. */
const OWN_KNOWLEDGE = path.resolve(import.meta.dirname, '../../../knowledge')

/**
 * What was learnt from the talk of a knowledge folder; a folder without any reads with what comes with the program.
 * @throws {SetupError} when the file is no file of weights
 */
export async function loadReaderWeights(knowledgeDirectory: string): Promise<ReaderWeights> {
  const own = path.join(OWN_KNOWLEDGE, WEIGHTS_FILE)
  const file = path.join(knowledgeDirectory, WEIGHTS_FILE)
  try {
    return unpackWeights(await readFile(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return readFile(own)
      throw error
    }))
  } catch (error) {
    throw new SetupError(`读不了阅读器的权重 / cannot read the reader's weights: ${file}. 运行 npm run -s linli -- train 重新生成 / run it to make them anew.`, { cause: error })
  }
}
