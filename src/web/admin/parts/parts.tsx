import type { Child } from 'hono/jsx'
import type { RequestRow as RequestRecord } from '../../../store/requests/request-board.ts'
import type { Area } from '../../../domain/services.ts'
import { isFinished, isLate, isRequestLevel, type RequestKind, type RequestStatus } from '../../../domain/requests/requests.ts'
import { LEVEL_NAMES } from '../../../domain/requests/climbing.ts'
import { KIND_NAMES } from '../../../domain/requests/status-names.ts'
import { formatLocalLong } from '../../../domain/time.ts'
import { areaName } from '../../../forms/areas.ts'
import { showNickname } from '../../../language/clean.ts'
import type { NumberedPage } from '../../../store/engine/numbered-page.ts'
import { formatSpan, formatWhen, listAreaTree, maskPhone, shorten } from './format.ts'
import { STAFF_STATUS_NAMES } from './words.ts'

export const Token = ({ csrf }: { csrf: string }) => <input type="hidden" name="_csrf" value={csrf} />

export const Time = ({ at, now }: { at: Date; now: Date }) => (
  <time datetime={at.toISOString()} title={formatLocalLong(at)}>
    {formatWhen(at, now)}
  </time>
)

export const Empty = ({ children }: { children?: Child }) => <p class="empty">{children}</p>

type Tone = 'new' | 'busy' | 'wait' | 'done' | 'off' | 'alarm'

export const Tag = ({ tone, children }: { tone: Tone; children?: Child }) => <span class={`tag ${tone}`}>{children}</span>

const STATUS_TONES: Record<RequestStatus, Tone> = {
  submitted: 'new',
  reopened: 'new',
  accepted: 'busy',
  dispatched: 'busy',
  in_progress: 'busy',
  waiting_resident: 'wait',
  returned: 'wait',
  escalated: 'wait',
  resolved: 'done',
  closed: 'off',
  rejected: 'off',
  merged: 'off',
  cancelled: 'off',
}

export const StatusTag = ({ status }: { status: string }) => <Tag tone={STATUS_TONES[status as RequestStatus]}>{STAFF_STATUS_NAMES[status as RequestStatus]}</Tag>


/** Red when its time is over, amber on its last working day; `lastDayUntil` bounds what is due then. */
export const DueTag = ({ request, now, lastDayUntil }: { request: Pick<RequestRecord, 'dueAt' | 'status'>; now: Date; lastDayUntil: Date }) => {
  const { dueAt } = request
  if (dueAt === null || isFinished(request)) return null
  if (isLate(request, now)) return <Tag tone="alarm">超时 {formatSpan(now.getTime() - dueAt.getTime())}</Tag>
  return dueAt < lastDayUntil ? <Tag tone="wait">{formatWhen(dueAt, now)} 到期</Tag> : null
}

/** Where it has climbed to; nothing for what is still with the community. */
export const LevelTag = ({ level }: { level: string }) => (isRequestLevel(level) && level !== 'community' ? <Tag tone="wait">已上报{LEVEL_NAMES[level]}</Tag> : null)

/** One request in a list: the whole line opens it; the telephone is masked. Its id keeps the focus when the list is renewed; `list` tells lists of one page apart; `canTick`: within a form, for what is done to several. */
export const RequestRow = ({ request, areas, now, lastDayUntil, list = 'r', canTick = false }: { request: RequestRecord; areas: readonly Area[]; now: Date; lastDayUntil: Date; list?: string; canTick?: boolean }) => (
  <li class={request.kind === 'emergency' ? 'row urgent' : 'row'}>
    {canTick ? (
      <label class="tick">
        <input type="checkbox" name="id" value={request.id} aria-label={`勾选 ${request.number} ${request.category}`} />
      </label>
    ) : null}
    <div class="row-main">
      <a class="row-title" id={`${list}-${request.number}`} href={`/admin/requests/${request.number}`}>
        {request.category}
        <span class="typed">{shorten(request.description, 60) || '（没有写内容）'}</span>
      </a>
      <p class="row-facts">
        <span class="number">{request.number}</span>
        {request.kind !== 'service' ? <span>{KIND_NAMES[request.kind as RequestKind]}</span> : null}
        {request.areaCode ? <span>{areaName(request.areaCode, areas)}</span> : null}
        {request.requesterName ? <span class="typed">{showNickname(request.requesterName)}</span> : null}
        {request.requesterPhone ? <span>{maskPhone(request.requesterPhone)}</span> : null}
        {request.assignee && request.assignee.disabledAt === null ? <span>{request.assignee.name} 负责</span> : isFinished(request) ? null : <span>没人负责</span>}
        <Time at={request.createdAt} now={now} />
      </p>
    </div>
    <div class="row-side">
      <StatusTag status={request.status} />
      <DueTag request={request} now={now} lastDayUntil={lastDayUntil} />
      <LevelTag level={request.level} />
    </div>
  </li>
)

/** Links to the pages beside this one, keeping the filter. */
export const Pager = ({ of, path, query, unit }: { of: NumberedPage<unknown>; path: string; query: Record<string, string>; unit: string }) => {
  const link = (page: number) => `${path}?${new URLSearchParams({ ...query, page: String(page) }).toString()}`
  return (
    <nav class="pager" aria-label="翻页">
      <span>
        共 {of.total} {unit}
        {of.pages > 1 ? `，第 ${of.page} 页，共 ${of.pages} 页` : ''}
      </span>
      {of.page > 1 ? (
        <a class="button" rel="prev" href={link(of.page - 1)}>
          上一页
        </a>
      ) : null}
      {of.page < of.pages ? (
        <a class="button" rel="next" href={link(of.page + 1)}>
          下一页
        </a>
      ) : null}
    </nav>
  )
}

/** `id` where there are several of one name on a page. */
export const Choice = ({ name, id = `f-${name}`, label, value, options }: { name: string; id?: string; label: string; value: string; options: { value: string; label: string }[] }) => (
  <div class="field">
    <label for={id}>{label}</label>
    <select id={id} name={name}>
      {options.map((option) => (
        <option value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  </div>
)

/** The areas as a list to choose from, deeper ones set in. */
export const areaChoices = (areas: readonly Area[], all: string): { value: string; label: string }[] => [
  { value: '', label: all },
  ...listAreaTree(areas).map(({ area, depth }) => ({ value: area.code, label: `${'　'.repeat(depth)}${area.name}` })),
]

/** A fact of a record: nothing at all when there is none. */
export const Fact = ({ name, children }: { name: string; children?: Child }) =>
  children === null || children === undefined || children === '' ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
