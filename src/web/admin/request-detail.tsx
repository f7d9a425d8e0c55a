import type { Hono } from 'hono'
import { allowedChanges, isRequestStatus, type RequestKind, type RequestStatus } from '../../domain/requests.ts'
import { KIND_NAMES } from '../../domain/status-names.ts'
import { formatLocalLong } from '../../domain/time.ts'
import { changeRequestAsStaff } from '../../dialog/request-changes.ts'
import { areaName } from '../../forms/areas.ts'
import { cleanTyped } from '../../language/clean.ts'
import { assignRequest, readTalk, type TalkLine } from '../../store/request-board.ts'
import { findRequest, type RequestRecord } from '../../store/requests.ts'
import { readSearch } from '../../store/volunteer-search-board.ts'
import { listStaff, type StaffRecord } from '../../store/staff.ts'
import { redirectAfter } from './guard.ts'
import { renderPage } from './layout.tsx'
import { renderNotFound } from './not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from './options.ts'
import { addRequestVolunteers, SearchTag, Volunteers } from './request-volunteers.tsx'
import { Empty, Fact, OverdueTag, StatusTag, Time, Token } from './parts.tsx'
import { SENDING_NAMES, STAFF_STATUS_NAMES, STATUS_VERBS } from './words.ts'

/** Longest note, so that it arrives in one message on every channel. */
const LONGEST_NOTE = 500
const SEEN_NOTE = '工作人员已经看到了。'

/** The order of the buttons: along the main line first, then aside. */
const BUTTON_ORDER: readonly RequestStatus[] = ['accepted', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'closed', 'reopened', 'returned', 'escalated', 'merged', 'rejected', 'cancelled']

interface Draft {
  status: string
  note: string
}

const nameOf = (by: string, staff: StaffRecord[]): string => staff.find((person) => person.user === by)?.name ?? by

const History = ({ request, staff, now }: { request: RequestRecord; staff: StaffRecord[]; now: Date }) => (
  <ol class="history">
    {request.activities.toReversed().map((activity) => (
      <li>
        <p>
          <StatusTag status={activity.status} /> <span>{nameOf(activity.by, staff)}</span> <Time at={activity.at} now={now} />
        </p>
        {activity.note ? <p class="typed said">{activity.note}</p> : null}
      </li>
    ))}
  </ol>
)

const Talk = ({ lines, now }: { lines: TalkLine[]; now: Date }) =>
  lines.length === 0 ? (
    <Empty>没有可以看的对话。</Empty>
  ) : (
    <ol class="talk" tabindex={0} aria-label="对话记录">
      {lines.map((line) => (
        <li class={line.from}>
          <p class="who">
            {line.from === 'resident' ? '居民' : '邻里'} <Time at={line.at} now={now} />
            {line.sending !== null ? <span class={line.sending === 'failed' || line.sending === 'unknown' ? 'bad' : ''}>{SENDING_NAMES[line.sending] ?? line.sending}</span> : null}
          </p>
          <p class="typed bubble">{line.isErased ? '（已删除）' : line.text}</p>
        </li>
      ))}
    </ol>
  )

const ChangeForm = ({ request, csrf, draft }: { request: RequestRecord; csrf: string; draft: Draft }) => {
  const from = request.status as RequestStatus
  const allowed = allowedChanges(from).toSorted((a, b) => BUTTON_ORDER.indexOf(a) - BUTTON_ORDER.indexOf(b))
  const canTell = request.conversationId !== null
  return (
    <form class="stack" method="post" action={`/admin/requests/${request.id}/status`}>
      <Token csrf={csrf} />
      <input type="hidden" name="from" value={from} />
      <fieldset class="choices">
        <legend>改成什么</legend>
        {allowed.map((status) => (
          <label class="choice">
            <input type="radio" name="status" value={status} required checked={draft.status === status} />
            <span>{STATUS_VERBS[status]}</span>
          </label>
        ))}
        <label class="choice">
          <input type="radio" name="status" value={from} required checked={draft.status === from} />
          <span>状态不变，只留言</span>
        </label>
      </fieldset>
      <div class="field">
        <label for="note">写给居民的话</label>
        <textarea id="note" name="note" rows={3} maxlength={LONGEST_NOTE} aria-describedby="note-hint">
          {draft.note}
        </textarea>
        <p class="hint" id="note-hint">
          {canTell ? '居民会收到新的状态和这句话，只发一次。可以不写；只留言时要写。' : '这位居民没有可用的会话，通知不到，请打电话告诉他。'}
        </p>
      </div>
      <button type="submit" class="primary">
        确定
      </button>
    </form>
  )
}

async function renderDetail(c: AdminContext, options: AdminServices, request: RequestRecord, state: { problem?: string; draft?: Draft } = {}): Promise<Response> {
  const [talk, staff, search] = await Promise.all([readTalk(options.store, request), listStaff(options.store), readSearch(options.store, request.id)])
  const { csrfToken, staff: me } = c.get('session')
  const now = options.now()
  const assignee = staff.find((person) => person.id === request.assigneeId)
  const needsAcknowledging = request.kind === 'emergency' && request.acknowledgedAt === null
  return renderPage(
    c,
    options,
    { title: request.number, section: '/admin/requests', ...(state.problem !== undefined && { problem: state.problem, status: 409 as const }) },
    <>
      <p class="crumb">
        <a href="/admin/requests">工单</a>
      </p>
      <header class="head">
        <h1>
          {request.category} <span class="number">{request.number}</span>
        </h1>
        <p class="tags">
          <StatusTag status={request.status} />
          <OverdueTag request={request} now={now} />
          <SearchTag request={request} search={search} />
          <span>{KIND_NAMES[request.kind as RequestKind]}</span>
        </p>
      </header>
      {needsAcknowledging ? (
        <form class="card emergency stack" method="post" action={`/admin/requests/${request.id}/acknowledge`}>
          <Token csrf={csrfToken} />
          <p>这是紧急情况，还没有人确认。请先确认收到，再马上联系居民；有危险打 110、119、120。</p>
          <button type="submit" class="alarm">
            确认收到
          </button>
        </form>
      ) : null}
      <div class="columns">
        <div>
          <section class="card" aria-labelledby="s-facts">
            <h2 id="s-facts">事情</h2>
            <p class="typed description">{request.description || '（没有写内容）'}</p>
            <dl class="facts">
              <Fact name="联系人">{request.requesterName ? <span class="typed">{request.requesterName}</span> : '没有留名字'}</Fact>
              <Fact name="联系电话">
                {request.requesterPhone ? (
                  <a class="phone" href={`tel:${request.requesterPhone.replaceAll(/[^\d+]/g, '')}`}>
                    {request.requesterPhone}
                  </a>
                ) : (
                  '没有留电话'
                )}
              </Fact>
              <Fact name="地址">{request.address ? <span class="typed">{request.address}</span> : null}</Fact>
              <Fact name="地方">{request.areaCode ? areaName(request.areaCode, options.areas) : null}</Fact>
              <Fact name="希望时间">{request.wantedTime?.replace('T', ' ')}</Fact>
              <Fact name="提交时间">{formatLocalLong(request.createdAt)}</Fact>
              <Fact name="最晚办好">{request.dueAt ? formatLocalLong(request.dueAt) : null}</Fact>
              <Fact name="居民评价">{request.ratingScore === null ? null : <span class="typed">{`${request.ratingScore} 分${request.ratingComment ? `：${request.ratingComment}` : ''}`}</span>}</Fact>
              <Fact name="负责人">{assignee ? assignee.name : '还没有人'}</Fact>
            </dl>
            <form class="inline" method="post" action={`/admin/requests/${request.id}/assign`}>
              <Token csrf={csrfToken} />
              {request.assigneeId === me.id ? (
                <button type="submit" name="to" value="nobody">
                  不由我负责了
                </button>
              ) : (
                <button type="submit" name="to" value="me">
                  由我负责
                </button>
              )}
            </form>
          </section>
        </div>
        <div class="beside">
          <section class="card" aria-labelledby="s-change">
            <h2 id="s-change">办理</h2>
            <ChangeForm request={request} csrf={csrfToken} draft={state.draft ?? { status: '', note: '' }} />
          </section>
          <Volunteers request={request} search={search} csrf={csrfToken} now={now} />
          <section class="card" aria-labelledby="s-history">
            <h2 id="s-history">经过</h2>
            <History request={request} staff={staff} now={now} />
          </section>
        </div>
        <section class="card" aria-labelledby="s-talk">
          <h2 id="s-talk">和居民的对话</h2>
          <Talk lines={talk} now={now} />
        </section>
      </div>
    </>,
  )
}

/** One request: everything about it, and what staff do to it. */
export function addRequestDetail(app: Hono<AdminEnv>, options: AdminServices): void {
  addRequestVolunteers(app, options)

  app.get('/requests/:id', async (c) => {
    const request = await findRequest(options.store, c.req.param('id'))
    return request ? renderDetail(c, options, request) : renderNotFound(c, options, '没有这个工单，请核对编号。')
  })

  app.post('/requests/:id/status', async (c) => {
    const form = c.get('form')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const draft = { status: form.get('status') ?? '', note: cleanTyped(form.get('note') ?? '', { longest: LONGEST_NOTE }) }
    const { status } = draft
    const refuse = (problem: string) => renderDetail(c, options, request, { problem, draft })
    if (!isRequestStatus(status)) return refuse('请先选“改成什么”。')
    // Somebody who read an older state of affairs must see the new one before adding to it.
    if (form.has('from') && form.get('from') !== request.status) return refuse(`刚才有同事把它改成了“${STAFF_STATUS_NAMES[request.status as RequestStatus]}”，请看一下再改。您写的话还在。`)
    if (status === request.status && draft.note === '') return refuse('只留言的话，请写上要告诉居民的话。')
    const result = await changeRequestAsStaff(options, { id: request.id, status, note: draft.note, by: c.get('session').staff.user })
    const back = `/admin/requests/${request.number}`
    switch (result.outcome) {
      case 'changed':
        return redirectAfter(c, back, request.conversationId === null ? 'status_changed_untold' : status === request.status ? 'note_sent' : 'status_changed')
      case 'unchanged':
        return redirectAfter(c, back, 'status_unchanged')
      case 'not_allowed':
        return refuse(`现在是“${STAFF_STATUS_NAMES[result.from]}”，不能直接改成“${STAFF_STATUS_NAMES[status]}”。`)
      case 'not_found':
        return renderNotFound(c, options, '没有这个工单，请核对编号。')
      default:
        return result satisfies never
    }
  })

  app.post('/requests/:id/acknowledge', async (c) => {
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const back = c.get('form').get('back') === 'today' ? '/admin' : `/admin/requests/${request.number}`
    if (request.acknowledgedAt !== null) return redirectAfter(c, back, 'acknowledged_before')
    const status = request.status === 'submitted' ? 'accepted' : (request.status as RequestStatus)
    const result = await changeRequestAsStaff(options, { id: request.id, status, note: SEEN_NOTE, by: c.get('session').staff.user })
    return redirectAfter(c, back, result.outcome === 'changed' ? 'acknowledged' : 'acknowledged_before')
  })

  app.post('/requests/:id/assign', async (c) => {
    const { staff } = c.get('session')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const staffId = c.get('form').get('to') === 'nobody' ? null : staff.id
    await assignRequest(options.store, { id: request.id, staffId, by: staff.user, now: options.now() })
    return redirectAfter(c, `/admin/requests/${request.number}`, staffId === null ? 'unassigned' : 'assigned')
  })
}
