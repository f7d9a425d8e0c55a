import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { fileForCaller } from '../../../desk/requests/file-for-caller.ts'
import { LONGEST_VALUES } from '../../../desk/requests/values.ts'
import { CALLER_CHANNELS, LONGEST_DESCRIPTION, type CallerChannel } from '../../../domain/requests/requests.ts'
import type { RequestRecord } from '../../../store/requests/requests.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Token } from '../parts/parts.tsx'
import { channelName } from '../parts/words.ts'
import { explainWrongValue } from './wrong-value.ts'

const NAMES = ['channel', 'description', 'name', 'phone', 'address', 'category', 'area', 'wanted'] as const
type Typed = Record<(typeof NAMES)[number], string>

const readTyped = (form: URLSearchParams): Typed => Object.fromEntries(NAMES.map((name) => [name, form.get(name) ?? ''])) as Typed
const isCallerChannel = (value: string): value is CallerChannel => (CALLER_CHANNELS as readonly string[]).includes(value)

const Line = ({ name, label, value, longest, type = 'text' }: { name: string; label: string; value: string; longest: number; type?: string }) => (
  <div class="field">
    <label for={`n-${name}`}>{label}</label>
    <input id={`n-${name}`} name={name} type={type} value={value} maxlength={longest} autocomplete="off" />
  </div>
)

function renderForm(c: AdminContext, options: AdminServices, typed: Typed, problem?: string): Promise<Response> {
  const categories = [{ value: '', label: '按内容自己分' }, ...options.desk.catalogue.map(({ name }) => ({ value: name, label: name }))]
  return renderPage(
    c,
    options,
    { title: '代居民登记', section: '/admin/requests', ...(problem !== undefined && { problem, status: 422 as const }) },
    <>
      <p class="crumb">
        <a href="/admin/requests">工单</a>
      </p>
      <h1>代居民登记</h1>
      <p class="lead">打电话来的、上门来的，在这里替他登记。登记好会给您一个码，居民在聊天里发这个码，就能接着看办到哪一步。</p>
      <form class="card stack narrow" method="post" action="/admin/requests/new">
        <Token csrf={c.get('session').csrfToken} />
        <fieldset class="choices">
          <legend>怎么来的</legend>
          {CALLER_CHANNELS.map((channel) => (
            <label class="choice">
              <input type="radio" name="channel" value={channel} required checked={typed.channel === channel} />
              <span>{channelName(channel)}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="n-description">什么事</label>
          <textarea id="n-description" name="description" rows={4} required maxlength={LONGEST_DESCRIPTION}>
            {typed.description}
          </textarea>
        </div>
        <Line name="name" label="怎么称呼" value={typed.name} longest={LONGEST_VALUES.name} />
        <Line name="phone" label="联系电话" value={typed.phone} longest={30} type="tel" />
        <Line name="address" label="地址" value={typed.address} longest={LONGEST_VALUES.address} />
        <Choice name="category" id="n-category" label="类别" value={typed.category} options={categories} />
        <Choice name="area" id="n-area" label="地方" value={typed.area} options={areaChoices(options.areas, '按地址自己找')} />
        <Line name="wanted" label="希望时间" value={typed.wanted} longest={LONGEST_VALUES.wantedTime} />
        <button type="submit" class="primary">
          登记
        </button>
      </form>
    </>,
  )
}

/** The code is shown this once. */
const renderFiled = (c: AdminContext, options: AdminServices, request: RequestRecord, code: string): Promise<Response> =>
  renderPage(
    c,
    options,
    { title: `登记好了 ${request.number}`, section: '/admin/requests' },
    <>
      <h1>登记好了</h1>
      <section class="card once" role="status">
        <p>
          编号 <a href={`/admin/requests/${request.number}`}>{request.number}</a>（{request.category}），请告诉居民。
        </p>
        <p>
          接上聊天的码：<b class="code">{code}</b>
        </p>
        <p>请居民在微信、Telegram 或网页聊天里私下发“绑定 {code}”，以后办到哪一步会在聊天里告诉他。码只在这里显示一次。</p>
      </section>
      <p class="buttons">
        <a class="button" href={`/admin/requests/${request.number}`}>
          看这件工单
        </a>
        <a class="button" href="/admin/requests/new">
          再登记一件
        </a>
      </p>
    </>,
  )

/** A request that staff file for somebody who telephoned or came. Before `/requests/:id`, which it would be taken for. */
export function addNewRequest(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/requests/new', (c) => renderForm(c, options, { ...readTyped(new URLSearchParams()), channel: 'phone' }))

  app.post('/requests/new', async (c) => {
    const typed = readTyped(c.get('form'))
    if (!isCallerChannel(typed.channel)) return renderForm(c, options, typed, '请选是打电话来的，还是上门来的。')
    const { wanted, channel: _typed, ...values } = typed
    const result = await fileForCaller(options.desk, staffActor(c.get('session').staff), { ...values, channel: typed.channel, wantedTime: wanted })
    switch (result.outcome) {
      case 'filed':
        return renderFiled(c, options, result.request, result.code)
      case 'no_description':
        return renderForm(c, options, typed, '请写上是什么事。')
      default:
        return renderForm(c, options, typed, explainWrongValue(result))
    }
  })
}
