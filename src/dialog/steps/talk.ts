import type { Change, Outcome } from '../../domain/messages/outcome.ts'
import { sentenceFor } from '../photos/attachments.ts'
import { leaveToStaff } from '../staff-requests.ts'
import { isAfterReceipt, mayBeMeant, whichIsMeant } from './requests/follow-ups.ts'
import { isOpen } from '../../domain/requests/requests.ts'
import { mainButtons, text } from '../text.ts'
import { firstMove, hasMove, isInGroup, say, type ReadTurn, type Step, type Turn } from '../turn.ts'

export const personStep: Step = {
  name: 'a person',
  why: 'After the forms that a person might be wanted for; before questions, which would be answered with a clause about staff.',
  takes: ['person'],
  applies: (turn) => hasMove(turn, 'person'),
  needs: ['requests', 'button'],
  decide: (turn) => leaveToStaff(turn, 'human_handoff', text.handoff, turn.draft === null && isAfterReceipt(turn) ? whichIsMeant(turn, mayBeMeant(turn).filter(isOpen)) : undefined),
}

const TALK = ['help', 'cancel', 'back', 'restart', 'thank', 'bye', 'greet', 'chat', 'agree', 'mended'] as const

export const talkStep: Step = {
  name: 'talk',
  why: 'Thanks and greetings are answered where nothing else is said.',
  takes: TALK,
  applies: (turn) => turn.reading.blank !== undefined || hasMove(turn, ...TALK),
  needs: [],
  decide: chat,
}

/** With whom to call and when somebody is there. */
const withOffice = ({ officeLine }: ReadTurn, said: string): string => (officeLine === undefined ? said : `${said}\n${officeLine}`)

const buttonsOf = (turn: ReadTurn) => (isInGroup(turn) ? [] : mainButtons())

function chat(turn: Turn): Outcome | undefined {
  const { attachments } = turn.message
  const { blank } = turn.reading
  if (blank !== undefined) {
    const sentence = attachments.length > 0 ? sentenceFor(attachments) : blank === 'emoji' ? text.onlyEmoji : text.blank
    return { intent: blank === 'emoji' ? 'smalltalk' : 'other', replies: [say(turn, 'text', sentence, buttonsOf(turn))], changes: [] }
  }
  const move = firstMove(turn, TALK)
  switch (move?.type) {
    case undefined:
      return undefined
    case 'help':
      return { intent: 'smalltalk', replies: [say(turn, 'text', withOffice(turn, text.help), buttonsOf(turn))], changes: [] }
    case 'cancel':
      return { intent: 'cancel', replies: [say(turn, 'text', text.nothingToCancel)], changes: [] }
    case 'back':
    case 'restart':
      return { intent: 'other', replies: [say(turn, 'text', text.hello, mainButtons())], changes: [] }
    case 'thank':
      return { intent: 'smalltalk', replies: [say(turn, 'text', text.thanks)], changes: [] }
    case 'mended':
      return { intent: 'cancel', replies: [say(turn, 'text', text.goodThatItIs)], changes: [] }
    case 'bye':
      return { intent: 'smalltalk', replies: [say(turn, 'text', text.bye)], changes: [] }
    case 'greet':
    case 'chat':
    case 'agree':
      return { intent: 'smalltalk', replies: [say(turn, 'text', withOffice(turn, text.hello), buttonsOf(turn))], changes: [] }
    default:
      return move satisfies never
  }
}

/** Shorter words may be the beginning of more. */
const SHORTEST_NOTED = 5

function noteMisread({ reading: { doubtful }, message }: ReadTurn): Change[] {
  if (doubtful === undefined || message.text.length < SHORTEST_NOTED) return []
  return [{ type: 'note_misread', misread: { ...doubtful, cause: 'not_understood', chosen: null } }]
}

export const notUnderstoodStep: Step = {
  name: 'not understood',
  why: 'Nothing else took the message.',
  takes: 'all',
  applies: () => true,
  needs: [],
  decide: (turn) => {
    const intent = turn.reading.intent === 'ask_policy' ? 'other' : turn.reading.intent
    const reply = isInGroup(turn) ? say(turn, 'text', text.notUnderstoodInGroup) : say(turn, 'text', text.notUnderstood, mainButtons())
    return { intent, replies: [reply], changes: noteMisread(turn) }
  },
}
