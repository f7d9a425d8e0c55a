import type { Hono } from 'hono'
import { raw } from 'hono/html'
import { formatLocalLong } from '../../../domain/time.ts'
import { MOST_TAGS } from '../../../domain/tags.ts'
import { readTags } from '../../../language/tags.ts'
import { explainDeliveryError } from '../../../outbox/announcement-view.ts'
import { listRooms, readQueues, unbindRoom, type AccountQueue } from '../../../store/channels/channel-board.ts'
import { createRoomCode } from '../../../store/staff/codes.ts'
import { findRoom } from '../../../store/channels/rooms.ts'
import { setRoomTags } from '../../../store/people/tags.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices, ChannelView } from '../parts/options.ts'
import { Empty, Tag, Time } from '../parts/parts.tsx'
import { Rooms } from '../people/rooms.tsx'
import { findTagProblem } from '../people/tags.tsx'
import { CHANNEL_STATE_NAMES, channelName, SENDING_NAMES } from '../parts/words.ts'

const TONES = { starting: 'busy', needs_login: 'alarm', online: 'done', degraded: 'wait', banned: 'alarm', stopped: 'off' } as const

interface View {
  channel: ChannelView
  queue: AccountQueue | undefined
  /** SVG of the log-in code, drawn here. */
  qrCode: string | null
}

async function readViews(options: AdminServices): Promise<View[]> {
  const channels = options.channels()
  const queues = await readQueues(options.store, channels.map(({ id, account }) => ({ channel: id, account })), options.now())
  return Promise.all(
    channels.map(async (channel, index) => ({
      channel,
      queue: queues[index],
      qrCode: channel.status.state === 'needs_login' && channel.status.qrCode ? await (await import('qrcode')).toString(channel.status.qrCode, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) : null,
    })),
  )
}

const Channel = ({ view, now }: { view: View; now: Date }) => {
  const { channel, queue, qrCode } = view
  const { status } = channel
  return (
    <section class="card channel">
      <h2>
        {channelName(channel.id)} <Tag tone={TONES[status.state]}>{CHANNEL_STATE_NAMES[status.state]}</Tag>
      </h2>
      <p class="row-facts">
        <span class="typed">{channel.account}</span>
        <span>
          从 <Time at={status.since} now={now} /> 起
        </span>
        <span>等着发 {queue?.waiting ?? 0} 条</span>
        {queue && queue.unknown > 0 ? <span class="bad">不确定送到没有 {queue.unknown} 条</span> : null}
      </p>
      {status.detail ? <p class="notice">{status.detail}</p> : null}
      {queue?.pausedUntil ? (
        <p class="notice">
          平台让我们慢一点，{formatLocalLong(queue.pausedUntil)} 再继续发。{queue.pauseReason}
        </p>
      ) : null}
      {qrCode !== null ? (
        <figure class="qr">
          <div role="img" aria-label="登录二维码">
            {raw(qrCode)}
          </div>
          <figcaption>请用要登录的微信扫这个码。登录好了这里会自己变。</figcaption>
        </figure>
      ) : null}
      {queue && queue.troubles.length > 0 ? (
        <details id={`troubles-${channel.id}-${channel.account}`} hx-preserve="true">
          <summary>最近没发好的 {queue.troubles.length} 条</summary>
          <ul class="plain-list">
            {queue.troubles.map((trouble) => (
              <li>
                <Time at={trouble.at} now={now} /> {SENDING_NAMES[trouble.status] ?? trouble.status}：{explainDeliveryError(trouble.error)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}

const Channels = ({ views, now }: { views: View[]; now: Date }) => (
  <div id="channels" hx-get="/admin/channels/states" hx-trigger="every 5s" hx-swap="outerHTML">
    {views.length === 0 ? <Empty>没有打开的渠道。</Empty> : views.map((view) => <Channel view={view} now={now} />)}
  </div>
)

/** Channels: their state, the QR code to log in with, what waits and what failed; and the groups. */
export function addChannels(app: Hono<AdminEnv>, options: AdminServices): void {
  const render = async (c: AdminContext, { code, room, problem }: { code?: string; room?: { title: string }; problem?: string } = {}): Promise<Response> => {
    const [views, rooms] = await Promise.all([readViews(options), listRooms(options.store)])
    const answerer = options.answererState()
    return renderPage(
      c,
      options,
      { title: '渠道', section: '/admin/channels', ...(problem !== undefined && { problem, status: 422 as const }) },
      <>
        <header class="head">
          <h1>渠道</h1>
          <a class="button" href="/admin/deliveries">
            发送记录
          </a>
          <a class="button" href="/admin/webhooks">
            最近的推送
          </a>
        </header>
        {code === undefined ? null : (
          <section class="card once" role="status">
            <p>
              群绑定码：<b class="code">{code}</b>
            </p>
            <p>
              24 小时内有效，只能用一次，离开这一页就看不到了。绑定过的工作人员在{room === undefined ? '群里' : <>“<span class="typed">{room.title}</span>”现在的群里</>}提到邻里，写：绑定 {code}
            </p>
          </section>
        )}
        <Channels views={views} now={options.now()} />
        <Rooms rooms={rooms} csrf={c.get('session').csrfToken} options={options} now={options.now()} />
        <section class="card" aria-labelledby="s-answerer">
          <h2 id="s-answerer">答问题</h2>
          <p>{answerer.detail}</p>
        </section>
      </>,
    )
  }

  app.get('/channels', (c) => render(c))
  app.get('/channels/states', async (c) => renderPart(c, <Channels views={await readViews(options)} now={options.now()} />))

  app.post('/channels/room-code', async (c) => {
    const area = c.get('form').get('area') ?? ''
    const isKnown = options.areas.some((candidate) => candidate.code === area)
    const roomId = c.get('form').get('room') ?? ''
    const room = roomId === '' ? undefined : await findRoom(options.store, roomId)
    if (room === null) return renderNotFound(c, options, '没有这个群。')
    const code = await createRoomCode(options.store, { ...(isKnown && { areaCode: area }), ...(room && { roomId: room.id }), by: c.get('session').staff.user, now: options.now() })
    return render(c, { code, ...(room && { room }) })
  })

  app.post('/channels/rooms/:id/tags', async (c) => {
    const read = readTags(c.get('form').get('tags') ?? '')
    const problem = findTagProblem(read)
    if (problem !== undefined) return render(c, { problem })
    const { outcome } = await setRoomTags(options.store, { id: c.req.param('id'), tags: read.tags, by: c.get('session').staff.user, now: options.now() })
    if (outcome === 'not_found') return renderNotFound(c, options, '没有这个群，或者它没有绑定。')
    if (outcome === 'too_many_tags') return render(c, { problem: `一个群最多 ${MOST_TAGS} 个标签。` })
    return redirectAfter(c, '/admin/channels', outcome === 'changed' ? 'room_tagged' : 'room_tags_unchanged')
  })

  app.post('/channels/rooms/:id/unbind', async (c) => {
    await unbindRoom(options.store, { id: c.req.param('id'), by: c.get('session').staff.user, now: options.now() })
    return redirectAfter(c, '/admin/channels', 'room_unbound')
  })
}
