import type { DraftState } from '../../domain/kept-state.ts'
import type { Move } from '../../domain/moves.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { openDraft, overwriteSaid } from '../../forms/engine.ts'
import { type Form } from '../../forms/form.ts'
import { FORMS, formOpenedBy } from '../../forms/forms.ts'
import { blank, goOn } from '../flow/ask.ts'
import { knownContact } from '../staff-requests.ts'
import { text } from '../text.ts'
import { isInGroup, say, sayPrivately, type ReadTurn, type Step, type Turn, withWayToPrivate } from '../turn.ts'

const OPENING = Object.values(FORMS).flatMap(({ opensWith }) => [...opensWith])
const NEEDS = [...new Set(Object.values(FORMS).flatMap(({ needs }) => needs))]

/** The move that opens a form, and that form. */
function findOpening({ moves }: Pick<ReadTurn, 'moves'>): { move: Extract<Move, { slots: unknown }>; form: Form } | undefined {
  for (const move of moves) {
    const form = formOpenedBy(move.type)
    if (form !== undefined && 'slots' in move) return { move, form }
  }
  return undefined
}

export const startFormStep: Step = {
  name: 'start of a form',
  why: 'After what is filed already and after all that may answer a question: a new form is the heaviest reading of a message.',
  takes: OPENING,
  applies: (turn) => turn.draft === null && findOpening(turn) !== undefined,
  needs: NEEDS,
  decide: startForm,
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
  const opened = openForm(turn, opening.form, opening.move)
  return isInGroup(turn) ? moveToPrivate(turn, opened) : opened
}

function openForm(turn: Turn, form: Form, { type, text: said, slots }: Extract<Move, { slots: unknown }>): Outcome {
  const draft = openDraft(form, { text: said, slots, context: turn.form, inboundId: turn.context.inboundId })
  const known = { ...(turn.facts.volunteer !== undefined && { volunteer: turn.facts.volunteer }), contact: knownContact(turn) }
  const beginning = form.begin(known, draft.values, type)
  if ('instead' in beginning) return { intent: form.id, replies: [{ to: 'private', kind: 'text', ...beginning.instead }], changes: [] }
  const { values, overwrites = false, lead } = beginning
  const begun: DraftState = { ...draft, values: overwrites ? { ...values } : { ...values, ...draft.values } }
  const names = form.fields.map((field) => field.name)
  const filled = overwrites ? (overwriteSaid(form, begun, slots, turn.form, names) ?? begun) : begun
  return goOn(turn, form, filled, lead === undefined ? {} : { lead })
}

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
