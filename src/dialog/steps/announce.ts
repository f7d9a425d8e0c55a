import type { ChatAnnouncement } from '../../domain/kept-state.ts'
import type { Outcome } from '../../domain/messages/outcome.ts'
import type { Area } from '../../domain/services.ts'
import { button, text } from '../text.ts'
import { findMove, hasMove, isInGroup, say, sayPrivately, type Step, type Turn } from '../turn.ts'

export const announceStep: Step = {
  name: 'announcement',
  why: 'Staff write to many: what they compose or confirm is no part of a form of their own.',
  takes: ['announce'],
  applies: (turn) => hasMove(turn, 'announce'),
  needs: ['announcement'],
  decide: (turn) => compose(turn),
}

/** An announcement is shown first, then kept as a draft that a second person approves. */
export const confirmAnnouncementStep: Step = {
  name: 'announcement confirmed',
  why: 'Words that name it (确认发布, 不发了) mean it even while a form is open; others only where it was asked last.',
  takes: ['confirm', 'cancel'],
  applies: (turn) => turn.state.waitingFor?.type === 'announcement' && hasMove(turn, 'confirm', 'cancel'),
  needs: [],
  decide: confirm,
}

function confirm(turn: Turn): Outcome | undefined {
  const { waitingFor, ...state } = turn.state
  const move = turn.moves.find((one) => (one.type === 'confirm' || one.type === 'cancel') && (one.of === 'announcement' || (one.of === undefined && turn.asked === 'announcement_sure')))
  if (move === undefined || waitingFor?.type !== 'announcement' || !turn.context.person.staff) return undefined
  return move.type === 'confirm'
    ? { intent: 'announcement_admin', replies: [say(turn, 'receipt', text.announcementKept)], state, changes: [{ type: 'create_announcement', announcement: waitingFor.announcement }] }
    : { intent: 'announcement_admin', replies: [say(turn, 'text', text.announcementDropped)], state, changes: [] }
}

/** Anybody who is not staff is told who can do it. */
function compose(turn: Turn): Outcome {
  const answer = (sentence: string): Outcome => ({ intent: 'announcement_admin', replies: [say(turn, 'text', sentence)], changes: [] })
  if (!turn.context.person.staff) return answer(text.staffOnly)
  const draft = turn.facts.announcement
  if (draft === undefined || findMove(turn, 'announce')?.announcement === '' || draft.text === '') return answer(text.announceHow)
  const { count, examples, whom, ...announcement } = draft
  if (isInGroup(turn)) return { intent: 'announcement_admin', replies: sayPrivately(turn, 'text', text.announceHow, [], text.announceInPrivate), changes: [] }
  const question = `announcement:${turn.context.inboundId}`
  return {
    intent: 'announcement_admin',
    replies: [{ ...say(turn, 'confirm', text.announcementPreview(announcement.text, { whom, count, examples }), [button('确认发布'), button('取消')]), question }],
    state: { ...turn.state, waitingFor: { type: 'announcement', question, at: turn.now.toISOString(), announcement } },
    changes: [],
  }
}

const ROLE_NAMES = [
  ['志愿者', 'volunteer'],
  ['群', 'group'],
  ['居民', 'resident'],
] as const

/** Whom an announcement is for, as its writer reads it. */
export function describeWhom({ areas: codes = [], roles = [], tags = [] }: ChatAnnouncement['audience'], areas: readonly Area[]): string {
  const places = codes.map((code) => areas.find((area) => area.code === code)?.name ?? code)
  const who = [...tags.map((tag) => `标签“${tag}”`), ...ROLE_NAMES.filter(([, role]) => roles.includes(role)).map(([word]) => word)]
  return [places.join('、'), who.join('、')].filter((part) => part !== '').join('，') || '所有订阅的居民'
}
