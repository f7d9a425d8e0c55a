import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { askAgain, findFieldByName } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { button, text } from '../text.ts'
import { findMove, firstMove, hasMove, type ReadTurn } from '../turn.ts'
import { goOn, keepAsking, missed } from './ask.ts'
import { correct, goOnOrAsk, sayAgain } from './corrections.ts'

/** What is said to the summary: yes, a correction, or a remark. */
export function answerSummary(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  if (hasMove(turn, 'confirm', 'agree')) return submit(turn, form, draft)
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, draft, correction)
  if (corrected) return goOnOrAsk(turn, form, corrected)
  const given = firstMove(turn, ['give', 'add'])
  const named = given && findFieldByName(form, given.text)
  if (named) return keepAsking(turn, form, askAgain(draft, named.name))
  const said = given && sayAgain(turn, form, draft, given.slots)
  if (said) return goOn(turn, form, said)
  if (correction || hasMove(turn, 'refuse')) return keepAsking(turn, form, { ...draft, stage: 'which_field', asking: null })
  return missed(turn, form, { ...draft, stage: 'confirm' }, text.confirmUnclear)
}

function submit(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  const change = form.record(draft.values, turn.form)
  const written = change.type === 'create_request' || change.type === 'save_volunteer' ? { ...change, fedBy: draft.messageIds } : change
  return {
    intent: form.id,
    replies: [{ to: 'private', kind: 'receipt', text: form.receipt(draft.values, turn.form), buttons: [button('查进度')] }],
    draft: null,
    changes: [written],
  }
}
