import type { DraftState } from '../../domain/kept-state.ts'
import type { MoveOf } from '../../domain/moves.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { fillMissing, findField, setValue } from '../../forms/engine.ts'
import type { Form, FormField } from '../../forms/form.ts'
import { text } from '../text.ts'
import { findMove, hasMove, type ReadTurn } from '../turn.ts'
import { goOn, missed } from './ask.ts'
import { correct, goOnOrAsk, sayAgain } from './corrections.ts'

/** What is said to the question for a field: its value, others, a correction, or that there is none. */
export function answerField(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  const field = findField(form, draft.asking)
  if (!field) return goOn(turn, form, draft)
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, draft, correction)
  if (corrected) return goOnOrAsk(turn, form, corrected)
  if (hasMove(turn, 'skip')) {
    return field.canSkip ? goOn(turn, form, { ...draft, skipped: [...draft.skipped, field.name], misses: 0 }) : missed(turn, form, draft, text.canNotSkip)
  }
  let hint: string = text.consentUnclear
  for (const move of turn.moves) {
    if (move.type === 'correct') {
      const said = sayAgain(turn, form, draft, move.slots)
      if (said) return goOn(turn, form, said, { lead: text.changed })
    }
    if (move.type === 'give') {
      const filled = readAnswer(turn, form, draft, field, move)
      if (typeof filled !== 'string') return goOn(turn, form, { ...filled, misses: 0 })
      hint = filled
    }
  }
  return missed(turn, form, draft, hint)
}

/** So few characters besides the values of other fields are no answer to this one. */
const FEW = 4

/** The draft with the answer in it; or a hint when the message answers nothing that is open. */
function readAnswer(turn: ReadTurn, form: Form, draft: DraftState, field: FormField, { text: said, slots, rest }: MoveOf<'give'>): DraftState | string {
  const others = fillMissing(form, { ...draft, values: { ...draft.values, [field.name]: draft.values[field.name] ?? '' } }, slots, turn.form)
  const hasFilledOthers = form.fields.some((other) => other.name !== field.name && other.isDerived !== true && draft.values[other.name] === undefined && others.values[other.name] !== undefined)
  const slot = field.fromSlots(slots, turn.form)
  const parsed = field.parse(said, turn.form)
  const isAboutOthers = hasFilledOthers && slot === undefined && rest.length < FEW
  if (slot !== undefined && (!parsed.ok || hasFilledOthers)) return setValue(others, field.name, slot)
  if (parsed.ok && !isAboutOthers) return setValue(others, field.name, parsed.value)
  if (hasFilledOthers) return { ...others, values: Object.fromEntries(Object.entries(others.values).filter(([name]) => name !== field.name)) }
  return parsed.ok ? '' : parsed.hint
}
