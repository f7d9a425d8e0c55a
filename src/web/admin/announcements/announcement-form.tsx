import type { Hono } from 'hono'
import { formatLocalLong, toLocalIso } from '../../../domain/time.ts'
import type { PictureReference } from '../../../domain/pictures/pictures.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { changeDraft } from '../../../outbox/announcement-drafts.ts'
import { createAnnouncement, explainRefusal, findAnnouncement, LONGEST_ANNOUNCEMENT, LONGEST_TITLE, type AnnouncementContent } from '../../../outbox/announcements.ts'
import type { Audience } from '../../../store/announcements/announcement-audience.ts'
import type { AnnouncementRecord } from '../../../store/announcements/announcement-records.ts'
import { AudienceCount, AudienceFields, readAudience, readChoices, readReached, type Choices, type Reached } from './announcement-audience.tsx'
import { PictureField, readPicture } from './announcement-picture.tsx'
import { Returned } from './announcement-approval.tsx'
import { readInstant, readVersion } from './posted.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import { renderNotFound } from '../parts/not-found.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'

/** What stands in the form, as it was typed. */
interface Draft {
  title: string
  text: string
  audience: Audience
  sendAt: string
  expiresAt: string
  isEmergency: boolean
  linkUrl: string
  pictureUrl: string
  picture: PictureReference | null
}

const EMPTY: Draft = { title: '', text: '', audience: {}, sendAt: '', expiresAt: '', isEmergency: false, linkUrl: '', pictureUrl: '', picture: null }

const readDraft = (form: URLSearchParams, picture: PictureReference | null): Draft => ({
  title: cleanTyped(form.get('title') ?? '', { longest: LONGEST_TITLE }),
  text: cleanTyped(form.get('text') ?? '', { longest: LONGEST_ANNOUNCEMENT }),
  audience: readAudience(form),
  sendAt: form.get('sendAt') ?? '',
  expiresAt: form.get('expiresAt') ?? '',
  isEmergency: form.get('isEmergency') === 'yes',
  linkUrl: (form.get('linkUrl') ?? '').trim(),
  pictureUrl: (form.get('pictureUrl') ?? '').trim(),
  picture,
})

/** A draft that is changed: which, and as it was read. */
interface Changed {
  id: string
  version: number
  supplements: string | null
}

const Form = ({ draft, changed, reached, choices, csrf, options }: { draft: Draft; changed: Changed | null; reached: Reached; choices: Choices; csrf: string; options: AdminServices }) => {
  const own = changed === null ? '/admin/announcements' : `/admin/announcements/${changed.id}`
  return (
    <form class="stack" method="post" action={changed === null ? own : `${own}/edit`} enctype="multipart/form-data">
      <Token csrf={csrf} />
      {changed === null ? null : <input type="hidden" name="version" value={changed.version} />}
      {changed === null || changed.supplements === null ? null : <input type="hidden" name="notYetOf" value={changed.supplements} />}
      <div class="columns">
        <section class="card stack" aria-labelledby="s-text">
          <h2 id="s-text">写什么</h2>
          <div class="field">
            <label for="title">标题（可以不写）</label>
            <input id="title" name="title" value={draft.title} maxlength={LONGEST_TITLE} />
          </div>
          <div class="field">
            <label for="text">内容</label>
            <textarea id="text" name="text" rows={9} required maxlength={LONGEST_ANNOUNCEMENT} aria-describedby="text-hint">
              {draft.text}
            </textarea>
            <p class="hint" id="text-hint">
              写短一点、说清时间地点。居民会原样收到。
            </p>
          </div>
          <PictureField picture={draft.picture} />
          <div class="field">
            <label for="sendAt">什么时候发（不填就是审核后马上发）</label>
            <input id="sendAt" name="sendAt" type="datetime-local" value={draft.sendAt} />
          </div>
          <div class="field">
            <label for="expiresAt">过了什么时候就不用发了（可以不填）</label>
            <input id="expiresAt" name="expiresAt" type="datetime-local" value={draft.expiresAt} />
          </div>
          <details open={draft.linkUrl !== '' || draft.pictureUrl !== ''}>
            <summary>加链接</summary>
            <div class="field">
              <label for="linkUrl">链接（https:// 开头）</label>
              <input id="linkUrl" name="linkUrl" type="url" maxlength={500} value={draft.linkUrl} />
            </div>
            <div class="field">
              <label for="pictureUrl">别处图片的网址（https:// 开头，居民看到的是网址）</label>
              <input id="pictureUrl" name="pictureUrl" type="url" maxlength={500} value={draft.pictureUrl} />
            </div>
          </details>
          <label class="check">
            <input type="checkbox" name="isEmergency" value="yes" checked={draft.isEmergency} />
            <span>紧急公告：夜里也马上发（审核的人还要再确认一次）</span>
          </label>
        </section>
        <AudienceFields audience={draft.audience} reached={reached} choices={choices} options={options} />
      </div>
      <div class="buttons">
        <button type="submit" class="primary">
          {changed === null ? '存成草稿，请同事审核' : '改好了，请同事审核'}
        </button>
        <a class="button" href={own}>
          {changed === null ? '不写了' : '不改了'}
        </a>
      </div>
    </form>
  )
}

/** What a posted form says; or why it says nothing that can be kept. */
async function readPost(c: AdminContext, options: AdminServices): Promise<{ draft: Draft; content: AnnouncementContent } | { draft: Draft; problem?: string }> {
  const form = c.get('form')
  const { picture, problem } = await readPicture(c, options)
  const draft = readDraft(form, picture)
  if (problem !== undefined) return { draft, problem }
  if (form.get('do') === 'count') return { draft }
  const sendAt = readInstant(draft.sendAt)
  const expiresAt = readInstant(draft.expiresAt)
  if (sendAt === null || expiresAt === null) return { draft, problem: '时间没看懂，请重新选日期和钟点。' }
  if (sendAt !== undefined && sendAt < options.now()) return { draft, problem: '发送的时间已经过了，请选以后的时间，或者不填。' }
  const { title, text, audience, isEmergency, linkUrl, pictureUrl } = draft
  return { draft, content: { title, text, audience, isEmergency, ...(sendAt && { sendAt }), ...(expiresAt && { expiresAt }), ...(linkUrl !== '' && { linkUrl }), ...(pictureUrl !== '' && { pictureUrl }), ...(picture && { picture }) } }
}

const localTime = (instant: Date | null): string => (instant === null ? '' : toLocalIso(instant).slice(0, 16))

/** Writing an announcement, a draft that somebody else approves, and changing it until then. */
export function addAnnouncementForm(app: Hono<AdminEnv>, options: AdminServices): void {
  const showForm = async (c: AdminContext, draft: Draft, of: AnnouncementRecord | null, shown: { problem?: string; status?: 409 | 422; version?: number }): Promise<Response> => {
    const { problem, status = 422 } = shown
    const title = of === null ? '写公告' : '改公告'
    return renderPage(
      c,
      options,
      { title, section: '/admin/announcements', ...(problem !== undefined && { problem, status }) },
      <>
        <p class="crumb">
          <a href="/admin/announcements">公告</a>
        </p>
        <h1>{title}</h1>
        {of === null ? null : (
          <>
            <p class="lead">
              {of.byName}写于 {formatLocalLong(of.createdAt)}。谁改过，就由另一位没写过也没改过的同事审核。
            </p>
            <Returned announcement={of} />
          </>
        )}
        <Form draft={draft} changed={of && { id: of.id, version: shown.version ?? of.version, supplements: of.supplements }} reached={await readReached(options, draft.audience, of?.supplements ?? undefined)} choices={await readChoices(options)} csrf={c.get('session').csrfToken} options={options} />
      </>,
    )
  }
  const withPicture = async (model: AnnouncementRecord): Promise<Draft> => ({
    title: model.title,
    text: model.text,
    audience: model.audience,
    sendAt: localTime(model.sendAt),
    expiresAt: localTime(model.expiresAt),
    isEmergency: model.isEmergency,
    linkUrl: model.linkUrl ?? '',
    pictureUrl: model.pictureUrl ?? '',
    picture: model.picture && (await options.pictures.find(model.picture.name)),
  })

  app.get('/announcements/new', async (c) => {
    const from = c.req.query('from')
    const model = from === undefined ? null : await findAnnouncement(options, from)
    if (model === null) return showForm(c, EMPTY, null, {})
    const isReminder = c.req.query('only') === 'unacknowledged'
    return showForm(c, { ...(await withPicture(model)), sendAt: '', expiresAt: '', ...(isReminder && { audience: { unacknowledgedOf: model.id } }) }, null, {})
  })

  app.post('/announcements/audience', async (c) => renderPart(c, <AudienceCount {...(await readReached(options, readAudience(c.get('form')), c.get('form').get('notYetOf') ?? undefined))} />))

  app.post('/announcements', async (c) => {
    const posted = await readPost(c, options)
    if (!('content' in posted)) return showForm(c, posted.draft, null, posted)
    const result = await createAnnouncement(options, { by: c.get('session').staff.user, ...posted.content })
    switch (result.outcome) {
      case 'created':
        return redirectAfter(c, `/admin/announcements/${result.announcement.id}`, 'announcement_created')
      case 'invalid':
        return showForm(c, posted.draft, null, { problem: result.reason })
      case 'unknown_staff':
        return showForm(c, posted.draft, null, { problem: '您的账号不能写公告，请找管理员。' })
      default:
        return result satisfies never
    }
  })

  app.get('/announcements/:id/edit', async (c) => {
    const model = await findAnnouncement(options, c.req.param('id'))
    if (model === null) return renderNotFound(c, options, '没有这条公告。')
    return model.status === 'draft' ? showForm(c, await withPicture(model), model, {}) : redirectAfter(c, `/admin/announcements/${model.id}`)
  })

  app.post('/announcements/:id/edit', async (c) => {
    const model = await findAnnouncement(options, c.req.param('id'))
    if (model === null) return renderNotFound(c, options, '没有这条公告。')
    const posted = await readPost(c, options)
    const ifVersion = readVersion(c.get('form'))
    const read = ifVersion === undefined ? {} : { version: ifVersion }
    if (!('content' in posted)) return showForm(c, posted.draft, model, { ...posted, ...read })
    const result = await changeDraft(options, { id: model.id, by: c.get('session').staff.user, content: posted.content, ...(ifVersion !== undefined && { ifVersion }) })
    switch (result.outcome) {
      case 'changed':
        return redirectAfter(c, `/admin/announcements/${model.id}`, 'announcement_change')
      case 'invalid':
        return showForm(c, posted.draft, model, { problem: result.reason, ...read })
      case 'changed_meanwhile':
        // Saved once more, knowing it, it stands.
        return showForm(c, posted.draft, model, { problem: '您改的时候，同事也改过这一条。您写的还在下面：再存一次，就照您的。先想看看同事改成了什么，请另开一页看这条公告。', status: 409 })
      default:
        return showForm(c, posted.draft, model, { problem: explainRefusal(result), status: 409 })
    }
  })
}
