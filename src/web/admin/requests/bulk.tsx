import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { editSeveral, findUndoable, MOST_AT_ONCE, undoLastBulk, type BulkRefusal, type BulkResult } from '../../../desk/requests/bulk.ts'
import { isRequestStatus, LONGEST_NOTE, REQUEST_STATUSES, type RequestStatus } from '../../../domain/requests/requests.ts'
import type { StaffRecord } from '../../../store/staff/staff.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Choice, Token } from '../parts/parts.tsx'
import { STAFF_STATUS_NAMES, STATUS_VERBS } from '../parts/words.ts'
import { colleagueChoices } from './detail/request-assign.tsx'
import { explainMerging } from './detail/request-merging.tsx'
import { explainWrongValue } from './wrong-value.ts'

/** What can be done to several at once: not what wants a target, or undoes the resident's own word. */
const STATUSES: readonly RequestStatus[] = REQUEST_STATUSES.filter((status) => status !== 'submitted' && status !== 'merged' && status !== 'cancelled')
const KEEP = 'keep'
const NOBODY = 'nobody'

/** Under a list with ticks, within its form: what is done to those that are ticked. */
export const BulkBar = ({ csrf, staff }: { csrf: string; staff: readonly StaffRecord[] }) => (
  <details class="card bulk">
    <summary>对勾选的一起办</summary>
    <div class="stack">
      <Token csrf={csrf} />
      <Choice name="assignee" id="b-assignee" label="交给谁" value={KEEP} options={[{ value: KEEP, label: '不变' }, ...colleagueChoices(staff).map(({ value, label }) => ({ value: `user:${value}`, label })), { value: NOBODY, label: '没人负责' }]} />
      <Choice name="set_status" id="b-status" label="改成什么" value="" options={[{ value: '', label: '不变' }, ...STATUSES.map((status) => ({ value: status, label: STATUS_VERBS[status] }))]} />
      <div class="field">
        <label for="b-note">写一句话</label>
        <textarea id="b-note" name="note" rows={2} maxlength={LONGEST_NOTE} />
      </div>
      <fieldset class="choices">
        <legend>这句话给谁看</legend>
        <label class="choice">
          <input type="radio" name="note_to" value="internal" checked />
          <span>只给同事看</span>
        </label>
        <label class="choice">
          <input type="radio" name="note_to" value="resident" />
          <span>发给居民</span>
        </label>
      </fieldset>
      <button type="submit" class="primary">
        一起办
      </button>
      <p class="hint">一次最多 {MOST_AT_ONCE} 件。一分钟内可以撤销；居民过了这一分钟才收到通知。</p>
    </div>
  </details>
)

/** While the last one can be taken back. */
export const UndoBulk = ({ count, csrf }: { count: number; csrf: string }) => (
  <form class="notice inline" method="post" action="/admin/requests/bulk/undo">
    <Token csrf={csrf} />
    <span>刚才一起办了 {count} 件。</span>
    <button type="submit">撤销</button>
  </form>
)

/** The number of changes that the member of staff who looks can take back; 0 = none. */
export async function countUndoable(c: AdminContext, options: AdminServices): Promise<number> {
  return (await findUndoable(options.store, c.get('session').staff.id, options.now()))?.changes.length ?? 0
}

function explain({ why }: BulkRefusal, status: RequestStatus | undefined): string {
  switch (why.outcome) {
    case 'emergency':
      return '是紧急情况，要一件一件办。'
    case 'not_found':
      return '已经没有这件了。'
    case 'not_allowed':
      return `现在是“${STAFF_STATUS_NAMES[why.from]}”，不能直接改成“${status === undefined ? '' : STAFF_STATUS_NAMES[status]}”。`
    case 'unknown_user':
      return '没有要交给的那位同事。'
    case 'disabled_user':
      return `${why.name}已经停用了，不能交给他。`
    case 'held':
      return `现在由${why.by.name}负责。`
    case 'stale':
      return '刚才有同事改过，请看一下再改。'
    case 'note_too_long':
      return `话最多 ${why.longest} 个字。`
    case 'empty':
      return '没有写话。'
    case 'may_not_merge':
      return explainMerging(why)
    default:
      return explainWrongValue(why)
  }
}

function renderResult(c: AdminContext, options: AdminServices, result: Extract<BulkResult, { outcome: 'done' }>, status: RequestStatus | undefined): Promise<Response> {
  const { changed, unchanged, refused } = result
  return renderPage(
    c,
    options,
    { title: '一起办的结果', section: '/admin/requests' },
    <>
      <p class="crumb">
        <a href="/admin/requests">工单</a>
      </p>
      <h1>一起办的结果</h1>
      {changed.length > 0 ? <UndoBulk count={changed.length} csrf={c.get('session').csrfToken} /> : null}
      {refused.length > 0 ? (
        <section class="card" aria-labelledby="s-refused">
          <h2 id="s-refused">
            没有办成的 <span class="total">{refused.length}</span>
          </h2>
          <ul class="plain-list">
            {refused.map((one) => (
              <li>
                {one.request === null ? one.id : <a href={`/admin/requests/${one.request.number}`}>{one.request.number}</a>}：{explain(one, status)}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <Numbers title="办好的" requests={changed} />
      <Numbers title="本来就是这样的" requests={unchanged} />
    </>,
  )
}

const Numbers = ({ title, requests }: { title: string; requests: { number: string; category: string }[] }) =>
  requests.length === 0 ? null : (
    <section class="card">
      <h2>
        {title} <span class="total">{requests.length}</span>
      </h2>
      <ul class="plain-list">
        {requests.map(({ number, category }) => (
          <li>
            <a href={`/admin/requests/${number}`}>{number}</a> {category}
          </li>
        ))}
      </ul>
    </section>
  )

const renderRefused = (c: AdminContext, options: AdminServices, problem: string): Promise<Response> =>
  renderPage(
    c,
    options,
    { title: '没有办', section: '/admin/requests', problem, status: 422 },
    <p class="crumb">
      <a href="/admin/requests">工单</a>
    </p>,
  )

const readAssignee = (asked: string | null): { assignee?: string | null } => {
  if (asked === NOBODY) return { assignee: null }
  return asked?.startsWith('user:') ? { assignee: asked.slice('user:'.length) } : {}
}

/** Doing the same to several requests, and taking that back. */
export function addBulk(app: Hono<AdminEnv>, options: AdminServices): void {
  app.post('/requests/bulk', async (c) => {
    const form = c.get('form')
    const { staff } = c.get('session')
    const asked = form.get('set_status') ?? ''
    const status = isRequestStatus(asked) && STATUSES.includes(asked) ? asked : undefined
    const note = form.get('note') ?? ''
    const words = form.get('note_to') === 'resident' ? { note } : { internalNote: note }
    const result = await editSeveral(options.desk, { ...staffActor(staff), staffId: staff.id }, { ids: form.getAll('id'), ...readAssignee(form.get('assignee')), ...(status !== undefined && { status }), ...words })
    switch (result.outcome) {
      case 'done':
        return renderResult(c, options, result, status)
      case 'no_requests':
        return renderRefused(c, options, '一件也没有勾选。请先勾选，再一起办。')
      case 'nothing_to_do':
        return renderRefused(c, options, '没有选要做什么：交给谁、改成什么，或者写一句话。')
      case 'too_many':
        return renderRefused(c, options, `一次最多 ${MOST_AT_ONCE} 件，请少勾几件。`)
      case 'note_too_long':
        return renderRefused(c, options, `话最多 ${result.longest} 个字，请短一些。`)
      default:
        return result satisfies never
    }
  })

  app.post('/requests/bulk/undo', async (c) => {
    const { staff } = c.get('session')
    const result = await undoLastBulk(options.desk, { ...staffActor(staff), staffId: staff.id })
    if (result.outcome === 'too_late') return renderRefused(c, options, '过了一分钟，撤销不了了。请一件一件改。')
    return renderPage(
      c,
      options,
      { title: '撤销好了', section: '/admin/requests', ...(result.left.length > 0 && { problem: `${result.left.join('、')} 后来有人改过，没有动。` }) },
      <>
        <h1>撤销好了</h1>
        <p>{result.restored.length} 件恢复了原样，居民没有收到通知。</p>
        <p>
          <a class="button" href="/admin/requests">
            回到工单
          </a>
        </p>
      </>,
    )
  })
}
