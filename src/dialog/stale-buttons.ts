import type { DraftState, Outcome } from '../domain/outcome.ts'
import type { Command } from '../language/commands.ts'
import { mainButtons, text } from './text.ts'
import { isInGroup, say, type Turn } from './turn.ts'

/** What only answers something that was asked. */
const ANSWERS: ReadonlySet<Command['type']> = new Set<Command['type']>(['agree', 'refuse', 'confirm', 'skip', 'back', 'restart', 'correct'])

/** Whether a button was pressed that an earlier form showed: it must not answer the one that is open. Platforms tell whole seconds. */
export const isOfEarlierForm = (turn: Turn, draft: DraftState): boolean =>
  turn.message.buttonSentAt !== undefined && turn.message.buttonSentAt.getTime() < Math.floor(new Date(draft.openedAt).getTime() / 1000) * 1000

/** A button that answers what nobody asks any more. */
export function dismissStaleButton(turn: Turn): Outcome | undefined {
  if (turn.message.buttonSentAt === undefined || turn.draft) return undefined
  if (turn.command !== undefined && !ANSWERS.has(turn.command.type)) return undefined
  return { intent: 'other', replies: [say(turn, 'text', text.staleButton, isInGroup(turn) ? [] : mainButtons())], isStaleButton: true, changes: [] }
}
