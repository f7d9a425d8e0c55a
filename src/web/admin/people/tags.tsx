import type { Hono, MiddlewareHandler } from 'hono'
import { LONGEST_TAG, MOST_TAGS } from '../../../domain/tags.ts'
import { cleanTag, readTags, type ReadTags } from '../../../language/tags.ts'
import { listTags, removeTag, renameTag, type TagCount } from '../../../store/people/tags.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Empty, Token } from '../parts/parts.tsx'

const PATH = '/admin/tags'

const countOf = ({ people, rooms }: TagCount): string => [people > 0 ? `${people} 人` : '', rooms > 0 ? `${rooms} 个群` : ''].filter(Boolean).join('、')

const TagRow = ({ count, index, csrf, mayChange }: { count: TagCount; index: number; csrf: string; mayChange: boolean }) => (
  <li class="row">
    <div class="row-main">
      <b>{count.tag}</b>
      <p class="row-facts">
        {count.people > 0 ? <a href={`/admin/residents?${new URLSearchParams({ tag: count.tag }).toString()}`}>{count.people} 人</a> : null}
        {count.rooms > 0 ? <a href="/admin/channels">{count.rooms} 个群</a> : null}
      </p>
      {mayChange ? (
        <details>
          <summary>改名或者不用了</summary>
          <form class="inline" method="post" action={`${PATH}/rename`}>
            <Token csrf={csrf} />
            <input type="hidden" name="tag" value={count.tag} />
            <div class="field">
              <label for={`to-${index}`}>改成</label>
              <input id={`to-${index}`} name="to" required maxlength={LONGEST_TAG * 2} autocomplete="off" />
            </div>
            <button type="submit">改名</button>
          </form>
          <form class="inline" method="post" action={`${PATH}/remove`}>
            <Token csrf={csrf} />
            <input type="hidden" name="tag" value={count.tag} />
            <label class="check">
              <input type="checkbox" name="confirmed" value="yes" required />
              <span>{countOf(count)}都不再有这个标签，不能恢复</span>
            </label>
            <button type="submit">去掉这个标签</button>
          </form>
        </details>
      ) : null}
    </div>
  </li>
)

async function renderTags(c: AdminContext, options: AdminServices, refused?: { problem: string; status: 403 | 409 | 422 }): Promise<Response> {
  const tags = await listTags(options.store.read)
  const { staff, csrfToken } = c.get('session')
  return renderPage(
    c,
    options,
    { title: '标签', section: '/admin/residents', ...refused },
    <>
      <p class="crumb">
        <a href="/admin/residents">居民</a>
      </p>
      <h1>标签</h1>
      <p class="lead">改名或去掉标签，不影响已经审核的公告：发给谁在审核时就定好了。还没审核的公告，改名会跟着改；去掉了，就不再按它发给任何人。</p>
      {tags.length === 0 ? (
        <Empty>还没有标签。请到“居民”里勾选几个人，给他们加上。群的标签在“渠道”里写。</Empty>
      ) : (
        <ul class="rows card">
          {tags.map((count, index) => (
            <TagRow count={count} index={index} csrf={csrfToken} mayChange={staff.role === 'admin'} />
          ))}
        </ul>
      )}
    </>,
  )
}

/** Why these tags can't be taken; undefined when they can. */
export function findTagProblem({ tags, tooLong }: ReadTags): string | undefined {
  if (tooLong.length > 0) return `“${tooLong[0] ?? ''}”太长了，一个标签最多 ${LONGEST_TAG} 个字。`
  if (tags.length > MOST_TAGS) return `最多 ${MOST_TAGS} 个标签。`
  return undefined
}

/** All tags with how many have them; administrators rename and remove them for everybody. */
export function addTags(app: Hono<AdminEnv>, options: AdminServices): void {
  const { store, now } = options
  const onlyAdmins: MiddlewareHandler<AdminEnv> = async (c, next) =>
    c.get('session').staff.role === 'admin' ? next() : renderTags(c, options, { problem: '只有管理员能改名或去掉标签，因为会改到所有人。', status: 403 })
  const missing = '没有这个标签，可能刚刚被改了名。'

  app.get('/tags', (c) => renderTags(c, options))

  app.post('/tags/rename', onlyAdmins, async (c) => {
    const form = c.get('form')
    const { tags, tooLong } = readTags(form.get('to') ?? '')
    const [to] = tags
    if (to === undefined || tags.length + tooLong.length > 1) return renderTags(c, options, { problem: `新的名字要是一个词，最多 ${LONGEST_TAG} 个字，中间没有空格和逗号。`, status: 422 })
    const { outcome } = await renameTag(store, { tag: cleanTag(form.get('tag') ?? ''), to, by: c.get('session').staff.user, now: now() })
    return outcome === 'not_found' ? renderTags(c, options, { problem: missing, status: 409 }) : redirectAfter(c, PATH, 'tag_renamed')
  })

  app.post('/tags/remove', onlyAdmins, async (c) => {
    const form = c.get('form')
    if (form.get('confirmed') !== 'yes') return renderTags(c, options, { problem: '请先打勾确认，再去掉标签。', status: 422 })
    const { outcome } = await removeTag(store, { tag: cleanTag(form.get('tag') ?? ''), by: c.get('session').staff.user, now: now() })
    return outcome === 'not_found' ? renderTags(c, options, { problem: missing, status: 409 }) : redirectAfter(c, PATH, 'tag_removed')
  })
}
