import { DEFAULT_DEADLINES } from '../../domain/requests/deadlines.ts'
import type { DraftState, FieldValue } from '../../domain/kept-state.ts'
import type { MoveOf } from '../../domain/messages/moves.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { askAgain, extendValue, fillMissing, findFieldByName } from '../../forms/engine.ts'
import { READS_NOTHING, type Form } from '../../forms/form.ts'
import { button, text } from '../text.ts'
import { findMove, firstMove, hasMove, type ReadTurn } from '../turn.ts'
import { goOn, keepAsking, missed } from './ask.ts'
import { correct, goOnOrAsk, sayAgain } from './corrections.ts'
import { addRemark } from './remark.ts'

/** What is said to the summary: yes, a correction, or a remark. */
export function answerSummary(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  if (hasMove(turn, 'confirm', 'agree')) return submit(turn, form, draft)
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, draft, correction)
  if (corrected) return goOnOrAsk(turn, form, corrected, correction.value)
  const given = firstMove(turn, ['give', 'add'])
  const named = given && findFieldByName(form, given.text)
  if (named) return keepAsking(turn, form, askAgain(draft, named.name))
  if (given?.type === 'give' && given.rest.length < FEW && Object.keys(given.slots).length > 0 && !isBareOther(form, draft, given) && takeValue(turn, form, draft, given) === null) return goOn(turn, form, draft)
  const taken = given && (takeValue(turn, form, draft, given) ?? (hasMove(turn, 'refuse', 'correct', 'skip') ? undefined : addRemark(turn, form, draft, given.text)))
  if (taken) return taken
  if (correction || hasMove(turn, 'refuse')) return keepAsking(turn, form, { ...draft, stage: 'which_field', asking: null })
  return missed(turn, form, { ...draft, stage: 'confirm' }, text.confirmUnclear)
}

/** A value that is said again replaces the one that stands, a further piece completes it, a new one is added. */
function takeValue(turn: ReadTurn, form: Form, draft: DraftState, given: MoveOf<'give'> | MoveOf<'add'>): Outcome | null {
  const longer = extendValue(form, draft, given.text)
  if (longer) return goOn(turn, form, longer, { lead: text.pieceAdded })
  if (given.type === 'add' || isBareOther(form, draft, given)) {
    const { time } = given.slots
    const filled = time === undefined || draft.values['time'] !== undefined ? null : fillMissing(form, draft, { time }, turn.form)
    return filled && JSON.stringify(filled.values) !== JSON.stringify(draft.values) ? goOn(turn, form, filled) : null
  }
  const said = sayAgain(turn, form, fillMissing(form, draft, given.slots, turn.form), given.slots)
  if (said) return goOn(turn, form, said)
  const filled = fillMissing(form, draft, given.slots, turn.form)
  return Object.keys(filled.values).length > Object.keys(draft.values).length ? goOn(turn, form, filled) : null
}

/** A bare word that might be a value, and is nothing like the one that stands: 严重 is no correction of 王芳. */
function isBareOther(form: Form, draft: DraftState, { text: said, slots }: MoveOf<'give'> | MoveOf<'add'>): boolean {
  const bare = said.trim()
  return form.fields.some((field) => {
    const [known, value]: (FieldValue | undefined)[] = [draft.values[field.name], field.resembles && field.fromSlots(slots, EMPTY_CONTEXT)]
    return known !== undefined && value === bare && field.resembles?.(known, value) === false
  })
}

/** So few characters besides values that stand already say nothing new. */
const FEW = 4

const EMPTY_CONTEXT = { services: [], areas: [], knownArea: null, deadlines: DEFAULT_DEADLINES, now: new Date(0), read: READS_NOTHING }

function submit(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  const written = form.records(draft.values, turn.form, draft.further).map((change) => (change.type === 'create_request' || change.type === 'save_volunteer' ? { ...change, fedBy: draft.messageIds } : change))
  const receipt = form.receipt(draft.values, turn.form, draft.further)
  const { person } = turn.context
  const offersNotices = !person.isSubscribed && !person.hasOptedOut && turn.state.wasOfferedNotices !== true && draft.isNameless !== true
  const filed: Outcome = { intent: form.id, replies: [{ to: 'private', kind: 'receipt', text: receipt, buttons: [button('查进度')] }], draft: null, state: { ...turn.state, just: 'receipt' }, changes: written }
  if (!offersNotices) return filed
  const question = `notices:${turn.context.inboundId}`
  return {
    ...filed,
    replies: [{ to: 'private', kind: 'receipt', text: `${receipt}\n${text.noticesOffer}`, buttons: [button('查进度'), button('要收通知', '订阅'), button('不用了')], question }],
    state: { ...turn.state, just: 'receipt', wasOfferedNotices: true, waitingFor: { type: 'subscription', question, at: turn.now.toISOString() } },
  }
}
