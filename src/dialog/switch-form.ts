import type { Outcome } from '../domain/outcome.ts'
import { FORMS } from '../forms/forms.ts'
import { findCommand } from '../language/commands.ts'
import { findOtherMatter } from '../language/other-matter.ts'
import { blank } from './draft.ts'
import { startForm } from './start-form.ts'
import { text } from './text.ts'
import type { Turn } from './turn.ts'

/** "不当了，我要报修": the open form is dropped with all that was said in it, and the other one begins with what the message says of it. */
export function switchForm(turn: Turn): Outcome | undefined {
  const { draft, understanding, message } = turn
  if (!draft || (understanding.intent !== 'service_request' && understanding.intent !== 'volunteer_signup') || understanding.intent === draft.form) return undefined
  const said = findOtherMatter(message.text)
  if (said === undefined) return undefined
  const opened = startForm({ ...turn, draft: null, command: findCommand(said), message: { ...message, text: said } })
  if (!opened) return undefined
  const [first, ...others] = opened.replies
  const replies = first ? [{ ...first, text: `${text.formDropped(FORMS[draft.form].title)}\n${first.text}` }, ...others] : []
  return { ...opened, replies, draft: opened.draft ?? null, changes: [blank(draft), ...opened.changes] }
}
