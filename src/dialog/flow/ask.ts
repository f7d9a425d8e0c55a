import type { DraftState } from '../../domain/kept-state.ts'
import type { Button, Reply } from '../../domain/messages/messages.ts'
import type { Change, Outcome } from '../../domain/messages/outcome.ts'
import { coversNotice } from '../../domain/retention.ts'
import { advance, findField, MOST_MISSES, summarise } from '../../forms/engine.ts'
import type { Form } from '../../forms/form.ts'
import { FORMS } from '../../forms/forms.ts'
import { questionOfForm } from '../asked.ts'
import { sentenceFor } from '../photos/attachments.ts'
import { button, text } from '../text.ts'
import type { ReadTurn } from '../turn.ts'

/** The outcome of a draft that goes on: the next question, after `lead` if there is something to say first. */
export function goOn(turn: ReadTurn, form: Form, draft: DraftState, options: { lead?: string; changes?: Change[]; hasConsent?: boolean } = {}): Outcome {
  const next = advance(form, draft, turn.form, options.hasConsent ?? hasGivenConsent(turn))
  return keepAsking(turn, form, next, options.lead, options.changes)
}

/** Asks what the draft points at, whatever else is open. */
export const keepAsking = (turn: ReadTurn, form: Form, draft: DraftState, lead?: string, changes: Change[] = []): Outcome => ({ intent: form.id, replies: [ask(turn, form, draft, lead)], draft, changes })

export const hasGivenConsent = (turn: ReadTurn): boolean => coversNotice(turn.context.person.consentVersion, turn.retention)

/** What a resident who does not go on with a form is promised: nothing of it is kept. */
export const blank = (draft: DraftState): Change => ({ type: 'blank_messages', messageIds: draft.messageIds, since: draft.openedAt })

/** The draft with this message among those that fed it. */
export const fed = (turn: ReadTurn, draft: DraftState): DraftState => ({ ...draft, messageIds: [...draft.messageIds, turn.context.inboundId], touchedAt: turn.now.toISOString() })

/** What was filled in so far, for the member of staff who takes over; '' without a form or without consent. */
export function describeDraft(turn: ReadTurn): string {
  if (!turn.draft || !hasGivenConsent(turn)) return ''
  const form = FORMS[turn.draft.form]
  const filled = summarise(form, turn.draft).replaceAll('\n', '；')
  return filled === '' ? '' : `（正在填${form.title}：${filled}）`
}

/** Reminds of the open form after something else was dealt with. */
export function remind(turn: ReadTurn, outcome: Outcome): Outcome {
  // A member of staff speaks here: the form waits without a word.
  if (turn.context.conversation.takenFor !== undefined) return outcome
  if (!turn.draft || outcome.draft !== undefined || outcome.draftIn !== undefined) return outcome
  return { ...outcome, replies: [...outcome.replies, ask(turn, FORMS[turn.draft.form], turn.draft, text.goOn)] }
}

/** What is asked now, after `lead` if there is something to say first. */
export function ask(turn: ReadTurn, form: Form, draft: DraftState, lead = ''): Reply {
  const { words, buttons, kind } = wordQuestion(turn, form, draft)
  return { to: 'private', kind, text: lead === '' ? words : `${lead}\n${words}`, ...(buttons.length > 0 && { buttons }), question: questionOfForm(draft) }
}

function wordQuestion(turn: ReadTurn, form: Form, draft: DraftState): { words: string; buttons: Button[]; kind: Reply['kind'] } {
  switch (draft.stage) {
    case 'consent':
      return { words: `${text.consentNotice}\n${text.consentQuestion}`, buttons: [button('同意'), button('不同意'), button('看说明')], kind: 'confirm' }
    case 'which_field': {
      const labels = form.fields.filter(({ name }) => draft.values[name] !== undefined).map(({ label }) => label)
      return { words: text.whichField(labels), buttons: labels.map((label) => button(`修改${label}`)), kind: 'question' }
    }
    case 'field': {
      const field = findField(form, draft.asking)
      if (field) return { words: field.question(draft.values, turn.form), buttons: [...(field.buttons?.(draft.values, turn.form) ?? []), ...(field.canSkip ? [button('跳过')] : []), button('取消')], kind: 'question' }
      break
    }
    case 'confirm':
      break
    default:
      draft.stage satisfies never
  }
  const alsoAsked = form.fields.flatMap((field) => field.askedAtSummary?.(draft.values, turn.form) ?? [])
  return { words: [`${form.title}，请您看看：`, summarise(form, draft), ...alsoAsked, text.confirmQuestion].join('\n'), buttons: [button('确认'), button('修改'), button('取消')], kind: 'confirm' }
}

/** Nothing in the message answers what is asked: one sentence says what is missing; after several, a person is offered. */
export function missed(turn: ReadTurn, form: Form, draft: DraftState, hint: string): Outcome {
  const misses = draft.misses + 1
  const { attachments } = turn.message
  const lead = turn.reading.blank === 'empty' ? (attachments.length > 0 ? sentenceFor(attachments) : text.blank) : hint
  const isPersonOffered = misses >= MOST_MISSES
  const next = { ...draft, misses }
  const reply = ask(turn, form, next, isPersonOffered ? `${lead}\n${text.offerPerson}` : lead)
  return { intent: form.id, replies: [isPersonOffered ? { ...reply, buttons: [button('转人工'), ...(reply.buttons ?? [])] } : reply], draft: next, changes: [] }
}
