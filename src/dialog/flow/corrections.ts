import type { DraftState } from '../../domain/kept-state.ts'
import type { MoveOf } from '../../domain/messages/moves.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import type { Slots } from '../../domain/messages/understanding.ts'
import { askAgain, correctValue, findField, findFieldByWord, overwriteSaid } from '../../forms/engine.ts'
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
  const said = overwriteSaid(form, draft, slots, turn.form, { only: filled })
  return said && { ...said, misses: 0 }
}

/** A correction that emptied a field asks that one again, and says what is wrong with what was said for it; one that filled it says so and goes on. */
export function goOnOrAsk(turn: ReadTurn, form: Form, draft: DraftState, said?: string): Outcome {
  if (draft.stage !== 'field' || draft.asking === turn.draft?.asking) return goOn(turn, form, draft, { lead: text.changed })
  const parsed = said === undefined ? undefined : findField(form, draft.asking)?.parse(said, turn.form)
  return keepAsking(turn, form, draft, parsed?.ok === false ? parsed.hint : undefined)
}
