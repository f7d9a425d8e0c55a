import { createHmac, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { StoreError } from '../../../domain/errors.ts'

/** A one-way mark of what belongs together: the same parts give the same mark, and nobody who has but the database can tell which they are. */
export type DigestOf = (...parts: readonly string[]) => string

const KEY_FILE = 'erased-logins.key'
const KEY_BYTES = 32

/** The key lies in a file of its own, apart from the database, and is made when it is first needed. Processes of one service share the folder. */
export function createDigests(directory: string | null): DigestOf {
  let key: Buffer | undefined
  return (...parts) => {
    if (directory === null) throw new StoreError('There is no folder for keys: say where it is when the store is opened.')
    key ??= openKey(path.join(directory, KEY_FILE))
    return `~${createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')}`
  }
}

/** @throws {StoreError} with the remedy when it can't be read or made */
function openKey(file: string): Buffer {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    // Whoever of two processes comes second takes the key of the first.
    fs.writeFileSync(file, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new StoreError(`The key ${file} can't be made: check the folder's owner and rights.`, { cause: error })
  }
  const key = fs.readFileSync(file)
  if (key.length !== KEY_BYTES) throw new StoreError(`The key ${file} is damaged: bring it back from a backup, or remove it (then nobody who was erased is known again as opted out).`)
  return key
}
