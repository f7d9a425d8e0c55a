import type { ReportedFault } from '../../../domain/office/facts.ts'
import type { ConversationState, DraftState } from '../../../domain/kept-state.ts'
import type { Reply } from '../../../domain/messages/messages.ts'
import type { NewRequest, Outcome } from '../../../domain/messages/outcome.ts'
import { LONGEST_NOTE } from '../../../domain/requests/requests.ts'
import { FORMS } from '../../../forms/forms.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { answersSame, isAtHome, nearReports } from '../../../language/compare/same-matter.ts'
import { publicPlaceOf } from '../../../language/values/places/same-place.ts'
import { questionOfForm } from '../../asked.ts'
import { blank, fed, hasGivenConsent, keepAsking } from '../../flow/ask.ts'
import { button, text } from '../../text.ts'
import { hasMove, type ReadTurn, type Step, type Turn } from '../../turn.ts'

/*
 * What is everybody's is often reported by many. Who reports what somebody else has reported is asked whether it is that, as soon as matter
 * and place are known, and told of it what, where, since when and how far: nothing that says who reported it or in which words.
 */

/** Whether the turn may end in a form that tells of a public fault. */
export const mayTellOfSame = (turn: ReadTurn): boolean => (turn.draft !== null && FORMS[turn.draft.form].nameless !== undefined) || turn.state.waitingFor?.type === 'nameless' || hasMove(turn, 'report')

/**
 * The outcome, with the question whether it is what was reported already before that of the form: once as soon as it may be, once more at the
 * summary. It is answered in its own words alone: whatever else is said goes on with the form.
 */
export function askIfSame(turn: Turn, outcome: Outcome, before: ConversationState): Outcome {
  const { draft, replies } = outcome
  if (draft == null || draft.further.length > 0) return outcome
  const at = replies.findIndex(({ question }) => question === questionOfForm(draft))
  const near = at === -1 ? undefined : findSame(turn, draft)
  const asked = draft.askedIfSame ?? []
  if (near === undefined || asked.includes(`${near.id}|no`)) return outcome
  const key = draft.stage === 'confirm' ? `${near.id}|confirm` : near.id
  if (asked.includes(key)) return outcome
  const question = `same:${turn.context.inboundId}`
  const reply: Reply = { to: 'private', kind: 'question', text: text.isItThis({ ...near, place: publicPlaceOf(near.address ?? '') }), buttons: [button(text.itIsThis), button(text.itIsOther)], question }
  return {
    ...outcome,
    replies: replies.toSpliced(at, 0, reply),
    draft: { ...draft, askedIfSame: [...asked, key] },
    state: { ...(outcome.state ?? before), waitingFor: { type: 'same_matter', question, at: turn.now.toISOString(), requestId: near.id } },
    ...(outcome.draftIn === 'private' && { stateIn: 'both' as const }),
  }
}

/** What the form would file, as far as it is a public fault. */
function findSame(turn: Turn, draft: DraftState): ReportedFault | undefined {
  const form = FORMS[draft.form]
  const { reported = [] } = turn.facts
  if (reported.length === 0 || draft.values['description'] === undefined || form.nameless?.(draft.values, turn.form) == null) return undefined
  const request = requestOf(turn, draft)
  if (request === undefined || isAtHome(request)) return undefined
  return nearReports(request, reported.filter((other) => !isAtHome(other)))[0]
}

function requestOf(turn: Turn, draft: DraftState): NewRequest | undefined {
  const [first] = FORMS[draft.form].records(draft.values, turn.form, [])
  return first?.type === 'create_request' ? first.request : undefined
}

/** "是，就是这件", "不是这件". */
export const sameMatterStep: Step = {
  name: 'the same as what was reported',
  why: 'It was asked beside the question of the form, whose answer the same words would be taken for.',
  takes: 'all',
  applies: (turn) => turn.draft !== null && turn.state.waitingFor?.type === 'same_matter' && answersSame(turn.message.text) !== undefined,
  needs: ['reported'],
  decide: (turn) => {
    const { waitingFor, ...state } = turn.state
    if (turn.draft === null || waitingFor?.type !== 'same_matter') return undefined
    const form = FORMS[turn.draft.form]
    const draft = fed(turn, turn.draft)
    const { requestId } = waitingFor
    const goOn = (lead: string): Outcome => ({ ...keepAsking(turn, form, { ...draft, askedIfSame: [...(draft.askedIfSame ?? []), `${requestId}|no`] }, lead), state })
    if (answersSame(turn.message.text) === false) return goOn(text.anotherThing)
    const same = turn.facts.reported?.find(({ id }) => id === requestId)
    return same === undefined ? goOn(text.sameIsOver) : { ...join(turn, draft, same), state: { ...state, just: 'receipt' } }
  },
}

function join(turn: Turn, draft: DraftState, same: ReportedFault): Outcome {
  const told = draft.values['description']
  const note = cleanTyped(typeof told === 'string' ? told : '', { longest: LONGEST_NOTE })
  const holdsContact = FORMS[draft.form].fields.some(({ name, isContact }) => isContact === true && draft.values[name] !== undefined)
  return {
    intent: draft.form,
    replies: [{ to: 'private', kind: 'receipt', text: text.joinedReport(same), buttons: [button('查进度')] }],
    draft: null,
    // Name and telephone are not needed for this, and were not agreed to.
    changes: [{ type: 'join_report', requestId: same.id, note, messageIds: draft.messageIds }, ...(holdsContact && !hasGivenConsent(turn) ? [blank(draft)] : [])],
  }
}
