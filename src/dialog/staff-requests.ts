import { dueAtOf } from '../domain/requests/deadlines.ts'
import type { Change, NewRequest, Outcome } from '../domain/messages/outcome.ts'
import type { RequestSummary } from '../domain/office/facts.ts'
import { isOpen, LONGEST_DESCRIPTION, LONGEST_NOTE } from '../domain/requests/requests.ts'
import type { Intent } from '../domain/messages/understanding.ts'
import { KIND_NAMES } from '../domain/requests/status-names.ts'
import { cleanTyped } from '../language/clean.ts'
import { CORRECTION, type FedRequest } from '../store/requests/fed-records.ts'
import { describeDraft } from './flow/ask.ts'
import { text } from './text.ts'
import { say, type ReadTurn, type Turn } from './turn.ts'

/** A request that asks nothing more of the resident: what was said goes to staff as it is, with the name and telephone of an earlier request. */
export function requestForStaff(turn: ReadTurn & Partial<Pick<Turn, 'facts'>>, kind: 'handoff' | 'emergency' | 'question', description: string): NewRequest {
  const { slots } = turn.reading
  const contact = knownContact(turn)
  return {
    kind,
    serviceCode: null,
    category: KIND_NAMES[kind],
    description: cleanTyped(description, { longest: LONGEST_DESCRIPTION }),
    address: slots.address ?? null,
    areaCode: turn.form.knownArea,
    requesterName: (kind === 'emergency' ? slots.name : undefined) ?? contact?.name ?? null,
    requesterPhone: (kind === 'emergency' ? slots.phone : undefined) ?? contact?.phone ?? null,
    wantedTime: null,
    dueAt: dueAtOf({ kind }, turn.form.deadlines, turn.now),
  }
}

/** What was said goes to staff, with what an open form holds; one that waits for them already takes it in. `about`: the request that it is about, where it stands too. */
export function leaveToStaff(turn: Turn, intent: Intent, receipt: string, about?: RequestSummary): Outcome {
  const open = turn.facts.requests?.find((request) => request.kind === 'handoff' && isOpen(request))
  const said = turn.message.text
  const noteOn = ({ id }: RequestSummary): Change => ({ type: 'note_on_request', requestId: id, note: cleanTyped(said, { longest: LONGEST_NOTE }) })
  const noted = about === undefined || about.id === open?.id ? [] : [noteOn(about)]
  if (open) return { intent, replies: [say(turn, 'receipt', text.handoffAgain)], changes: [noteOn(open), ...noted] }
  const link = about === undefined ? '' : text.aboutRequest(about.category, about.number)
  return { intent, replies: [say(turn, 'receipt', receipt)], changes: [{ type: 'create_request', request: requestForStaff(turn, 'handoff', `${said}${link}${describeDraft(turn)}`) }, ...noted] }
}

const LONGEST_QUOTED = 240

/** The line of a request's history that tells of the correction. */
export function noteCorrection(turn: ReadTurn, before: string, request: FedRequest): Change {
  const quote = (said: string): string => `“${cleanTyped(said, { longest: LONGEST_QUOTED })}”`
  const note = `${CORRECTION}：${quote(turn.message.text)}${before === '' ? '' : `（原来是${quote(before)}）`}`
  const { address = null, phone = null } = turn.reading.slots
  return request.kind === 'emergency' ? { type: 'complete_request', requestId: request.id, address, phone, note } : { type: 'note_on_request', requestId: request.id, note }
}

/** What was filed so shortly ago is gone on from: its place is taken over too. */
export const JUST_FILED_MS = 30 * 60 * 1000

/** Name and telephone that this person gave before and still agrees to the use of, with the place where that was just now; null when there are none. */
export function knownContact(turn: ReadTurn & Partial<Pick<Turn, 'facts'>>, { evenLongAgo = false } = {}): { name: string; phone: string; address?: string } | null {
  if (turn.context.person.consentVersion === null) return null
  const request = turn.facts?.requests?.find((candidate) => candidate.requesterName !== null && candidate.requesterPhone !== null)
  if (!request?.requesterName || !request.requesterPhone) return null
  const takesPlace = request.address !== null && (evenLongAgo || turn.now.getTime() - request.createdAt.getTime() <= JUST_FILED_MS)
  return { name: request.requesterName, phone: request.requesterPhone, ...(takesPlace && request.address !== null && { address: request.address }) }
}
