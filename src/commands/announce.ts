import { Command } from 'commander'
import fs from 'node:fs/promises'
import { expandAreas } from '../domain/areas.ts'
import { SetupError } from '../domain/errors.ts'
import { LARGEST_PICTURE_BYTES } from '../domain/pictures/pictures.ts'
import { loadKnowledge } from '../knowledge/documents/load.ts'
import { PICTURE_TOO_LARGE, takePicture, type TakePictureResult } from '../outbox/announcement-picture.ts'
import { ANNOUNCEMENT_ACTIONS, changeAnnouncement, createAnnouncement, explainRefusal, findAnnouncement, type AnnouncementAction, type AnnouncementMove, type AnnouncementServices } from '../outbox/announcements.ts'
import { toAnnouncementView } from '../outbox/announcement-view.ts'
import { AUDIENCE_ROLES, listAudienceExamples, type Audience, type AudienceRole } from '../store/announcements/announcement-audience.ts'
import type { AnnouncementRecord } from '../store/announcements/announcement-records.ts'
import { openPictures, type Pictures } from '../store/pictures/pictures.ts'
import { collectList, fail, parseInstant, tell, withStore, writeLine } from './output.ts'

type Services = AnnouncementServices & { pictures: Pictures }

interface Options {
  by?: string
  text?: string
  title?: string
  areas?: string[]
  channels?: string[]
  roles?: string[]
  skills?: string[]
  tags?: string[]
  at?: string
  expiresAt?: string
  emergency?: boolean
  sendNow?: boolean
  picture?: string
}

/** `announce --by USER --text …` writes a draft; `announce approve|pause|resume|cancel|retry|show ID --by USER` moves it on. One JSON line out. */
export function announceCommand(): Command {
  return new Command('announce')
    .description('写一条公告（待另一位同事审核），或者审核、暂停、继续、取消、重发、查看一条公告')
    .argument('[action]', [...ANNOUNCEMENT_ACTIONS, 'show'].join(' | '))
    .argument('[id]', '公告的编号')
    .option('--by <user>', '由哪位工作人员')
    .option('--text <text>', '公告内容')
    .option('--title <title>', '标题')
    .option('--areas <areas>', '只发给这些地方，代码或名字，用逗号隔开', collectList)
    .option('--channels <channels>', '只用这些渠道，用逗号隔开', collectList)
    .option('--roles <roles>', `只发给 ${AUDIENCE_ROLES.join('、')} 中的哪些，用逗号隔开`, collectList)
    .option('--skills <skills>', '只发给会做这些的志愿者，用逗号隔开', collectList)
    .option('--tags <tags>', '只发给有这些标签之一的人和群，用逗号隔开', collectList)
    .option('--at <time>', '什么时候发，如 2026-11-24T15:00；不写就审核后马上发。审核时原定的时间已经过了，也用它写新的时间')
    .option('--send-now', '审核时：原定的时间不管了，现在就发')
    .option('--expires-at <time>', '过了这个时间就不再发')
    .option('--picture <file>', '图片，JPG 或 PNG，最大 5 MB')
    .option('--emergency', '紧急，夜里也发')
    .action((action: string | undefined, id: string | undefined, options: Options) =>
      withStore(async ({ store, config, now }) => {
        const { areas } = await loadKnowledge(config.knowledgeDirectory)
        // The service that is running finds new rows by itself.
        const services: Services = { store, now, areas, wakeOutbox: () => undefined, pictures: openPictures({ directory: config.picturesDirectory, store, now }) }
        if (action === undefined) return writeDraft(services, options)
        if (id === undefined) throw new SetupError(`请写上公告的编号：announce ${action} 编号 --by 用户名`)
        if (action === 'show') return show(await findAnnouncement(services, id))
        if (!isAction(action)) throw new SetupError(`没有“${action}”这个动作，能用的是：${[...ANNOUNCEMENT_ACTIONS, 'show'].join('、')}`)
        return move(services, { id, action, by: needBy(options), ...readSend(options) })
      }),
    )
}

const isAction = (action: string): action is AnnouncementAction => (ANNOUNCEMENT_ACTIONS as readonly string[]).includes(action)

function needBy(options: Options): string {
  if (options.by === undefined) throw new SetupError('请用 --by 写上工作人员的用户名。')
  return options.by
}

/** A file of the command line, taken as the admin page would take it. */
async function readPicture(pictures: Pictures, file: string): Promise<TakePictureResult> {
  let bytes: Buffer
  try {
    const { size } = await fs.stat(file)
    if (size > LARGEST_PICTURE_BYTES) return { outcome: 'refused', reason: PICTURE_TOO_LARGE }
    bytes = await fs.readFile(file)
  } catch (error) {
    throw new SetupError(`读不了图片 ${file}（${error instanceof Error ? error.message : String(error)}）。请核对 --picture 后面的文件名。`, { cause: error })
  }
  return takePicture(pictures, bytes)
}

async function writeDraft(services: Services, options: Options): Promise<void> {
  const by = needBy(options)
  if (options.text === undefined) throw new SetupError('请用 --text 写上公告的内容。')
  const taken = options.picture === undefined ? null : await readPicture(services.pictures, options.picture)
  if (taken?.outcome === 'refused') return fail(taken.reason)
  const result = await createAnnouncement(services, {
    by,
    text: options.text,
    audience: toAudience(options),
    ...(options.title !== undefined && { title: options.title }),
    ...(options.at !== undefined && { sendAt: parseInstant(options.at, '--at') }),
    ...(options.expiresAt !== undefined && { expiresAt: parseInstant(options.expiresAt, '--expires-at') }),
    ...(options.emergency === true && { isEmergency: true }),
    ...(taken && { picture: taken.picture }),
  })
  // Refused, it leaves nothing.
  if (taken && result.outcome !== 'created') await services.pictures.forget(taken.picture.name)
  if (result.outcome === 'unknown_staff') return fail(`没有工作人员 ${by}，或者已经停用。先用 staff-add ${by} 添加。`)
  if (result.outcome === 'invalid') return fail(result.reason)
  show(result.announcement)
  const examples = await listAudienceExamples(services.store.read, expandAreas(result.announcement.audience, services.areas), services.areas)
  tell(`写好了，会发给 ${result.announcement.progress.total} 位${examples.length === 0 ? '' : `，比如：${examples.join('、')}`}。请另一位同事审核：announce approve ${result.announcement.id} --by 用户名`)
}

function toAudience({ channels, areas, roles, skills, tags }: Options): Audience {
  // An empty list would restrict nothing: a variable that a script forgot to set must not reach everybody.
  const empty = Object.entries({ channels, areas, roles, skills, tags }).find(([, list]) => list?.length === 0)
  if (empty !== undefined) throw new SetupError(`--${empty[0]} 后面没有写东西。不限的话，请不要写 --${empty[0]}。`)
  const wrong = roles?.find((role) => !isRole(role))
  if (wrong !== undefined) throw new SetupError(`--roles 里的“${wrong}”不对，能用的是：${AUDIENCE_ROLES.join('、')}`)
  return { ...(channels && { channels }), ...(areas && { areas }), ...(roles && { roles: roles.filter(isRole) }), ...(skills && { skills }), ...(tags && { tags }) }
}

const isRole = (role: string): role is AudienceRole => (AUDIENCE_ROLES as readonly string[]).includes(role)

function readSend({ at, sendNow }: Options): Pick<AnnouncementMove, 'send'> {
  if (at !== undefined && sendNow === true) throw new SetupError('--at 和 --send-now 只能写一个。')
  return at !== undefined ? { send: parseInstant(at, '--at') } : sendNow === true ? { send: 'now' } : {}
}

async function move(services: AnnouncementServices, change: AnnouncementMove): Promise<void> {
  const result = await changeAnnouncement(services, change)
  if (result.outcome !== 'changed') return fail(`${explainRefusal(result)}${result.outcome === 'send_time_passed' ? '写 --send-now，或者 --at 和新的时间。' : ''}`)
  show(result.announcement)
}

function show(announcement: AnnouncementRecord | null): void {
  if (announcement === null) return fail('没有这条公告，请核对编号。')
  writeLine(JSON.stringify(toAnnouncementView(announcement)))
}
