import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { noteInternally } from '../../../../desk/requests/note-internally.ts'
import { handBack, takeOver } from '../../../../desk/requests/take-over.ts'
import { tellResident } from '../../../../desk/requests/tell-resident.ts'
import { isAllowedChange, LONGEST_NOTE, type RequestStatus } from '../../../../domain/requests/requests.ts'
import { cleanTyped } from '../../../../language/clean.ts'
import { findTakeover, type Takeover } from '../../../../store/conversations/takeover.ts'
import { readTalk, type TalkLine } from '../../../../store/requests/request-board.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { listReplyTemplates } from '../../../../store/staff/reply-templates.ts'
import { listStaff, type StaffRecord } from '../../../../store/staff/staff.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderPart } from '../../parts/layout.tsx'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Empty, Time, Token } from '../../parts/parts.tsx'
import { SENDING_NAMES } from '../../parts/words.ts'
import type { ShowRequest } from '../request-page.ts'

/** What the conversation's part of the page shows. */
export interface TalkView {
  lines: TalkLine[]
  takeover: Takeover | null
  templates: { id: string; title: string; text: string }[]
}

export async function readTalkView(options: AdminServices, request: RequestRecord): Promise<TalkView> {
  const { store, now } = options
  const { conversationId } = request
  const [lines, takeover, templates] = await Promise.all([readTalk(store, request), conversationId === null ? null : findTakeover(store.read, conversationId, now()), listReplyTemplates(store)])
  return { lines, takeover, templates }
}

const nameOf = (user: string, staff: readonly StaffRecord[]): string => staff.find((person) => person.user === user)?.name ?? user

const UNREACHED = new Set(['failed', 'unknown', 'cancelled', 'expired', 'opted_out'])

/** What became of a line that was sent to the resident. */
const Sent = ({ line }: { line: TalkLine }) => {
  if (line.sending === null) return null
  if (line.isSeen) return <span>看过了</span>
  return <span class={UNREACHED.has(line.sending) ? 'bad' : ''}>{SENDING_NAMES[line.sending] ?? line.sending}</span>
}

const who = (line: TalkLine, staff: readonly StaffRecord[]): string => (line.from === 'resident' ? '居民' : line.from === 'staff' ? nameOf(line.by ?? '', staff) : '邻里')

/** What was said, oldest first; the box stands at its end. While somebody speaks there it renews itself where scripts run. */
export const TalkLines = ({ request, lines, isLive, staff, now }: { request: RequestRecord; lines: TalkLine[]; isLive: boolean; staff: readonly StaffRecord[]; now: Date }) => (
  <div id="talk" class="talk-end" tabindex={0} role="region" aria-label="对话记录" {...(isLive && { "hx-get": `/admin/requests/${request.number}/talk`, "hx-trigger": "every 5s", "hx-swap": "outerHTML" })}>
    {lines.length === 0 ? (
      <Empty>没有可以看的对话。</Empty>
    ) : (
      <ol class="talk">
        {lines.map((line) => (
          <li class={line.from}>
            <p class="who">
              {who(line, staff)} <Time at={line.at} now={now} /> <Sent line={line} />
            </p>
            <p class="typed bubble">{line.isErased ? '（已删除）' : line.text}</p>
          </li>
        ))}
      </ol>
    )}
  </div>
)

const TakeoverForm = ({ request, takeover, csrf, me, staff }: { request: RequestRecord; takeover: Takeover | null; csrf: string; me: StaffRecord; staff: readonly StaffRecord[] }) => (
  <form class="inline" method="post" action={`/admin/requests/${request.number}/${takeover === null ? 'take-over' : 'hand-back'}`}>
    <Token csrf={csrf} />
    {takeover === null ? (
      <>
        <button type="submit">接管对话</button>
        <p class="hint">接管后自动回复停下来，居民写的直接给您；有危险照样马上回他。交还，或者半小时没人说话，自动回复就恢复。</p>
      </>
    ) : (
      <>
        <p class="notice">{takeover.by === me.user ? '您接管了这个对话' : `${nameOf(takeover.by, staff)} 接管了这个对话`}，自动回复停着。</p>
        <button type="submit">交还给自动回复</button>
      </>
    )}
  </form>
)

interface BoxProps {
  request: RequestRecord
  view: TalkView
  csrf: string
  said: string
}

/** One box for what is told the resident and for what stays at the desk. */
const SayForm = ({ request, view, csrf, said }: BoxProps) => {
  const canTell = request.conversationId !== null
  const canAsk = canTell && isAllowedChange(request.status as RequestStatus, 'waiting_resident')
  return (
    <form id="say-form" class="stack" method="post" action={`/admin/requests/${request.number}/say`}>
      <Token csrf={csrf} />
      {view.templates.length > 0 ? (
        <div class="inline">
          <div class="field">
            <label for="template">常用的话</label>
            <select id="template" name="template">
              {view.templates.map((template) => (
                <option value={template.id}>{template.title}</option>
              ))}
            </select>
          </div>
          <button type="submit" name="to" value="template">
            放进来
          </button>
        </div>
      ) : null}
      <div class="field">
        <label for="say">要说的话</label>
        <textarea id="say" name="said" rows={3} maxlength={LONGEST_NOTE} aria-describedby="say-hint">
          {said}
        </textarea>
        <p class="hint" id="say-hint">
          {canTell ? '发给居民的，他在聊天里收到。' : '这位居民没有可用的会话，发不过去，请打电话。'}内部备注只有同事看得到；写 @同事 的名字，会告诉他。<a href="/admin/templates">改常用的话</a>
        </p>
      </div>
      <div class="buttons">
        {canTell ? (
          <button type="submit" class="primary" name="to" value="resident">
            发给居民
          </button>
        ) : null}
        {canAsk ? (
          <button type="submit" name="to" value="ask">
            发给居民，等他回
          </button>
        ) : null}
        <button type="submit" name="to" value="internal">
          记内部备注
        </button>
      </div>
    </form>
  )
}

/** The conversation with the resident, open at its end, and the box under it. */
export const Conversation = ({ me, staff, now, ...box }: BoxProps & { me: StaffRecord; staff: readonly StaffRecord[]; now: Date }) => (
  <section class="card" aria-labelledby="s-talk">
    <h2 id="s-talk">和居民的对话</h2>
    <TalkLines request={box.request} lines={box.view.lines} isLive={box.view.takeover !== null} staff={staff} now={now} />
    {box.request.conversationId === null ? null : <TakeoverForm request={box.request} takeover={box.view.takeover} csrf={box.csrf} me={me} staff={staff} />}
    <SayForm {...box} />
  </section>
)

const MISSING = '没有这个工单，请核对编号。'
const tooLong = (longest: number): string => `最多 ${longest} 个字，请短一些。您写的话还在。`

/** Saying something to the resident or to colleagues, and taking the conversation over. */
export function addRequestTalk(app: Hono<AdminEnv>, options: AdminServices, show: ShowRequest): void {
  const read = async (c: AdminContext) => findRequest(options.store, c.req.param('id') ?? '')
  const back = (request: RequestRecord) => `/admin/requests/${request.number}`

  app.get('/requests/:id/talk', async (c) => {
    const request = await read(c)
    if (!request) return renderNotFound(c, options, MISSING)
    const [{ lines, takeover }, staff] = await Promise.all([readTalkView(options, request), listStaff(options.store)])
    return renderPart(c, <TalkLines request={request} lines={lines} isLive={takeover !== null} staff={staff} now={options.now()} />)
  })

  app.post('/requests/:id/say', async (c) => {
    const request = await read(c)
    if (!request) return renderNotFound(c, options, MISSING)
    const form = c.get('form')
    const said = cleanTyped(form.get('said') ?? '')
    const refuse = (problem: string) => show(c, request, { problem, said })
    switch (form.get('to')) {
      case 'template': {
        const template = (await listReplyTemplates(options.store)).find(({ id }) => id === form.get('template'))
        return template === undefined ? refuse('没有这句常用的话，可能刚刚被删了。') : show(c, request, { said: said === '' ? template.text : `${said}\n${template.text}` })
      }
      case 'internal': {
        const result = await noteInternally(options.desk, staffActor(c.get('session').staff), { id: request.id, note: said })
        switch (result.outcome) {
          case 'noted':
            if (result.unknown.length > 0) return show(c, result.request, { problem: `备注记下了，可是没有叫“${result.unknown.join('”“')}”的同事，没有告诉到。` })
            return redirectAfter(c, `${back(request)}#s-talk`, result.told.length > 0 ? 'noted_told' : 'noted')
          case 'unchanged':
            return redirectAfter(c, back(request), 'noted')
          case 'empty':
            return refuse('请先写要记的话。')
          case 'note_too_long':
            return refuse(tooLong(result.longest))
          case 'stale':
          case 'not_found':
            return renderNotFound(c, options, MISSING)
          default:
            return result satisfies never
        }
      }
      case 'resident':
      case 'ask':
        return tell(c, request, said, form.get('to') === 'ask')
      default:
        return refuse('请选“发给居民”或者“记内部备注”。')
    }
  })

  const tell = async (c: AdminContext, request: RequestRecord, said: string, asks: boolean): Promise<Response> => {
    const refuse = (problem: string) => show(c, request, { problem, said })
    const result = await tellResident(options.desk, staffActor(c.get('session').staff), { id: request.id, said, asks })
    switch (result.outcome) {
      case 'told':
        return redirectAfter(c, `${back(request)}#s-talk`, 'note_sent')
      case 'unchanged':
        return redirectAfter(c, back(request), 'said_before')
      case 'empty':
        return refuse('请先写要说的话。')
      case 'unreachable':
        return refuse('这位居民没有可用的会话，发不过去，请打电话告诉他。您写的话还在。')
      case 'note_too_long':
        return refuse(tooLong(result.longest))
      case 'not_found':
        return renderNotFound(c, options, MISSING)
      default:
        return result satisfies never
    }
  }

  app.post('/requests/:id/take-over', async (c) => {
    const request = await read(c)
    if (!request) return renderNotFound(c, options, MISSING)
    const result = await takeOver(options.desk, staffActor(c.get('session').staff), { id: request.id })
    if (result.outcome === 'held') return show(c, request, { problem: `${nameOf(result.by, await listStaff(options.store))} 正在这个对话里和居民说话，请先问问他。` })
    if (result.outcome === 'unreachable') return show(c, request, { problem: '这位居民没有可用的会话，请打电话。' })
    return redirectAfter(c, `${back(request)}#s-talk`, 'taken_over')
  })

  app.post('/requests/:id/hand-back', async (c) => {
    const request = await read(c)
    if (!request) return renderNotFound(c, options, MISSING)
    await handBack(options.desk, staffActor(c.get('session').staff), { id: request.id })
    return redirectAfter(c, `${back(request)}#s-talk`, 'handed_back')
  })
}
