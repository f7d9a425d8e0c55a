import type { NewRequest } from '../domain/outcome.ts'
import { KIND_NAMES } from '../domain/status-names.ts'
import type { Turn } from './turn.ts'

/** A request that asks nothing more of the resident: what was said goes to staff as it is. */
export function requestForStaff(turn: Turn, kind: 'handoff' | 'emergency' | 'question', description: string): NewRequest {
  return {
    kind,
    serviceCode: null,
    category: KIND_NAMES[kind],
    description: description.slice(0, 500),
    address: turn.understanding.slots.address ?? null,
    areaCode: turn.form.knownArea,
    requesterName: null,
    requesterPhone: null,
    wantedTime: null,
    dueAt: null,
  }
}
