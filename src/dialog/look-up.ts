import { expandAreas } from '../domain/areas.ts'
import type { Reader } from '../domain/messages/moves.ts'
import type { Area } from '../domain/services.ts'
import type { Answerer } from '../knowledge/answer/answerer.ts'
import { countAudience, listAudienceExamples } from '../store/announcements/announcement-audience.ts'
import { findAlertByNumber, listAlertsToldTo } from '../store/duty/alert-answers.ts'
import { hashCode } from '../store/staff/codes.ts'
import { countFailedCodes, exportPersonalData, findCode, findOwnVolunteer } from '../store/people/people.ts'
import { listOwnWords } from '../store/people/own-words.ts'
import { findPressedButton, findRepliedRequest } from '../store/conversations/pressed-buttons.ts'
import { listOpenReports } from '../store/requests/near-duplicates.ts'
import { listOwnRequests } from '../store/requests/requests.ts'
import { findRoom } from '../store/channels/rooms.ts'
import type { Store } from '../store/engine/store.ts'
import { listTags } from '../store/people/tags.ts'
import { listOwnOffers } from '../store/volunteers/volunteer-offers.ts'
import { findAnswerByCode, findAnswerJustGiven } from '../store/knowledge/votes.ts'
import { MOST_WORDS } from './own-data.ts'
import { describeWhom } from './steps/announce.ts'
import type { RequestStatus } from '../domain/requests/requests.ts'
import { findMove, type Facts, type LookUp, type ReadTurn } from './turn.ts'

/** Words that vote (有用) mean the answer before them for so long. */
const JUST_GIVEN_MS = 60 * 60 * 1000
const FAILED_CODES_WINDOW_MS = 60 * 60 * 1000

export interface LookUpServices {
  store: Store
  reader: Reader
  answerer: Answerer
  areas: readonly Area[]
}

/** How each thing is looked up, in this order: later ones may look at what was found before. */
const LOOK_UPS: readonly [LookUp, (services: LookUpServices, turn: ReadTurn, found: Facts) => Promise<Facts>][] = [
  ['button', lookUpButton],
  ['code', lookUpCode],
  ['announcement', lookUpAnnouncement],
  ['personal data', lookUpPersonalData],
  ['requests', async ({ store }, { context }) => ({ requests: await listOwnRequests(store, context.person.id) })],
  ['reported', lookUpReported],
  ['volunteer', async ({ store, areas }, { context }) => ({ volunteer: await findOwnVolunteer(store, context.person.id, areas) })],
  ['offers', lookUpOffers],
  ['alerts', lookUpAlerts],
  ['vote', lookUpVote],
  ['answer', lookUpAnswer],
]

/** Looks up what the steps that may take this turn need, and nothing else. */
export async function lookUp(services: LookUpServices, turn: ReadTurn, needs: ReadonlySet<LookUp>): Promise<Facts> {
  const facts: Facts = {}
  for (const [name, find] of LOOK_UPS) if (needs.has(name)) Object.assign(facts, await find(services, turn, facts))
  return facts
}

/** Their words only where they are told in replies. */
async function lookUpPersonalData({ store }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const { id } = turn.context.person
  const personalData = await exportPersonalData(store, id)
  const tellsWords = findMove(turn, 'my_data') !== undefined && turn.hasOwnDataFile !== true
  return { personalData, ...(tellsWords && { ownWords: await listOwnWords(store.read, id, MOST_WORDS) }) }
}

async function lookUpButton({ store }: LookUpServices, { message, context }: ReadTurn): Promise<Facts> {
  const { buttonOf, repliesTo, text } = message
  const line = buttonOf === undefined ? repliesTo : { platformMessageId: buttonOf }
  if (line === undefined) return {}
  const conversationId = context.conversation.id
  const button = await findPressedButton(store, { conversationId, text, line, isPressed: buttonOf !== undefined })
  if (button !== null) return { button, ...(button.requestId !== null && { repliedTo: button.requestId }) }
  const request = await findRepliedRequest(store, { conversationId, line })
  return request === null ? {} : { repliedTo: request }
}

async function lookUpCode({ store }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const said = findMove(turn, 'bind')
  if (said === undefined) return {}
  const since = new Date(turn.now.getTime() - FAILED_CODES_WINDOW_MS)
  const [code, failedCodes] = await Promise.all([findCode(store, hashCode(said.code), turn.now), countFailedCodes(store, turn.context.person.id, since)])
  return { code, failedCodes, ...(code?.roomId && { room: await findRoom(store, code.roomId) }) }
}

async function lookUpAnnouncement({ store, areas, reader }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const said = findMove(turn, 'announce')
  if (said === undefined || !turn.context.person.staff) return {}
  const announcement = reader.readAnnouncement(said.announcement, { areas, tags: (await listTags(store.read)).map(({ tag }) => tag) })
  const audience = expandAreas(announcement.audience, areas)
  const [count, examples] = await Promise.all([countAudience(store.read, audience), listAudienceExamples(store.read, audience, areas)])
  return { announcement: { ...announcement, whom: describeWhom(announcement.audience, areas), count, examples } }
}

/** Nothing where the message and the form are about no public fault. */
async function lookUpReported({ store }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const publicFaults = turn.form.services.filter(({ publicFault }) => publicFault === true)
  const { waitingFor } = turn.state
  const told = [turn.draft?.values['category'], waitingFor?.type === 'nameless' ? waitingFor.category : undefined, ...turn.moves.flatMap((move) => ('slots' in move ? [move.slots.category] : [])), turn.form.read.category(turn.message.text)]
  const serviceCodes = publicFaults.filter(({ name }) => told.includes(name)).map(({ code }) => code)
  if (serviceCodes.length === 0) return {}
  const rows = await listOpenReports(store, { serviceCodes, exceptPersonId: turn.context.person.id, now: turn.now })
  return { reported: rows.map(({ requesterId: _who, status, ...row }) => ({ ...row, status: status as RequestStatus })) }
}

async function lookUpOffers({ store }: LookUpServices, { context }: ReadTurn): Promise<Facts> {
  const { offers, done } = await listOwnOffers(store, context.person.id)
  return offers.length > 0 ? { offers, helped: done } : {}
}

async function lookUpAlerts({ store }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const { staff } = turn.context.person
  if (staff === null) return {}
  const number = findMove(turn, 'acknowledge')?.number
  const [told, named] = await Promise.all([listAlertsToldTo(store, staff.id), number === undefined ? undefined : findAlertByNumber(store, number)])
  return { alerts: { told, ...(named !== undefined && { named }) } }
}

/** The vote that the message is; nothing when it is none, or its words are not meant for an answer. */
async function lookUpVote({ store }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const said = findMove(turn, 'useful') ?? findMove(turn, 'useless')
  if (said === undefined) return {}
  const isUseful = said.type === 'useful'
  const of = { conversationId: turn.context.conversation.id, personId: turn.context.person.id }
  if (said.code !== undefined) return { vote: { isUseful, on: await findAnswerByCode(store, said.code, of) } }
  const on = await findAnswerJustGiven(store, { ...of, since: new Date(turn.now.getTime() - JUST_GIVEN_MS) })
  return on === null ? {} : { vote: { isUseful, on } }
}

async function lookUpAnswer({ answerer, reader }: LookUpServices, turn: ReadTurn): Promise<Facts> {
  const asked = findMove(turn, 'ask')
  if (asked === undefined) return {}
  const { lastQuestion } = turn.state
  const answer = await answerer.answer(asked.text, lastQuestion === undefined ? {} : { previousQuestion: lastQuestion })
  return { answer, listedQuestion: reader.withoutParticulars(answer.question) }
}
