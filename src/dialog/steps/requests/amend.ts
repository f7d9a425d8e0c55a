import type { Button } from '../../../domain/messages/messages.ts'
import type { DraftState, FieldValue, RequestCorrection, SaidCorrection } from '../../../domain/kept-state.ts'
import type { RequestSummary } from '../../../domain/office/facts.ts'
import { FORMS } from '../../../forms/forms.ts'
import { asText, type Form } from '../../../forms/form.ts'
import { correct as correctDraft } from '../../flow/corrections.ts'
import { button, text } from '../../text.ts'
import type { Turn } from '../../turn.ts'

/** What words about a request put right in it, and what of it they leave in doubt, for whoever said them. */
export interface Amendment {
  /** undefined = nothing is put right. */
  correction?: RequestCorrection
  /** That a value stays as it is, and how it is changed; '' = nothing is in doubt. */
  doubt: string
  buttons: Button[]
}

const NOTHING: Amendment = { doubt: '', buttons: [] }

/** The values that the named field takes with the value that was said for it; undefined where none was named, or it was no value. */
function namedValues(turn: Turn, form: Form, values: Record<string, FieldValue>, said: SaidCorrection): Record<string, FieldValue> | undefined {
  if (said.field === '') return undefined
  const at = turn.now.toISOString()
  const draft: DraftState = { v: 1, form: form.id, values, stage: 'confirm', asking: null, asked: [], skipped: [], misses: 0, messageIds: [], further: [], openedAt: at, touchedAt: at }
  const named = correctDraft(turn, form, draft, { type: 'correct', text: '', ...said })
  return named?.stage === 'confirm' ? named.values : undefined
}

/** What some words put right in a request, as the form reads them that made it. `isCorrection`: they were read as one. */
export function amend(turn: Turn, request: RequestSummary, words: string, said: SaidCorrection, isCorrection: boolean): Amendment {
  // What somebody else has filed is not theirs to put right, nor to see: the words stand there.
  if (!request.isOwn) return NOTHING
  const form = Object.values(FORMS).find(({ amends }) => amends !== undefined)
  if (form?.amends === undefined) return NOTHING
  const values: Record<string, FieldValue> = { ...form.amends.values(request) }
  const named = isCorrection ? namedValues(turn, form, values, said) : undefined
  const { put, asked, unread } = form.amends.read({ values, named, words, slots: said.slots, isCorrection: isCorrection && (said.field === '' || named !== undefined) }, turn.form)
  const changed = Object.fromEntries(Object.entries(put).filter(([name, value]) => value !== values[name]))
  const correction = form.amends.corrections(changed)
  const fieldOf = (name: string) => form.fields.find((field) => field.name === name)
  const labelOf = (name: string): string => fieldOf(name)?.label ?? name
  const shown = (name: string, value: FieldValue | undefined): string => (value === undefined ? '' : (fieldOf(name)?.show(value) ?? asText(value)))
  const [question] = Object.entries(asked)
  const doubts = [...unread.map((name) => text.leftAsItIs(labelOf(name), shown(name, values[name]))), ...(question === undefined ? [] : [text.changeToThis(labelOf(question[0]), shown(question[0], values[question[0]]), shown(...question))])]
  return {
    ...(Object.keys(correction).length > 0 && { correction }),
    doubt: doubts.join('\n'),
    buttons: question === undefined ? [] : [button(`${labelOf(question[0])}改成${shown(...question)}`), button(text.notChanged, text.notChangedSays)],
  }
}
