import type { Reply } from '../../domain/messages/messages.ts'
import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { isFinished } from '../../domain/requests/requests.ts'
import { FORMS } from '../../forms/forms.ts'
import type { FedRequest } from '../../store/requests/fed-records.ts'
import { goOn } from '../flow/ask.ts'
import { takeInEdit } from '../flow/edits.ts'
import { correctsOld, decideLate, OLDEST_ANSWERED_MS } from '../arrival/late.ts'
import { rememberAnswer, toReply } from './questions.ts'
import { noteCorrection } from '../staff-requests.ts'
import { button, text } from '../text.ts'
import { findMove, hasMove, isInGroup, say, type Step, type Turn } from '../turn.ts'

export const editStep: Step = {
  name: 'edited message',
  why: 'A new version of what was filed, signed or said elsewhere belongs there, whatever it would begin as a new message.',
  takes: 'all',
  applies: (turn) => turn.earlier !== undefined,
  needs: ['answer'],
  decide: takeEdit,
}

/**
 * What a new version of a message changes about what the first one led to: a request gets the words into its history, and
 * its resident a sentence; a form that was moved to private is put right there. An old message that led to nothing is left to
 * staff. undefined = it goes its way like a new message (a question is answered anew, the form open here is corrected).
 */
function takeEdit(turn: Turn): Outcome | undefined {
  const { earlier } = turn
  if (earlier === undefined) return undefined
  const { request, volunteer, draft } = earlier
  if (hasMove(turn, 'emergency') && request?.kind !== 'emergency') return undefined
  if (request !== undefined) return correctRequest(turn, earlier.text, request)
  if (volunteer !== undefined) return { intent: 'volunteer_signup', replies: [privately('text', text.editAfterSignUp(volunteer), turn)], changes: [] }
  if (draft !== undefined) return correctElsewhere(turn, draft)
  const isInForm = turn.draft?.messageIds.includes(earlier.inboundId) === true
  return correctsOld(turn) && !isInForm ? decideLate(turn) : undefined
}

function correctRequest(turn: Turn, before: string, request: FedRequest): Outcome {
  const { facts } = turn
  const rated = findMove(turn, 'praise') ?? findMove(turn, 'complain')
  if (rated?.score !== undefined && request.rating !== null) {
    const { score, comment = '' } = rated
    return { intent: 'rate_feedback', replies: [privately('receipt', text.rated(score), turn)], changes: [{ type: 'rate_request', requestId: request.id, score, comment }] }
  }
  const { intent } = turn.reading
  const changes = [noteCorrection(turn, before, request)]
  if (correctsOld(turn) && wasJustTold(turn, request)) return { intent, replies: [], changes }
  const sentence = isFinished(request) ? text.editNotedFinished(request.number, request.status) : text.editNoted(request.number)
  // A question that was passed on may be answered now that it is put in other words.
  if (request.kind === 'question' && facts.answer !== undefined && facts.answer.kind !== 'refusal' && !correctsOld(turn)) {
    const reply = toReply(turn, facts.answer)
    const remembered = rememberAnswer(turn, facts.answer)
    return { intent, ...remembered, replies: [{ ...reply, text: `${reply.text}\n${sentence}` }], changes: [...changes, ...remembered.changes] }
  }
  // What was filled in a form was said in private, even where it began in a group; the rest was said where it is corrected.
  const isFromForm = request.kind === 'service' || request.kind === 'help'
  return { intent, replies: [isFromForm ? privately('receipt', sentence, turn) : say(turn, 'receipt', sentence)], changes }
}

/** Old messages that are put right one after the other get one sentence together. */
const wasJustTold = (turn: Turn, request: FedRequest): boolean => request.lastCorrectedAt !== null && turn.now.getTime() - request.lastCorrectedAt.getTime() <= OLDEST_ANSWERED_MS

const privately = (kind: Reply['kind'], words: string, turn: Turn): Reply => ({ to: 'private', kind, text: words, ...(turn.earlier?.volunteer !== undefined && { buttons: [button('更新资料')] }) })

/** The form that a message in a group opened in private is put right there; the group reads nothing of it. */
function correctElsewhere(turn: Turn, draft: DraftState): Outcome | undefined {
  const form = FORMS[draft.form]
  const fed: DraftState = { ...draft, messageIds: [...draft.messageIds, turn.context.inboundId], touchedAt: turn.now.toISOString() }
  const edited = isInGroup(turn) ? takeInEdit(turn, form, fed) : null
  if (edited === null) return { intent: form.id, replies: [], changes: [] }
  return { ...goOn(turn, form, edited, { lead: text.changed }), draftIn: 'private' }
}
