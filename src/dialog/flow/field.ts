import type { DraftState } from '../../domain/kept-state.ts'
import type { MoveOf } from '../../domain/messages/moves.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { deriveMissing, explainFault, extendValue, fillMissing, findField, setValue } from '../../forms/engine.ts'
import type { Form, FormField } from '../../forms/form.ts'
import { text } from '../text.ts'
import { findMove, hasMove, type ReadTurn } from '../turn.ts'
import { goOn, missed } from './ask.ts'
import { correct, goOnOrAsk, sayAgain } from './corrections.ts'
import { takeRemark, withRemark } from './remark.ts'

/** What is said to the question for a field: its value, others, a correction, or that there is none. */
export function answerField(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  const field = findField(form, draft.asking)
  if (!field) return goOn(turn, form, draft)
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, draft, correction)
  if (corrected) return goOnOrAsk(turn, form, corrected, correction.value)
  if (hasMove(turn, 'skip')) {
    if (field.none !== undefined) return goOn(turn, form, noteSaid(turn, form, setValue(draft, field.name, field.none)))
    if (field.canSkip) return goOn(turn, form, { ...draft, skipped: [...draft.skipped, field.name], misses: 0 })
  }
  let hint: string = hasMove(turn, 'skip') ? text.canNotSkip : text.consentUnclear
  for (const move of turn.moves) {
    if (move.type === 'correct') {
      const said = sayAgain(turn, form, draft, move.slots)
      if (said) return goOn(turn, form, said, { lead: text.changed })
    }
    if (move.type === 'give') {
      const again = saysOnlyOther(turn, field, move) ? sayAgain(turn, form, draft, move.slots) : null
      if (again) return goOn(turn, form, again, { lead: text.changed })
      const filled = readAnswer(turn, form, draft, field, move)
      if (typeof filled !== 'string') return goOn(turn, form, { ...extendFromSlots(turn, form, filled, move.slots), misses: 0 }, { ...sayTaken(form, draft, filled, field), ...leadOf(explainFault(form, filled, move.text, field)) })
      const longer = field.takesDigits ? null : extendValue(form, draft, move.text)
      if (longer) return goOn(turn, form, longer, { lead: text.pieceAdded })
      const said = sayAgain(turn, form, draft, move.slots)
      if (said) return goOn(turn, form, said, { lead: text.changed })
      hint = explainFault(form, draft, move.text, field) ?? (hasMove(turn, 'skip') ? hint : filled)
    }
  }
  const parsed = field.parse(turn.message.text, turn.form)
  const isAnswer = !parsed.ok && parsed.isAnswer === true
  return (isAnswer ? undefined : takeRemark(turn, form, draft)) ?? missed(turn, form, draft, hint)
}

/** Said in so few words, it says only that there is none. */
const LONGEST_NONE = 8

/** "没手机，来了敲102的门": the rest is for whoever comes. */
function noteSaid(turn: ReadTurn, form: Form, draft: DraftState): DraftState {
  const { text: said } = turn.message
  return said.length <= LONGEST_NONE ? draft : (withRemark(turn, form, draft, said) ?? draft)
}

const leadOf = (lead: string | undefined): { lead?: string } => (lead === undefined ? {} : { lead })

/** Who answers another question than the one that was asked is told that it was taken in. */
function sayTaken(form: Form, before: DraftState, after: DraftState, asked: FormField): { lead?: string } {
  if (after.values[asked.name] !== undefined) return {}
  const labels = form.fields.filter(({ name, isDerived }) => !isDerived && before.values[name] === undefined && after.values[name] !== undefined).map(({ label }) => label)
  return labels.length === 0 ? {} : { lead: text.otherTaken(labels.join('、')) }
}

/** So few characters besides the values of other fields are no answer to this one. */
const FEW = 5

const saysOnlyOther = (turn: ReadTurn, field: FormField, { slots, rest }: MoveOf<'give'>): boolean => field.takesAnyWords === true && field.fromSlots(slots, turn.form) === undefined && rest.length < FEW

/** A piece of a value that is there already, said among others, is put to it. */
function extendFromSlots(turn: ReadTurn, form: Form, draft: DraftState, slots: MoveOf<'give'>['slots']): DraftState {
  return form.fields.reduce((before, field) => {
    const [known, said] = [before.values[field.name], field.fromSlots(slots, turn.form)]
    const longer = known === undefined || typeof said !== 'string' ? undefined : field.extend?.(known, said)
    return longer === undefined ? before : setValue(before, field.name, longer)
  }, draft)
}

/** The draft with the answer in it; or a hint when the message answers nothing that is open. */
function readAnswer(turn: ReadTurn, form: Form, draft: DraftState, field: FormField, { text: said, slots, rest }: MoveOf<'give'>): DraftState | string {
  const others = fillMissing(form, { ...draft, values: { ...draft.values, [field.name]: draft.values[field.name] ?? '' } }, slots, turn.form)
  const hasFilledOthers = form.fields.some((other) => other.name !== field.name && other.isDerived !== true && draft.values[other.name] === undefined && others.values[other.name] !== undefined)
  const slot = field.fromSlots(slots, turn.form)
  const parsed = field.parse(said, turn.form)
  const isAboutOthers = hasFilledOthers && slot === undefined && rest.length < FEW
  if (slot !== undefined && (!parsed.ok || hasFilledOthers)) return setValue(others, field.name, slot)
  if (parsed.ok && !isAboutOthers) return deriveMissing(form, setValue(others, field.name, parsed.value), others, turn.form)
  if (hasFilledOthers) return { ...others, values: Object.fromEntries(Object.entries(others.values).filter(([name]) => name !== field.name)) }
  return parsed.ok ? '' : parsed.hint
}
