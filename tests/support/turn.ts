import { DEFAULT_DEADLINES } from '../../src/domain/requests/deadlines.ts'
import { EMPTY_STATE, type DraftState } from '../../src/domain/kept-state.ts'
import type { Move, Reading } from '../../src/domain/messages/moves.ts'
import type { Service } from '../../src/domain/services.ts'
import { whatIsAsked } from '../../src/dialog/asked.ts'
import { noticeVersion, USUAL_RETENTION } from '../../src/domain/retention.ts'
import type { Turn } from '../../src/dialog/turn.ts'
import { READS_NOTHING } from '../../src/forms/form.ts'

export const NOW = new Date('2026-11-24T02:00:00Z')

const service = (code: string, name: string, words: string[], more: Partial<Service> = {}): Service => ({ code, name, words, materials: [], steps: ['派人去修'], place: '', limitWorkingDays: 3, isLimitExample: true, limitKind: 'ordinary', fee: '', needsPersonalData: true, kind: 'service', ...more })
export const SERVICES: readonly Service[] = [
  service('street_light', '公共照明', ['楼道灯', '路灯', '灯坏了'], { publicFault: true }),
  service('sewer', '下水道堵塞', ['下水道']),
  service('other', '其他', ['其他']),
]

export interface TurnOptions extends Partial<Omit<Turn, 'reading' | 'moves' | 'context' | 'message'>> {
  text?: string
  reading?: Partial<Reading>
  hasConsent?: boolean
  isSubscribed?: boolean
  isInGroup?: boolean
  isStaff?: boolean
  buttonOf?: string
}

/** A turn as the policy gets it, from moves instead of words. */
export function turnOf(moves: Move[], options: TurnOptions = {}): Turn {
  const { text = moves[0]?.text ?? '', reading, hasConsent = true, isSubscribed = true, isInGroup = false, isStaff = false, buttonOf, ...others } = options
  const { draft = null, state = EMPTY_STATE } = others
  return {
    message: {
      channel: 'http',
      account: 'api',
      externalId: 'm1',
      conversation: { kind: isInGroup ? 'group' : 'private', externalId: 'c1' },
      sender: { externalId: 'r1' },
      isAddressed: true,
      text,
      attachments: [],
      sentAt: NOW,
      ...(buttonOf !== undefined && { buttonOf, buttonSentAt: NOW }),
    },
    reading: { moves, intent: 'other', intents: ['other'], slots: {}, danger: 0, isSure: true, ...reading },
    moves,
    asked: whatIsAsked(draft, state, { request: null }),
    context: {
      inboundId: 'in-1',
      person: { id: 'p1', nickname: '', areaCode: null, isSubscribed, hasOptedOut: false, consentVersion: hasConsent ? noticeVersion(USUAL_RETENTION) : null, staff: isStaff ? { id: 's1', user: 'wang', name: '王姐' } : null, request: null },
      conversation: { id: 'c1', kind: isInGroup ? 'group' : 'private', areaCode: null, isBound: true },
    },
    draft,
    state,
    facts: {},
    form: { services: SERVICES, areas: [], knownArea: null, deadlines: DEFAULT_DEADLINES, now: NOW, read: READS_NOTHING },
    now: NOW,
    retention: USUAL_RETENTION,
    ...others,
  }
}

/** A report that is filled in but for what is given. */
export const draftOf = (more: Partial<DraftState> = {}): DraftState => ({
  v: 1,
  form: 'service_request',
  values: { category: '公共照明', description: '楼道灯坏了', address: '3号楼2单元', name: '王芳', phone: '13800138001' },
  stage: 'confirm',
  asking: null,
  asked: [],
  skipped: [],
  misses: 0,
  messageIds: ['in-0'],
  further: [],
  openedAt: '2026-11-24T01:50:00.000Z',
  touchedAt: '2026-11-24T01:59:00.000Z',
  ...more,
})
