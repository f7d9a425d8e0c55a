import type { Outcome } from '../domain/outcome.ts'
import { cleanTyped, isBlank } from '../language/clean.ts'
import { sentenceFor } from './attachments.ts'
import { continueDraft, describeDraft, dismissOutdatedButton, remind } from './draft.ts'
import { handleEdit } from './edited-messages.ts'
import { addToEmergency, handleEmergency } from './emergency.ts'
import { clarifyOffer, handleOfferAnswer } from './help-offers.ts'
import { handlePersonalData } from './personal-data.ts'
import { answerQuestion, passOn, showDetails } from './questions.ts'
import { handleRating, handleStatus } from './own-requests.ts'
import { handleStaffCommand } from './staff-commands.ts'
import { requestForStaff } from './staff-requests.ts'
import { dismissOthersButton, dismissStaleButton } from './stale-buttons.ts'
import { startForm } from './start-form.ts'
import { switchForm } from './switch-form.ts'
import { mainButtons, text } from './text.ts'
import { isInGroup, say, type Step, type Turn } from './turn.ts'
import { handleVote } from './votes.ts'

/** What goes before an open form, and leaves it as it is. The first route that takes the message decides it. */
const BEFORE_FORMS: readonly Step[] = [dismissOthersButton, dismissOutdatedButton, addToEmergency, handleStaffCommand, handleVote, handleOfferAnswer, handlePersonalData]
const AFTER_FORMS: readonly Step[] = [clarifyOffer, showDetails, passOn, handleStatus, handleRating, startForm, handOff, dismissStaleButton, answerQuestion, chat]

/** Decides one turn from what was said and looked up. Pure: the same turn gives the same outcome. */
export function decide(turn: Turn): Outcome {
  return dropUnanswered(turn, decideOpen(turn))
}

/** Whoever says something else to "really delete everything?" has dropped it: a 同意 said later is not meant for that. */
function dropUnanswered(turn: Turn, outcome: Outcome): Outcome {
  const { pending: _dropped, ...state } = outcome.state ?? turn.state
  const isAskedNow = turn.command?.type === 'delete_data' && outcome.state?.pending !== undefined
  const isForgotten = outcome.changes.some(({ type }) => type === 'erase_person' || type === 'blank_messages')
  return turn.state.pending === undefined || isAskedNow || isForgotten ? outcome : { ...outcome, state }
}

function decideOpen(turn: Turn): Outcome {
  const corrected = handleEdit(turn)
  if (corrected) return remind(turn, corrected)
  const emergency = handleEmergency(turn)
  if (emergency) return emergency
  const aside = firstOf(BEFORE_FORMS, turn)
  if (aside) return remind(turn, aside)
  return switchForm(turn) ?? continueDraft(turn) ?? remind(turn, firstOf(AFTER_FORMS, turn) ?? notUnderstood(turn))
}

function firstOf(routes: readonly Step[], turn: Turn): Outcome | undefined {
  for (const route of routes) {
    const outcome = route(turn)
    if (outcome) return outcome
  }
  return undefined
}

function handOff(turn: Turn): Outcome | undefined {
  if (turn.command?.type !== 'human' && turn.understanding.intent !== 'human_handoff') return undefined
  const open = turn.facts.requests?.find((request) => request.kind === 'handoff' && ['submitted', 'accepted', 'in_progress', 'dispatched', 'waiting_resident'].includes(request.status))
  if (open) {
    return {
      intent: 'human_handoff',
      replies: [say(turn, 'receipt', text.handoffAgain)],
      changes: [{ type: 'note_on_request', requestId: open.id, note: cleanTyped(turn.message.text, { longest: 500 }) }],
    }
  }
  return {
    intent: 'human_handoff',
    replies: [say(turn, 'receipt', text.handoff)],
    changes: [{ type: 'create_request', request: requestForStaff(turn, 'handoff', `${turn.message.text}${describeDraft(turn)}`) }],
  }
}

function chat(turn: Turn): Outcome | undefined {
  const { command, understanding, message } = turn
  const blank = isBlank(message.text)
  if (blank !== undefined) {
    const sentence = message.attachments.length > 0 ? sentenceFor(message.attachments) : blank === 'emoji' ? text.onlyEmoji : text.blank
    return { intent: blank === 'emoji' ? 'smalltalk' : 'other', replies: [say(turn, 'text', sentence, isInGroup(turn) ? [] : mainButtons())], changes: [] }
  }
  if (command?.type === 'help') return { intent: 'smalltalk', replies: [say(turn, 'text', text.help, isInGroup(turn) ? [] : mainButtons())], changes: [] }
  if (command?.type === 'cancel' || understanding.intent === 'cancel') return { intent: 'cancel', replies: [say(turn, 'text', text.nothingToCancel)], changes: [] }
  if (command?.type === 'back' || command?.type === 'restart') return { intent: 'other', replies: [say(turn, 'text', text.hello, mainButtons())], changes: [] }
  if (understanding.intent !== 'smalltalk') return undefined
  const sentence = /谢|辛苦|多谢/.test(message.text) ? text.thanks : /再见|拜拜|回头见/.test(message.text) ? text.bye : text.hello
  return { intent: 'smalltalk', replies: [say(turn, 'text', sentence, sentence === text.hello && !isInGroup(turn) ? mainButtons() : [])], changes: [] }
}

function notUnderstood(turn: Turn): Outcome {
  const intent = turn.understanding.intent === 'ask_policy' ? 'other' : turn.understanding.intent
  const reply = isInGroup(turn) ? say(turn, 'text', text.notUnderstoodInGroup) : say(turn, 'text', text.notUnderstood, mainButtons())
  return { intent, replies: [reply], changes: [] }
}
