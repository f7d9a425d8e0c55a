import type { payloads } from 'wechaty-puppet'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { pause } from '../backoff.ts'
import { isConnectionFault } from './outbound.ts'
import { isOfficial, isSomebodyElse } from './inbound.ts'

/** wechaty's numbers of what is told of a friendship; its own enum would load the whole library. */
const CONFIRMED = 1
const REQUESTED = 2
/** What a person who has just become a friend says by it, as by Telegram's /start: greeted, or asked on in an open form. */
const OPENING = '你好'
const TRIES = 3
const DAY_MS = 24 * 60 * 60 * 1000

/** The part of wechaty's puppet that knows of friends. */
export interface FriendSource {
  readonly currentUserId: string
  friendshipPayload(id: string): Promise<payloads.Friendship>
  friendshipAccept(id: string): Promise<void>
  contactPayload(id: string): Promise<payloads.Contact>
}

export interface FriendDoor {
  current: () => FriendSource | null
  lost: () => void
  account: string
  ignored: ReadonlySet<string>
  now: () => Date
  /** Before a request is accepted: an account that makes many friends in a moment looks like a machine. */
  pauseMs: number
  /** How often a connection is looked for. */
  retryMs: number
  /** For how long one is waited for. */
  patienceMs: number
}

/**
 * Accepts who asks to become a friend, which WeChat wants before anybody can be written to in private, and gives what the new
 * friend says by it: what waited for them goes on. null when there is nobody to greet. We ask nobody ourselves: accounts that do
 * are banned.
 * @throws the last fault, when the request could not be accepted
 */
export async function openToFriend(door: FriendDoor, friendshipId: string, signal: AbortSignal): Promise<InboundMessage | null> {
  await pause(door.pauseMs, signal)
  const end = door.now().getTime() + door.patienceMs
  let fault: unknown = new Error('WeChat was not online.')
  for (let tries = 0; tries < TRIES && door.now().getTime() < end && !signal.aborted; ) {
    const puppet = door.current()
    if (puppet !== null) {
      try {
        return await accept(puppet, door, friendshipId)
      } catch (error) {
        fault = error
        if (isConnectionFault(error)) door.lost()
        else tries += 1
      }
    }
    await pause(door.retryMs, signal)
  }
  if (signal.aborted) return null
  throw fault
}

async function accept(puppet: FriendSource, { account, ignored, now }: FriendDoor, friendshipId: string): Promise<InboundMessage | null> {
  const { type, contactId }: { type: number; contactId: string } = await puppet.friendshipPayload(friendshipId)
  if (type === REQUESTED) await puppet.friendshipAccept(friendshipId)
  else if (type !== CONFIRMED) return null
  const contact = await puppet.contactPayload(contactId)
  if (!isSomebodyElse(contactId, puppet.currentUserId, ignored) || isOfficial(contact)) return null
  const at = now()
  return {
    channel: 'wechat',
    account,
    // A request that was accepted is confirmed by some puppets too: one greeting a day.
    externalId: `friend:${contactId}:${Math.floor(at.getTime() / DAY_MS)}`,
    conversation: { kind: 'private', externalId: contactId },
    sender: { externalId: contactId, ...(contact.name === '' ? {} : { nickname: contact.name }) },
    isAddressed: true,
    text: OPENING,
    attachments: [],
    sentAt: at,
  }
}
