import type { Hono } from 'hono'
import { allowedChanges, isRequestStatus, LONGEST_NOTE, type RequestKind, type RequestStatus } from '../../../../domain/requests/requests.ts'
import { KIND_NAMES } from '../../../../domain/requests/status-names.ts'
import { lastDayUntil } from '../../../../domain/requests/deadlines.ts'
import { formatLocalLong } from '../../../../domain/time.ts'
import { staffActor } from '../../../../desk/actor.ts'
import { answerAlarm } from '../../../../desk/duty/alarms.ts'
import { changeRequest } from '../../../../desk/requests/change-request.ts'
import { areaName } from '../../../../forms/areas.ts'
import { cleanTyped, showNickname } from '../../../../language/clean.ts'
import { findOpenAlertOf } from '../../../../store/duty/alert-board.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { readSearch } from '../../../../store/volunteers/volunteer-search-board.ts'
import { markStaffNoticesSeen } from '../../../../store/staff/staff-notices.ts'
import { listStaff, type StaffRecord } from '../../../../store/staff/staff.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderPage } from '../../parts/layout.tsx'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { addRequestMerging, explainMerging, Merging, readMerging } from './request-merging.tsx'
import { addRequestPhotos, Photos } from './request-photos.tsx'
import { addRequestAnswer, RequestAnswer } from './request-answer.tsx'
import { addRequestVolunteers, SearchTag, Volunteers } from './request-volunteers.tsx'
import { AssignForms, addRequestAssignment } from './request-assign.tsx'
import { addRequestCorrection, CorrectForm } from './request-correct.tsx'
import type { PageState, ShowRequest } from '../request-page.ts'
import { addRequestTalk, Conversation, readTalkView } from './request-talk.tsx'
import { describeSince, readSeen } from '../seen.ts'
import { DueTag, Fact, LevelTag, StatusTag, Tag, Time, Token } from '../../parts/parts.tsx'
import { STAFF_STATUS_NAMES, STATUS_VERBS } from '../../parts/words.ts'


/** The order of the buttons: along the main line first, then aside. */
const BUTTON_ORDER: readonly RequestStatus[] = ['accepted', 'dispatched', 'in_progress', 'waiting_resident', 'resolved', 'closed', 'reopened', 'returned', 'escalated', 'rejected', 'cancelled']
/** So many next steps are at hand, on a phone as buttons; the rest are under 更多. */
const LIKELY_STEPS = 3

type Draft = NonNullable<PageState['status']>

const nameOf = (by: string, staff: StaffRecord[]): string => staff.find((person) => person.user === by)?.name ?? by

const History = ({ request, staff, now }: { request: RequestRecord; staff: StaffRecord[]; now: Date }) => (
  <ol class="history">
    {request.activities.toReversed().map((activity) => (
      <li>
        <p>
          <StatusTag status={activity.status} /> <span>{activity.author === 'staff' ? nameOf(activity.by, staff) : activity.by}</span> {activity.kind === 'internal' ? <Tag tone="off">内部</Tag> : null} <Time at={activity.at} now={now} />
        </p>
        {activity.note ? <p class="typed said">{activity.note}</p> : null}
      </li>
    ))}
  </ol>
)

const ChangeForm = ({ request, csrf, draft }: { request: RequestRecord; csrf: string; draft: Draft }) => {
  const from = request.status as RequestStatus
  // Into which it goes has to be said: that has a page of its own.
  const allowed: readonly RequestStatus[] = allowedChanges(from).filter((status) => status !== 'merged').toSorted((a, b) => BUTTON_ORDER.indexOf(a) - BUTTON_ORDER.indexOf(b))
  const likely = allowed.slice(0, LIKELY_STEPS)
  const others = allowed.slice(LIKELY_STEPS)
  const canTell = request.conversationId !== null
  const choice = (status: RequestStatus, label: string = STATUS_VERBS[status]) => (
    <label class="choice">
      <input type="radio" name="status" value={status} checked={draft.status === status} />
      <span>{label}</span>
    </label>
  )
  return (
    <form class="stack" method="post" action={`/admin/requests/${request.id}/status`}>
      <Token csrf={csrf} />
      <input type="hidden" name="from" value={from} />
      <input type="hidden" name="seen" value={request.updatedAt.toISOString()} />
      <fieldset class="choices likely-choices">
        <legend>改成什么</legend>
        {likely.map((status) => choice(status))}
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
      {likely.length === 0 ? null : (
        <p class="buttons next-steps">
          {likely.map((status) => (
            <button type="submit" name="next" value={status}>
              {STATUS_VERBS[status]}
            </button>
          ))}
        </p>
      )}
      <details open={draft.status !== '' && !likely.includes(draft.status as RequestStatus)}>
        <summary>更多</summary>
        <fieldset class="choices">
          <legend>别的改法</legend>
          {others.map((status) => choice(status))}
          {choice(from, '状态不变，只留言')}
        </fieldset>
      </details>
      <button type="submit" class="primary">
        确定
      </button>
    </form>
  )
}

async function renderDetail(c: AdminContext, options: AdminServices, request: RequestRecord, state: PageState = {}): Promise<Response> {
  const [talk, staff, search, alert, merging] = await Promise.all([readTalkView(options, request), listStaff(options.store), readSearch(options.store, request.id), findOpenAlertOf(options.store, request.id), readMerging(options, request)])
  const { csrfToken, staff: me } = c.get('session')
  const now = options.now()
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
          <DueTag request={request} now={now} lastDayUntil={lastDayUntil(now, options.deadlines.calendar)} />
          <LevelTag level={request.level} />
          <SearchTag request={request} search={search} />
          <span>{KIND_NAMES[request.kind as RequestKind]}</span>
        </p>
      </header>
      {alert !== null ? (
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
            <Photos request={request} now={now} />
            <dl class="facts">
              <Fact name="联系人">{request.requesterName ? <span class="typed">{showNickname(request.requesterName)}</span> : '没有留名字'}</Fact>
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
              <Fact name="负责人">{request.assignee ? request.assignee.name : '还没有人'}</Fact>
            </dl>
            <AssignForms request={request} staff={staff} me={me} csrf={csrfToken} />
            <CorrectForm request={request} options={options} csrf={csrfToken} typed={state.correction} />
          </section>
        </div>
        <div class="beside">
          <section class="card" aria-labelledby="s-change">
            <h2 id="s-change">办理</h2>
            <ChangeForm request={request} csrf={csrfToken} draft={state.status ?? { status: '', note: '' }} />
          </section>
          <Merging request={request} merging={merging} csrf={csrfToken} now={now} />
          <RequestAnswer request={request} csrf={csrfToken} typed={state.answer} />
          <Volunteers request={request} search={search} csrf={csrfToken} now={now} />
          <section class="card" aria-labelledby="s-history">
            <h2 id="s-history">经过</h2>
            <History request={request} staff={staff} now={now} />
          </section>
        </div>
        <Conversation request={request} view={talk} csrf={csrfToken} said={state.said ?? ''} me={me} staff={staff} now={now} />
      </div>
    </>,
  )
}

/** One request: everything about it, and what staff do to it. */
export function addRequestDetail(app: Hono<AdminEnv>, options: AdminServices): void {
  addRequestVolunteers(app, options)
  addRequestPhotos(app, options)
  addRequestMerging(app, options)
  const show: ShowRequest = (c, request, state) => renderDetail(c, options, request, state)
  addRequestAnswer(app, options, show)
  addRequestTalk(app, options, show)
  addRequestCorrection(app, options, show)
  addRequestAssignment(app, options, show)

  app.get('/requests/:id', async (c) => {
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    await markStaffNoticesSeen(options.store, { staffId: c.get('session').staff.id, requestId: request.id, now: options.now() })
    return renderDetail(c, options, request)
  })

  app.post('/requests/:id/status', async (c) => {
    const form = c.get('form')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const draft = { status: form.get('next') ?? form.get('status') ?? '', note: cleanTyped(form.get('note') ?? '') }
    const { status } = draft
    const refuse = (problem: string) => renderDetail(c, options, request, { problem, status: draft })
    if (!isRequestStatus(status)) return refuse('请先选“改成什么”。')
    // Somebody who read an older state of affairs must see the new one before adding to it.
    if (form.has('from') && form.get('from') !== request.status) return refuse(`刚才有同事把它改成了“${STAFF_STATUS_NAMES[request.status as RequestStatus]}”，请看一下再改。您写的话还在。`)
    if (status === request.status && draft.note === '') return refuse('只留言的话，请写上要告诉居民的话。')
    const result = await changeRequest(options.desk, staffActor(c.get('session').staff), { id: request.id, status, note: draft.note, ...readSeen(form) })
    const back = `/admin/requests/${request.number}`
    switch (result.outcome) {
      case 'changed':
        return redirectAfter(c, back, request.conversationId === null ? 'status_changed_untold' : status === request.status ? 'note_sent' : 'status_changed')
      case 'unchanged':
        return redirectAfter(c, back, 'status_unchanged')
      case 'note_too_long':
        return refuse(`写给居民的话最多 ${result.longest} 个字，请短一些。您写的话还在。`)
      case 'stale':
        return refuse(`${describeSince(result.since)}请看一下再改。您写的话还在。`)
      case 'not_allowed':
        return refuse(`现在是“${STAFF_STATUS_NAMES[result.from]}”，不能直接改成“${STAFF_STATUS_NAMES[status]}”。`)
      case 'may_not_merge':
        return refuse(explainMerging(result))
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
    const alert = await findOpenAlertOf(options.store, request.id)
    const answer = alert && (await answerAlarm(options, staffActor(c.get('session').staff), alert.id))
    return redirectAfter(c, back, answer?.outcome === 'answered' ? 'acknowledged' : 'acknowledged_before')
  })
}
