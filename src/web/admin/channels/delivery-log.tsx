import type { Hono } from 'hono'
import { explainDeliveryError } from '../../../outbox/announcement-view.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { DELIVERY_STATUSES, type DeliveryStatus } from '../../../store/outbox/deliveries.ts'
import { listDeliveryLog, type LoggedDelivery } from '../../../store/outbox/delivery-log.ts'
import { shorten } from '../parts/format.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminEnv, AdminServices } from '../parts/options.ts'
import { Choice, Empty, Pager, Tag, Time } from '../parts/parts.tsx'
import { channelName, SENDING_NAMES } from '../parts/words.ts'

const TONES = { queued: 'busy', held: 'wait', sending: 'busy', sent: 'done', failed: 'alarm', unknown: 'wait', cancelled: 'off', expired: 'off', opted_out: 'off' } as const satisfies Record<DeliveryStatus, string>
const isStatus = (value: string): value is DeliveryStatus => (DELIVERY_STATUSES as readonly string[]).includes(value)

const What = ({ delivery }: { delivery: LoggedDelivery }) =>
  delivery.announcement === null ? (
    <span>{delivery.requestId === null ? '通知' : '办理进度的通知'}</span>
  ) : (
    <a href={`/admin/announcements/${delivery.announcement.id}`}>公告“{shorten(delivery.announcement.title || delivery.announcement.text, 20)}”</a>
  )

/** Who was sent what, and what became of it: by person, by group, by state. */
export function addDeliveryLog(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/deliveries', async (c) => {
    const recipient = cleanTyped(c.req.query('recipient') ?? '', { longest: 100 }).trim()
    const asked = c.req.query('status') ?? ''
    const status = isStatus(asked) ? asked : undefined
    const page = await listDeliveryLog(options.store, { recipient, ...(status !== undefined && { status }) }, Number(c.req.query('page') ?? 1))
    const now = options.now()
    return renderPage(
      c,
      options,
      { title: '发送记录', section: '/admin/channels' },
      <>
        <p class="crumb">
          <a href="/admin/channels">渠道</a>
        </p>
        <h1>发送记录</h1>
        <form class="filter" method="get" action="/admin/deliveries" hx-get="/admin/deliveries" hx-trigger="change" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
          <div class="field grow">
            <label for="f-recipient">发给谁</label>
            <input id="f-recipient" name="recipient" type="search" value={recipient} maxlength={100} placeholder="称呼、群名、电话" />
          </div>
          <Choice name="status" label="送到没有" value={status ?? ''} options={[{ value: '', label: '全部' }, ...DELIVERY_STATUSES.map((value) => ({ value, label: SENDING_NAMES[value] ?? value }))]} />
          <button type="submit">筛选</button>
        </form>
        <div id="list" aria-live="polite">
          {page.total === 0 ? (
            <Empty>没有这样的记录。</Empty>
          ) : (
            <>
              <ol class="rows card">
                {page.items.map((delivery) => (
                  <li class="row">
                    <div class="row-main">
                      <span>
                        <span class="typed">{delivery.recipient || '没有名字'}</span>（{channelName(delivery.channel)}）：<What delivery={delivery} />
                        {delivery.isPicture ? '的图片' : null}
                      </span>
                      {delivery.error ? <span class="detail">{explainDeliveryError(delivery.error)}</span> : null}
                      {delivery.acknowledgedAt ? <span class="detail">回了“收到”</span> : null}
                    </div>
                    <div class="row-side">
                      <Tag tone={TONES[delivery.status]}>{SENDING_NAMES[delivery.status]}</Tag>
                      <Time at={delivery.sentAt ?? delivery.createdAt} now={now} />
                    </div>
                  </li>
                ))}
              </ol>
              <Pager of={page} path="/admin/deliveries" query={{ recipient, status: status ?? '' }} unit="条" />
            </>
          )}
        </div>
      </>,
    )
  })
}
