import type { WSClient } from '@wecom/aibot-node-sdk'
import type { OutgoingPicture } from '../../domain/pictures/pictures.ts'

/** WeCom keeps what was uploaded for three days. */
const KEPT_MS = 2 * 24 * 60 * 60 * 1000
/** Pictures whose number is remembered; the oldest are forgotten first. */
const REMEMBERED = 50

export interface PictureUploads {
  /**
   * WeCom's number of a picture, uploaded once however many are to get it.
   * @throws what the SDK throws; nothing was sent then
   */
  idOf(client: Pick<WSClient, 'uploadMedia'>, picture: OutgoingPicture): Promise<string>
  /** WeCom does not know the number any more. */
  forget(picture: OutgoingPicture): void
}

export function createPictureUploads(now: () => Date): PictureUploads {
  const known = new Map<string, { id: Promise<string>; until: number }>()

  return {
    async idOf(client, { name, type, bytes }) {
      const before = known.get(name)
      if (before !== undefined && before.until > now().getTime()) return before.id
      const id = client.uploadMedia(Buffer.from(bytes), { type: 'image', filename: type === 'image/png' ? 'picture.png' : 'picture.jpg' }).then((result) => result.media_id)
      known.delete(name)
      known.set(name, { id, until: now().getTime() + KEPT_MS })
      for (const oldest of [...known.keys()].slice(0, -REMEMBERED)) known.delete(oldest)
      try {
        return await id
      } catch (error) {
        known.delete(name)
        throw error
      }
    },
    forget: ({ name }) => void known.delete(name),
  }
}
