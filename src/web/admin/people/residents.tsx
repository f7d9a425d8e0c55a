import type { Hono } from 'hono'
import { MOST_TAGS } from '../../../domain/tags.ts'
import { areaName } from '../../../forms/areas.ts'
import { cleanTyped, showNickname } from '../../../language/clean.ts'
import { cleanTag, readTags } from '../../../language/tags.ts'
import type { NumberedPage } from '../../../store/engine/numbered-page.ts'
import { pageResidents, residentsById, residentsOf, type ResidentFilter, type ResidentRow } from '../../../store/people/resident-board.ts'
import { changePeopleTags, listTags, MOST_TAGGED_AT_ONCE, type PeopleTagRefusal, type TagCount } from '../../../store/people/tags.ts'
import { codesWithin } from '../../../domain/areas.ts'
import { maskPhone } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { areaChoices, Choice, Empty, Pager, Tag, Token } from '../parts/parts.tsx'
import { findTagProblem } from './tags.tsx'
import { channelName } from '../parts/words.ts'

const PATH = '/admin/residents'
/** Value of the choice of tags that means: who has none. No tag looks like this. */
const NO_TAG = '-'

type Query = Record<'q' | 'area' | 'tag' | 'page', string>

function readQuery(read: (name: string) => string | undefined): Query {
  const text = (name: string) => cleanTyped(read(name) ?? '', { longest: 100 })
  return { q: text('q'), area: text('area'), tag: text('tag'), page: text('page') }
}

const filterOf = (query: Query, options: AdminServices): ResidentFilter => ({
  ...(query.area !== '' && { areaCodes: codesWithin(query.area, options.areas) }),
  ...(query.tag !== '' && { tag: query.tag === NO_TAG ? '' : query.tag }),
  ...(query.q !== '' && { search: query.q }),
})

const addressOf = (query: Query): string => {
  const said = Object.entries(query).filter(([, value]) => value !== '')
  return said.length === 0 ? PATH : `${PATH}?${new URLSearchParams(Object.fromEntries(said)).toString()}`
}

/** What stood in the form when it was refused. */
interface Typed {
  people: readonly string[]
  tags: string
}

/** Whoever is staff by their login needs no mark beside their name. */
const shown = (name: string, { isStaff }: ResidentRow): string => (isStaff ? name : showNickname(name))
export const residentName = (resident: ResidentRow): string => shown(resident.name || resident.nickname, resident) || '没有名字的居民'

const Resident = ({ resident, isChosen, mayErase, options }: { resident: ResidentRow; isChosen: boolean; mayErase: boolean; options: AdminServices }) => (
  <li class="row">
    <div class="row-main">
      <label class="check resident">
        <input type="checkbox" name="person" value={resident.id} checked={isChosen} />
        <b class="typed">{residentName(resident)}</b>
        {resident.name !== '' && resident.nickname !== '' && resident.nickname !== resident.name ? <span class="typed soft">昵称 {shown(resident.nickname, resident)}</span> : null}
      </label>
      <p class="row-facts">
        {resident.areaCode ? <span>{areaName(resident.areaCode, options.areas)}</span> : null}
        {resident.phone ? <span>{maskPhone(resident.phone)}</span> : null}
        {resident.volunteerNumber ? <a href={`/admin/volunteers/${resident.volunteerNumber}`}>志愿者</a> : null}
        {resident.channels.length > 0 ? <span>{resident.channels.map(channelName).join('、')}</span> : null}
      </p>
      {resident.tags.length === 0 ? null : (
        <ul class="labels" aria-label={`${residentName(resident)} 的标签`}>
          {resident.tags.map((tag) => (
            <li>
              <button type="submit" name="drop" value={`${resident.id} ${tag}`} aria-label={`去掉 ${residentName(resident)} 的标签 ${tag}`}>
                {tag} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
    <div class="row-side">{resident.isSubscribed ? <Tag tone="done">收通知</Tag> : <Tag tone="off">不收通知</Tag>}
      {mayErase ? (
        <a href={`${PATH}/${resident.id}/erase`} aria-label={`删除资料：${residentName(resident)}`}>
          删除资料
        </a>
      ) : null}
    </div>
  </li>
)

const TagBar = ({ typed, tags, total }: { typed: Typed; tags: readonly TagCount[]; total: number }) => (
  <section class="tag-bar card" aria-label="给选中的人加标签或去掉标签">
    <div class="field grow">
      <label for="tags">标签（几个就用逗号隔开）</label>
      <input id="tags" name="tags" list="known-tags" value={typed.tags} maxlength={400} autocomplete="off" placeholder="比如：独居老人，三期业主" />
      <datalist id="known-tags">
        {tags.map(({ tag }) => (
          <option value={tag}></option>
        ))}
      </datalist>
    </div>
    <div class="buttons">
      <button type="submit" name="do" value="add" class="primary">
        给他们加上
      </button>
      <button type="submit" name="do" value="remove">
        给他们去掉
      </button>
    </div>
    <label class="check">
      <input type="checkbox" name="all" value={String(total)} />
      <span>找到的 {total} 位都算，不用一个个勾</span>
    </label>
  </section>
)

const List = ({ page, query, tags, typed, csrf, mayErase, options }: { page: NumberedPage<ResidentRow>; query: Query; tags: readonly TagCount[]; typed: Typed; csrf: string; mayErase: boolean; options: AdminServices }) => (
  <div id="list" aria-live="polite">
    {page.total === 0 ? (
      <Empty>这里没有居民。跟邻里说过话的人都会在这里。</Empty>
    ) : (
      <form method="post" action={`${PATH}/tags`} autocomplete="off">
        <Token csrf={csrf} />
        {Object.entries(query).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {/* Enter presses the first button of a form: it must not be the one that takes somebody's tag away. */}
        <button type="submit" name="do" value="add" class="hidden" tabindex={-1} aria-hidden="true">
          给他们加上
        </button>
        <ul class="rows card">
          {page.items.map((resident) => (
            <Resident resident={resident} isChosen={typed.people.includes(resident.id)} mayErase={mayErase} options={options} />
          ))}
        </ul>
        <TagBar typed={typed} tags={tags} total={page.total} />
      </form>
    )}
    {page.total === 0 ? null : <Pager of={page} path={PATH} query={{ q: query.q, area: query.area, tag: query.tag }} unit="位" />}
  </div>
)

async function renderResidents(c: AdminContext, options: AdminServices, query: Query, refused?: { problem: string; status: 409 | 422; typed: Typed }): Promise<Response> {
  const [page, tags] = await Promise.all([pageResidents(options.store, filterOf(query, options), Number(query.page || 1)), listTags(options.store.read)])
  return renderPage(
    c,
    options,
    { title: '居民', section: PATH, ...(refused && { problem: refused.problem, status: refused.status }) },
    <>
      <header class="head">
        <h1>居民</h1>
        <a class="button" href="/admin/tags">
          所有标签
        </a>
      </header>
      <p class="lead">给居民加上标签，写公告时就能只发给有这个标签的人。居民说“我的数据”，看得到自己的标签。</p>
      <form class="filter" method="get" action={PATH} hx-get={PATH} hx-trigger="change" hx-target="#list" hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
        <Choice name="area" label="地方" value={query.area} options={areaChoices(options.areas, '全部')} />
        <Choice name="tag" label="标签" value={query.tag} options={[{ value: '', label: '全部' }, { value: NO_TAG, label: '还没有标签的' }, ...tags.filter(({ people }) => people > 0).map(({ tag, people }) => ({ value: tag, label: `${tag}（${people}）` }))]} />
        <div class="field grow">
          <label for="f-q">找谁</label>
          <input id="f-q" name="q" type="search" value={query.q} maxlength={100} placeholder="称呼、姓名、电话、编号" />
        </div>
        <button type="submit">筛选</button>
      </form>
      <List page={page} query={query} tags={tags} typed={refused?.typed ?? { people: [], tags: '' }} csrf={c.get('session').csrfToken} mayErase={c.get('session').staff.role === 'admin'} options={options} />
    </>,
  )
}

/** What staff read when nothing was changed. */
function explain(result: PeopleTagRefusal): string {
  switch (result.outcome) {
    case 'nobody':
      return '没有选中人。请先在名字前面打勾。'
    case 'other_number':
      return `现在找到的是 ${result.people} 位，跟刚才不一样了。请看一看再按一次。`
    case 'too_many_people':
      return `一次最多 ${MOST_TAGGED_AT_ONCE} 位，这里有 ${result.people} 位。请先按地方筛选，分几次来。`
    case 'too_many_tags':
      return `每个人最多 ${MOST_TAGS} 个标签，有 ${result.people} 位会超过，所以这次都没有加。`
    default:
      return result satisfies never
  }
}

/** People: searched by name, telephone, number, area and tag; several are tagged at once. */
export function addResidents(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/residents', (c) => renderResidents(c, options, readQuery((name) => c.req.query(name))))

  app.post('/residents/tags', async (c) => {
    const form = c.get('form')
    const query = readQuery((name) => form.get(name) ?? undefined)
    const typed: Typed = { people: form.getAll('person').slice(0, 100).map((id) => cleanTyped(id)), tags: cleanTyped(form.get('tags') ?? '', { longest: 400 }) }
    const refuse = (problem: string, status: 409 | 422) => renderResidents(c, options, query, { problem, status, typed })
    const by = c.get('session').staff.user
    const [dropFrom = '', dropped] = cleanTyped(form.get('drop') ?? '').split(' ')
    const read = dropped === undefined ? readTags(typed.tags) : { tags: [cleanTag(dropped)], tooLong: [] }
    const problem = findTagProblem(read)
    if (problem !== undefined) return refuse(problem, 422)
    if (read.tags.length === 0) return refuse('还没有写标签。标签是短短的词，比如：独居老人。', 422)
    const all = /^\d{1,9}$/.test(form.get('all') ?? '') ? Number(form.get('all')) : undefined
    const who = dropped !== undefined ? { people: residentsById([dropFrom]) } : all !== undefined ? { people: residentsOf(filterOf(query, options)), expected: all } : { people: residentsById(typed.people) }
    const isRemoved = dropped !== undefined || form.get('do') === 'remove'
    const result = await changePeopleTags(options.store, { ...who, ...(isRemoved ? { remove: read.tags } : { add: read.tags }), by, now: options.now() })
    if (result.outcome === 'changed' || result.outcome === 'unchanged') return redirectAfter(c, addressOf(query), result.outcome === 'changed' ? 'people_tagged' : 'people_tags_unchanged')
    return refuse(explain(result), result.outcome === 'nobody' ? 422 : 409)
  })
}
