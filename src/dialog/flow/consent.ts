import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Slots } from '../../domain/understanding.ts'
import { fillMissing } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { NOTICE_VERSION, text } from '../text.ts'
import { findMove, firstMove, hasMove, type ReadTurn } from '../turn.ts'
import { blank, goOn, missed } from './ask.ts'
import { correct } from './corrections.ts'

/** Shortest text, in characters, that is taken for a description where it was not asked for. */
const SHORTEST_TOLD = 4

/** What is said while consent is asked for: the answer, and whatever else of the form. */
export function answerConsent(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  if (hasMove(turn, 'refuse')) return { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.consentRefused }], draft: null, changes: [blank(draft)] }
  const said = fillMissing(form, draft, toldSlots(firstMove(turn, ['give', 'report', 'offer_help'])?.slots ?? turn.reading.slots), turn.form)
  if (hasMove(turn, 'agree', 'confirm')) {
    return goOn(turn, form, { ...said, misses: 0 }, { lead: text.consentThanks, hasConsent: true, changes: [{ type: 'grant_consent', noticeVersion: NOTICE_VERSION, subscribes: true }] })
  }
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, said, correction)
  if (corrected) return goOn(turn, form, corrected)
  const hasNew = Object.keys(said.values).length > Object.keys(draft.values).length
  return hasNew ? goOn(turn, form, said) : missed(turn, form, draft, text.consentUnclear)
}

function toldSlots({ description, ...others }: Slots): Slots {
  return description !== undefined && description.length >= SHORTEST_TOLD ? { ...others, description } : others
}
