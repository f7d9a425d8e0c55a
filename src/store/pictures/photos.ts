import fs from 'node:fs/promises'
import path from 'node:path'
import { StoreError } from '../../domain/errors.ts'
import type { Attachment } from '../../domain/messages/messages.ts'
import { LARGEST_PHOTO_BYTES, MOST_PHOTOS, type TakenPhoto } from '../../domain/pictures/photos.ts'
import { isPictureName } from '../../domain/pictures/pictures.ts'
import type { Store } from '../engine/store.ts'
import { forgetGonePhotos, listGonePhotos, listNeededPhotos, letGoOfOldPhotos } from '../requests/photos.ts'
import { checkPicture, type PictureLimits } from './picture-file.ts'
import { absentIsNull, nameByContent, writeWhole } from './picture-folder.ts'

/** The photos that residents send, one file each, named by its content: the same photo is kept once. */
export interface Photos {
  /**
   * Checks and cleans a photo and keeps it; it is on the disk when this resolves, and stays until `release` at least. One that can't be
   * written is refused as lost: the words that came with it count all the same.
   */
  take(bytes: Uint8Array): Promise<TakenPhoto>
  /** What came with one message, the first four of them. */
  takeAll(contents: readonly (() => Promise<Uint8Array>)[]): Promise<Attachment[]>
  /** The turn with these photos is committed, or will never be: from now on they stay for as long as a row needs them. */
  release(attachments: readonly Attachment[]): void
  /** null when there is no such photo, or the name is none of ours. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Removes at once what nobody needs any more: what was erased, and what there was no room for. */
  clear(): Promise<void>
  /** Besides, what waited a day for its request, and what a crash left behind. */
  sweep(): Promise<void>
}

/** How long a photo waits for the request that it belongs to. */
const PATIENCE_MS = 24 * 60 * 60 * 1000

/** As telephones take them today; unpacked, a picture of so many points is a quarter of a gigabyte. */
const MOST_POINTS = 64_000_000
const LONGEST_SIDE = 20_000
/** No screen shows so many, so what has more comes from a camera, which needs a byte for a few points. A file that holds far more of them was made to burst. */
const MOST_POINTS_OF_A_SCREEN = 25_000_000
const MOST_POINTS_A_BYTE = 100
const PHOTO: PictureLimits = {
  largestBytes: LARGEST_PHOTO_BYTES,
  isShapeTaken: (width, height, bytes) => width * height <= Math.min(MOST_POINTS, Math.max(MOST_POINTS_OF_A_SCREEN, MOST_POINTS_A_BYTE * bytes)) && Math.max(width, height) <= LONGEST_SIDE,
}

export function openPhotos({ directory, store, now }: { directory: string; store: Store; now: () => Date }): Photos {
  const fileOf = (name: string): string => path.join(directory, name)
  /** Those of turns that are not committed yet, by how many: no row may name them already. */
  const inHand = new Map<string, number>()

  const drop = async (name: string): Promise<boolean> => {
    if (inHand.has(name)) return false
    if ((await listNeededPhotos(store, [name])).size === 0 && !inHand.has(name)) await fs.rm(fileOf(name), { force: true })
    return true
  }

  const take = async (bytes: Uint8Array): Promise<TakenPhoto> => {
    const checked = checkPicture(bytes, PHOTO)
    if (checked.outcome === 'refused') return { outcome: 'refused', problem: checked.problem.kind === 'too_large' || checked.problem.kind === 'shape' ? 'too_large' : 'no_picture' }
    const photo = { name: nameByContent(checked), size: checked.bytes.length }
    inHand.set(photo.name, (inHand.get(photo.name) ?? 0) + 1)
    try {
      await writeWhole(directory, photo.name, checked.bytes, now())
      return { outcome: 'taken', photo }
    } catch (error) {
      letGo(photo.name)
      if (error instanceof StoreError) return { outcome: 'refused', problem: 'lost' }
      throw error
    }
  }

  const letGo = (name: string): void => {
    const left = (inHand.get(name) ?? 0) - 1
    if (left > 0) inHand.set(name, left)
    else inHand.delete(name)
  }

  const clear = async (): Promise<void> => {
    const gone = await listGonePhotos(store)
    const dropped: string[] = []
    for (const { id, name } of gone) if (await drop(name)) dropped.push(id)
    await forgetGonePhotos(store, dropped)
  }

  return {
    take,
    async takeAll(contents) {
      const attachments: Attachment[] = []
      for (const [index, content] of contents.entries()) {
        const taken: TakenPhoto = index < MOST_PHOTOS ? await take(await content()) : { outcome: 'refused', problem: 'too_many' }
        attachments.push({ kind: 'photo', caption: '', ...(taken.outcome === 'taken' ? { photo: taken.photo } : { problem: taken.problem }) })
      }
      return attachments
    },
    release(attachments) {
      for (const { photo } of attachments) if (photo !== undefined) letGo(photo.name)
    },
    async read(name) {
      return isPictureName(name) ? fs.readFile(fileOf(name)).then((bytes) => new Uint8Array(bytes), absentIsNull) : null
    },
    clear,
    async sweep() {
      const before = new Date(now().getTime() - PATIENCE_MS)
      await letGoOfOldPhotos(store, { before, now: now() })
      await clear()
      for (const name of (await fs.readdir(directory).catch(absentIsNull)) ?? []) {
        const found = await fs.stat(fileOf(name)).catch(absentIsNull)
        if (found === null || found.mtime > before) continue
        if (isPictureName(name)) await drop(name)
        else if (name.endsWith('.part')) await fs.rm(fileOf(name), { force: true })
      }
    },
  }
}
