import type { Hono } from 'hono'
import { staffActor } from '../../../../desk/actor.ts'
import { mergeRequests, unmergeRequest, type MayNotMerge, type MergingResult, type UnmergingResult } from '../../../../desk/requests/merge-requests.ts'
import { isFinished, isOpen, type RequestStatus } from '../../../../domain/requests/requests.ts'
import { formatLocalLong } from '../../../../domain/time.ts'
import { showNickname } from '../../../../language/clean.ts'
import { listMerged, nearDuplicates, type ComparedRequest } from '../../../../store/requests/near-duplicates.ts'
import { findByNumber } from '../../../../store/requests/request-board.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { shorten } from '../../parts/format.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderPage } from '../../parts/layout.tsx'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../../parts/options.ts'
import { Fact, StatusTag, Time, Token } from '../../parts/parts.tsx'
import { STAFF_STATUS_NAMES } from '../../parts/words.ts'

export interface MergingFacts {
  /** Open ones that may be the same thing. */
  near: ComparedRequest[]
  /** Those that went into this one. */
  merged: ComparedRequest[]
}

export async function readMerging({ store, now }: AdminServices, request: RequestRecord): Promise<MergingFacts> {
  const [near, merged] = await Promise.all([mayGo(request) ? nearDuplicates(store, request, { now: now() }) : [], listMerged(store, request.id)])
  return { near, merged }
}

const mayGo = (request: RequestRecord): boolean => isOpen(request)

const LONGEST_SHOWN = 40
const NOT_FOUND = '没有这个工单，请核对编号。'
const NOT_SEEN = '没有这样的工单，或者不止一件：请写完整的编号。'

const Other = ({ other, now }: { other: ComparedRequest; now: Date }) => (
  <>
    <a href={`/admin/requests/${other.number}`}>
      {other.category} <span class="number">{other.number}</span>
    </a>{' '}
    <StatusTag status={other.status} /> <Time at={other.createdAt} now={now} />
    <p class="typed">{`${other.address ?? ''} ${shorten(other.description, LONGEST_SHOWN)}`.trim()}</p>
  </>
)

/** Beside a request: what may be the same thing, what went into it, and into what it went. */
export const Merging = ({ request, merging: { near, merged }, csrf, now }: { request: RequestRecord; merging: MergingFacts; csrf: string; now: Date }) =>
  !mayGo(request) && request.mergedInto === null && merged.length === 0 ? null : (
    <section class="card stack" aria-labelledby="s-merge">
      <h2 id="s-merge">是不是同一件</h2>
      {request.mergedInto !== null ? (
        <form class="inline" method="post" action={`/admin/requests/${request.id}/unmerge`}>
          <Token csrf={csrf} />
          <input type="hidden" name="seen" value={request.updatedAt.toISOString()} />
          <p>
            已经并入 <a href={`/admin/requests/${request.mergedInto.number}`}>{request.mergedInto.number}</a>，在那一件里接着办。
          </p>
          <button type="submit">撤销合并</button>
        </form>
      ) : null}
      {merged.length > 0 ? (
        <>
          <p>并到这件里的：</p>
          <ul class="merged">
            {merged.map((other) => (
              <li>
                <Other other={other} now={now} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {near.length > 0 ? (
        <>
          <p>这几件地方、类别和说法都像：</p>
          <ul class="near">
            {near.map((other) => (
              <li>
                <Other other={other} now={now} />
                <a href={`/admin/requests/${request.number}/merge?into=${other.number}`}>对比，并入 {other.number}</a>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {mayGo(request) ? (
        <form class="inline" method="get" action={`/admin/requests/${request.number}/merge`}>
          <label for="merge-into">并入编号</label>
          <input id="merge-into" name="into" required maxlength={40} autocomplete="off" placeholder="SR-20261123-0007" />
          <button type="submit">先对比</button>
        </form>
      ) : null}
    </section>
  )

const Side = ({ title, request, now }: { title: string; request: RequestRecord; now: Date }) => (
  <section class="card" aria-label={title}>
    <h2>{title}</h2>
    <p>
      <a href={`/admin/requests/${request.number}`}>
        {request.category} <span class="number">{request.number}</span>
      </a>{' '}
      <StatusTag status={request.status} />
    </p>
    <p class="typed description">{request.description || '（没有写内容）'}</p>
    <dl class="facts">
      <Fact name="地址">{request.address ? <span class="typed">{request.address}</span> : null}</Fact>
      <Fact name="联系人">{request.requesterName ? <span class="typed">{showNickname(request.requesterName)}</span> : '没有留名字'}</Fact>
      <Fact name="联系电话">{request.requesterPhone ?? '没有留电话'}</Fact>
      <Fact name="提交时间">{formatLocalLong(request.createdAt)}</Fact>
      <Fact name="负责人">{request.assignee ? request.assignee.name : '还没有人'}</Fact>
      <Fact name="也报过的人">{request.followers.length === 0 ? null : `${request.followers.length} 人`}</Fact>
    </dl>
    <ol class="history">
      {request.activities.toReversed().map((line) => (
        <li>
          <StatusTag status={line.status} /> {line.by} <Time at={line.at} now={now} />
          {line.note ? <p class="typed said">{line.note}</p> : null}
        </li>
      ))}
    </ol>
  </section>
)

function renderComparison(c: AdminContext, options: AdminServices, both: { source: RequestRecord; target: RequestRecord }, problem?: string): Response | Promise<Response> {
  const { source, target } = both
  const now = options.now()
  return renderPage(
    c,
    options,
    { title: '合并', section: '/admin/requests', ...(problem !== undefined && { problem, status: 409 as const }) },
    <>
      <p class="crumb">
        <a href={`/admin/requests/${source.number}`}>{source.number}</a>
      </p>
      <h1>是同一件事吗？</h1>
      <div class="sides">
        <Side title="这一件，合并后结束" request={source} now={now} />
        <Side title="并入这一件，接着办" request={target} now={now} />
      </div>
      <form class="card stack" method="post" action={`/admin/requests/${source.id}/merge`}>
        <Token csrf={c.get('session').csrfToken} />
        <input type="hidden" name="into" value={target.number} />
        <input type="hidden" name="seen" value={source.updatedAt.toISOString()} />
        <p>两边的经过都留着；{source.number} 报的人会收到一句话，以后按 {target.number} 告诉他们。合错了可以撤销。</p>
        <button type="submit" class="primary">
          确定合并
        </button>
      </form>
    </>,
  )
}

/** Why two requests do not become one, as staff read it. */
export function explainMerging({ why, number }: MayNotMerge): string {
  const sentences: Record<MayNotMerge['why'], string> = {
    no_target: '要合并，请先写并入哪一件的编号。',
    itself: '不能并入它自己，请写另一件的编号。',
    unknown: `没有编号是 ${number} 的工单，请核对。`,
    circle: `${number} 已经并入这一件了，不能再反过来合并。`,
    target_merged: `那一件已经并入 ${number}，请直接并入 ${number}。`,
    target_ended: `${number} 已经结束了，请并入还在办的。`,
    merged_already: `这一件已经并入 ${number}，要改先撤销合并。`,
    emergency: `${number} 是紧急情况，只能和另一件紧急情况合并：居民后面说的话要马上通知值班的人。`,
    not_merged: '这一件没有合并，不用撤销。',
    target_went_on: `${number} 后来又并入了别的工单，请先撤销那一次合并。`,
  }
  return sentences[why]
}

type Refusal = Exclude<MergingResult | UnmergingResult, { outcome: 'merged' | 'unmerged' | 'not_found' }>

function explain(result: Refusal): string {
  switch (result.outcome) {
    case 'may_not_merge':
      return explainMerging(result)
    case 'not_allowed':
      return `现在是“${STAFF_STATUS_NAMES[result.from]}”，不能合并。`
    case 'note_too_long':
      return `最多 ${result.longest} 个字。`
    case 'stale':
      return '刚才有变化，请看一下再合并。'
    default:
      return result satisfies never
  }
}

const seenOf = (form: URLSearchParams): { ifUpdatedAt?: Date } => {
  const seen = new Date(form.get('seen') ?? '')
  return Number.isNaN(seen.getTime()) ? {} : { ifUpdatedAt: seen }
}

/** Two requests beside each other, before one goes into the other; and back. */
export function addRequestMerging(app: Hono<AdminEnv>, options: AdminServices): void {
  const targetOf = async (typed: string): Promise<RequestRecord | null> => {
    const found = await findByNumber(options.store, typed)
    return found === null ? null : findRequest(options.store, found.id)
  }

  app.get('/requests/:id/merge', async (c) => {
    const source = await findRequest(options.store, c.req.param('id'))
    if (!source) return renderNotFound(c, options, NOT_FOUND)
    const target = await targetOf(c.req.query('into') ?? '')
    if (!target) return renderNotFound(c, options, NOT_SEEN)
    const problem = source.id === target.id ? explainMerging({ outcome: 'may_not_merge', why: 'itself', number: source.number }) : isFinished(source) ? `现在是“${STAFF_STATUS_NAMES[source.status as RequestStatus]}”，不能合并。` : undefined
    return renderComparison(c, options, { source, target }, problem)
  })

  app.post('/requests/:id/merge', async (c) => {
    const form = c.get('form')
    const [source, target] = await Promise.all([findRequest(options.store, c.req.param('id')), targetOf(form.get('into') ?? '')])
    if (!source) return renderNotFound(c, options, NOT_FOUND)
    if (!target) return renderNotFound(c, options, NOT_SEEN)
    const result = await mergeRequests(options, staffActor(c.get('session').staff), { id: source.id, into: target.number, ...seenOf(form) })
    if (result.outcome === 'merged') return redirectAfter(c, `/admin/requests/${target.number}`, 'merged')
    return result.outcome === 'not_found' ? renderNotFound(c, options, NOT_FOUND) : renderComparison(c, options, { source, target }, explain(result))
  })

  app.post('/requests/:id/unmerge', async (c) => {
    const source = await findRequest(options.store, c.req.param('id'))
    if (!source) return renderNotFound(c, options, NOT_FOUND)
    const result = await unmergeRequest(options, staffActor(c.get('session').staff), { id: source.id, ...seenOf(c.get('form')) })
    if (result.outcome === 'unmerged') return redirectAfter(c, `/admin/requests/${source.number}`, 'unmerged')
    if (result.outcome === 'not_found' || source.mergedInto === null) return renderNotFound(c, options, result.outcome === 'not_found' ? NOT_FOUND : explain(result))
    const target = await findRequest(options.store, source.mergedInto.id)
    return target ? renderComparison(c, options, { source, target }, explain(result)) : renderNotFound(c, options, NOT_FOUND)
  })
}
