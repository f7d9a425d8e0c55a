import type { DraftState } from '../../domain/kept-state.ts'
import type { Move } from '../../domain/messages/moves.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { explainFault, needsConsent, openDraft, overwriteSaid, summarise } from '../../forms/engine.ts'
import type { Form, Nameless } from '../../forms/form.ts'
import type { Slots } from '../../domain/messages/understanding.ts'
import { FORMS, formOpenedBy } from '../../forms/forms.ts'
import { blank, goOn, hasGivenConsent } from '../flow/ask.ts'
import { photosAtHand } from '../photos/photos.ts'
import { knownContact } from '../staff-requests.ts'
import { text } from '../text.ts'
import { hasMove, isInGroup, say, sayPrivately, type ReadTurn, type Step, type Turn, withWayToPrivate } from '../turn.ts'

const OPENING = Object.values(FORMS).flatMap(({ opensWith }) => [...opensWith])
const NEEDS = [...new Set(Object.values(FORMS).flatMap(({ needs }) => needs))]

type OpeningMove = Extract<Move, { slots: unknown }>

interface Opening {
  move: OpeningMove
  form: Form
  /** Further moves that would open a form. */
  others: OpeningMove[]
}

/** The move that opens a form, and that form. */
function findOpening({ moves }: Pick<ReadTurn, 'moves'>): Opening | undefined {
  const [move, ...others] = moves.filter((one): one is OpeningMove => 'slots' in one && formOpenedBy(one.type) !== undefined)
  const form = move && formOpenedBy(move.type)
  return move && form ? { move, form, others } : undefined
}

const needsConsentFirst = (turn: ReadTurn, form: Form, draft: DraftState): boolean => !hasGivenConsent(turn) && needsConsent(form, draft, turn.form)

export const startFormStep: Step = {
  name: 'start of a form',
  why: 'After what is filed already and after all that may answer a question: a new form is the heaviest reading of a message.',
  takes: [...OPENING, 'same_contact'],
  applies: (turn) => turn.draft === null && findOpening(turn) !== undefined,
  needs: NEEDS,
  decide: startForm,
}

const ANSWERS_NAMELESS = ['agree', 'confirm', 'refuse', 'cancel'] as const

/** Whether a public fault is reported without name and telephone, asked after consent was refused. */
export const namelessStep: Step = {
  name: 'answer about reporting without a name',
  why: 'It was asked last, with nothing else open.',
  takes: ANSWERS_NAMELESS,
  applies: (turn) => turn.asked === 'nameless' && hasMove(turn, ...ANSWERS_NAMELESS),
  needs: [],
  decide: (turn) => {
    const isWanted = hasMove(turn, 'agree', 'confirm')
    const wish: OpeningMove = { type: 'report', text: '', slots: {}, isNameless: true }
    return isWanted ? startForm({ ...turn, moves: [wish] }) : { intent: 'cancel', replies: [say(turn, 'text', text.namelessDeclined)], changes: [] }
  },
}

export const switchFormStep: Step = {
  name: 'another form',
  why: 'Who calls one matter off and begins another would else have the second read as an answer to the first.',
  takes: [...OPENING, 'cancel'],
  applies: (turn) => turn.draft !== null && findOpening(turn) !== undefined && findOpening(turn)?.form.id !== turn.draft.form,
  needs: NEEDS,
  decide: switchForm,
}

/** Begins the form at once with all that the message says, in private even when it was said in a group. */
function startForm(turn: Turn): Outcome | undefined {
  const opening = findOpening(turn)
  if (opening === undefined) return undefined
  const opened = openForm(turn, opening)
  return isInGroup(turn) ? moveToPrivate(turn, opened) : opened
}

function openForm(turn: Turn, opening: Opening): Outcome {
  const { move: { type, text: said, slots, ...details }, form, others } = opening
  const { waitingFor } = turn.state
  const values = 'isNameless' in details && waitingFor?.type === 'nameless' ? { ...toldBefore(waitingFor), ...slots } : slots
  const isNameless = 'isNameless' in details && mayBeNameless(turn, form, values)
  const draft = openDraft(form, { text: said, slots: values, context: turn.form, inboundId: turn.context.inboundId, isNameless })
  const known = { ...(turn.facts.volunteer !== undefined && { volunteer: turn.facts.volunteer }), contact: isNameless ? null : knownContact(turn, { evenLongAgo: hasMove(turn, 'same_contact') }) }
  const beginning = form.begin(known, draft.values, type)
  if ('instead' in beginning) return { intent: form.id, replies: [{ to: 'private', kind: 'text', ...beginning.instead }], changes: [] }
  const { values: held, overwrites = false, lead } = beginning
  const begun: DraftState = { ...draft, messageIds: [...(turn.state.pieces?.messageIds ?? []), ...draft.messageIds], values: overwrites ? { ...held } : { ...held, ...draft.values } }
  const names = form.fields.map((field) => field.name)
  const filled = overwrites ? (overwriteSaid(form, begun, slots, turn.form, { only: names, adds: 'adds' in details && details.adds }) ?? begun) : begun
  const further = [...(form.furtherIn?.(slots) ?? []), ...others.flatMap((other) => (formOpenedBy(other.type) === form ? (form.readFurther?.(other.text, other.slots) ?? []) : []))]
  const later = others.map((other) => formOpenedBy(other.type)).find((other) => other !== undefined && other !== form)
  const photos = form.takesPhotos ? photosAtHand(turn) : []
  const complete: DraftState = { ...filled, further, ...(photos.length > 0 && { photos }) }
  const leads = [isNameless ? text.namelessBegun : '', lead ?? '', explainFault(form, complete, said) ?? '', later === undefined ? '' : text.otherFormLater(later.title)].filter((one) => one !== '')
  const understood = needsConsentFirst(turn, form, complete) ? summarise(form, complete) : ''
  return goOn(turn, form, complete, { lead: [...leads, ...(understood === '' ? [] : [text.understood(understood)])].join('\n') })
}

const toldBefore = ({ category, description, address }: Nameless): Slots => ({ ...(category && { category }), ...(description && { description }), ...(address && { address }) })

/** Without a name only what is everybody's is reported: at home somebody has to be found. */
const mayBeNameless = (turn: ReadTurn, form: Form, { category }: Slots): boolean => category === undefined || form.nameless?.({ category }, turn.form) != null

/** "不当了，我要报修": the open form is dropped with all that was said in it, and the other one begins with what the message says of it. */
function switchForm(turn: Turn): Outcome | undefined {
  const opened = turn.draft && startForm({ ...turn, draft: null })
  if (!opened || !turn.draft) return undefined
  const [first, ...others] = opened.replies
  const replies = first ? [{ ...first, text: `${text.formDropped(FORMS[turn.draft.form].title)}\n${first.text}` }, ...others] : []
  return { ...opened, replies, draft: opened.draft ?? null, changes: [blank(turn.draft), ...opened.changes] }
}

function moveToPrivate(turn: ReadTurn, outcome: Outcome): Outcome {
  const [first] = outcome.replies
  if (first === undefined) return { ...outcome, replies: [say(turn, 'text', withWayToPrivate(turn, text.movedToPrivate))], draftIn: 'private' }
  const [hint] = sayPrivately(turn, first.kind, first.text, [], text.movedToPrivate)
  return { ...outcome, replies: hint === undefined ? [first] : [hint, first], draftIn: 'private' }
}
