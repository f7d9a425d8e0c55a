import type { Hono } from 'hono'
import { staffActor } from '../../../desk/actor.ts'
import { retryWebhook } from '../../../desk/retry-webhook.ts'
import { STATUS_NAMES } from '../../../domain/requests/status-names.ts'
import { isRequestStatus } from '../../../domain/requests/requests.ts'
import { pageWebhooks, readWebhookSubscription, type WebhookDelivery, type WebhookState } from '../../../store/webhooks/webhooks.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Pager, Tag, Time, Token } from '../parts/parts.tsx'

const PATH = '/admin/webhooks'
const STATES = { queued: { name: '等着推', tone: 'busy' }, sent: { name: '推到了', tone: 'done' }, failed: { name: '没推到', tone: 'alarm' } } as const satisfies Record<WebhookState, object>

const Row = ({ delivery, csrf, isOn, now }: { delivery: WebhookDelivery; csrf: string; isOn: boolean; now: Date }) => {
  const { id, number, type, status, attempts, error } = delivery
  const state = STATES[delivery.state as WebhookState]
  return (
    <li class="row">
      <div class="row-main">
        <span>
          <a href={`/admin/requests/${number}`}>{number}</a>：{type === 'request.created' ? '新登记' : '有变动'}（{isRequestStatus(status) ? STATUS_NAMES[status] : status}）
        </span>
        {error === null ? null : (
          <span class="detail">
            试了 {attempts} 次，上次：{error}
            {delivery.state === 'queued' ? (
              <>
                ，再试：
                <Time at={delivery.dueAt} now={now} />
              </>
            ) : null}
          </span>
        )}
        {delivery.state === 'sent' || !isOn ? null : (
          <form method="post" action={`${PATH}/${id}/retry`}>
            <Token csrf={csrf} />
            <button type="submit" aria-label={`现在再推：${number}`}>
              现在再推
            </button>
          </form>
        )}
      </div>
      <div class="row-side">
        <Tag tone={state.tone}>{state.name}</Tag>
        <Time at={delivery.sentAt ?? delivery.at} now={now} />
      </div>
    </li>
  )
}

/** What was pushed to another program of late, and what became of it. */
export function addWebhooks(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/webhooks', async (c) => {
    const [page, since] = await Promise.all([pageWebhooks(options.store, Number(c.req.query('page') ?? 1)), readWebhookSubscription(options.store)])
    const now = options.now()
    return renderPage(
      c,
      options,
      { title: '最近的推送', section: '/admin/channels' },
      <>
        <p class="crumb">
          <a href="/admin/channels">渠道</a>
        </p>
        <h1>最近的推送</h1>
        <p class="lead">{since === null ? '现在没有推给别的程序。要推，请管服务器的人设好 WEBHOOKS_URL 和 WEBHOOKS_SECRET 再启动。' : '工单一有变动就告诉别的程序：只有编号、状态和时间。没推到的会再试一天。'}</p>
        {page.total === 0 ? (
          <Empty>还没有推过。</Empty>
        ) : (
          <>
            <ol class="rows card">
              {page.items.map((delivery) => (
                <Row delivery={delivery} csrf={c.get('session').csrfToken} isOn={since !== null} now={now} />
              ))}
            </ol>
            <Pager of={page} path={PATH} query={{}} unit="条" />
          </>
        )}
      </>,
    )
  })

  app.post('/webhooks/:id/retry', async (c) => {
    const isQueued = await retryWebhook(options.desk, staffActor(c.get('session').staff), c.req.param('id'))
    if (!isQueued) return renderNotFound(c, options, '没有这一条，或者已经推到了。')
    return redirectAfter(c, PATH, 'webhook_retried')
  })
}
