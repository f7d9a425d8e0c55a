import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { StoreError } from '../../domain/errors.ts'
import type { PictureType } from '../../domain/pictures/pictures.ts'

/** What a picture is called: the same content has the same name. */
export const nameByContent = ({ bytes, type }: { bytes: Uint8Array; type: PictureType }): string => `${createHash('sha256').update(bytes).digest('hex')}.${type === 'image/png' ? 'png' : 'jpg'}`

/**
 * Writes a picture of the time `at`. Nobody ever sees half of one under its name, and what is there survives a crash.
 * @throws {StoreError} when it can't be written
 */
export async function writeWhole(directory: string, name: string, bytes: Uint8Array, at: Date): Promise<void> {
  const part = path.join(directory, `.${randomUUID()}.part`)
  try {
    await fs.mkdir(directory, { recursive: true, mode: 0o700 })
    await fs.writeFile(part, bytes, { mode: 0o600, flush: true })
    await fs.utimes(part, at, at)
    await fs.rename(part, path.join(directory, name))
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => undefined)
    throw new StoreError(`The picture can't be kept in ${directory} (${error instanceof Error ? error.message : String(error)}): check the folder's rights and that the disk has room.`, { cause: error })
  }
}

export function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw new StoreError(`A picture can't be read (${error.message}): check the rights of its folder in DATA_DIR.`, { cause: error })
}
