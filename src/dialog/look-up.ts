import { isBlank } from '../language/clean.ts'
import { isBareParticulars } from '../language/particulars.ts'
import { isUnsolved } from '../language/ratings.ts'
import { readOfferAnswer } from '../language/offers.ts'
import { readVote } from '../language/votes.ts'
import { findRequestNumber } from '../language/commands.ts'
import type { Answerer } from '../knowledge/answerer.ts'
import type { Area } from '../domain/services.ts'
import { expandAreas } from '../domain/areas.ts'
import { countAudience, listAudienceExamples } from '../store/announcement-audience.ts'
import { hashCode } from '../store/codes.ts'
import { countFailedCodes, exportPersonalData, findCode, findOwnVolunteer } from '../store/people.ts'
import { findPressedButton } from '../store/pressed-buttons.ts'
import { listOwnRequests } from '../store/requests.ts'
import { findRoom } from '../store/rooms.ts'
import type { Store } from '../store/store.ts'
import { listTags } from '../store/tags.ts'
import { listOwnOffers } from '../store/volunteer-offers.ts'
import { findAnswerByCode, findAnswerJustGiven } from '../store/votes.ts'
import { describeWhom, readAnnouncement } from './announce.ts'
import type { Facts, Turn } from './turn.ts'

/** Words that vote (有用) mean the answer before them for so long. */
const JUST_GIVEN_MS = 60 * 60 * 1000
const FAILED_CODES_WINDOW_MS = 60 * 60 * 1000

export interface LookUpServices {
  store: Store
  answerer: Answerer
  areas: readonly Area[]
}

async function readChatAnnouncement({ store, areas }: LookUpServices, said: string): Promise<NonNullable<Facts['announcement']>> {
  const announcement = readAnnouncement(said, { areas, tags: (await listTags(store.read)).map(({ tag }) => tag) })
  const audience = expandAreas(announcement.audience, areas)
  const [count, examples] = await Promise.all([countAudience(store.read, audience), listAudienceExamples(store.read, audience)])
  return { ...announcement, whom: describeWhom(announcement.audience, areas), count, examples }
}

/** Looks up what this turn may need, and nothing else. */
export async function lookUp(services: LookUpServices, turn: Omit<Turn, 'facts'>): Promise<Facts> {
  const { store, answerer } = services
  const { command, context, understanding, message } = turn
  const personId = context.person.id
  const { intent } = understanding
  const facts: Facts = {}
  const since = new Date(turn.now.getTime() - FAILED_CODES_WINDOW_MS)

  if (command?.type === 'bind') [facts.code, facts.failedCodes] = await Promise.all([findCode(store, hashCode(command.code), turn.now), countFailedCodes(store, personId, since)])
  if (facts.code?.roomId) facts.room = await findRoom(store, facts.code.roomId)
  if (command?.type === 'announce' && context.person.staff) facts.announcement = await readChatAnnouncement(services, command.text)
  if (command?.type === 'my_data') facts.personalData = await exportPersonalData(store, personId)
  if (concernsOwnRequests(turn)) facts.requests = await listOwnRequests(store, personId)
  if (intent === 'volunteer_signup' || ['start_volunteer', 'update_volunteer', 'leave_volunteers'].includes(command?.type ?? '')) facts.volunteer = await findOwnVolunteer(store, personId)
  if (message.buttonOf !== undefined) {
    const button = await findPressedButton(store, { conversationId: context.conversation.id, platformMessageId: message.buttonOf })
    if (button !== null) facts.button = button
  }
  if (mayAnswerOffer(turn)) {
    const { offers, done } = await listOwnOffers(store, personId)
    if (offers.length > 0) Object.assign(facts, { offers, helped: done })
  }
  const vote = await findVote(store, turn)
  if (vote !== undefined) facts.vote = vote
  else if (isQuestion(turn) && facts.offers === undefined) {
    facts.answer = await answerer.answer(message.text, turn.state.lastQuestion === undefined ? {} : { previousQuestion: turn.state.lastQuestion })
  }
  return facts
}

/** Whether it reads as an answer to somebody who asked for help: in a form only plain words are. */
const mayAnswerOffer = ({ message, command, draft }: Omit<Turn, 'facts'>): boolean =>
  readOfferAnswer(message.text) !== undefined || (!draft && ['agree', 'confirm', 'refuse'].includes(command?.type ?? ''))

/** The vote that the message is; undefined when it is none, or its words are not meant for an answer. */
async function findVote(store: Store, { context, message, now }: Omit<Turn, 'facts'>): Promise<Facts['vote']> {
  const said = readVote(message.text)
  if (said === undefined) return undefined
  const of = { conversationId: context.conversation.id, personId: context.person.id }
  if (said.code !== undefined) return { isUseful: said.isUseful, on: await findAnswerByCode(store, said.code, of) }
  const on = await findAnswerJustGiven(store, { ...of, since: new Date(now.getTime() - JUST_GIVEN_MS), isVote: (text) => readVote(text) !== undefined })
  return on === null ? undefined : { isUseful: said.isUseful, on }
}

function concernsOwnRequests(turn: Omit<Turn, 'facts'>): boolean {
  const { command, understanding, message, context } = turn
  const opensForm = command?.type === 'start_service' || understanding.intent === 'service_request'
  return (
    (opensForm && !turn.draft && context.person.consentVersion !== null) ||
    turn.state.emergencyAt !== undefined ||
    ['status', 'rate', 'human', 'pass_on'].includes(command?.type ?? '') ||
    ['request_status', 'rate_feedback', 'emergency', 'human_handoff'].includes(understanding.intent) ||
    findRequestNumber(message.text) !== undefined ||
    isUnsolved(message.text)
  )
}

/** Whether the text is worth looking up: a question, or something that is nothing else. In a form only a real question is. */
function isQuestion(turn: Omit<Turn, 'facts'>): boolean {
  if (turn.command !== undefined || isBlank(turn.message.text) !== undefined) return false
  // A vote with nothing to vote on asks for nothing.
  if (isBareParticulars(turn.message.text) || readVote(turn.message.text) !== undefined) return false
  return turn.understanding.intent === 'ask_policy' || (turn.understanding.intent === 'other' && !turn.draft)
}
