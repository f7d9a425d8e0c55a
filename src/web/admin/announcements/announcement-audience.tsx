import { cleanTyped } from '../../../language/clean.ts'
import { expandAreas } from '../../../domain/areas.ts'
import { AUDIENCE_ROLES, countAudience, listAudienceExamples, type Audience, type AudienceRole } from '../../../store/announcements/announcement-audience.ts'
import { readAudienceSizes, type AudienceSizes } from '../../../store/announcements/audience-sizes.ts'
import { listRooms } from '../../../store/channels/channel-board.ts'
import { listTags } from '../../../store/people/tags.ts'
import { listVolunteerSkills } from '../../../store/volunteers/volunteers.ts'
import { listAreaTree } from '../parts/format.ts'
import type { AdminServices } from '../parts/options.ts'
import { AUDIENCE_ROLE_NAMES, channelName } from '../parts/words.ts'

const isRole = (value: string): value is AudienceRole => (AUDIENCE_ROLES as readonly string[]).includes(value)

export function readAudience(form: URLSearchParams): Audience {
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

/** How many would be reached, and some of them, so that a wrong choice is seen before it is sent. */
export interface Reached {
  count: number
  examples: string[]
}

export const AudienceCount = ({ count, examples }: Reached) => (
  <p id="audience-count" class="audience-count" role="status">
    {count === 0 ? '现在一个人也收不到。居民同意收通知、群绑定以后才收得到。' : `现在会发给 ${count} 个人或群，比如：${examples.join('、')}。`}
  </p>
)

/** What there is to choose from. */
export interface Choices {
  skills: string[]
  tags: string[]
  rooms: { id: string; title: string }[]
  sizes: AudienceSizes
}

const Checks = ({ legend, name, values, chosen }: { legend: string; name: string; values: { value: string; label: string; depth?: number; size?: string }[]; chosen: readonly string[] | undefined }) => (
  <fieldset class="checks">
    <legend>{legend}</legend>
    {values.map(({ value, label, depth, size }) => (
      <label class={`check depth-${depth ?? 0}`}>
        <input type="checkbox" name={name} value={value} checked={chosen?.includes(value) ?? false} />
        <span>
          {label}
          {size === undefined ? null : <span class="hint"> {size}</span>}
        </span>
      </label>
    ))}
  </fieldset>
)

const sizeOf = (count: number, role: AudienceRole = 'resident'): string => (role === 'group' ? `${count} 个群` : `${count} 人`)

function tagChoices({ tags, sizes }: Choices, chosen: readonly string[]): { value: string; label: string; size?: string }[] {
  const tell = (tag: string): string => {
    const { people, groups } = sizes.tags.get(tag) ?? { people: 0, groups: 0 }
    return groups === 0 ? sizeOf(people) : `${sizeOf(people)}，${sizeOf(groups, 'group')}`
  }
  return [...tags.map((tag) => ({ value: tag, label: tag, size: tell(tag) })), ...chosen.filter((tag) => !tags.includes(tag)).map((tag) => ({ value: tag, label: `${tag}（现在谁都没有这个标签）` }))]
}

/** Whom it is for: every choice with how many it would reach, and under them how many those that are chosen reach together. */
export const AudienceFields = ({ audience, reached, choices, options }: { audience: Audience; reached: Reached; choices: Choices; options: AdminServices }) => {
  const channels = [...new Set(options.channels().map((channel) => channel.id))]
  return (
    <section class="card stack" aria-labelledby="s-audience" hx-post="/admin/announcements/audience" hx-trigger="change" hx-target="#audience-count" hx-swap="outerHTML" hx-include="closest form">
      <h2 id="s-audience">发给谁</h2>
      <p class="hint">都不选，就是发给所有订阅的居民。后面的数，是单选这一项现在发给多少人。</p>
      <Checks legend="哪些人" name="role" values={AUDIENCE_ROLES.map((role) => ({ value: role, label: AUDIENCE_ROLE_NAMES[role], size: sizeOf(choices.sizes.roles[role], role) }))} chosen={audience.roles} />
      <Checks legend="哪些渠道" name="channel" values={channels.map((id) => ({ value: id, label: channelName(id) }))} chosen={audience.channels} />
      <details open={(audience.areas?.length ?? 0) > 0}>
        <summary>只发给一些地方</summary>
        <Checks legend="哪些地方（选了上一级，下面的都算）" name="area" values={listAreaTree(options.areas).map(({ area, depth }) => ({ value: area.code, label: area.name, depth, size: sizeOf(choices.sizes.areas.get(area.code) ?? 0) }))} chosen={audience.areas} />
      </details>
      {choices.skills.length === 0 ? null : (
        <details open={(audience.skills?.length ?? 0) > 0}>
          <summary>只发给有特长的志愿者</summary>
          <Checks legend="会做什么" name="skill" values={choices.skills.map((skill) => ({ value: skill, label: skill }))} chosen={audience.skills} />
        </details>
      )}
      {choices.tags.length + (audience.tags?.length ?? 0) === 0 ? null : (
        <details open={(audience.tags?.length ?? 0) > 0}>
          <summary>只发给有标签的人和群</summary>
          <Checks legend="什么标签（有其中一个就发）" name="tag" values={tagChoices(choices, audience.tags ?? [])} chosen={audience.tags} />
        </details>
      )}
      {choices.rooms.length === 0 ? null : (
        <details open={(audience.rooms?.length ?? 0) > 0}>
          <summary>只发到几个群</summary>
          <Checks legend="哪些群" name="room" values={choices.rooms.map((room) => ({ value: room.id, label: room.title || '没有名字的群' }))} chosen={audience.rooms} />
        </details>
      )}
      {audience.unacknowledgedOf === undefined ? null : (
        <label class="check strong">
          <input type="checkbox" name="unacknowledgedOf" value={audience.unacknowledgedOf} checked />
          <span>只发给上一条还没回“收到”的人</span>
        </label>
      )}
      <AudienceCount {...reached} />
      <button type="submit" name="do" value="count" formnovalidate>
        算一算有多少人
      </button>
    </section>
  )
}

/** `notYetOf`: only those to whom that announcement was not brought yet. */
export async function readReached(options: AdminServices, audience: Audience, notYetOf?: string): Promise<Reached> {
  const expanded = expandAreas({ ...audience, ...(notYetOf !== undefined && { notYetOf }) }, options.areas)
  const [count, examples] = await Promise.all([countAudience(options.store.read, expanded), listAudienceExamples(options.store.read, expanded, options.areas)])
  return { count, examples }
}

export async function readChoices(options: AdminServices): Promise<Choices> {
  const [skills, rooms, tags, sizes] = await Promise.all([listVolunteerSkills(options.store), listRooms(options.store), listTags(options.store.read), readAudienceSizes(options.store.read, options.areas)])
  return { skills, tags: tags.map(({ tag }) => tag), rooms: rooms.filter((room) => room.boundAt !== null), sizes }
}
