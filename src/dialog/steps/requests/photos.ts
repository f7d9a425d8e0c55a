import { isCalled, type RequestSummary } from '../../../domain/office/facts.ts'
import type { Outcome } from '../../../domain/messages/outcome.ts'
import { MOST_PHOTOS } from '../../../domain/pictures/photos.ts'
import { isEmergency, isOpen, isWaiting } from '../../../domain/requests/requests.ts'
import { FORMS } from '../../../forms/forms.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { fed, keepAsking } from '../../flow/ask.ts'
import { arrivals, hasPhotos, keepPhotos, photosAtHand, tellProblems, waitingPhotos } from '../../photos/photos.ts'
import { JUST_FILED_MS } from '../../staff-requests.ts'
import { button, text } from '../../text.ts'
import { say, sayPrivately, type Step, type Turn } from '../../turn.ts'
import { isAfterEmergency } from '../emergency.ts'

const MOST_OFFERED = 5
const LONGEST_ECHOED = 16

/** A photo without words: it goes into the open form, into what was filed, or waits for what is filed next. */
export const photoStep: Step = {
  name: 'photo',
  why: 'Before the answer to a form: it says nothing in words, and is no wrong answer.',
  takes: 'all',
  applies: (turn) => turn.reading.blank !== undefined && hasPhotos(turn) && turn.message.edits === undefined,
  needs: ['requests', 'button'],
  decide: (turn) => (turn.draft !== null && !turn.facts.button?.requestId ? addToForm(turn) : addToWhatWasFiled(turn)),
}

function addToForm(turn: Turn): Outcome | undefined {
  const { draft } = turn
  if (draft === null) return undefined
  const form = FORMS[draft.form]
  if (!form.takesPhotos) return keepAsking(turn, form, draft, text.photoNotForForm)
  const have = draft.photos ?? []
  const isTaken = isAnyTaken(turn, have)
  return keepAsking(turn, form, isTaken ? fed(turn, draft) : draft, [...(isTaken ? [text.photoInForm] : []), ...tellProblems(turn, have)].join('\n'))
}

function isAnyTaken(turn: Turn, have: readonly string[]): boolean {
  const { names } = arrivals(turn.message)
  return names.length > 0 && have.filter((name) => !names.includes(name)).length < MOST_PHOTOS
}

function addToWhatWasFiled(turn: Turn): Outcome {
  if (arrivals(turn.message).names.length === 0) return { intent: 'other', replies: [say(turn, 'text', tellProblems(turn, []).join('\n'))], changes: [] }
  const meant = findMeant(turn)
  if (meant.length > 1) return askWhich(turn, meant)
  const [request] = meant
  return request === undefined ? askWhatIsWrong(turn) : addTo(turn, request, [turn.context.inboundId])
}

/** The request that a photo may be about: whose notice was answered, what the resident was asked for, the danger that was just told of, what was just filed, what is open. */
function findMeant(turn: Turn): RequestSummary[] {
  const requests = turn.facts.requests ?? []
  const answered = requests.filter((one) => isCalled(one, turn.facts.button?.requestId))
  const open = requests.filter((request) => isOpen(request) && !isEmergency(request) && request.kind !== 'question')
  const emergency = isAfterEmergency(turn) ? requests.filter((request) => isEmergency(request) && isOpen(request)).slice(0, 1) : []
  const waiting = open.filter(isWaiting)
  const justFiled = open.filter(({ createdAt }) => turn.now.getTime() - createdAt.getTime() < JUST_FILED_MS)
  return [answered, emergency, waiting, justFiled].find(({ length }) => length === 1) ?? open
}

function addTo(turn: Turn, request: RequestSummary, messageIds: string[]): Outcome {
  const have = request.photos ?? []
  const waiting = waitingPhotos(turn)
  const what = cleanTyped(request.description, { longest: LONGEST_ECHOED })
  const added = isEmergency(request) ? text.photoAddedEmergency(request.number) : text.photoAdded(what, request.number)
  const { photos: _settled, ...state } = turn.state
  const sentences = [...(have.length < MOST_PHOTOS ? [added] : []), ...(photosAtHand(turn).length > 0 && have.length >= MOST_PHOTOS ? [text.photoProblems.too_many] : tellProblems(turn, [...have, ...(waiting?.names ?? [])]))]
  return {
    intent: isEmergency(request) ? 'emergency' : 'service_request',
    replies: sayPrivately(turn, 'receipt', sentences.join('\n'), [], text.privateOnly),
    state,
    changes: [{ type: 'add_photos', request: { id: request.id }, messageIds: [...(waiting?.messageIds ?? []), ...messageIds] }],
  }
}

function askWhatIsWrong(turn: Turn): Outcome {
  const before = waitingPhotos(turn)?.names ?? []
  const sentence = before.length === 0 ? text.photoFirst : text.photoFirstMore(Math.min(photosAtHand(turn).length, MOST_PHOTOS))
  return { intent: 'other', replies: [say(turn, 'question', [...tellProblems(turn, before), sentence].join('\n'))], state: { ...turn.state, photos: keepPhotos(turn) }, changes: [] }
}

/** Buttons that say what each is about, not its number. */
function askWhich(turn: Turn, open: readonly RequestSummary[]): Outcome {
  const before = waitingPhotos(turn)?.names ?? []
  const buttons = open.slice(0, MOST_OFFERED).map(({ number, description }) => button(cleanTyped(description, { longest: LONGEST_ECHOED }) || number, `${OF}${number}`))
  return {
    intent: 'other',
    replies: sayPrivately(turn, 'question', [...tellProblems(turn, before), text.photoWhich].join('\n'), [...buttons, button(text.photoOfOther)], text.privateOnly),
    state: { ...turn.state, photos: { ...keepPhotos(turn), asksWhich: true } },
    changes: [],
  }
}

const OF = '照片 '

/** Which of several it is a photo of. */
export const photosOfStep: Step = {
  name: 'what a photo is of',
  why: 'It was asked; the number in the button would else ask for the state of that request.',
  takes: 'all',
  applies: (turn) => turn.draft === null && waitingPhotos(turn)?.asksWhich === true && (turn.message.text === text.photoOfOther || (turn.message.text.startsWith(OF) && turn.reading.number !== undefined)),
  needs: ['requests'],
  decide: (turn) => {
    const waiting = waitingPhotos(turn)
    if (waiting === undefined) return undefined
    const { asksWhich: _answered, ...photos } = waiting
    if (turn.message.text === text.photoOfOther) return { intent: 'other', replies: [say(turn, 'question', text.photoOfOtherHow)], state: { ...turn.state, photos }, changes: [] }
    const request = turn.facts.requests?.find((one) => isCalled(one, turn.reading.number))
    return request && addTo(turn, request, [])
  },
}

