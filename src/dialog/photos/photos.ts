import type { ConversationState, DraftState } from '../../domain/kept-state.ts'
import type { InboundMessage } from '../../domain/messages/messages.ts'
import { MOST_PHOTOS, type PhotoProblem } from '../../domain/pictures/photos.ts'
import type { Change, Outcome } from '../../domain/messages/outcome.ts'
import type { RequestSummary } from '../../domain/office/facts.ts'
import { FORMS } from '../../forms/forms.ts'
import type { AlbumMember } from '../../store/pictures/albums.ts'
import { text } from '../text.ts'
import { say, type ReadTurn } from '../turn.ts'

/*
 * Photos go with the words they came with: into the request that those are filed in, into the form that is open, into the request that
 * they are added to. What came without words that could be served is kept for a while, for the request that follows.
 */

/** For so long a photo is meant for the request that follows. */
const FOR_THE_NEXT_MS = 60 * 60 * 1000

/** What came with a message: photos that are kept here, by name, and why others are not. A photo that was never asked for is neither. */
export function arrivals({ attachments }: Pick<InboundMessage, 'attachments'>): { names: string[]; problems: PhotoProblem[] } {
  return { names: union(attachments.flatMap(({ photo }) => photo?.name ?? [])), problems: attachments.flatMap(({ problem }) => problem ?? []) }
}

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())]

export const hasPhotos = ({ message }: Pick<ReadTurn, 'message'>): boolean => message.attachments.some(({ photo, problem }) => photo !== undefined || problem !== undefined)

/** Photos that were sent before and wait for the request that follows. */
export function waitingPhotos({ state, now }: Pick<ReadTurn, 'state' | 'now'>): NonNullable<ConversationState['photos']> | undefined {
  const { photos } = state
  return photos !== undefined && now.getTime() - new Date(photos.at).getTime() <= FOR_THE_NEXT_MS ? photos : undefined
}

/** The photos of the request that this message begins. */
export const photosAtHand = (turn: ReadTurn): string[] => union(waitingPhotos(turn)?.names ?? [], arrivals(turn.message).names)

/** The photos that wait, and those of this message. */
export function keepPhotos(turn: ReadTurn): NonNullable<ConversationState['photos']> {
  return { messageIds: [...(waitingPhotos(turn)?.messageIds ?? []), turn.context.inboundId], names: photosAtHand(turn), at: turn.now.toISOString() }
}

/** The turn as the form that is open sees it: with the photos of this message. */
export function withPhotosInForm(turn: ReadTurn): ReadTurn {
  const { names } = arrivals(turn.message)
  const { draft } = turn
  return names.length === 0 || draft === null || !FORMS[draft.form].takesPhotos ? turn : { ...turn, draft: { ...draft, photos: union(draft.photos ?? [], names) } }
}

/** One sentence for each thing that is wrong, once. `have`: photos that are there already. */
export function tellProblems(turn: Pick<ReadTurn, 'message' | 'state'>, have: readonly string[]): string[] {
  const { album } = turn.message
  if (album !== undefined && turn.state.albumTold === album) return []
  const { names, problems } = arrivals(turn.message)
  const all = new Set([...problems, ...(names.length > 0 && union(have, names).length > MOST_PHOTOS ? (['too_many'] as const) : [])])
  return [...all].map((problem) => text.photoProblems[problem])
}

/** Where the outcome of a turn puts what was said; `settled`: the photos with it. `have`: the photos that are there already. */
type Goal =
  | { type: 'form'; draft: DraftState; have: readonly string[] }
  | { type: 'request'; request: Extract<Change, { type: 'add_photos' }>['request']; messageIds: string[]; have: readonly string[] }
  | { type: 'settled'; have: readonly string[] }
  | { type: 'none'; have: readonly string[] }

/**
 * The outcome with the photos of the turn where they belong, and a sentence about those that were not taken. `requests`: the sender's
 * own, as far as they were looked up; `album`: the photos that were sent together with this one, where another one speaks for them.
 */
export function settlePhotos(turn: ReadTurn, outcome: Outcome, { requests = [], album }: { requests?: readonly RequestSummary[]; album?: readonly AlbumMember[] } = {}): Outcome {
  const before = waitingPhotos(turn)
  const isForgetting = outcome.changes.some(({ type }) => type === 'blank_messages' || type === 'erase_person')
  if (isForgetting || (!hasPhotos(turn) && before === undefined && turn.draft?.photos === undefined)) return outcome
  const goal = album === undefined ? findGoal(turn, outcome, requests) : findGoalOfAlbum(turn, album)
  return put(turn, tell(turn, outcome, goal, album !== undefined), goal)
}

function put(turn: ReadTurn, outcome: Outcome, goal: Goal): Outcome {
  const { names } = arrivals(turn.message)
  const before = waitingPhotos(turn)
  const ids = [...(before?.messageIds ?? []), ...(names.length > 0 ? [turn.context.inboundId] : [])]
  switch (goal.type) {
    case 'form': {
      const photos = union(goal.draft.photos ?? [], goal.have, before?.names ?? [], names)
      const draft = { ...goal.draft, messageIds: union(goal.draft.messageIds, ids), ...(photos.length > 0 && { photos }) }
      return withoutWaiting(turn, ids.length === 0 ? outcome : { ...outcome, draft })
    }
    case 'request': {
      const messageIds = union(goal.messageIds, ids)
      return messageIds.length === 0 ? outcome : withoutWaiting(turn, { ...outcome, changes: [...outcome.changes, { type: 'add_photos', request: goal.request, messageIds }] })
    }
    case 'settled':
      return outcome
    case 'none': {
      const isKept = names.length === 0 || outcome.state?.photos?.messageIds.includes(turn.context.inboundId) === true
      return isKept ? outcome : { ...outcome, state: { ...(outcome.state ?? turn.state), photos: keepPhotos(turn) } }
    }
    default:
      return goal satisfies never
  }
}

function findGoal(turn: ReadTurn, outcome: Outcome, requests: readonly RequestSummary[]): Goal {
  const { draft } = outcome
  const waiting = waitingPhotos(turn)?.names ?? []
  if (draft != null) return FORMS[draft.form].takesPhotos ? { type: 'form', draft, have: union(turn.draft?.photos ?? [], waiting) } : { type: 'none', have: waiting }
  for (const change of outcome.changes) {
    switch (change.type) {
      case 'add_photos':
        return { type: 'settled', have: [] }
      case 'create_request': {
        const filed = draft === null && turn.draft?.photos !== undefined ? turn.draft : undefined
        return { type: 'request', request: 'new', messageIds: filed?.messageIds ?? [], have: union(filed?.photos ?? [], waiting) }
      }
      case 'join_report':
        return { type: 'request', request: { id: change.requestId }, messageIds: turn.draft?.photos === undefined ? [] : change.messageIds, have: union(turn.draft?.photos ?? [], waiting) }
      case 'note_on_request':
      case 'change_request':
      case 'complete_request':
      case 'rate_request':
        return { type: 'request', request: { id: change.requestId }, messageIds: [], have: union(requests.find(({ id }) => id === change.requestId)?.photos ?? [], waiting) }
      default:
        continue
    }
  }
  const open = draft === undefined && arrivals(turn.message).names.length > 0 ? turn.draft : null
  return open !== null && FORMS[open.form].takesPhotos ? { type: 'form', draft: open, have: open.photos ?? [] } : { type: 'none', have: waiting }
}

/** A photo goes where the one went that speaks for its album. */
function findGoalOfAlbum(turn: ReadTurn, album: readonly AlbumMember[]): Goal {
  const { draft } = turn
  const isOneOf = (messageIds: readonly string[]): boolean => album.some(({ inboundId }) => messageIds.includes(inboundId))
  if (draft !== null && FORMS[draft.form].takesPhotos && isOneOf(draft.messageIds)) return { type: 'form', draft, have: draft.photos ?? [] }
  const number = album.find(({ recordNumber }) => recordNumber?.startsWith('SR-'))?.recordNumber
  // As many as came before it in the album are there: their names are not looked up.
  const place = album.findIndex(({ inboundId }) => inboundId === turn.context.inboundId)
  return number == null ? { type: 'none', have: waitingPhotos(turn)?.names ?? [] } : { type: 'request', request: { number }, messageIds: [], have: album.slice(0, place).map(({ inboundId }) => inboundId) }
}

/** Words are answered by themselves: what is to be said of the photos stands before the last of it, behind what to do in danger. A photo alone has a step of its own. */
function tell(turn: ReadTurn, outcome: Outcome, goal: Goal, isOfAlbum: boolean): Outcome {
  if (!hasPhotos(turn)) return outcome
  const problems = tellProblems(turn, goal.have)
  const { album } = turn.message
  const told: Outcome = problems.length === 0 || album === undefined ? outcome : { ...outcome, state: { ...(outcome.state ?? turn.state), albumTold: album } }
  if (!isOfAlbum && turn.reading.blank !== undefined) return told
  const isKept = !isOfAlbum && goal.type === 'none' && arrivals(turn.message).names.length > 0
  const said = [...problems, ...(isKept ? [text.photoKept] : [])].join('\n')
  const last = told.replies.at(-1)
  if (said === '' || (last === undefined && !isOfAlbum)) return told
  if (last === undefined) return { ...told, replies: [say(turn, 'text', said)] }
  return { ...told, replies: [...told.replies.slice(0, -1), { ...last, text: last.kind === 'emergency' ? `${last.text}\n${said}` : `${said}\n${last.text}` }] }
}

function withoutWaiting(turn: ReadTurn, outcome: Outcome): Outcome {
  const { photos, ...state } = outcome.state ?? turn.state
  return photos === undefined ? outcome : { ...outcome, state }
}
