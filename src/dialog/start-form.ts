import type { VolunteerSummary } from '../domain/facts.ts'
import type { DraftState, Outcome } from '../domain/outcome.ts'
import { openDraft, overwriteSaid } from '../forms/engine.ts'
import { FORMS } from '../forms/forms.ts'
import { goOn } from './draft.ts'
import { knownContact } from './staff-requests.ts'
import { button, text } from './text.ts'
import { isInGroup, say, sayPrivately, type Turn, withWayToPrivate } from './turn.ts'

const VOLUNTEER_STATUS: Record<VolunteerSummary['status'], string> = { pending: '等工作人员确认', active: '已登记', paused: '暂停', left: '已退出' }

/** The start of a form: at once with all that the message says, in private even when it was said in a group. */
export function startForm(turn: Turn): Outcome | undefined {
  const isVolunteer = turn.command?.type === 'start_volunteer' || turn.command?.type === 'update_volunteer' || turn.understanding.intent === 'volunteer_signup'
  const isService = turn.command?.type === 'start_service' || turn.understanding.intent === 'service_request'
  if (!isVolunteer && !isService) return undefined
  const form = isVolunteer ? FORMS.volunteer_signup : FORMS.service_request
  if (turn.draft) return undefined
  const draft = openDraft(form, { text: turn.message.text, slots: turn.understanding.slots, context: turn.form, inboundId: turn.context.inboundId })
  const opened = isVolunteer ? signUpAgain(turn, draft) : goOn(turn, form, withKnownContact(turn, draft))
  return isInGroup(turn) ? moveToPrivate(turn, opened) : opened
}

/** Name and telephone of the last request are taken over; the summary shows them, and they can be corrected there. */
function withKnownContact(turn: Turn, draft: DraftState): DraftState {
  const contact = knownContact(turn)
  return contact ? { ...draft, values: { ...contact, ...draft.values } } : draft
}

/** Somebody who is registered already: told so, or shown what would change. */
function signUpAgain(turn: Turn, draft: DraftState): Outcome {
  const form = FORMS.volunteer_signup
  const { volunteer } = turn.facts
  if (!volunteer || volunteer.status === 'left') return goOn(turn, form, draft)
  const isUpdate = turn.command?.type === 'update_volunteer'
  const saidNothing = Object.keys(draft.values).length === 0
  if (!isUpdate && saidNothing) {
    return { intent: 'volunteer_signup', replies: [{ to: 'private', kind: 'text', text: text.alreadyVolunteer(volunteer.number, VOLUNTEER_STATUS[volunteer.status]), buttons: [button('更新资料')] }], changes: [] }
  }
  const known: DraftState = { ...draft, values: { ...volunteer.values } }
  const updated = overwriteSaid(form, known, turn.understanding.slots, turn.form, form.fields.map((field) => field.name)) ?? known
  return goOn(turn, form, updated, { lead: text.updateVolunteer(volunteer.number) })
}

function moveToPrivate(turn: Turn, outcome: Outcome): Outcome {
  const [first] = outcome.replies
  const replies = first ? sayPrivately(turn, first.kind, first.text, first.buttons ?? [], text.movedToPrivate) : [say(turn, 'text', withWayToPrivate(turn, text.movedToPrivate))]
  return { ...outcome, replies, draftIn: 'private' }
}
