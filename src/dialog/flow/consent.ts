import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import type { Slots } from '../../domain/messages/understanding.ts'
import { noticeVersion } from '../../domain/retention.ts'
import { explainFault, fillMissing, setValue, summarise } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { button, text } from '../text.ts'
import { findMove, firstMove, hasMove, type ReadTurn } from '../turn.ts'
import { blank, goOn, missed } from './ask.ts'
import { correct } from './corrections.ts'
import { takeIn } from './remark.ts'

/** Shortest text, in characters, that is taken for a description where it was not asked for. */
const SHORTEST_TOLD = 4

/** What is said while consent is asked for: the answer, and whatever else of the form. */
export function answerConsent(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  if (hasMove(turn, 'refuse')) return refuse(turn, form, draft)
  const said = fillMissing(form, draft, toldSlots(firstMove(turn, ['give', 'add'])?.slots ?? turn.reading.slots), turn.form)
  if (hasMove(turn, 'agree', 'confirm')) {
    return goOn(turn, form, { ...said, misses: 0 }, { lead: text.consentThanks, hasConsent: true, changes: [{ type: 'grant_consent', noticeVersion: noticeVersion(turn.retention), subscribes: false }] })
  }
  const correction = findMove(turn, 'correct')
  const corrected = correction && correct(turn, form, said, correction)
  if (corrected) return goOn(turn, form, corrected, { lead: text.understood(summarise(form, corrected)) })
  const hasNew = Object.keys(said.values).length > Object.keys(draft.values).length
  const told = hasNew ? said : (answerNext(turn, form, said) ?? takeIn(turn, form, said))
  if (told) return goOn(turn, form, told, { lead: text.understood(summarise(form, told)) })
  return missed(turn, form, draft, explainFault(form, draft, turn.message.text) ?? text.consentUnclear)
}

/** A bare name or place: what will be asked for is told before. null when it is none. */
function answerNext(turn: ReadTurn, form: Form, draft: DraftState): DraftState | null {
  if (hasMove(turn, 'add')) return null
  const given = findMove(turn, 'give')
  for (const field of form.fields) {
    const value = given && field.isPersonal && draft.values[field.name] === undefined && field.isAsked(draft.values, turn.form) ? field.fromSlots(turn.form.read.slots(given.text, field.asked), turn.form) : undefined
    if (value !== undefined && field.isPlain?.(value) !== false) return setValue(draft, field.name, value)
  }
  return null
}

/** Nothing of who said it is kept. A public fault can be reported all the same: what it is and where is remembered until the next word, to offer that. */
function refuse(turn: ReadTurn, form: Form, draft: DraftState): Outcome {
  const nameless = form.nameless?.(draft.values, turn.form) ?? null
  const gone: Outcome = { intent: 'cancel', replies: [{ to: 'private', kind: 'text', text: text.consentRefused }], draft: null, changes: [blank(draft)] }
  if (nameless === null) return gone
  const question = `nameless:${turn.context.inboundId}`
  return {
    ...gone,
    replies: [{ to: 'private', kind: 'question', text: text.namelessOffer(nameless.category), buttons: [button('不留姓名报修'), button('不报了')], question }],
    state: { v: 1, waitingFor: { type: 'nameless', question, at: turn.now.toISOString(), ...nameless } },
  }
}

function toldSlots({ description, ...others }: Slots): Slots {
  return description !== undefined && description.length >= SHORTEST_TOLD ? { ...others, description } : others
}
