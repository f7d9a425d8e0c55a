import type { ChatAnnouncement, Outcome } from '../domain/outcome.ts'
import type { Area } from '../domain/services.ts'
import { button, text } from './text.ts'
import { isInGroup, say, sayPrivately, type Turn } from './turn.ts'

const CONFIRMS = /^(?:确认(?:发布|发送|提交|发)?|发布|就这样发?)[!！。.]*$/
const CANCELS = /^(?:取消|不发了?|算了|先不发)[!！。.]*$/

/** 发公告：… of a staff member: shown first, then kept as a draft that a second person approves. Anybody else is told who can do it. */
export function announceInChat(turn: Turn): Outcome | undefined {
  const waiting = turn.state.announcement
  const said = turn.message.text.trim()
  if (turn.command?.type === 'announce' || turn.understanding.intent === 'announcement_admin') return begin(turn)
  if (waiting === undefined || !turn.context.person.staff) return undefined
  const { announcement: _over, ...state } = turn.state
  if (CONFIRMS.test(said)) return { intent: 'announcement_admin', replies: [say(turn, 'receipt', text.announcementKept)], state, changes: [{ type: 'create_announcement', announcement: waiting }] }
  if (CANCELS.test(said)) return { intent: 'announcement_admin', replies: [say(turn, 'text', text.announcementDropped)], state, changes: [] }
  return undefined
}

function begin(turn: Turn): Outcome {
  const answer = (sentence: string): Outcome => ({ intent: 'announcement_admin', replies: [say(turn, 'text', sentence)], changes: [] })
  if (!turn.context.person.staff) return answer(text.staffOnly)
  const draft = turn.facts.announcement
  if (draft === undefined || draft.text === '') return answer(text.announceHow)
  const { count, examples, ...announcement } = draft
  if (isInGroup(turn)) return { intent: 'announcement_admin', replies: sayPrivately(turn, 'text', text.announceHow, [], text.announceInPrivate), changes: [] }
  return {
    intent: 'announcement_admin',
    replies: [say(turn, 'confirm', text.announcementPreview(announcement.text, count, examples), [button('确认发布'), button('取消')])],
    state: { ...turn.state, announcement },
    changes: [],
  }
}

const AUDIENCE = /^(?:发?给|发到)\s*([^\n:：，,。]{1,40}?)\s*(?:[:：]|\n)\s*/

/** The text of 发公告 without the words that say for whom: `给向阳社区的志愿者：…`. Words that name nobody known are part of the text. */
export function readAnnouncement(said: string, areas: readonly Area[]): ChatAnnouncement {
  const match = AUDIENCE.exec(said)
  const whom = match?.[1] ?? ''
  const named = areas.filter((area) => whom.includes(area.name))
  const roles = ([['志愿者', 'volunteer'], ['群', 'group'], ['居民', 'resident']] as const).filter(([word]) => whom.includes(word)).map(([, role]) => role)
  if (match === null || (named.length === 0 && roles.length === 0)) return { text: said.trim(), audience: {} }
  return { text: said.slice(match[0].length).trim(), audience: { ...(named.length > 0 && { areas: named.map((area) => area.code) }), ...(roles.length > 0 && { roles }) } }
}
