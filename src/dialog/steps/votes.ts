import type { Button } from '../../domain/messages/messages.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { codeOfAnswer } from '../../store/knowledge/votes.ts'
import { button, text } from '../text.ts'
import { hasMove, isInGroup, say, type Step, type Turn } from '../turn.ts'

/** 有用 and 没用 under an answer. They name the answer, so that an old one, or somebody else's in a group, can be voted on too. */
export function voteButtons(inboundId: string): Button[] {
  const code = codeOfAnswer(inboundId)
  return [
    { ...button('有用', voteText(true, code)), isQuiet: true },
    { ...button('没用', voteText(false, code)), isQuiet: true },
  ]
}

/** What a button says that votes on one answer. */
const voteText = (isUseful: boolean, code: string): string => `${isUseful ? '有用' : '没用'} #${code}`

export const voteStep: Step = {
  name: 'vote',
  why: 'Right after an answer 有用 and 没用 are meant for it, even where a form is open; without one they are no vote and go on.',
  takes: ['useful', 'useless'],
  applies: (turn) => hasMove(turn, 'useful', 'useless'),
  needs: ['vote'],
  decide: takeVote,
}

/** A vote on an answer: kept, and thanked for in a word. After 没用 the question can be passed on with one more tap. */
function takeVote(turn: Turn): Outcome | undefined {
  const { vote } = turn.facts
  if (!vote) return undefined
  if (vote.on === null) return { intent: 'rate_feedback', replies: [say(turn, 'text', text.voteGone)], changes: [] }
  const { inboundId, answered, before } = vote.on
  const { refused, ...state } = turn.state
  const changes: Outcome['changes'] = [{ type: 'vote_answer', inboundId, isUseful: vote.isUseful, answered }]
  const votedOn = { ...answered, votedOn: inboundId }
  if (vote.isUseful) {
    const sentence = before === null ? text.votedUseful : before ? text.votedAgain : text.voteChanged
    const isTakenBack = answered.kind !== 'refusal' && refused?.question === answered.question
    return { intent: 'rate_feedback', replies: [say(turn, 'text', sentence)], ...(isTakenBack && { state }), answered: votedOn, changes }
  }
  const { question, document, clause } = answered
  const sentence = isInGroup(turn) ? text.votedUselessInGroup : text.votedUseless
  return { intent: 'rate_feedback', replies: [say(turn, 'text', sentence, [button('转给工作人员')])], state: { ...state, refused: { question, document, clause, inboundId, offeredIn: turn.context.inboundId } }, answered: votedOn, changes }
}
