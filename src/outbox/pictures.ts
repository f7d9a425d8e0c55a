import { pictureType } from '../domain/pictures/pictures.ts'
import type { OutgoingMessage } from '../domain/messages/messages.ts'
import type { ClaimedRow } from '../store/outbox/outbox-sending.ts'

/** Where the content of pictures comes from, and where residents can see them. */
export interface PictureSource {
  /** null when the file is gone. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** null when residents can't reach this service. */
  address(name: string): string | null
}

/** An announcement's picture goes to thousands one after the other: it is read once. */
const REMEMBERED = 2

const WITHOUT_ADDRESS = '（还有一张图片，这里发不出来。）'

/** Makes the message that a channel is given of a claimed row; null = only a picture that is gone was to be sent. `onGone` hears of every row without its picture. */
export function createPictureLoader(source: PictureSource | undefined, onGone: (row: ClaimedRow) => void): (row: ClaimedRow) => Promise<OutgoingMessage | null> {
  const known = new Map<string, Promise<Uint8Array<ArrayBuffer> | null>>()

  function read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = known.get(name) ?? source?.read(name) ?? Promise.resolve(null)
    known.delete(name)
    known.set(name, bytes)
    for (const oldest of [...known.keys()].slice(0, -REMEMBERED)) known.delete(oldest)
    // What could not be read may be there the next time.
    bytes.then((content) => content === null && known.delete(name), () => known.delete(name))
    return bytes
  }

  return async (row) => {
    const { message, picture } = row
    if (picture === null) return message
    const { name, size, as } = picture
    if (as === 'link') {
      const address = source?.address(name) ?? null
      return { ...message, text: `${message.text}\n${address === null ? WITHOUT_ADDRESS : `图片：${address}`}` }
    }
    const bytes = await read(name)
    if (bytes !== null) return { ...message, picture: { name, size, type: pictureType(name), bytes } }
    onGone(row)
    return message.text === '' ? null : message
  }
}
