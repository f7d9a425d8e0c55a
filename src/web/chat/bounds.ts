import type { Store } from '../../store/engine/store.ts'
import { createRateLimit, takeFromAll, type RateLimit, type Taking } from './rate-limit.ts'

/** So many at once, then so many a minute, evenly. */
export interface Bound {
  perMinute: number
  burst: number
}

/** What anybody may do who is known by nothing but a cookie: one visitor, those behind one address, all together. */
export interface ChatBounds {
  messages: Record<'visitor' | 'address' | 'all', Bound>
  /** People of whom nothing is kept yet: each message of theirs makes a person, a login and a conversation. */
  newcomers: Record<'address' | 'all', Bound>
  /** What tells of a danger goes on where the others have to wait, and alerts staff; beyond this the safety words still come. */
  dangers: Record<'visitor' | 'address' | 'all', Bound>
  photos: Record<'address', Bound>
  photoBytes: Record<'visitor' | 'address' | 'all', Bound>
  /** Streams of news that are open at a time. */
  streams: Record<'visitor' | 'address' | 'all', number>
}

const MEGABYTE = 1024 * 1024

/**
 * Whole buildings share one address, and with some providers whole quarters do: an address gets what a launch in one hall needs. What
 * all get together is what the machine can do without the other channels noticing, and of photos what a disk of a few gigabytes holds until
 * those that belong to no request are dropped again after a day.
 */
export const CHAT_BOUNDS: ChatBounds = {
  messages: { visitor: { perMinute: 30, burst: 30 }, address: { perMinute: 240, burst: 120 }, all: { perMinute: 3_600, burst: 1_200 } },
  newcomers: { address: { perMinute: 4, burst: 120 }, all: { perMinute: 60, burst: 1_500 } },
  dangers: { visitor: { perMinute: 10, burst: 10 }, address: { perMinute: 30, burst: 60 }, all: { perMinute: 120, burst: 300 } },
  photos: { address: { perMinute: 2, burst: 60 } },
  photoBytes: { visitor: { perMinute: 2 * MEGABYTE, burst: 100 * MEGABYTE }, address: { perMinute: 10 * MEGABYTE, burst: 300 * MEGABYTE }, all: { perMinute: 2 * MEGABYTE, burst: 1_024 * MEGABYTE } },
  streams: { visitor: 8, address: 200, all: 5_000 },
}

/** Who does something. `counted`: what their address is counted as. */
export interface Doer {
  visitorId: string
  counted: string
}

export interface Limits {
  /** null = go on; else how long to wait, and whether it is for being one too many of those who are new. */
  takeMessage(doer: Doer & { isNewcomer: boolean }): { waitSeconds: number; isForNewcomers: boolean } | null
  /** 0 = go on; else seconds to wait. */
  takeDanger(doer: Doer): number
  /** The same for the photos of one message, by their sizes in bytes. */
  takePhotos(doer: Doer, sizes: readonly number[]): number
}

/** Of several processes each hears what the others gave away, but of streams, which are counted by each. */
export function createLimits({ others }: Pick<Store, 'others'>, now: () => Date, bounds: ChatBounds = CHAT_BOUNDS): Limits {
  const open = <Scope extends string>(name: string, of: Record<Scope, Bound>) =>
    Object.fromEntries(Object.entries<Bound>(of).map(([scope, bound]) => [scope, createRateLimit(bound, { name: `${name}:${scope}`, others })])) as Record<Scope, RateLimit>
  const messages = open('messages', bounds.messages)
  const newcomers = open('newcomers', bounds.newcomers)
  const dangers = open('dangers', bounds.dangers)
  const photos = open('photos', bounds.photos)
  const photoBytes = open('photo-bytes', bounds.photoBytes)
  const ofAddress = (of: Record<'address' | 'all', RateLimit>, { counted }: Doer): Taking[] => [{ limit: of.address, key: counted }, { limit: of.all, key: 'all' }]
  const ofEach = (of: Record<'visitor' | 'address' | 'all', RateLimit>, doer: Doer): Taking[] => [{ limit: of.visitor, key: doer.visitorId }, ...ofAddress(of, doer)]

  return {
    takeMessage(doer) {
      const asNew = doer.isNewcomer ? ofAddress(newcomers, doer) : []
      const waitForPlace = Math.max(0, ...asNew.map(({ limit, key }) => limit.wait(key, now())))
      const waitSeconds = takeFromAll([...ofEach(messages, doer), ...asNew], now())
      return waitSeconds === 0 ? null : { waitSeconds, isForNewcomers: waitForPlace === waitSeconds }
    },
    takeDanger: (doer) => takeFromAll(ofEach(dangers, doer), now()),
    takePhotos: (doer, sizes) =>
      takeFromAll([{ limit: photos.address, key: doer.counted, amount: sizes.length }, ...ofEach(photoBytes, doer).map((taking) => ({ ...taking, amount: sizes.reduce((sum, size) => sum + size, 0) }))], now()),
  }
}
