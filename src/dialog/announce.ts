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
  // With a form open, 确认 and 取消 are said to the form: it was asked last.
  if (turn.draft && !/发/.test(said)) return undefined
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
  const { count, examples, whom, ...announcement } = draft
  if (isInGroup(turn)) return { intent: 'announcement_admin', replies: sayPrivately(turn, 'text', text.announceHow, [], text.announceInPrivate), changes: [] }
  return {
    intent: 'announcement_admin',
    replies: [say(turn, 'confirm', text.announcementPreview(announcement.text, { whom, count, examples }), [button('确认发布'), button('取消')])],
    state: { ...turn.state, announcement, shownIn: turn.context.inboundId },
    changes: [],
  }
}

const AUDIENCE = /^(?:发?给|发到)\s*([^\n:：，,。]{1,60}?)\s*(?:[:：]|\n)\s*/

const ROLE_WORDS = [
  ['志愿者', 'volunteer'],
  ['群', 'group'],
  ['居民', 'resident'],
] as const
/** A tag of one character stands in too many other words to be meant by it. */
const SHORTEST_SAID_TAG = 2

interface Named {
  word: string
  chooses: { areas: string[] } | { roles: (typeof ROLE_WORDS)[number][1][] } | { tags: string[] }
}

/**
 * The text of 发公告 without the words that say for whom: `给向阳社区的志愿者：…`, `给独居老人：…`. Words that name nobody known are
 * part of the text. `tags`: those in use.
 */
export function readAnnouncement(said: string, { areas, tags }: { areas: readonly Area[]; tags: readonly string[] }): ChatAnnouncement {
  const match = AUDIENCE.exec(said)
  // A word that means several things means the first of these.
  const named: Named[] = [
    // Several areas may have one name.
    ...areas.map(({ name }) => ({ word: name, chooses: { areas: areas.filter((area) => area.name === name).map(({ code }) => code) } })),
    ...ROLE_WORDS.map(([word, role]) => ({ word, chooses: { roles: [role] } })),
    ...tags.filter((tag) => Array.from(tag).length >= SHORTEST_SAID_TAG).map((tag) => ({ word: tag, chooses: { tags: [tag] } })),
  ]
  const found = findNamed(match?.[1] ?? '', named)
  if (match === null || found.length === 0) return { text: said.trim(), audience: {} }
  const all = { areas: found.flatMap(({ chooses }) => ('areas' in chooses ? chooses.areas : [])), roles: found.flatMap(({ chooses }) => ('roles' in chooses ? chooses.roles : [])), tags: found.flatMap(({ chooses }) => ('tags' in chooses ? chooses.tags : [])) }
  return { text: said.slice(match[0].length).trim(), audience: { ...(all.areas.length > 0 && { areas: all.areas }), ...(all.roles.length > 0 && { roles: all.roles }), ...(all.tags.length > 0 && { tags: all.tags }) } }
}

/** What the words name, the longest first: 独居老人 is not also 老人, and 三期业主群 is a tag, not every group. */
function findNamed(whom: string, named: Named[]): Named[] {
  const found: Named[] = []
  let rest = whom
  for (const one of named.toSorted((left, right) => right.word.length - left.word.length)) {
    if (!rest.includes(one.word)) continue
    found.push(one)
    rest = rest.replaceAll(one.word, ' ')
  }
  return found
}

/** Whom an announcement is for, as its writer reads it. */
export function describeWhom({ areas: codes = [], roles = [], tags = [] }: ChatAnnouncement['audience'], areas: readonly Area[]): string {
  const places = codes.map((code) => areas.find((area) => area.code === code)?.name ?? code)
  const who = [...tags.map((tag) => `标签“${tag}”`), ...ROLE_WORDS.filter(([, role]) => roles.includes(role)).map(([word]) => word)]
  return [places.join('、'), who.join('、')].filter((part) => part !== '').join('，') || '所有订阅的居民'
}
