import type { DraftState } from '../../domain/kept-state.ts'
import type { MoveType } from '../../domain/messages/moves.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { goBack, openDraft } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { FORMS } from '../../forms/forms.ts'
import { blank, fed, goOn, keepAsking } from '../flow/ask.ts'
import { answerConsent } from '../flow/consent.ts'
import { takeInEdit } from '../flow/edits.ts'
import { answerField } from '../flow/field.ts'
import { answerSummary } from '../flow/summary.ts'
import { knownContact } from '../staff-requests.ts'
import { text } from '../text.ts'
import { findMove, hasMove, type ReadTurn, type Step, type Turn } from '../turn.ts'

const PAUSE_MS = 2 * 60 * 60 * 1000

/** An open form, this message among those that feed it. undefined where a notice of a request was answered: that says nothing to the form. */
function openForm(turn: Turn): { form: Form; draft: DraftState } | undefined {
  if (!turn.draft || turn.facts.button?.requestId) return undefined
  return { form: FORMS[turn.draft.form], draft: fed(turn, turn.draft) }
}

const inForm = (decide: (turn: Turn, form: Form, draft: DraftState) => Outcome | undefined) => (turn: Turn): Outcome | undefined => {
  const open = openForm(turn)
  return open && decide(turn, open.form, open.draft)
}

/** A message that was put right: what the form holds of it follows; anything else of it is no answer to what is being asked. */
export const editInFormStep: Step = {
  name: 'edit in a form',
  why: 'New words of an old message correct what they said; only what was not understood before may answer now.',
  takes: 'all',
  applies: (turn) => turn.draft !== null && turn.earlier !== undefined,
  needs: ['button'],
  decide: inForm((turn, form, draft) => {
    const { earlier } = turn
    if (earlier === undefined || turn.draft === null) return undefined
    const edited = takeInEdit(turn, form, draft)
    if (edited) return goOn(turn, form, edited, { lead: text.changed })
    if (hasMove(turn, 'refuse') && draft.stage !== 'consent' && hasMove(earlier.reading, 'agree')) {
      return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.consentRefused }], draft: null, changes: [{ type: 'withdraw_consent' }, blank(draft)] }
    }
    const isAnswerAnew = turn.draft.misses > 0 && turn.draft.messageIds.at(-1) === earlier.inboundId
    const saysMore = turn.moves.some((move) => move.type !== 'give' && !opensWith(draft, move.type) && !(move.type === 'correct' && move.field === ''))
    if (saysMore || isAnswerAnew) return undefined
    return draft.messageIds.includes(earlier.inboundId) ? { intent: form.id, replies: [], draft, changes: [] } : keepAsking(turn, form, turn.draft, text.editBeforeForm)
  }),
}

export const callOffStep: Step = {
  name: 'cancel, back, restart',
  why: 'They work at every question of a form, consent included.',
  takes: ['cancel', 'back', 'restart'],
  applies: (turn) => turn.draft !== null && hasMove(turn, 'cancel', 'back', 'restart'),
  needs: ['button'],
  decide: inForm((turn, form, draft) => {
    const move = turn.moves.find(({ type, ...details }) => (type === 'cancel' && !('of' in details)) || type === 'back' || type === 'restart')
    switch (move?.type) {
      case 'cancel':
        return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.cancelled }], draft: null, changes: [blank(draft)] }
      case 'back': {
        const previous = goBack(draft)
        return previous ? keepAsking(turn, form, previous) : goOn(turn, form, draft, { lead: text.nothingToGoBack })
      }
      case 'restart': {
        const empty = openDraft(form, { text: '', slots: {}, context: turn.form, inboundId: turn.context.inboundId })
        return goOn(turn, form, { ...empty, messageIds: draft.messageIds, openedAt: draft.openedAt }, { lead: text.restarted })
      }
      default:
        return undefined
    }
  }),
}

/** Somebody who asks why the data are needed gets one plain sentence, not a clause. */
export const explainStep: Step = {
  name: 'question about the form',
  why: 'Before the answer to its question, and before the text that questions are answered from.',
  takes: ['ask_form'],
  applies: (turn) => turn.draft !== null && hasMove(turn, 'ask_form'),
  needs: ['button'],
  decide: inForm((turn, form, draft) => keepAsking(turn, form, draft, findMove(turn, 'ask_form')?.about === 'notice' ? text.wholeNotice(turn.retention) : text.consentWhy(turn.retention))),
}

const TALK = ['greet', 'thank', 'bye', 'chat'] as const

/** A greeting answers nothing: the form goes on, after a pause with what it was about. */
export const talkInFormStep: Step = {
  name: 'talk in a form',
  why: 'Before the answer to its question: 你好 is nobody’s name.',
  takes: TALK,
  applies: (turn) => turn.draft !== null && hasMove(turn, ...TALK) && turn.moves.every(({ type }) => (TALK as readonly string[]).includes(type)),
  needs: ['button'],
  decide: inForm((turn, form, draft) => {
    const kept: DraftState = { ...draft, messageIds: turn.draft?.messageIds ?? [] }
    return isPaused(turn) ? goOn(turn, form, kept, { lead: text.formPaused(form.title) }) : keepAsking(turn, form, kept, text.goOn)
  }),
}

const isPaused = (turn: ReadTurn): boolean => turn.draft !== null && turn.now.getTime() - new Date(turn.draft.touchedAt).getTime() > PAUSE_MS

const opensWith = (draft: DraftState | null, type: MoveType): boolean => draft !== null && FORMS[draft.form].opensWith.some((opening) => opening === type)

export const furtherMatterStep: Step = {
  name: 'another matter of the same kind',
  why: 'Before the answer to the form: what leads in with 还有 and is a trouble of its own is no value of the first.',
  takes: ['report'],
  applies: (turn) => turn.draft !== null && turn.moves.some(({ type }) => opensWith(turn.draft, type)),
  needs: ['button'],
  decide: inForm((turn, form, draft) => {
    const told = turn.moves.find((move) => move.type === 'report')
    const further = told && form.readFurther?.(told.text, told.slots)
    return further ? goOn(turn, form, { ...draft, further: [...draft.further, further] }, { lead: text.furtherAdded }) : undefined
  }),
}

/** "还是那个地址，还是我". */
export const sameContactStep: Step = {
  name: 'the same as before',
  why: 'Before the answer to the form, whose question would take the words themselves for an address.',
  takes: ['same_contact'],
  applies: (turn) => turn.draft !== null && hasMove(turn, 'same_contact'),
  needs: ['button', 'requests'],
  decide: inForm((turn, form, draft) => {
    const contact = knownContact(turn, { evenLongAgo: true })
    if (contact === null) return keepAsking(turn, form, draft, text.sameContactUnknown)
    const { name, phone, address } = contact
    const values = { name, phone, ...(address !== undefined && { address }), ...draft.values }
    return goOn(turn, form, { ...draft, values, misses: 0 }, { lead: text.sameContactTaken })
  }),
}

const ANSWERS = ['agree', 'refuse', 'confirm', 'skip', 'correct', 'give', 'add', 'same_contact', 'acknowledge', 'unsolved', 'useful', 'useless', 'accept_offer', 'decline_offer', 'offer_done', 'report', 'offer_help', 'change_registration'] as const

/** Whether the message may be an answer: what is read as nothing at all is one that was not understood. */
const mayAnswer = (turn: ReadTurn): boolean => turn.moves.length === 0 || hasMove(turn, 'agree', 'refuse', 'confirm', 'skip', 'correct', 'give', 'add', 'same_contact')

export const answerFormStep: Step = {
  name: 'answer to the form',
  why: 'Who is asked something answers that: before anything else that the words could begin.',
  takes: ANSWERS,
  applies: (turn) => turn.draft !== null && mayAnswer(turn),
  needs: ['button'],
  decide: inForm((turn, form, draft) => {
    switch (draft.stage) {
      case 'consent':
        return answerConsent(turn, form, draft)
      case 'confirm':
      case 'which_field':
        return answerSummary(turn, form, draft)
      case 'field':
        return answerField(turn, form, draft)
      default:
        return draft.stage satisfies never
    }
  }),
}
