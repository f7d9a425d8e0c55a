import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { correctRequest, type Correction } from '../../../../desk/requests/correct-request.ts'
import { LONGEST_VALUES } from '../../../../desk/requests/values.ts'
import { fromLocalIso, toLocalIso } from '../../../../domain/time.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../../parts/options.ts'
import { areaChoices, Choice, Token } from '../../parts/parts.tsx'
import type { ShowRequest } from '../request-page.ts'
import { describeSince, readSeen } from '../seen.ts'
import { explainWrongValue } from '../wrong-value.ts'

const FIELDS = ['category', 'address', 'area', 'name', 'phone', 'wanted', 'due'] as const

/** What the form shows at first: the values as they are. */
const valuesOf = (request: RequestRecord): Record<(typeof FIELDS)[number], string> => ({
  category: request.category,
  address: request.address ?? '',
  area: request.areaCode ?? '',
  name: request.requesterName ?? '',
  phone: request.requesterPhone ?? '',
  wanted: request.wantedTime ?? '',
  due: request.dueAt === null ? '' : toLocalIso(request.dueAt).slice(0, 16),
})

/** What the request says, to be put right. */
export const CorrectForm = ({ request, options, csrf, typed }: { request: RequestRecord; options: AdminServices; csrf: string; typed: Record<string, string> | undefined }) => {
  const value = { ...valuesOf(request), ...typed }
  const names = options.desk.catalogue.map(({ name }) => name)
  const categories = [...new Set([request.category, ...names])].map((name) => ({ value: name, label: name }))
  return (
    <details open={typed !== undefined}>
      <summary>更正这些内容</summary>
      <form class="stack" method="post" action={`/admin/requests/${request.number}/correct`}>
        <Token csrf={csrf} />
        <input type="hidden" name="seen" value={request.updatedAt.toISOString()} />
        <Choice name="category" id="c-category" label="类别" value={value.category} options={categories} />
        <Text name="address" label="地址" value={value.address} longest={LONGEST_VALUES.address} />
        <Choice name="area" id="c-area" label="地方" value={value.area} options={areaChoices(options.areas, '还不知道')} />
        <Text name="name" label="联系人" value={value.name} longest={LONGEST_VALUES.name} />
        <Text name="phone" label="联系电话" value={value.phone} longest={30} type="tel" />
        <Text name="wanted" label="希望时间" value={value.wanted} longest={LONGEST_VALUES.wantedTime} />
        <div class="field">
          <label for="c-due">最晚办好</label>
          <input id="c-due" name="due" type="datetime-local" value={value.due} />
        </div>
        <button type="submit">存好更正</button>
        <p class="hint">原来是什么会记在经过里；居民不会收到通知。</p>
      </form>
    </details>
  )
}

/** One line that is typed. */
const Text = ({ name, label, value, longest, type = 'text' }: { name: string; label: string; value: string; longest: number; type?: string }) => (
  <div class="field">
    <label for={`c-${name}`}>{label}</label>
    <input id={`c-${name}`} name={name} type={type} value={value} maxlength={longest} autocomplete="off" />
  </div>
)

/** What is different in the form from what it showed; null = the due date is none. */
function readCorrection(form: URLSearchParams, request: RequestRecord): Omit<Correction, 'id'> | null {
  const before = valuesOf(request)
  const changed = (name: (typeof FIELDS)[number]): string | undefined => {
    const typed = form.get(name)
    return typed === null || typed.trim() === before[name] ? undefined : typed
  }
  const due = changed('due')
  const dueAt = due === undefined || due === '' ? null : fromLocalIso(due)
  if (dueAt !== null && Number.isNaN(dueAt.getTime())) return null
  const [category, address, area, name, phone, wantedTime] = [changed('category'), changed('address'), changed('area'), changed('name'), changed('phone'), changed('wanted')]
  return {
    ...(category !== undefined && { category }),
    ...(address !== undefined && { address }),
    ...(area !== undefined && { area }),
    ...(name !== undefined && { name }),
    ...(phone !== undefined && { phone }),
    ...(wantedTime !== undefined && { wantedTime }),
    ...(due !== undefined && { dueAt }),
  }
}

/** Putting right what a request says. */
export function addRequestCorrection(app: Hono<AdminEnv>, options: AdminServices, show: ShowRequest): void {
  app.post('/requests/:id/correct', async (c) => {
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return renderNotFound(c, options, '没有这个工单，请核对编号。')
    const form = c.get('form')
    const typed = Object.fromEntries(FIELDS.flatMap((name) => (form.has(name) ? [[name, form.get(name) ?? '']] : [])))
    const refuse = (problem: string) => show(c, request, { problem, correction: typed })
    const correction = readCorrection(form, request)
    if (correction === null) return refuse('时间没看懂，请重新选日期和钟点。')
    const result = await correctRequest(options.desk, staffActor(c.get('session').staff), { id: request.id, ...correction, ...readSeen(form) })
    const back = `/admin/requests/${request.number}`
    switch (result.outcome) {
      case 'corrected':
        return redirectAfter(c, back, 'corrected')
      case 'unchanged':
        return redirectAfter(c, back, 'correction_unchanged')
      case 'stale':
        return show(c, result.request, { problem: `${describeSince(result.since)}请看一下再改。您填的还在。`, correction: typed })
      case 'not_found':
        return renderNotFound(c, options, '没有这个工单，请核对编号。')
      default:
        return refuse(explainWrongValue(result))
    }
  })
}
