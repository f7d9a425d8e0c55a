import type { Context } from 'hono'
import type { Health } from '../../desk/health/health.ts'
import type { Attachment } from '../../domain/messages/messages.ts'
import { LARGEST_PHOTO_BYTES, MOST_PHOTOS } from '../../domain/pictures/photos.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { RETRY_AFTER_SECONDS } from '../problem.ts'
import type { Doer, Limits } from './bounds.ts'

/** One photo more than are taken, and the words, so that whoever sends them reads what became of each. */
export const LARGEST_UPLOAD_BYTES = (MOST_PHOTOS + 2) * LARGEST_PHOTO_BYTES
/** Uploads that are read at a time: each is held in memory whole. */
const MOST_AT_ONCE = 8

export const isUpload = (c: Context): boolean => /^multipart\/form-data/i.test(c.req.header('Content-Type') ?? '')

/** The files of a form's body; a field in which nothing was chosen comes as an empty one. */
export const filesOf = ({ photo }: Record<string, unknown>): File[] => [photo].flat().filter((file): file is File => file instanceof File && file.size > 0)

/** What keeps the photos of visitors within bounds: anybody can send some, and a disk is soon full. */
export interface Uploads {
  /** 0 = go on, and call `end` afterwards; else how many seconds to wait. */
  begin(): number
  end(): void
  /** Keeps photos until they are let go of; a number of seconds to wait where there were too many of late. */
  take(files: readonly File[], doer: Doer): Promise<Attachment[] | number>
}

/** Photos that were not taken: the words that came with them count all the same. */
export const lostPhotos = (files: readonly File[]): Attachment[] => files.map(() => ({ kind: 'photo', caption: '', problem: 'lost' }))

export function createUploads({ photos, health, limits }: { photos: Pick<Photos, 'takeAll'>; health: Pick<Health, 'examine'>; limits: Limits }): Uploads {
  let underWay = 0
  return {
    begin() {
      if (underWay >= MOST_AT_ONCE) return RETRY_AFTER_SECONDS
      underWay += 1
      return 0
    },
    end() {
      underWay -= 1
    },
    async take(files, doer) {
      if (files.length === 0) return []
      const waitSeconds = limits.takePhotos(doer, files.slice(0, MOST_PHOTOS).map(({ size }) => size))
      if (waitSeconds > 0) return waitSeconds
      // What is left belongs to the database.
      if ((await health.examine()).parts.disk.state === 'failed') return lostPhotos(files)
      return photos.takeAll(files.map((file) => async () => new Uint8Array(await file.arrayBuffer())))
    },
  }
}
