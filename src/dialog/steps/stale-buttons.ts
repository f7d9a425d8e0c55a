import type { Outcome } from '../../domain/messages/outcome.ts'
import { FORMS } from '../../forms/forms.ts'
import { ASKING_KINDS } from '../../store/conversations/pressed-buttons.ts'
import { isOfForm, questionOfForm } from '../asked.ts'
import { keepAsking } from '../flow/ask.ts'
import { mainButtons, text } from '../text.ts'
import { hasMove, isInGroup, say, type ReadTurn, type Step, type Turn } from '../turn.ts'

/** What whoever presses such a button reads. */
export const staleButton = (turn: ReadTurn): Outcome => ({ intent: 'other', replies: [say(turn, 'text', text.staleButton, isInGroup(turn) ? [] : mainButtons())], isStaleButton: true, changes: [] })

const mayBePress = ({ message }: ReadTurn): boolean => message.buttonOf !== undefined || message.repliesTo !== undefined

/** In a group everybody sees the buttons; but for votes, they are for the one who was answered. */
export const othersButtonStep: Step = {
  name: 'button of somebody else',
  why: 'Before anything that a button could do: it is not this person’s to press.',
  takes: 'all',
  applies: (turn) => isInGroup(turn) && mayBePress(turn),
  needs: ['button', 'vote'],
  decide: (turn) => {
    const { button, vote } = turn.facts
    if (button === undefined || vote !== undefined || button.personId === null || button.personId === turn.context.person.id) return undefined
    return { intent: 'other', replies: [say(turn, 'text', text.othersButton)], changes: [] }
  },
}

export const outdatedButtonStep: Step = {
  name: 'outdated button',
  why: 'A button answers the question that it stands under and no other, so before anything that its words could answer now.',
  takes: 'all',
  applies: mayBePress,
  needs: ['button'],
  decide: (turn) => (isOutdated(turn) ? stillAsking(turn) : undefined),
}

/** Whether the message under which the button stood asks what is not being asked any more. */
function isOutdated(turn: Turn): boolean {
  const { draft, state } = turn
  const { button } = turn.facts
  // What means itself whatever it stood under.
  if (button === undefined || !ASKING_KINDS.includes(button.kind) || hasMove(turn, 'person', 'help', 'praise', 'complain', 'status')) return false
  const isOfCancel = hasMove(turn, 'cancel')
  const { question } = button
  // Sent before questions had ids: by its time alone.
  if (question === undefined) return !isOfCancel && button.createdAt.getTime() < new Date(state.waitingFor?.at ?? draft?.openedAt ?? turn.now).getTime()
  if (question === state.waitingFor?.question) return false
  if (draft === null) return !isOfCancel
  if (!isOfForm(question, draft)) return true
  return !isOfCancel && !hasMove(turn, 'correct') && question !== questionOfForm(draft)
}

const stillAsking = (turn: ReadTurn): Outcome =>
  turn.draft === null ? staleButton(turn) : { ...keepAsking(turn, FORMS[turn.draft.form], turn.draft, `${text.staleButton}\n${text.goOn}`), isStaleButton: true }

/** By time alone, where the message is not known of which it is a button. Platforms tell whole seconds. */
export const earlierFormButtonStep: Step = {
  name: 'button of an earlier form',
  why: 'Before the form reads it: what was offered before the form was opened answers nothing in it.',
  takes: 'all',
  applies: ({ message, draft }) => message.buttonSentAt !== undefined && draft !== null && message.buttonSentAt.getTime() < Math.floor(new Date(draft.openedAt).getTime() / 1000) * 1000,
  needs: ['button'],
  decide: (turn) => (turn.facts.button === undefined && !hasMove(turn, 'person', 'help', 'praise', 'complain', 'status', 'details', 'pass_on') ? stillAsking(turn) : undefined),
}

/** A button that answers what nobody asks any more, where the message is not known of which it is one. */
export const staleButtonStep: Step = {
  name: 'stale button',
  why: 'Last before questions and talk: whatever a button could still mean was tried.',
  takes: 'all',
  applies: ({ message, draft, moves }) => message.buttonSentAt !== undefined && draft === null && (moves.length === 0 || hasMove({ moves }, 'agree', 'refuse', 'confirm', 'skip', 'back', 'restart', 'correct')),
  needs: [],
  decide: staleButton,
}
