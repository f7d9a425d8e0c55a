import type { Hono } from 'hono'
import { fromLocalIso } from '../../../domain/time.ts'
import type { PictureReference } from '../../../domain/pictures/pictures.ts'
import { cleanTyped } from '../../../language/clean.ts'
import { expandAreas } from '../../../domain/areas.ts'
import { createAnnouncement, findAnnouncement, LONGEST_ANNOUNCEMENT, LONGEST_TITLE } from '../../../outbox/announcements.ts'
import { AUDIENCE_ROLES, countAudience, listAudienceExamples, type Audience, type AudienceRole } from '../../../store/announcements/announcement-audience.ts'
import { listRooms } from '../../../store/channels/channel-board.ts'
import { listTags } from '../../../store/people/tags.ts'
import { listVolunteerSkills } from '../../../store/volunteers/volunteers.ts'
import { PictureField, readPicture } from './announcement-picture.tsx'
import { listAreaTree } from '../parts/format.ts'
import { redirectAfter } from '../parts/guard.ts'
import { renderPage, renderPart } from '../parts/layout.tsx'
import type { AdminContext, AdminEnv, AdminServices } from '../parts/options.ts'
import { Token } from '../parts/parts.tsx'
import { AUDIENCE_ROLE_NAMES, channelName } from '../parts/words.ts'

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

const isRole = (value: string): value is AudienceRole => (AUDIENCE_ROLES as readonly string[]).includes(value)

function readAudience(form: URLSearchParams): Audience {
  // What is gone meanwhile, a channel, an area, a tag, stays: it reaches nobody, while without it everybody would be reached.
  const channels = form.getAll('channel').filter((id) => id !== '')
  const areas = form.getAll('area').filter((code) => code !== '')
  const roles = form.getAll('role').filter(isRole)
  const skills = form.getAll('skill').map((skill) => cleanTyped(skill, { longest: 40 })).filter((skill) => skill !== '')
  const tags = form.getAll('tag').map((tag) => cleanTyped(tag, { longest: 40 }))
  const rooms = form.getAll('room').filter((id) => id !== '')
  const unacknowledgedOf = form.get('unacknowledgedOf') ?? ''
  return { ...(tags.length > 0 && { tags }), ...(skills.length > 0 && { skills }), ...(rooms.length > 0 && { rooms }), ...(unacknowledgedOf !== '' && { unacknowledgedOf }), ...(channels.length > 0 && { channels }), ...(areas.length > 0 && { areas }), ...(roles.length > 0 && { roles }) }
}

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

/** undefined = none was given; null = it is no time. */
function readInstant(local: string): Date | undefined | null {
  if (local === '') return undefined
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null
  const instant = fromLocalIso(local)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** How many would be reached, and some of them, so that a wrong choice is seen before it is sent. */
interface Reached {
  count: number
  examples: string[]
}

const AudienceCount = ({ count, examples }: Reached) => (
  <p id="audience-count" class="audience-count" role="status">
    {count === 0 ? '现在一个人也收不到。居民同意收通知、群绑定以后才收得到。' : `现在会发给 ${count} 个人或群，比如：${examples.join('、')}。`}
  </p>
)

/** What there is to choose from. */
interface Choices {
  skills: string[]
  tags: string[]
  rooms: { id: string; title: string }[]
}

const Checks = ({ legend, name, values, chosen }: { legend: string; name: string; values: { value: string; label: string; depth?: number }[]; chosen: readonly string[] | undefined }) => (
  <fieldset class="checks">
    <legend>{legend}</legend>
    {values.map(({ value, label, depth }) => (
      <label class={`check depth-${depth ?? 0}`}>
        <input type="checkbox" name={name} value={value} checked={chosen?.includes(value) ?? false} />
        <span>{label}</span>
      </label>
    ))}
  </fieldset>
)

const tagChoices = (tags: readonly string[], chosen: readonly string[]): { value: string; label: string }[] => [
  ...tags.map((tag) => ({ value: tag, label: tag })),
  ...chosen.filter((tag) => !tags.includes(tag)).map((tag) => ({ value: tag, label: `${tag}（现在谁都没有这个标签）` })),
]

const Form = ({ draft, reached, choices, csrf, options }: { draft: Draft; reached: Reached; choices: Choices; csrf: string; options: AdminServices }) => {
  const channels = [...new Set(options.channels().map((channel) => channel.id))]
  return (
    <form class="stack" method="post" action="/admin/announcements" enctype="multipart/form-data">
      <Token csrf={csrf} />
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
        <section class="card stack" aria-labelledby="s-audience" hx-post="/admin/announcements/audience" hx-trigger="change" hx-target="#audience-count" hx-swap="outerHTML" hx-include="closest form">
          <h2 id="s-audience">发给谁</h2>
          <p class="hint">都不选，就是发给所有订阅的居民。</p>
          <Checks legend="哪些人" name="role" values={AUDIENCE_ROLES.map((role) => ({ value: role, label: AUDIENCE_ROLE_NAMES[role] }))} chosen={draft.audience.roles} />
          <Checks legend="哪些渠道" name="channel" values={channels.map((id) => ({ value: id, label: channelName(id) }))} chosen={draft.audience.channels} />
          <details open={(draft.audience.areas?.length ?? 0) > 0}>
            <summary>只发给一些地方</summary>
            <Checks legend="哪些地方（选了上一级，下面的都算）" name="area" values={listAreaTree(options.areas).map(({ area, depth }) => ({ value: area.code, label: area.name, depth }))} chosen={draft.audience.areas} />
          </details>
          {choices.skills.length === 0 ? null : (
            <details open={(draft.audience.skills?.length ?? 0) > 0}>
              <summary>只发给有特长的志愿者</summary>
              <Checks legend="会做什么" name="skill" values={choices.skills.map((skill) => ({ value: skill, label: skill }))} chosen={draft.audience.skills} />
            </details>
          )}
          {choices.tags.length + (draft.audience.tags?.length ?? 0) === 0 ? null : (
            <details open={(draft.audience.tags?.length ?? 0) > 0}>
              <summary>只发给有标签的人和群</summary>
              <Checks legend="什么标签（有其中一个就发）" name="tag" values={tagChoices(choices.tags, draft.audience.tags ?? [])} chosen={draft.audience.tags} />
            </details>
          )}
          {choices.rooms.length === 0 ? null : (
            <details open={(draft.audience.rooms?.length ?? 0) > 0}>
              <summary>只发到几个群</summary>
              <Checks legend="哪些群" name="room" values={choices.rooms.map((room) => ({ value: room.id, label: room.title || '没有名字的群' }))} chosen={draft.audience.rooms} />
            </details>
          )}
          {draft.audience.unacknowledgedOf === undefined ? null : (
            <label class="check strong">
              <input type="checkbox" name="unacknowledgedOf" value={draft.audience.unacknowledgedOf} checked />
              <span>只发给上一条还没回“收到”的人</span>
            </label>
          )}
          <AudienceCount {...reached} />
          <button type="submit" name="do" value="count" formnovalidate>
            算一算有多少人
          </button>
        </section>
      </div>
      <div class="buttons">
        <button type="submit" class="primary">
          存成草稿，请同事审核
        </button>
        <a class="button" href="/admin/announcements">
          不写了
        </a>
      </div>
    </form>
  )
}

/** Writing an announcement: a draft that somebody else approves. */
export function addAnnouncementForm(app: Hono<AdminEnv>, options: AdminServices): void {
  const reach = async (audience: Audience): Promise<Reached> => {
    const expanded = expandAreas(audience, options.areas)
    const [count, examples] = await Promise.all([countAudience(options.store.read, expanded), listAudienceExamples(options.store.read, expanded)])
    return { count, examples }
  }
  const choose = async (): Promise<Choices> => {
    const [skills, rooms, tags] = await Promise.all([listVolunteerSkills(options.store), listRooms(options.store), listTags(options.store.read)])
    return { skills, tags: tags.map(({ tag }) => tag), rooms: rooms.filter((room) => room.boundAt !== null) }
  }

  const render = async (c: AdminContext, draft: Draft, problem?: string): Promise<Response> =>
    renderPage(
      c,
      options,
      { title: '写公告', section: '/admin/announcements', ...(problem !== undefined && { problem, status: 422 as const }) },
      <>
        <p class="crumb">
          <a href="/admin/announcements">公告</a>
        </p>
        <h1>写公告</h1>
        <Form draft={draft} reached={await reach(draft.audience)} choices={await choose()} csrf={c.get('session').csrfToken} options={options} />
      </>,
    )

  app.get('/announcements/new', async (c) => {
    const from = c.req.query('from')
    const model = from === undefined ? null : await findAnnouncement(options, from)
    if (model === null) return render(c, EMPTY)
    const isReminder = c.req.query('only') === 'unacknowledged'
    return render(c, { ...EMPTY, title: model.title, text: model.text, audience: isReminder ? { unacknowledgedOf: model.id } : model.audience, isEmergency: model.isEmergency, linkUrl: model.linkUrl ?? '', pictureUrl: model.pictureUrl ?? '', picture: model.picture && (await options.pictures.find(model.picture.name)) })
  })

  app.post('/announcements/audience', async (c) => renderPart(c, <AudienceCount {...(await reach(readAudience(c.get('form'))))} />))

  app.post('/announcements', async (c) => {
    const form = c.get('form')
    const { picture, problem } = await readPicture(c, options)
    const draft = readDraft(form, picture)
    if (problem !== undefined) return render(c, draft, problem)
    if (form.get('do') === 'count') return render(c, draft)
    const sendAt = readInstant(draft.sendAt)
    const expiresAt = readInstant(draft.expiresAt)
    if (sendAt === null || expiresAt === null) return render(c, draft, '时间没看懂，请重新选日期和钟点。')
    if (sendAt !== undefined && sendAt < options.now()) return render(c, draft, '发送的时间已经过了，请选以后的时间，或者不填。')
    const { title, text, audience, isEmergency, linkUrl, pictureUrl } = draft
    const result = await createAnnouncement(options, { by: c.get('session').staff.user, title, text, audience, isEmergency, ...(sendAt && { sendAt }), ...(expiresAt && { expiresAt }), ...(linkUrl !== '' && { linkUrl }), ...(pictureUrl !== '' && { pictureUrl }), ...(picture && { picture }) })
    switch (result.outcome) {
      case 'created':
        return redirectAfter(c, `/admin/announcements/${result.announcement.id}`, 'announcement_created')
      case 'invalid':
        return render(c, draft, result.reason)
      case 'unknown_staff':
        return render(c, draft, '您的账号不能写公告，请找管理员。')
      default:
        return result satisfies never
    }
  })
}
