import type { OneTimeCodeView } from '../../store/people/people.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import { text } from '../text.ts'
import { findMove, hasMove, isInGroup, say, type Step, type Turn } from '../turn.ts'

const MOST_FAILED_CODES = 5

/** 绑定 CODE. No text alone makes anyone staff, nor anyone's request theirs: only a code that staff made, once, in a private conversation. */
export const bindStep: Step = {
  name: 'bind',
  why: 'A code is for nothing else, and must not stand in a form.',
  takes: ['bind'],
  applies: (turn) => hasMove(turn, 'bind'),
  needs: ['code'],
  decide: bind,
}

export function bind(turn: Turn): Outcome | undefined {
  const { code, failedCodes = 0 } = turn.facts
  // What only looks like a code is something else.
  if (!code && findMove(turn, 'bind')?.isBare) return undefined
  const answer = (sentence: string, changes: Outcome['changes'] = []): Outcome => ({ intent: 'announcement_admin', replies: [say(turn, 'text', sentence)], changes })
  if (failedCodes >= MOST_FAILED_CODES) return answer(text.codeTooMany)
  if (!code) return answer(text.codeWrong, [{ type: 'count_failed_code' }])
  if (code.purpose === 'room') {
    if (!isInGroup(turn)) return answer(text.codeWrong, [{ type: 'count_failed_code' }])
    if (!turn.context.person.staff) return answer(text.onlyStaffBinds)
    return code.roomId === null ? answer(text.boundRoom, [{ type: 'bind_room', codeId: code.id }]) : answer(...bindAgain(turn, code.id))
  }
  if (isInGroup(turn)) return answer(text.codeInPrivate)
  if (code.purpose === 'guardian') return confirmChild(turn, code)
  if (code.purpose === 'request') return code.request === null ? answer(text.codeWrong) : { ...answer(text.joinedRequest(code.request), [{ type: 'join_request', codeId: code.id }]), intent: 'request_status' }
  return answer(text.boundStaff(code.staffName), [{ type: 'bind_staff', codeId: code.id }])
}

/** A guardian gives their word with the code that staff told them; the child's own chat can't. */
function confirmChild(turn: Turn, { id, child }: OneTimeCodeView): Outcome {
  const answer = (sentence: string, changes: Outcome['changes'] = []): Outcome => ({ intent: 'volunteer_signup', replies: [say(turn, 'text', sentence)], changes })
  if (child === undefined) return answer(text.codeWrong)
  return child.personId === turn.context.person.id ? answer(text.guardianIsAnother) : answer(text.guardianConfirmed(child), [{ type: 'confirm_child', codeId: id }])
}

/** The group is a room of ours under a new id. Staff said so by their code; what the groups are called decides nothing. */
function bindAgain({ facts: { room }, context: { conversation }, message }: Turn, codeId: string): [sentence: string, changes?: Outcome['changes']] {
  if (!room || room.channel !== message.channel || room.account !== message.account) return [text.codeOfOtherPlatform]
  // Taking a room of its own in would mix the histories of two: staff must first say that it is none.
  if (room.id !== conversation.id && conversation.isBound) return [text.isAnotherRoom]
  return [text.boundRoomAgain(room.title), [{ type: 'bind_room', codeId }]]
}
