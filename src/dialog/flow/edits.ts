import type { DraftState, FieldValue } from '../../domain/kept-state.ts'
import type { Slots } from '../../domain/messages/understanding.ts'
import { fillMissing, openDraft } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import type { ReadTurn } from '../turn.ts'

/**
 * The draft after a message that fed it was edited: what it holds of the earlier words is replaced by what stands there now
 * (3栋 → 5栋). null when the message is no edit, did not feed this form, or changes nothing that the form holds.
 */
export function takeInEdit(turn: ReadTurn, form: Form, draft: DraftState): DraftState | null {
  const { earlier } = turn
  if (earlier === undefined || !draft.messageIds.includes(earlier.inboundId)) return null
  const values = { ...draft.values }
  for (const [name, held] of Object.entries(draft.values)) {
    for (const read of [readWhole, readAsAnswer]) {
      const before = read(turn, form, name, earlier.text, earlier.reading.slots)
      const now = read(turn, form, name, turn.message.text, turn.reading.slots)
      const changed = before === undefined || now === undefined ? undefined : replaceIn(held, before, now)
      if (changed === undefined) continue
      values[name] = changed
      break
    }
  }
  const edited: DraftState = { ...draft, values: { ...values, ...form.reconcile?.(values, draft.values, turn.form) } }
  return JSON.stringify(edited.values) === JSON.stringify(draft.values) ? null : { ...fillMissing(form, edited, turn.reading.slots, turn.form), misses: 0 }
}

/** What a text says of a field when it says many things at once. */
const readWhole = (turn: ReadTurn, form: Form, name: string, text: string, slots: Slots): FieldValue | undefined =>
  openDraft(form, { text, slots, context: turn.form, inboundId: turn.context.inboundId }).values[name] ?? form.fields.find((field) => field.name === name)?.fromSlots(slots, turn.form)

/** What a text says of a field when it is the answer to that field's question. */
function readAsAnswer(turn: ReadTurn, form: Form, name: string, text: string): FieldValue | undefined {
  const parsed = form.fields.find((field) => field.name === name)?.parse(text, turn.form)
  return parsed?.ok ? parsed.value : undefined
}

/** The value held with the earlier one replaced, also where it became part of a longer one; undefined when it does not come from there, or nothing is new. */
function replaceIn(held: FieldValue, before: FieldValue, now: FieldValue): FieldValue | undefined {
  if (JSON.stringify(before) === JSON.stringify(now)) return undefined
  if (JSON.stringify(held) === JSON.stringify(before)) return now
  return typeof held === 'string' && typeof before === 'string' && typeof now === 'string' && before !== '' && held.includes(before) ? held.replace(before, () => now) : undefined
}
