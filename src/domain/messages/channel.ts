import type { InboundMessage, OutgoingMessage, SendResult } from './messages.ts'
import type { FetchedPhoto } from '../pictures/photos.ts'
import type { PictureCapability } from '../pictures/pictures.ts'

export type ChannelState = 'starting' | 'needs_login' | 'online' | 'degraded' | 'banned' | 'stopped'

export interface ChannelCapabilities {
  groups: boolean
  mentions: boolean
  buttons: boolean
  /** Whether the channel pulls what is addressed to it from the store (web, HTTP, terminal): committed is delivered. */
  pulls: boolean
  /** Whether a message may be sent without one received before, and for how long after one: null = always. */
  proactiveWindowMs: number | null
  canSendProactively: boolean
  /** Strangers can pull the account into rooms: in one that staff have not bound it says nothing, and keeps no words. */
  silentUntilBound?: boolean
  /** Nobody can be written to in private before being a friend of the account. */
  privateAmongFriends?: boolean
  /** Whoever writes there can fetch all that is kept of them as a file. */
  givesOwnDataFile?: true
  longestText: { limit: number; unit: 'utf16' | 'utf8' }
  /** Absent = none: what has a picture arrives as text with the picture's address. */
  pictures?: PictureCapability
  /** Sends the account may make: sustained rate, what may be made up at once after a delay, and the most within any span, where the platform counts so. */
  rate: { perSecond: number; burst: number; most?: { sends: number; withinMs: number } }
  /** A slower pace for announcements, where the account would be banned for more; absent = `rate`. */
  announcementRate?: { perSecond: number; burst: number }
  /** Most announcements an hour and a day, whatever the rate; absent = no such limit. */
  announcementLimits?: { perHour?: number; perDay?: number }
  /** Sends that one conversation may get, where the platform limits it; absent = as the account's. */
  conversationRate?: { private: { perSecond: number; burst: number }; group: { perSecond: number; burst: number } }
}

export interface ChannelStatus {
  state: ChannelState
  /** One sentence for staff: what is wrong and what to do; '' when all is well. */
  detail: string
  /** What the login QR code encodes, while state is needs_login. */
  qrCode?: string
  since: Date
}

/** What a platform tells of a conversation without anybody writing in it. */
export type ConversationEvent =
  /** A group goes on under a new id; what is known of it goes along. */
  | { type: 'moved'; conversation: { kind: 'group'; externalId: string }; to: string }
  /** Blocked, kicked, left: nothing reaches it until it is back. */
  | { type: 'gone'; conversation: { kind: 'private' | 'group'; externalId: string } }
  | { type: 'back'; conversation: { kind: 'private' | 'group'; externalId: string } }

/** How a platform that calls us is answered: the web server serves `path`, whatever channel it is. */
export interface ChannelWebhook {
  /** Begins with '/'. */
  path: string
  /** Never throws; answers 2xx only once everything in the request is stored. Proves who calls before it reads the body. */
  handle(request: Request): Promise<Response>
}

/**
 * An adapter to one account on one platform. The core knows channels only by this interface.
 * `start` begins receiving and hands every message to `receive`, which resolves once it is stored: only then may the
 * adapter confirm it to its platform. `send` never throws for what a platform can answer; it says so in its result.
 */
export interface Channel {
  readonly id: string
  readonly account: string
  readonly capabilities: ChannelCapabilities
  /** `observe` resolves, as `receive` does, once the event is stored. */
  start(receive: (message: InboundMessage) => Promise<void>, observe?: (event: ConversationEvent) => Promise<void>): Promise<void>
  /** Ends receiving and sending; resolves when nothing more will be handed over. */
  stop(): Promise<void>
  send(message: OutgoingMessage): Promise<SendResult>
  status(): ChannelStatus
  /**
   * The content of a photo that an attachment's `reference` stands for, where it lies with the platform. Never throws for what a
   * platform can answer; reads no more than the largest photo that is taken, and gives up when `signal` says so.
   */
  fetchPhoto?(reference: string, signal: AbortSignal): Promise<FetchedPhoto>
  /** The link that opens a private conversation with the assistant and says `payload` there; null or absent where there is none. */
  privateLink?(payload: string): string | null
  /** Present where the platform delivers by calling us. */
  readonly webhook?: ChannelWebhook
}

/** Lets readers of a pulling channel (the web chat's event stream) know at once when something is sent to a conversation. */
export interface Mailbox {
  /** Calls `listener` after each message sent to this conversation; the returned function ends it. */
  subscribe(conversationExternalId: string, listener: (message: Pick<OutgoingMessage, 'key'>) => void): () => void
}
