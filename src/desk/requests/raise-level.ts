import { areaAtLevel, type Responsible } from '../../domain/requests/climbing.ts'
import type { HigherLevel } from '../../domain/requests/deadlines.ts'
import { REQUEST_LEVELS, type RequestLevel } from '../../domain/requests/requests.ts'
import type { Area } from '../../domain/services.ts'
import type { Transaction } from '../../store/engine/store.ts'
import { listResponsible } from '../../store/requests/climbing.ts'
import { moveRequest } from '../../store/requests/move-request.ts'
import type { RequestRecord } from '../../store/requests/requests.ts'
import { tellStaff } from '../../store/staff/staff-notices.ts'
import type { Actor } from '../actor.ts'
import { deskText } from './text.ts'

/**
 * Staff have passed a request up (上报): it is answerable one level higher, or at the next at which somebody is responsible, who is told,
 * with the reason. At the top it stays. Its resident has heard of it with the status.
 */
export async function raiseLevel(transaction: Transaction, actor: Actor, { request, note, areas }: { request: RequestRecord; note: string; areas: readonly Area[] }, now: Date): Promise<RequestRecord> {
  const above = REQUEST_LEVELS.slice(REQUEST_LEVELS.indexOf(request.level as RequestLevel) + 1) as HigherLevel[]
  const staff = await listResponsible(transaction)
  const places = above.map((level) => placeAt(level, request, areas, staff))
  const place = places.find(({ responsible }) => responsible.length > 0) ?? places[0]
  if (place === undefined) return request
  const { level, area, responsible } = place
  const line = deskText.raised(level, area?.name ?? null, responsible.map(({ name }) => name))
  const moved = await moveRequest(transaction, request.id, { kind: 'escalation', author: 'staff', by: actor.user, note: line, values: { level, levelSince: now } }, now)
  if (moved.outcome !== 'moved') return request
  for (const { id } of responsible) if (id !== actor.staffId) await tellStaff(transaction, { staffId: id, requestId: request.id, key: moved.lineId, text: deskText.raisedTo(actor.name, request, area?.name ?? '', note) }, now)
  return moved.request
}

function placeAt(level: HigherLevel, { areaCode }: RequestRecord, areas: readonly Area[], staff: readonly Responsible[]): { level: HigherLevel; area: Area | null; responsible: Responsible[] } {
  const area = areaAtLevel(areaCode, level, areas)
  return { level, area, responsible: area === null ? [] : staff.filter((person) => person.areaCode === area.code) }
}
