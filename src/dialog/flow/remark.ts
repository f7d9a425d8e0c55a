import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import type { Form } from '../../forms/form.ts'
import { cleanForEcho, cleanTyped } from '../../language/clean.ts'
import { text } from '../text.ts'
import { findMove, type ReadTurn } from '../turn.ts'
import { goOn } from './ask.ts'

const LONGEST_ECHOED = 30

/** 尽快来, 顶楼, 白色的: added to the matter, and said so. undefined where the form has no place for it. */
export function addRemark(turn: ReadTurn, form: Form, draft: DraftState, said: string): Outcome | undefined {
  const told = withRemark(turn, form, draft, said)
  return told && goOn(turn, form, told, { lead: text.remarkAdded(cleanTyped(cleanForEcho(said), { longest: LONGEST_ECHOED })) })
}

/** The draft with the words in its matter; undefined where there is no place for them. */
export function withRemark(turn: ReadTurn, form: Form, draft: DraftState, said: string): DraftState | undefined {
  if (form.remark === undefined || turn.reading.blank !== undefined) return undefined
  const values = { ...draft.values, ...form.remark(draft.values, said.trim(), turn.form) }
  return { ...draft, values, misses: 0 }
}

/** What answers nothing that was asked, and was read as a remark or tells of a trouble. */
export function takeRemark(turn: ReadTurn, form: Form, draft: DraftState): Outcome | undefined {
  const said = remarkIn(turn)
  return said === undefined ? undefined : addRemark(turn, form, draft, said)
}

/** The draft with what was said at the question for consent and is no answer to it. */
export function takeIn(turn: ReadTurn, form: Form, draft: DraftState): DraftState | undefined {
  const said = remarkIn(turn)
  return said === undefined ? undefined : withRemark(turn, form, draft, said)
}

function remarkIn(turn: ReadTurn): string | undefined {
  const remark = findMove(turn, 'add')
  if (remark) return remark.text
  const given = findMove(turn, 'give')
  const isTrouble = given !== undefined && turn.form.read.slots(given.text, 'description').description !== undefined
  return isTrouble ? given.text : undefined
}
