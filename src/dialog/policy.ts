import { EMPTY_STATE, type ConversationState } from '../domain/kept-state.ts'
import type { Outcome } from '../domain/messages/outcome.ts'
import { remind } from './flow/ask.ts'
import { keepPiece } from './arrival/pieces.ts'
import { answerAlertStep, answersAlert, drillStep } from './steps/alerts.ts'
import { announceStep, confirmAnnouncementStep } from './steps/announce.ts'
import { bindStep } from './steps/bind.ts'
import { editStep } from './steps/edited-messages.ts'
import { afterEmergencyStep, emergencyStep, isStillThatEmergency, warnBeside } from './steps/emergency.ts'
import { answerFormStep, callOffStep, editInFormStep, explainStep, furtherMatterStep, sameContactStep, talkInFormStep } from './steps/form.ts'
import { answerStaffStep, followUpStep, whichRequestStep } from './steps/requests/follow-ups.ts'
import { clarifyOfferStep, offerAnswerStep } from './steps/requests/help-offers.ts'
import { brokenAgainStep, ratingStep, scoreAgainStep, statusStep, withdrawStep } from './steps/requests/own-requests.ts'
import { photosOfStep, photoStep } from './steps/requests/photos.ts'
import { acknowledgeStep, comeBackStep, deletionStep, noticesStep, ownDataStep } from './steps/personal-data.ts'
import { detailsStep, passOnStep, questionOfRequestStep, questionStep } from './steps/questions.ts'
import { askIfSame, mayTellOfSame, sameMatterStep } from './steps/requests/same-matter.ts'
import { earlierFormButtonStep, othersButtonStep, outdatedButtonStep, staleButtonStep } from './steps/stale-buttons.ts'
import { namelessStep, startFormStep, switchFormStep } from './steps/start-form.ts'
import { takenOverStep } from './steps/taken-over.ts'
import { notUnderstoodStep, personStep, talkStep } from './steps/talk.ts'
import { voteStep } from './steps/votes.ts'
import { notePutRight, whichOfTwoStep } from './steps/which-of-two.ts'
import type { LookUp, ReadTurn, Step, Turn } from './turn.ts'

/** What may become of a message, in this order; each step gives the reason for its place. */
export const STEPS: readonly Step[] = [
  editStep,
  emergencyStep,
  answerAlertStep,
  takenOverStep,
  othersButtonStep,
  outdatedButtonStep,
  afterEmergencyStep,
  bindStep,
  drillStep,
  announceStep,
  confirmAnnouncementStep,
  voteStep,
  offerAnswerStep,
  deletionStep,
  noticesStep,
  namelessStep,
  ownDataStep,
  acknowledgeStep,
  switchFormStep,
  earlierFormButtonStep,
  editInFormStep,
  sameMatterStep,
  scoreAgainStep,
  withdrawStep,
  callOffStep,
  explainStep,
  talkInFormStep,
  furtherMatterStep,
  sameContactStep,
  photoStep,
  photosOfStep,
  answerFormStep,
  clarifyOfferStep,
  detailsStep,
  passOnStep,
  whichRequestStep,
  answerStaffStep,
  whichOfTwoStep,
  statusStep,
  ratingStep,
  brokenAgainStep,
  followUpStep,
  comeBackStep,
  startFormStep,
  personStep,
  staleButtonStep,
  questionOfRequestStep,
  questionStep,
  talkStep,
  notUnderstoodStep,
]

/** What is to be looked up before the turn is decided: all that the steps need that may take it. */
export const needsOf = (turn: ReadTurn): ReadonlySet<LookUp> => new Set([...STEPS.filter((step) => step.applies(turn)).flatMap(({ needs }) => needs), ...(mayTellOfSame(turn) ? (['reported'] as const) : [])])

/**
 * Decides one turn from what was read and looked up. Pure: the same turn gives the same outcome. The steps are tried in their order;
 * each serves its moves, and the rest of them go on, so that everything that one message asks for is served.
 */
export function decide(turn: Turn): Outcome {
  const doubt = turn.moves.find((move) => move.type === 'emergency' && !move.isSure)
  if (doubt?.type !== 'emergency') return decideMoves(turn)
  const moves = turn.moves.filter((move) => move !== doubt)
  // Right after an emergency it is about that, and so is what staff answer to an alert: nobody is asked whether there is danger.
  if (isStillThatEmergency(turn) || answersAlert(turn)) return decideMoves({ ...turn, moves })
  return warnBeside(turn, doubt, decideMoves({ ...turn, moves }))
}

function decideMoves(turn: Turn): Outcome {
  const outcome = decideInOrder(turn)
  const noted = notePutRight(turn)
  return noted.length === 0 ? outcome : { ...outcome, changes: [...outcome.changes, ...noted] }
}

function decideInOrder(turn: Turn): Outcome {
  const parts: Outcome[] = []
  const { just: _over, ...others } = turn.state
  const { pieces: _read, ...state } = others
  let open: Turn = { ...turn, state: others }
  for (const step of STEPS) {
    const outcome = step.applies(open) ? step.decide(open) : undefined
    if (outcome === undefined) continue
    parts.push(outcome)
    open = goOnFrom(open, step, outcome)
    if (open.moves.every(addsNothing)) break
  }
  return remind(turn, keepState(turn, state, askIfSame(turn, join(parts), state)))
}

/** Thanks and greetings beside something else add nothing. */
const addsNothing = ({ type }: { type: string }): boolean => type === 'thank' || type === 'greet' || type === 'bye' || type === 'chat'

const isForgetting = ({ changes }: Outcome): boolean => changes.some(({ type }) => type === 'erase_person' || type === 'blank_messages')

/** The turn as the steps after it find it: without the moves that were served, and what else the same words might have been. */
function goOnFrom(turn: Turn, step: Step, outcome: Outcome): Turn {
  const { takes } = step
  const { draft, draftIn } = outcome
  const served = takes === 'all' ? turn.moves : turn.moves.filter(({ type }) => takes.includes(type))
  const moves = turn.moves.filter((move) => !served.some(({ text }) => text.includes(move.text) || move.text.includes(text)))
  const state = outcome.state ?? (isForgetting(outcome) ? EMPTY_STATE : turn.state)
  return { ...turn, moves, state, ...(draft !== undefined && draftIn === undefined && { draft }) }
}

/** One outcome of several. The question of a form comes last: it is what is to be answered next. */
function join(parts: readonly Outcome[]): Outcome {
  const [first, ...others] = parts
  if (first === undefined) throw new Error('No step took the turn, not even the last.')
  const joined = others.reduce((before, { intent: _other, ...after }) => ({ ...before, ...after }), first)
  const isForm = ({ draft }: Outcome): boolean => draft != null
  const last = parts.findLast(isForm)
  return { ...joined, replies: [...parts.filter((part) => !isForm(part)), ...(last === undefined ? [] : [last])].flatMap(({ replies }) => replies), changes: parts.flatMap(({ changes }) => changes) }
}

/** Whoever says something else to these questions has dropped them: a 同意 said later is not meant for that. */
const DROPPED_BY_ANYTHING: ReadonlySet<string> = new Set(['deletion', 'which_of_two', 'which_request', 'subscription', 'nameless'])

/** The state that the turn leaves; none to write where it is the same as before. */
function keepState(turn: Turn, before: ConversationState, outcome: Outcome): Outcome {
  if (isForgetting(outcome)) return outcome
  const { waitingFor, pieces: _read, ...others } = outcome.state ?? before
  const isFormOver = waitingFor?.type === 'same_matter' && (outcome.draft === undefined ? turn.draft : outcome.draft) === null
  const isDropped = isFormOver || (waitingFor !== undefined && waitingFor === turn.state.waitingFor && DROPPED_BY_ANYTHING.has(waitingFor.type))
  const state: ConversationState = { ...others, ...(waitingFor && !isDropped && { waitingFor }), ...(outcome.draft === undefined && outcome.changes.every(({ type }) => type === 'note_unanswered' || type === 'note_misread') && keepPiece(turn)) }
  const isSame = outcome.state === undefined && !isDropped && state.pieces === undefined && turn.state.just === undefined && turn.state.pieces === undefined
  return isSame ? outcome : { ...outcome, state }
}
