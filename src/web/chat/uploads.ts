import type { Context } from 'hono'
import type { Attachment } from '../../domain/messages/messages.ts'
import { LARGEST_PHOTO_BYTES, MOST_PHOTOS } from '../../domain/pictures/photos.ts'
import type { Store } from '../../store/engine/store.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { RETRY_AFTER_SECONDS } from '../problem.ts'
import { createRateLimit } from './rate-limit.ts'

/** One photo more than are taken, and the words, so that whoever sends them reads what became of each. */
export const LARGEST_UPLOAD_BYTES = (MOST_PHOTOS + 2) * LARGEST_PHOTO_BYTES
/** Uploads that are read at a time: each is held in memory whole. */
const MOST_AT_ONCE = 8
/** Anybody can send photos here, and a disk is soon full. Whole buildings share one address. */
const ADDRESS_LIMIT = { perMinute: 2, burst: 60 }

export const isUpload = (c: Context): boolean => /^multipart\/form-data/i.test(c.req.header('Content-Type') ?? '')

/** What keeps the photos of visitors within bounds. */
export interface Uploads {
  /** 0 = go on, and call `end` afterwards; else how many seconds to wait. */
  begin(): number
  /** Keeps the photos of a form's body; a number of seconds to wait where one address sends too many. */
  take(body: Record<string, unknown>, address: string): Promise<Attachment[] | number>
  end(attachments: readonly Attachment[]): void
}

export function createUploads({ photos, store, now }: { photos: Pick<Photos, 'takeAll' | 'release'>; store: Pick<Store, 'others'>; now: () => Date }): Uploads {
  const limit = createRateLimit(ADDRESS_LIMIT, { name: 'upload', others: store.others })
  let underWay = 0
  return {
    begin() {
      if (underWay >= MOST_AT_ONCE) return RETRY_AFTER_SECONDS
      underWay += 1
      return 0
    },
    async take({ photo }, address) {
      const files = [photo].flat().filter((file): file is File => file instanceof File && file.size > 0)
      const waits = files.slice(0, MOST_PHOTOS).map(() => limit.take(address, now()))
      const waitSeconds = Math.max(0, ...waits)
      if (waitSeconds > 0) return waitSeconds
      return photos.takeAll(files.map((file) => async () => new Uint8Array(await file.arrayBuffer())))
    },
    end(attachments) {
      underWay -= 1
      photos.release(attachments)
    },
  }
}
