import type { DraftState } from '../../domain/kept-state.ts'
import type { MoveOf } from '../../domain/moves.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Slots } from '../../domain/understanding.ts'
import { askAgain, correctValue, findFieldByWord, overwriteSaid } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { text } from '../text.ts'
import type { ReadTurn } from '../turn.ts'
import { goOn, keepAsking } from './ask.ts'

/** 修改电话, 电话改成139…, 地址不对，是5号楼: the draft with the field set, or asking it again; null when no field is named. */
export function correct(turn: ReadTurn, form: Form, draft: DraftState, { field: word, value, instead }: MoveOf<'correct'>): DraftState | null {
  const field = word === '' ? undefined : findFieldByWord(form, word, draft, turn.form)
  if (!field) return null
  const corrected = value === undefined ? null : correctValue(form, draft, field, value, turn.form, instead)
  return corrected ?? askAgain(draft, field.name)
}

/** The draft with values that were filled already and are now said again; null when nothing is. What happened, and when, is never replaced by a remark. */
export function sayAgain(turn: ReadTurn, form: Form, draft: DraftState, slots: Slots): DraftState | null {
  const filled = form.fields.filter((field) => field.isReplacedInPassing !== false && field.isDerived !== true && draft.values[field.name] !== undefined).map((field) => field.name)
  const said = overwriteSaid(form, draft, slots, turn.form, filled)
  return said && { ...said, misses: 0 }
}

/** A correction that emptied a field asks that one again; one that filled it says so and goes on. */
export const goOnOrAsk = (turn: ReadTurn, form: Form, draft: DraftState): Outcome =>
  draft.stage === 'field' && draft.asking !== turn.draft?.asking ? keepAsking(turn, form, draft) : goOn(turn, form, draft, { lead: text.changed })
