import { describeError, QUIET_MS, type Fault, type FaultLog } from '../../domain/faults.ts'
import type { Attachment, InboundMessage } from '../../domain/messages/messages.ts'
import { MOST_PHOTOS, type FetchedPhoto } from '../../domain/pictures/photos.ts'
import type { Photos } from '../../store/pictures/photos.ts'
import { addLatePhotos } from '../../store/requests/add-photos.ts'
import type { Store } from '../../store/engine/store.ts'
import { hasMove, type ReadTurn } from '../turn.ts'

export interface PhotoServices {
  /** Where photos are kept; absent = none are, and whoever sends one is asked for words. */
  photos?: Pick<Photos, 'take' | 'release' | 'clear'>
  /** The content of a photo that lies with its platform; absent where no platform keeps photos. */
  fetchPhoto?: (channel: string, account: string, reference: string, signal: AbortSignal) => Promise<FetchedPhoto>
}

/** So long the answer waits for the photos of one message. */
const PATIENCE_MS = 15_000

const NOT_FETCHED: Fault = {
  name: 'photo-not-fetched',
  level: 'warn',
  message: 'A photo could not be fetched from its platform, or not be kept; whoever sent it was asked to send it again. If it goes on, look at the channel, and whether the disk has room.',
  end: 'Every photo could be fetched for ten minutes.',
  quietMs: QUIET_MS,
}

/** What came of the photos of one message; `release` is called once its turn is over. */
interface Arrived {
  message: InboundMessage
  /** The answer does not wait for them. */
  isLater: boolean
  release: () => void
}

/** Fetches what residents send from where it lies, once the message is stored and before it is decided. */
export interface PhotoFetcher {
  fetch(turn: ReadTurn): Promise<Arrived>
  /** Who is in danger is answered at once: the photos follow, and join what the words went into. */
  fetchLater(turn: ReadTurn): void
  /** Gives up what is under way. */
  stop(): Promise<void>
}

export function createPhotoFetcher(services: PhotoServices & { store: Store; now: () => Date }, faults: FaultLog): PhotoFetcher {
  const { photos: files } = services
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()

  async function take({ channel, account }: InboundMessage, attachment: Attachment, signal: AbortSignal): Promise<Attachment> {
    const fetched = attachment.reference === undefined ? undefined : await Promise.race([services.fetchPhoto?.(channel, account, attachment.reference, signal), ended(signal)])
    if (fetched?.outcome !== 'fetched') {
      if (fetched?.problem !== 'too_large') faults.say(NOT_FETCHED, { channel, account })
      return { ...attachment, problem: fetched?.problem ?? 'lost' }
    }
    const taken = await files?.take(fetched.bytes)
    if (taken?.outcome === 'taken') return { ...attachment, photo: taken.photo }
    if (taken?.problem === 'lost') faults.say(NOT_FETCHED, { channel, account })
    return { ...attachment, problem: taken?.problem ?? 'lost' }
  }

  async function takeAll(message: InboundMessage): Promise<Attachment[]> {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE_MS)])
    const attachments: Attachment[] = []
    let count = 0
    for (const attachment of message.attachments) {
      if (attachment.kind === 'photo') count += 1
      attachments.push(!isWaited(attachment) ? attachment : count > MOST_PHOTOS ? { ...attachment, problem: 'too_many' } : await take(message, attachment, signal))
    }
    return attachments
  }

  const isMeant = ({ message, isInSilentRoom }: ReadTurn): boolean => files !== undefined && message.isAddressed && isInSilentRoom !== true && message.attachments.some(isWaited)

  const release = (before: readonly Attachment[], after: readonly Attachment[]) => (): void => files?.release(after.filter(({ photo }, index) => photo !== undefined && before[index]?.photo === undefined))

  async function addLate({ message, context }: ReadTurn): Promise<void> {
    const attachments = await takeAll(message)
    try {
      const photos = attachments.flatMap(({ photo }) => photo ?? [])
      if (photos.length > 0) await addLatePhotos(services.store, { inboundId: context.inboundId, personId: context.person.id, photos, now: services.now() })
    } finally {
      release(message.attachments, attachments)()
    }
  }

  return {
    async fetch(turn) {
      const { message } = turn
      if (!isMeant(turn)) return { message, isLater: false, release: () => undefined }
      if (hasMove(turn, 'emergency')) return { message, isLater: true, release: () => undefined }
      const attachments = await takeAll(message)
      return { message: { ...message, attachments }, isLater: false, release: release(message.attachments, attachments) }
    },
    fetchLater(turn) {
      const adding: Promise<void> = addLate(turn)
        .catch((error: unknown) => faults.say(NOT_FETCHED, { channel: turn.message.channel, account: turn.message.account }, describeError(error)))
        .finally(() => underWay.delete(adding))
      underWay.add(adding)
    },
    async stop() {
      stopping.abort()
      await Promise.all(underWay)
    },
  }
}

/** Whatever a platform's client does, nobody waits for longer. */
const ended = (signal: AbortSignal): Promise<FetchedPhoto> => new Promise((resolve) => {
  const give = (): void => resolve({ outcome: 'failed', problem: 'lost' })
  if (signal.aborted) give()
  signal.addEventListener('abort', give, { once: true })
})

/** A photo of which nobody has looked yet what it is. */
const isWaited = ({ kind, photo, problem }: Attachment): boolean => kind === 'photo' && photo === undefined && problem === undefined
