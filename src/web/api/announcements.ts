import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { LARGEST_PICTURE_BYTES } from '../../domain/pictures/pictures.ts'
import { takePicture } from '../../outbox/announcement-picture.ts'
import { LONGEST_TAG } from '../../domain/tags.ts'
import {
  ANNOUNCEMENT_ACTIONS,
  changeAnnouncement,
  createAnnouncement,
  explainRefusal,
  findAnnouncement,
  listAnnouncements,
  LONGEST_ANNOUNCEMENT,
  LONGEST_TITLE,
} from '../../outbox/announcements.ts'
import { toAnnouncementView } from '../../outbox/announcement-view.ts'
import { AUDIENCE_ROLES, type Audience } from '../../store/announcements/announcement-audience.ts'
import { ANNOUNCEMENT_STATUSES, type AnnouncementRecord } from '../../store/announcements/announcement-records.ts'
import { DELIVERY_STATUSES, listDeliveries } from '../../store/outbox/deliveries.ts'
import { pictureUrl } from '../pictures.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { BODY_PROBLEMS, boundedText, identifier, IdParameter, Instant, jsonAnswer, jsonBody, NextCursor, PageQuery, problems, QUERY_PROBLEMS, SECURITY, toPage, unknownCursor } from './schemas.ts'

const count = z.number().int().min(0)
// Strict: with a filter that is misspelt, and dropped, the announcement would be for everybody.
export const AudienceSchema = z
  .strictObject({
    channels: z.array(identifier('A channel’s id')).max(20).optional(),
    areas: z.array(identifier('Code or name of an area; what lies in it is meant too')).max(500).optional(),
    roles: z.array(z.enum(AUDIENCE_ROLES)).max(10).optional(),
    skills: z.array(identifier('Active volunteers who can do one of these')).max(50).optional(),
    tags: z.array(boundedText(1, LONGEST_TAG, 'People and bound groups that staff gave one of these; without roles both')).max(50).optional(),
  })
  .openapi('Audience', { description: 'Empty: every subscriber' })

export const AnnouncementSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    text: z.string(),
    status: z.enum(ANNOUNCEMENT_STATUSES),
    audience: AudienceSchema,
    at: Instant.nullable(),
    expires_at: Instant.nullable(),
    emergency: z.boolean(),
    by: z.string(),
    approved_by: z.string().nullable(),
    total: count.openapi({ description: 'The sum of open, sent, failed, unknown, opted_out, cancelled and expired; of a draft: whom it would reach now' }),
    open: count,
    sent: count,
    failed: count,
    unknown: count,
    opted_out: count,
    cancelled: count,
    expired: count,
    acknowledged: count,
    created_at: Instant,
    link_url: z.string().optional(),
    picture_url: z.string().optional().openapi({ description: 'A picture that lies elsewhere; recipients read its address' }),
    picture: z.url().optional().openapi({ description: 'Where the picture that recipients get is served' }),
    supplements: z.string().optional().openapi({ description: 'The announcement that this one brings to those who came after its approval' }),
  })
  .openapi('Announcement')

const RFC3339 = /^(\d{4}-\d\d-\d\d)t([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:\d\d)$/i

/** Date.parse reads 30 February as 2 March and knows a year 0; a calendar does not, and no database needs years of five digits. */
function isRealTime(value: string): boolean {
  const date = RFC3339.exec(value)?.[1]
  if (date === undefined || Number.isNaN(Date.parse(value))) return false
  const year = new Date(value).getUTCFullYear()
  const midnight = new Date(`${date}T00:00:00Z`)
  return !date.startsWith('0000') && year >= 1 && year <= 9999 && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
}

export const TimeInput = z
  .string()
  .refine(isRealTime, 'must be an RFC 3339 time with a zone, on a day that exists')
  .transform((value) => new Date(value))
  .openapi({ type: 'string', format: 'date-time' })

export const By = identifier('A staff user’s name')

export const WebAddress = z.url({ protocol: /^https?$/ }).max(500)

const PictureInput = z
  .string()
  .max(Math.ceil(LARGEST_PICTURE_BYTES / 3) * 4)
  .refine((value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value), 'must be base64')
  .openapi({ format: 'byte', pattern: '^(/9j/|iVBORw0K)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$', description: 'A JPEG or PNG of at most 5 MB, in base64; what it tells of place and camera is taken out' })

// Strict too: with a misspelt expires_at it would never end.
const AnnouncementInput = z
  .strictObject({
    by: By,
    title: boundedText(0, LONGEST_TITLE, '').optional(),
    text: boundedText(1, LONGEST_ANNOUNCEMENT, 'What recipients read'),
    audience: AudienceSchema,
    at: TimeInput.optional().openapi({ description: 'When it is sent once it is approved; at once when absent' }),
    expires_at: TimeInput.optional().openapi({ description: 'What is not sent by then is not sent at all' }),
    emergency: z.boolean().optional().openapi({ description: 'Sent in quiet hours too, once a second person has approved it: their approval is the second confirmation' }),
    link_url: WebAddress.optional().openapi({ description: 'Stands at the end of the text' }),
    picture_url: WebAddress.optional().openapi({ description: 'A picture that lies elsewhere; recipients read its address' }),
    picture: PictureInput.optional(),
  })
  .openapi('AnnouncementInput')

const getAnnouncements = createRoute({
  method: 'get',
  path: '/announcements',
  summary: 'Announcements, newest first, those that wait for approval included',
  security: SECURITY,
  request: { query: PageQuery },
  responses: { 200: jsonAnswer(z.object({ announcements: z.array(AnnouncementSchema), next_cursor: NextCursor }), 'A page'), ...problems(...QUERY_PROBLEMS) },
})

const postAnnouncement = createRoute({
  method: 'post',
  path: '/announcements',
  summary: 'Write a draft; nothing is sent before another member of staff approves it',
  security: SECURITY,
  request: { body: jsonBody(AnnouncementInput) },
  responses: { 201: jsonAnswer(AnnouncementSchema, 'The draft'), ...problems(403, 409, ...BODY_PROBLEMS) },
})

const getAnnouncement = createRoute({
  method: 'get',
  path: '/announcements/{id}',
  summary: 'One announcement with its counts',
  security: SECURITY,
  request: { params: IdParameter },
  responses: { 200: jsonAnswer(AnnouncementSchema, 'The announcement'), ...problems(404, ...QUERY_PROBLEMS) },
})

const DeliverySchema = z
  .object({
    id: z.string(),
    channel: z.string(),
    conversation: z.string().openapi({ description: 'The platform’s own id of the chat' }),
    status: z.enum(DELIVERY_STATUSES),
    attempts: count,
    error: z.string().nullable(),
    sent_at: Instant.nullable(),
    acknowledged_at: Instant.nullable(),
  })
  .openapi('Delivery')

const getDeliveries = createRoute({
  method: 'get',
  path: '/announcements/{id}/deliveries',
  summary: 'What became of it at each recipient',
  security: SECURITY,
  request: { params: IdParameter, query: PageQuery.extend({ status: z.enum(DELIVERY_STATUSES).optional() }) },
  responses: { 200: jsonAnswer(z.object({ deliveries: z.array(DeliverySchema), next_cursor: NextCursor }), 'A page, in the order of sending'), ...problems(404, ...QUERY_PROBLEMS) },
})

const ApprovalInput = z
  .object({
    by: By,
    send_at: TimeInput.optional().openapi({ description: 'When it is sent instead of at `at`; needed, or send_now, once `at` has passed' }),
    send_now: z.boolean().optional().openapi({ default: false, description: 'It is sent at once, whatever `at` says; not together with send_at' }),
    confirm_emergency: z.boolean().optional().openapi({ default: true, description: 'Of an emergency: whether it goes out in quiet hours too. With false it is approved as an ordinary one: it waits until quiet hours end, and the answer says "emergency": false' }),
  })
  .openapi('Approval')

/** What only an approval may say is absent with the other actions. */
type Approval = Partial<z.output<typeof ApprovalInput>>

const actionRoute = (action: (typeof ANNOUNCEMENT_ACTIONS)[number]) =>
  createRoute({
    method: 'post',
    path: `/announcements/{id}/${action}`,
    summary: ACTION_SUMMARIES[action],
    security: SECURITY,
    request: { params: IdParameter, body: jsonBody(action === 'approve' ? ApprovalInput : z.object({ by: By }).openapi('Actor')) },
    responses: { 200: jsonAnswer(AnnouncementSchema, 'The announcement as it is now'), ...problems(403, 404, 409, ...BODY_PROBLEMS) },
  })

const ACTION_SUMMARIES: Record<(typeof ANNOUNCEMENT_ACTIONS)[number], string> = {
  approve: 'Approve somebody else’s draft: its audience is frozen and it is scheduled or sent, an emergency in quiet hours too',
  pause: 'Hold what is not sent yet',
  resume: 'Go on where it was held',
  cancel: 'Give up what is not sent yet',
  retry: 'Try the failed deliveries again',
}

/** As callers read it: its picture stands where it is served. */
export const viewOf = (c: Context, { publicUrl }: Pick<ApiServices, 'publicUrl'>, record: AnnouncementRecord) => ({ ...toAnnouncementView(record), ...(record.picture && { picture: pictureUrl(c, record.picture.name, publicUrl) }) })

export function addAnnouncementRoutes(app: OpenAPIHono, services: ApiServices): void {
  const toView = (c: Context, record: AnnouncementRecord) => viewOf(c, services, record)

  app.openapi(getAnnouncements, async (c) => {
    const page = await listAnnouncements(services, toPage(c.req.valid('query')))
    if (page === null) return unknownCursor(c)
    const { items, nextCursor } = page
    return c.json({ announcements: items.map((item) => toView(c, item)), next_cursor: nextCursor }, 200)
  })

  app.openapi(postAnnouncement, async (c) => {
    const { by, text, title, audience, at, expires_at: expiresAt, emergency, link_url: linkUrl, picture_url: elsewhere, picture: content } = c.req.valid('json')
    // The input is well formed; only the clock is against it.
    if (expiresAt !== undefined && expiresAt <= laterOf(at, services.now())) return problem(c, 409, 'expires_at must be later than now and than at.')
    const taken = content === undefined ? null : await takePicture(services.pictures, new Uint8Array(Buffer.from(content, 'base64')))
    if (taken?.outcome === 'refused') return problem(c, 422, taken.reason)
    const result = await createAnnouncement(services, {
      by,
      text,
      audience: toAudience(audience),
      ...(title !== undefined && { title }),
      ...(at && { sendAt: at }),
      ...(expiresAt && { expiresAt }),
      ...(emergency !== undefined && { isEmergency: emergency }),
      ...(linkUrl !== undefined && { linkUrl }),
      ...(elsewhere !== undefined && { pictureUrl: elsewhere }),
      ...(taken && { picture: taken.picture }),
    })
    // Refused, it leaves nothing.
    if (taken && result.outcome !== 'created') await services.pictures.forget(taken.picture.name)
    switch (result.outcome) {
      case 'created':
        return c.json(toView(c, result.announcement), 201)
      case 'unknown_staff':
        return problem(c, 403, 'by: there is no such member of staff.')
      case 'invalid':
        return problem(c, 422, result.reason)
      default:
        return result satisfies never
    }
  })

  app.openapi(getAnnouncement, async (c) => {
    const announcement = await findAnnouncement(services, c.req.valid('param').id)
    return announcement ? c.json(toView(c, announcement), 200) : problem(c, 404, NO_ANNOUNCEMENT)
  })

  app.openapi(getDeliveries, async (c) => {
    const { id } = c.req.valid('param')
    if (!(await findAnnouncement(services, id))) return problem(c, 404, NO_ANNOUNCEMENT)
    const { status, ...page } = c.req.valid('query')
    const found = await listDeliveries(services.store, id, { ...toPage(page), ...(status && { status }) })
    if (found === null) return unknownCursor(c)
    const deliveries = found.items.map(({ sentAt, acknowledgedAt, ...delivery }) => ({ ...delivery, sent_at: sentAt?.toISOString() ?? null, acknowledged_at: acknowledgedAt?.toISOString() ?? null }))
    return c.json({ deliveries, next_cursor: found.nextCursor }, 200)
  })

  for (const action of ANNOUNCEMENT_ACTIONS) {
    app.openapi(actionRoute(action), async (c) => {
      const body = c.req.valid('json')
      const { send_at: sendAt, send_now: isNow, confirm_emergency: isEmergency }: Approval = body
      if (sendAt !== undefined && isNow === true) return problem(c, 422, 'send_at and send_now: say one of the two.')
      const send = isNow === true ? 'now' : sendAt
      const result = await changeAnnouncement(services, { id: c.req.valid('param').id, action, by: body.by, isOrdinary: isEmergency === false, ...(send !== undefined && { send }) })
      switch (result.outcome) {
        case 'changed':
          return c.json(toView(c, result.announcement), 200)
        case 'not_found':
          return problem(c, 404, NO_ANNOUNCEMENT)
        case 'unknown_staff':
          return problem(c, 403, 'by: there is no such member of staff.')
        case 'send_time_passed':
          return problem(c, 409, `It was to be sent at ${result.sendAt.toISOString()}, which has passed. Approve it with a new send_at, or with "send_now": true.`)
        case 'own_announcement':
        case 'not_allowed':
        case 'time_is_over':
        case 'is_returned':
        case 'changed_meanwhile':
        case 'wrong_time':
          return refuseChange(c, result)
        default:
          return result satisfies never
      }
    })
  }
}

export const NO_ANNOUNCEMENT = 'There is no announcement with this id.'
const refuseChange = (c: Context, result: Parameters<typeof explainRefusal>[0]) => problem(c, 409, explainRefusal(result))
const laterOf = (at: Date | undefined, now: Date): Date => (at !== undefined && at > now ? at : now)

export const toAudience = (audience: z.infer<typeof AudienceSchema>): Audience => ({
  ...(audience.channels && { channels: audience.channels }),
  ...(audience.areas && { areas: audience.areas }),
  ...(audience.roles && { roles: audience.roles }),
  ...(audience.skills && { skills: audience.skills }),
  ...(audience.tags && { tags: audience.tags }),
})
