import type { Logger } from 'pino'
import { AFTER_EMERGENCY_MS } from '../../domain/office/alerts.ts'
import type { ChannelCapabilities } from '../../domain/messages/channel.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import type { Reader } from '../../domain/messages/moves.ts'
import { isRoomBound, readRoomSender } from '../../store/channels/rooms.ts'
import type { Store } from '../../store/engine/store.ts'
import { isLate } from './late.ts'
import { bind } from '../steps/bind.ts'
import { addToEmergency, meetEmergency } from '../steps/emergency.ts'
import { hasMove, type Turn } from '../turn.ts'

/*
 * Rooms on a channel that declares `silentUntilBound`. Anybody can pull such an account into a room, so that until staff have
 * bound it the assistant says nothing there, keeps no words and gives nothing away: a code tried by somebody who is not staff
 * is talk like any other. Two things are heard when the assistant is mentioned: a 绑定 CODE of staff, and an emergency, which
 * goes to the staff on duty and is answered in private, never in the room.
 */

export interface UnboundRoomServices {
  store: Store
  reader: Reader
  capabilities?: (channel: string) => Partial<ChannelCapabilities> | undefined
  log: Logger
  now: () => Date
}

/** Whether the assistant is silent where this message was written. */
export const isSilentRoom = (services: Pick<UnboundRoomServices, 'capabilities'>, channel: string, conversation: { kind: 'private' | 'group'; isBound: boolean }): boolean =>
  conversation.kind === 'group' && !conversation.isBound && services.capabilities?.(channel)?.silentUntilBound === true

/** The message as it may be stored: one from an unbound room that is not for us is without its words, as what is merely overheard. */
export function createUnboundRoomFilter(services: UnboundRoomServices): (message: InboundMessage) => Promise<InboundMessage> {
  const told = new Set<string>()
  const tellOnce = ({ channel, account, conversation }: InboundMessage): void => {
    const room = JSON.stringify([channel, account, conversation.externalId])
    if (told.has(room)) return
    told.add(room)
    services.log.warn({ fault: 'room-not-bound', channel, account, room: conversation.externalId }, 'This group is not bound, so the assistant is silent in it. If it is one of ours, get a code with room-code or on the admin page of the channels, and let a bound member of staff write it in the group; otherwise nothing is to do.')
  }
  return async (message) => {
    if (!isSilentRoom(services, message.channel, { kind: message.conversation.kind, isBound: false })) return message
    if (await isRoomBound(services.store, message)) return message
    if (message.isAddressed && (await isHeard(services, message))) return message
    tellOnce(message)
    return { ...message, isAddressed: false, text: '', attachments: [] }
  }
}

async function isHeard(services: UnboundRoomServices, message: InboundMessage): Promise<boolean> {
  const now = services.now()
  if (isLate({ message, now })) return false
  const { moves } = await services.reader.read(message.text, { asked: 'nothing', now })
  if (hasMove({ moves }, 'emergency')) return true
  const { isStaff, emergencyAt } = await readRoomSender(services.store, message)
  const isAboutEmergency = emergencyAt !== null && now.getTime() - emergencyAt.getTime() <= AFTER_EMERGENCY_MS
  return isAboutEmergency || (isStaff && hasMove({ moves }, 'bind'))
}

const SILENCE: Outcome = { intent: 'other', replies: [], changes: [] }

/** What a message in an unbound room leads to: silence, but for the two things above. */
export function decideUnbound(turn: Turn): Outcome {
  if (hasMove(turn, 'bind')) return turn.context.person.staff === null ? SILENCE : (bind(turn) ?? SILENCE)
  const emergency = meetEmergency(turn) ?? addToEmergency(turn)
  return emergency === undefined ? SILENCE : inPrivate(turn, emergency)
}

/** What is said next about it will be said in either place. Staff read where it was said, as nobody else in the room was told. */
function inPrivate(turn: Turn, emergency: Outcome): Outcome {
  const title = turn.message.conversation.title ?? ''
  const where = `（在没有绑定的群${title === '' ? '' : `“${title}”`}里说的，群里没有回，私信他不一定收得到）`
  return {
    ...emergency,
    replies: emergency.replies.map((reply) => ({ ...reply, to: 'private' })),
    stateIn: 'both',
    changes: emergency.changes.map((change) => (change.type === 'create_request' ? { ...change, request: { ...change.request, description: `${change.request.description}${where}` } } : change)),
  }
}
