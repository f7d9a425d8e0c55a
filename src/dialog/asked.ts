import type { ConversationState, DraftState, WaitingFor } from '../domain/kept-state.ts'
import type { TurnContext } from '../domain/office/facts.ts'
import type { Asked } from '../domain/messages/moves.ts'
import { FORMS } from '../forms/forms.ts'

const OF_WAITING: Record<WaitingFor['type'], Asked> = { deletion: 'delete_sure', announcement: 'announcement_sure', rating: 'score', subscription: 'subscription', nameless: 'nameless', same_matter: 'nothing', which_of_two: 'which_of_two', which_request: 'receipt' }

/** Questions that whatever staff said since has put out of mind. */
const PUT_OUT_OF_MIND: ReadonlySet<string> = new Set<WaitingFor['type']>(['subscription', 'nameless', 'which_of_two', 'which_request'])

/** The turn that asks may write in the request too, what was said for one: so soon after the question nobody else has. */
const OWN_TURN_MS = 10_000

/** What staff asked since is what is open; and so is what they did, told or wrote a while later. */
const isOutOfMind = ({ askedAt, touchedAt }: NonNullable<TurnContext['person']['request']>, at: Date): boolean => (askedAt !== null && askedAt > at) || touchedAt.getTime() - at.getTime() > OWN_TURN_MS

/** What was asked last: the message is read as something said to that. */
export function whatIsAsked(draft: DraftState | null, state: ConversationState, { request }: Pick<TurnContext['person'], 'request'>): Asked {
  const isOld = request !== null && PUT_OUT_OF_MIND.has(state.waitingFor?.type ?? '') && isOutOfMind(request, new Date(state.waitingFor?.at ?? 0))
  // It is answered in words of its own, beside what the form asks.
  const waitingFor = isOld || state.waitingFor?.type === 'same_matter' ? undefined : state.waitingFor
  // After an announcement was shown the open form was asked again: 确认 is said to that.
  const isAskedLast = draft === null || (waitingFor?.type !== 'announcement' && (waitingFor?.at ?? '') > draft.touchedAt)
  if (waitingFor !== undefined && isAskedLast) return waitingFor.type === 'which_request' && waitingFor.sole !== undefined ? 'withdraw_sure' : OF_WAITING[waitingFor.type]
  if (draft !== null) return askedByForm(draft)
  if (request?.askedAt != null) return 'staff_question'
  if (request !== null) return 'receipt'
  // After a sign-up nothing is filed that a trouble could be told about.
  return state.just === 'answer' ? 'answer' : 'nothing'
}

/** What a message is said to that does not answer the question asked right after a receipt: what was filed. */
export const whatIsBehind = (asked: Asked, { request }: Pick<TurnContext['person'], 'request'>): Asked | undefined =>
  (asked === 'subscription' || asked === 'nameless' || asked === 'withdraw_sure') && request !== null ? (request.askedAt === null ? 'receipt' : 'staff_question') : undefined

function askedByForm({ form, stage, asking }: DraftState): Asked {
  switch (stage) {
    case 'consent':
      return 'consent'
    case 'confirm':
      return 'summary'
    case 'which_field':
      return 'which_field'
    case 'field':
      return FORMS[form].fields.find(({ name }) => name === asking)?.asked ?? 'nothing'
    default:
      return stage satisfies never
  }
}

/** Id of what the open form asks now. The summary is another one whenever it shows something else: what is confirmed is what was seen. */
export function questionOfForm({ form, openedAt, stage, asking, values, further }: DraftState): string {
  const shown = stage === 'confirm' ? digest(JSON.stringify([values, further])) : stage === 'field' ? (asking ?? '') : ''
  return [form, openedAt, stage, shown].join('|')
}

/** Whether a question was one of this form, though maybe not the present one. */
export const isOfForm = (question: string, { form, openedAt }: DraftState): boolean => question.startsWith(`${form}|${openedAt}|`)

/** FNV-1a, 32 bits: tells one summary from the next. */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(36)
}
