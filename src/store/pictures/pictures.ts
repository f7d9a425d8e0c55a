import fs from 'node:fs/promises'
import path from 'node:path'
import { isPictureName, type PictureReference } from '../../domain/pictures/pictures.ts'
import { checkPicture, type PictureProblem } from './picture-file.ts'
import { absentIsNull, nameByContent, writeWhole } from './picture-folder.ts'
import type { Store } from '../engine/store.ts'

export type SavePictureResult = { outcome: 'saved'; picture: PictureReference } | { outcome: 'refused'; problem: PictureProblem }

/** The pictures of announcements, one file each, named by its content: the same picture is kept once. */
export interface Pictures {
  /**
   * Checks and cleans a picture and keeps it; it is on the disk when this resolves.
   * @throws {StoreError} when it can't be written
   */
  save(bytes: Uint8Array): Promise<SavePictureResult>
  /** null when there is no such picture, or the name is none of ours. */
  find(name: string): Promise<PictureReference | null>
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Removes a picture at once, unless an announcement needs it. */
  forget(name: string): Promise<void>
  /** Removes what was uploaded for an announcement that was not written within a day, and what a crash left half written. */
  sweep(): Promise<void>
}

/** How long a picture waits for its announcement to be written. */
const PATIENCE_MS = 24 * 60 * 60 * 1000

export function openPictures({ directory, store, now }: { directory: string; store: Store; now: () => Date }): Pictures {
  const fileOf = (name: string): string => path.join(directory, name)

  /** Of a draft that was given up before anybody got it nothing need stay. */
  const isNeeded = async (name: string): Promise<boolean> =>
    (await store.read.announcement.count({ where: { pictureName: name, NOT: { status: 'cancelled', approvedAt: null } } })) > 0

  return {
    async save(bytes) {
      const checked = checkPicture(bytes)
      if (checked.outcome === 'refused') return checked
      const name = nameByContent(checked)
      // Chosen anew, it waits anew.
      await writeWhole(directory, name, checked.bytes, now())
      return { outcome: 'saved', picture: { name, size: checked.bytes.length } }
    },

    async find(name) {
      if (!isPictureName(name)) return null
      const found = await fs.stat(fileOf(name)).catch(absentIsNull)
      return found === null ? null : { name, size: found.size }
    },

    async read(name) {
      return isPictureName(name) ? fs.readFile(fileOf(name)).then((bytes) => new Uint8Array(bytes), absentIsNull) : null
    },

    async forget(name) {
      if (isPictureName(name) && !(await isNeeded(name))) await fs.rm(fileOf(name), { force: true })
    },

    async sweep() {
      const before = now().getTime() - PATIENCE_MS
      for (const name of (await fs.readdir(directory).catch(absentIsNull)) ?? []) {
        const found = await fs.stat(fileOf(name)).catch(absentIsNull)
        if (found === null || found.mtimeMs > before) continue
        if (isPictureName(name) ? !(await isNeeded(name)) : name.endsWith('.part')) await fs.rm(fileOf(name), { force: true })
      }
    },
  }
}
