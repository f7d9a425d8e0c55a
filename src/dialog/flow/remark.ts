import type { DraftState } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Form } from '../../forms/form.ts'
import { cleanForEcho, cleanTyped } from '../../language/clean.ts'
import { text } from '../text.ts'
import { findMove, type ReadTurn } from '../turn.ts'
import { goOn } from './ask.ts'

const LONGEST_ECHOED = 30

/** 尽快来, 顶楼, 白色的: added to the matter, and said so. undefined where the form has no place for it. */
export function addRemark(turn: ReadTurn, form: Form, draft: DraftState, said: string): Outcome | undefined {
  if (form.remark === undefined || turn.reading.blank !== undefined) return undefined
  const values = { ...draft.values, ...form.remark(draft.values, said.trim()) }
  return goOn(turn, form, { ...draft, values, misses: 0 }, { lead: text.remarkAdded(cleanTyped(cleanForEcho(said), { longest: LONGEST_ECHOED })) })
}

/** What answers nothing that was asked, and was read as a remark or tells of a trouble. */
export function takeRemark(turn: ReadTurn, form: Form, draft: DraftState): Outcome | undefined {
  const remark = findMove(turn, 'add')
  if (remark) return addRemark(turn, form, draft, remark.text)
  const given = findMove(turn, 'give')
  const service = given && turn.form.read.category(given.text)
  return given && service !== undefined && service !== OTHER ? addRemark(turn, form, draft, given.text) : undefined
}

/** The catalogue's name for what nothing else fits. */
const OTHER = '其他'
