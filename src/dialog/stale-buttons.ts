import type { DraftState, Outcome } from '../domain/outcome.ts'
import type { Command } from '../language/commands.ts'
import { ASKING_KINDS } from '../store/pressed-buttons.ts'
import { mainButtons, text } from './text.ts'
import { isInGroup, say, type Turn } from './turn.ts'

type CommandType = Command['type']

/** What only answers something that was asked. */
const ANSWERS: ReadonlySet<CommandType> = new Set<CommandType>(['agree', 'refuse', 'confirm', 'skip', 'back', 'restart', 'correct'])
/** What a button means whatever it stood under. */
const MEANS_ITSELF: ReadonlySet<string> = new Set<CommandType>(['human', 'help', 'rate', 'status'])

/**
 * Whether a button was pressed that answers what is not being asked any more: under an earlier question of this form, under
 * an earlier form, under an announcement that was shown before another one. It must not answer what is asked now.
 * @param asked the words in which the open form asks now
 */
export function isOutdatedButton(turn: Turn, asked: string | null): boolean {
  const { draft, command, state } = turn
  const { button } = turn.facts
  if (button === undefined || !ASKING_KINDS.includes(button.kind) || MEANS_ITSELF.has(command?.type ?? '')) return false
  const waits = state.pending !== undefined || state.announcement !== undefined
  if (waits && state.shownIn === button.inboundId) return false
  if (draft === null || asked === null) return command?.type !== 'cancel'
  if (button.createdAt.getTime() < new Date(draft.openedAt).getTime()) return true
  return command?.type !== 'cancel' && command?.type !== 'correct' && !button.text.endsWith(asked)
}

/** The same by time alone, where the message is not known of which it is a button. Platforms tell whole seconds. */
export const isOfEarlierForm = (turn: Turn, draft: DraftState): boolean =>
  turn.facts.button === undefined && turn.message.buttonSentAt !== undefined && turn.message.buttonSentAt.getTime() < Math.floor(new Date(draft.openedAt).getTime() / 1000) * 1000

/** What whoever presses such a button reads. */
export const staleButton = (turn: Turn): Outcome => ({ intent: 'other', replies: [say(turn, 'text', text.staleButton, isInGroup(turn) ? [] : mainButtons())], isStaleButton: true, changes: [] })

/** In a group everybody sees the buttons; but for votes, they are for the one who was answered. */
export function dismissOthersButton(turn: Turn): Outcome | undefined {
  const { button, vote } = turn.facts
  if (!isInGroup(turn) || button === undefined || vote !== undefined || button.personId === null || button.personId === turn.context.person.id) return undefined
  return { intent: 'other', replies: [say(turn, 'text', text.othersButton)], changes: [] }
}

/** A button that answers what nobody asks any more, where the message is not known of which it is one. */
export function dismissStaleButton(turn: Turn): Outcome | undefined {
  if (turn.message.buttonSentAt === undefined || turn.draft) return undefined
  return turn.command !== undefined && !ANSWERS.has(turn.command.type) ? undefined : staleButton(turn)
}
