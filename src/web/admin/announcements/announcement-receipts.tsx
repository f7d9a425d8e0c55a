import type { Hono } from 'hono'
import { explainDeliveryError } from '../../../outbox/announcement-view.ts'
import { explainRefusal, findAnnouncement, fullText, setAnnouncementRate } from '../../../outbox/announcements.ts'
import type { AnnouncementRecord } from '../../../store/announcements/announcement-records.ts'
import { decideUnknown, listReceipts, queueTestSend } from '../../../store/announcements/announcement-receipts.ts'
import type { Delivery } from '../../../store/outbox/deliveries.ts'
import { callSheet, receiptSheet } from '../../sheets.ts'
import { toXlsx, type Sheet } from '../../tables.ts'
import { shorten } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'
import { channelName, SENDING_NAMES } from '../parts/words.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FASTEST = 6_000

const Line = ({ delivery }: { delivery: Delivery }) => (
  <>
    {channelName(delivery.channel)} <span class="typed">{shorten(delivery.conversation, 40)}</span>：{SENDING_NAMES[delivery.status]}，{explainDeliveryError(delivery.error) || '没有说原因'}
  </>
)

/** Deliveries that did not go well; of unknown ones staff say what became of them, one by one or all. */
export const Deliveries = ({ title, deliveries, unknownOf, csrf }: { title: string; deliveries: Delivery[]; unknownOf?: string; csrf: string }) =>
  deliveries.length === 0 ? null : (
    <details open>
      <summary>
        {title}（{deliveries.length === 50 ? '前 50 个' : `${deliveries.length} 个`}）
      </summary>
      <ul class="plain-list">
        {deliveries.map((delivery) => (
          <li>
            <Line delivery={delivery} />
            {unknownOf === undefined ? null : <Decide id={unknownOf} seq={delivery.id} csrf={csrf} labels={['送到了', '再发一次']} />}
          </li>
        ))}
      </ul>
      {unknownOf === undefined ? null : (
        <>
          <p class="hint">发出后没有回音，可能收到了，也可能没有。问过本人再定；再发一次，有的人可能会收到两遍。</p>
          <Decide id={unknownOf} csrf={csrf} labels={['这些都算送到了', '这些都再发一次']} />
        </>
      )}
    </details>
  )

const Decide = ({ id, seq, csrf, labels }: { id: string; seq?: string; csrf: string; labels: [string, string] }) => (
  <form class="buttons" method="post" action={`/admin/announcements/${id}/unknown`}>
    <Token csrf={csrf} />
    {seq === undefined ? null : <input type="hidden" name="seq" value={seq} />}
    <button type="submit" name="as" value="sent">
      {labels[0]}
    </button>
    <button type="submit" name="as" value="again">
      {labels[1]}
    </button>
  </form>
)

/** Trying it out, its pace, and what is done about those who have not answered. */
export const Tools = ({ announcement, csrf }: { announcement: AnnouncementRecord; csrf: string }) => {
  const { id, status, progress, perMinute } = announcement
  const isOpen = ['draft', 'scheduled', 'sending', 'paused'].includes(status)
  const waiting = progress.sent + progress.unknown + progress.failed - progress.acknowledged
  return (
    <>
      <div class="buttons">
        <form method="post" action={`/admin/announcements/${id}/test`}>
          <Token csrf={csrf} />
          <button type="submit">先发给我自己看看</button>
        </form>
        {status === 'draft' ? null : (
          <a class="button" href={`/admin/announcements/${id}/receipts.xlsx`}>
            下载送达情况
          </a>
        )}
      </div>
      {isOpen ? (
        <form class="buttons" method="post" action={`/admin/announcements/${id}/pace`}>
          <Token csrf={csrf} />
          <label for="perMinute">每分钟最多发</label>
          <input id="perMinute" name="perMinute" type="number" min={1} max={FASTEST} value={perMinute ?? ''} placeholder="不限" />
          <button type="submit">改速度</button>
        </form>
      ) : null}
      {status !== 'draft' && waiting > 0 ? (
        <details>
          <summary>还没回“收到”的（{waiting} 个）</summary>
          <div class="buttons">
            <a class="button" href={`/admin/announcements/new?from=${id}&only=unacknowledged`}>
              再提醒他们一次
            </a>
            <a class="button" href={`/admin/announcements/${id}/call-list.xlsx`}>
              下载电话通知名单
            </a>
          </div>
        </details>
      ) : null}
    </>
  )
}

/** Sends the rows as a workbook to be kept. */
async function sendWorkbook<T>(c: AdminContext, sheet: Sheet<T>, rows: readonly T[], fileName: string): Promise<Response> {
  c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
  c.header('Content-Type', XLSX)
  return c.body(new Uint8Array(await toXlsx(sheet, rows)))
}

export function addAnnouncementReceipts(app: Hono<AdminEnv>, options: AdminServices, renderDetail: (c: AdminContext, announcement: AnnouncementRecord, problem: string) => Promise<Response>): void {
  const missing = '没有这条公告。'
  const find = (c: AdminContext) => findAnnouncement(options, c.req.param('id') ?? '')

  app.get('/announcements/:id/receipts.xlsx', async (c) => {
    const announcement = await find(c)
    return announcement === null ? renderNotFound(c, options, missing) : sendWorkbook(c, receiptSheet, await listReceipts(options.store, announcement.id), '公告送达情况.xlsx')
  })

  app.get('/announcements/:id/call-list.xlsx', async (c) => {
    const announcement = await find(c)
    return announcement === null ? renderNotFound(c, options, missing) : sendWorkbook(c, callSheet, await listReceipts(options.store, announcement.id, { unacknowledged: true }), '电话通知名单.xlsx')
  })

  app.post('/announcements/:id/test', async (c) => {
    const announcement = await find(c)
    if (announcement === null) return renderNotFound(c, options, missing)
    const sent = await queueTestSend(options.store, { announcementId: announcement.id, text: fullText(announcement), picture: announcement.picture, staffId: c.get('session').staff.id, now: options.now() })
    if (sent === 0) return renderDetail(c, announcement, '您还没有绑定自己的聊天账号。请在“我的账号”里取一个绑定码，私下发给助手。')
    options.wakeOutbox()
    return redirectAfter(c, `/admin/announcements/${announcement.id}`, 'announcement_test')
  })

  app.post('/announcements/:id/pace', async (c) => {
    const announcement = await find(c)
    if (announcement === null) return renderNotFound(c, options, missing)
    const typed = (c.get('form').get('perMinute') ?? '').trim()
    if (typed !== '' && !(/^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= FASTEST)) return renderDetail(c, announcement, `每分钟发多少请填 1 到 ${FASTEST} 的数，不限就空着。`)
    const result = await setAnnouncementRate(options, { id: announcement.id, perMinute: typed === '' ? null : Number(typed), by: c.get('session').staff.user })
    return result.outcome === 'changed' ? redirectAfter(c, `/admin/announcements/${announcement.id}`, 'announcement_pace') : renderDetail(c, announcement, explainRefusal(result))
  })

  app.post('/announcements/:id/unknown', async (c) => {
    const announcement = await find(c)
    if (announcement === null) return renderNotFound(c, options, missing)
    const form = c.get('form')
    const [as, seq] = [form.get('as'), form.get('seq')]
    if ((as !== 'sent' && as !== 'again') || (seq !== null && !/^\d{1,15}$/.test(seq))) return renderDetail(c, announcement, '没看懂要怎么办，请再点一次。')
    const count = await decideUnknown(options.store, { announcementId: announcement.id, as, by: c.get('session').staff.user, now: options.now(), ...(seq !== null && { seq: Number(seq) }) })
    if (count === 0) return renderDetail(c, announcement, '这些已经有人定过了。')
    options.wakeOutbox()
    return redirectAfter(c, `/admin/announcements/${announcement.id}`, `announcement_unknown_${as}`)
  })
}
