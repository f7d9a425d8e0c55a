import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { assignRequest } from '../../../../desk/requests/assign-request.ts'
import { LONGEST_NOTE } from '../../../../domain/requests/requests.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import type { StaffRecord } from '../../../../store/staff/staff.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../../parts/options.ts'
import { Choice, Token } from '../../parts/parts.tsx'
import type { ShowRequest } from '../request-page.ts'

/** Whom something can be given to, for a list to choose from. */
export const colleagueChoices = (staff: readonly StaffRecord[]): { value: string; label: string }[] =>
  staff.filter(({ disabledAt }) => disabledAt === null).map(({ user, name }) => ({ value: user, label: name === user ? name : `${name}（${user}）` }))

/** Takes it, gives it up, or hands it over to a colleague with a reason. */
export const AssignForms = ({ request, staff, me, csrf }: { request: RequestRecord; staff: readonly StaffRecord[]; me: StaffRecord; csrf: string }) => {
  const holder = request.assignee !== null && request.assignee.disabledAt === null ? request.assignee : null
  const others = colleagueChoices(staff).filter(({ value }) => value !== me.user && value !== holder?.user)
  const action = `/admin/requests/${request.id}/assign`
  return (
    <>
      <form class="inline" method="post" action={action}>
        <Token csrf={csrf} />
        {request.assigneeId === me.id ? (
          <button type="submit" name="to" value="nobody">
            不由我负责了
          </button>
        ) : (
          <>
            {holder === null ? null : <input type="hidden" name="takes_over" value="1" />}
            <button type="submit" name="to" value="me">
              {holder === null ? '由我负责' : `从${holder.name}那里接过来`}
            </button>
          </>
        )}
      </form>
      {others.length === 0 ? null : (
        <details>
          <summary>交给同事</summary>
          <form class="stack" method="post" action={action}>
            <Token csrf={csrf} />
            <input type="hidden" name="to" value="colleague" />
            <Choice name="colleague" id="a-colleague" label="交给谁" value="" options={others} />
            <div class="field">
              <label for="a-reason">为什么（两位都会看到，可以不写）</label>
              <input id="a-reason" name="reason" maxlength={LONGEST_NOTE} autocomplete="off" />
            </div>
            <button type="submit">交出去</button>
          </form>
        </details>
      )}
    </>
  )
}

/** Whose a request is. */
export function addRequestAssignment(app: Hono<AdminEnv>, options: AdminServices, show: ShowRequest): void {
  app.post('/requests/:id/assign', async (c) => {
    const { staff } = c.get('session')
    const form = c.get('form')
    const missing = () => renderNotFound(c, options, '没有这个工单，请核对编号。')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return missing()
    const asked = form.get('to')
    const to = asked === 'nobody' ? null : asked === 'colleague' ? (form.get('colleague') ?? '') : staff.user
    const result = await assignRequest(options.desk, staffActor(staff), { id: request.id, to, reason: form.get('reason') ?? '', takesOver: form.has('takes_over') })
    switch (result.outcome) {
      case 'held':
        return show(c, request, { problem: `现在由${result.by.name}负责。要接过来，请再按一次“从${result.by.name}那里接过来”。` })
      case 'unknown_user':
        return show(c, request, { problem: '没有这位同事，请重新选。' })
      case 'disabled_user':
        return show(c, request, { problem: `${result.name}已经停用了，不能交给他，请另选一位。` })
      case 'note_too_long':
        return show(c, request, { problem: `原因最多 ${result.longest} 个字，请短一些。` })
      case 'stale':
      case 'not_found':
        return missing()
      case 'assigned':
      case 'unchanged':
        return redirectAfter(c, `/admin/requests/${request.number}`, to === null ? 'unassigned' : to === staff.user ? 'assigned' : 'handed_over')
      default:
        return result satisfies never
    }
  })
}
