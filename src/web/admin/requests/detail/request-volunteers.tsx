import type { Hono } from 'hono'
import type { OfferStatus, SearchState } from '../../../../domain/volunteers/offers.ts'
import { isAtWork, isFinished, isOpen } from '../../../../domain/requests/requests.ts'
import { beginSearchAsStaff } from '../../../../store/volunteers/volunteer-search.ts'
import type { OfferView, SearchView } from '../../../../store/volunteers/volunteer-search-board.ts'
import { findRequest, type RequestRecord } from '../../../../store/requests/requests.ts'
import { redirectAfter } from '../../parts/guard.ts'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../../parts/options.ts'
import { Empty, Tag, Time, Token } from '../../parts/parts.tsx'

const STATE_WORDS: Record<SearchState, string> = {
  seeking: '正在问附近的志愿者，先答应的先去。',
  accepted: '有志愿者答应去了。',
  staff: '没有找到能去的志愿者，请工作人员安排。',
  ended: '已经不再找志愿者了。',
}

const OFFER_NAMES: Record<OfferStatus, string> = {
  offered: '等答复',
  accepted: '答应去',
  declined: '去不了',
  lapsed: '没有答复',
  taken: '别人先答应了',
  withdrawn: '不用去了',
  given_up: '答应后又去不了',
  done: '办好了',
}

const OFFER_TONES: Record<OfferStatus, 'new' | 'busy' | 'wait' | 'done' | 'off'> = { offered: 'wait', accepted: 'busy', declined: 'off', lapsed: 'off', taken: 'off', withdrawn: 'off', given_up: 'off', done: 'done' }

/** The mark of a request for which nobody was found, as long as nobody sees to it. */
export const SearchTag = ({ request, search }: { request: RequestRecord; search: SearchView | null }) =>
  search?.state === 'staff' && isOpen(request) && !isAtWork(request) ? <Tag tone="alarm">没找到志愿者</Tag> : null

const Offer = ({ offer, now }: { offer: OfferView; now: Date }) => (
  <li class="row">
    <div class="row-main">
      {offer.volunteer === null ? (
        <b>（已删除）</b>
      ) : (
        <a class="row-title" href={`/admin/volunteers/${offer.volunteer.number}`}>
          <b class="typed">{offer.volunteer.name}</b>
        </a>
      )}
      <p class="row-facts">
        {offer.volunteer === null ? null : <span class="number">{offer.volunteer.number}</span>}
        {offer.volunteer !== null && offer.status === 'accepted' ? <a href={`tel:${offer.volunteer.phone.replaceAll(/[^\d+]/g, '')}`}>{offer.volunteer.phone}</a> : null}
        <Time at={offer.answeredAt ?? offer.offeredAt} now={now} />
      </p>
    </div>
    <div class="row-side">
      <Tag tone={OFFER_TONES[offer.status]}>{OFFER_NAMES[offer.status]}</Tag>
    </div>
  </li>
)

/** Who was asked to help, who has promised to, and the button that asks. */
export const Volunteers = ({ request, search, csrf, now }: { request: RequestRecord; search: SearchView | null; csrf: string; now: Date }) => {
  const canBegin = isOpen(request) && search?.state !== 'seeking' && search?.state !== 'accepted'
  if (isFinished(request) && search === null) return null
  return (
    <section class="card" aria-labelledby="s-volunteers">
      <h2 id="s-volunteers">志愿者</h2>
      {search === null ? <Empty>还没有找过志愿者。</Empty> : <p class={isOpen(request) && search.state === 'staff' ? 'notice' : ''}>{STATE_WORDS[isOpen(request) ? search.state : 'ended']}</p>}
      {search !== null && search.offers.length > 0 ? (
        <ul class="rows">
          {search.offers.map((offer) => (
            <Offer offer={offer} now={now} />
          ))}
        </ul>
      ) : null}
      {canBegin ? (
        <form class="stack" method="post" action={`/admin/requests/${request.id}/volunteers`}>
          <Token csrf={csrf} />
          <label class="choice">
            <input type="checkbox" name="minors" value="yes" />
            <span>也问未成年的志愿者（监护人同意过的）</span>
          </label>
          <button type="submit">找志愿者</button>
          <p class="hint">一次问三位离得近、会做、有空的。先答应的那一位会看到居民的姓名、电话和地址，居民会知道谁来。</p>
        </form>
      ) : null}
    </section>
  )
}

const FLASH = { begun: 'search_begun', running: 'search_running', has_volunteer: 'search_has_volunteer', finished: 'search_finished', may_not_tell: 'search_may_not_tell' } as const

/** 找志愿者 on the page of a request. */
export function addRequestVolunteers(app: Hono<AdminEnv>, options: AdminServices): void {
  app.post('/requests/:id/volunteers', async (c) => {
    const missing = () => renderNotFound(c, options, '没有这个工单，请核对编号。')
    const request = await findRequest(options.store, c.req.param('id'))
    if (!request) return missing()
    const result = await beginSearchAsStaff(options.store, { requestId: request.id, by: c.get('session').staff.user, allowsMinors: c.get('form').get('minors') === 'yes', now: options.now() })
    if (result === 'not_found') return missing()
    if (result === 'begun') options.wakeOutbox()
    return redirectAfter(c, `/admin/requests/${request.number}`, FLASH[result])
  })
}
