import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { changeDraft, LONGEST_RETURN_COMMENT, returnDraft, supplementAnnouncement, type ChangeDraftResult } from '../../outbox/announcement-drafts.ts'
import { explainRefusal, findAnnouncement, LONGEST_ANNOUNCEMENT, LONGEST_TITLE } from '../../outbox/announcements.ts'
import { AnnouncementSchema, AudienceSchema, By, NO_ANNOUNCEMENT, TimeInput, toAudience, viewOf, WebAddress } from './announcements.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { BODY_PROBLEMS, boundedText, IdParameter, jsonAnswer, jsonBody, problems, SECURITY } from './schemas.ts'

// Strict, as what is written is.
const ChangeInput = z
  .strictObject({
    by: By,
    title: boundedText(0, LONGEST_TITLE, '').optional(),
    text: boundedText(1, LONGEST_ANNOUNCEMENT, 'What recipients read').optional(),
    audience: AudienceSchema.optional(),
    at: TimeInput.nullable().optional(),
    expires_at: TimeInput.nullable().optional(),
    emergency: z.boolean().optional(),
    link_url: WebAddress.nullable().optional(),
    picture_url: WebAddress.nullable().optional(),
  })
  .openapi('AnnouncementChange', { description: 'What is absent stays; null takes it away' })

const patchAnnouncement = createRoute({
  method: 'patch',
  path: '/announcements/{id}',
  summary: 'Change a draft, also one that was returned; whoever has changed it does not approve it',
  security: SECURITY,
  request: { params: IdParameter, body: jsonBody(ChangeInput) },
  responses: { 200: jsonAnswer(AnnouncementSchema, 'The draft as it is now'), ...problems(403, 404, 409, ...BODY_PROBLEMS) },
})

const postReturn = createRoute({
  method: 'post',
  path: '/announcements/{id}/return',
  summary: 'Give somebody else’s draft back with a comment instead of approving it; its author is told',
  security: SECURITY,
  request: { params: IdParameter, body: jsonBody(z.object({ by: By, comment: boundedText(1, LONGEST_RETURN_COMMENT, 'What is to be changed') }).openapi('Return')) },
  responses: { 200: jsonAnswer(AnnouncementSchema, 'The draft'), ...problems(403, 404, 409, ...BODY_PROBLEMS) },
})

const postSupplement = createRoute({
  method: 'post',
  path: '/announcements/{id}/supplement',
  summary: 'Write a draft that brings an approved announcement to those who came since; nobody gets it twice',
  security: SECURITY,
  request: { params: IdParameter, body: jsonBody(z.object({ by: By }).openapi('Actor')) },
  responses: { 201: jsonAnswer(AnnouncementSchema, 'The draft, for somebody else to approve'), ...problems(403, 404, 409, ...BODY_PROBLEMS) },
})

export function addAnnouncementDraftRoutes(app: OpenAPIHono, services: ApiServices): void {
  app.openapi(patchAnnouncement, async (c) => {
    const body = c.req.valid('json')
    const draft = await findAnnouncement(services, c.req.valid('param').id)
    if (draft === null) return problem(c, 404, NO_ANNOUNCEMENT)
    const keep = <T>(given: T | null | undefined, known: T | null): T | undefined => (given === undefined ? known : given) ?? undefined
    const [sendAt, expiresAt, linkUrl, pictureUrl] = [keep(body.at, draft.sendAt), keep(body.expires_at, draft.expiresAt), keep(body.link_url, draft.linkUrl), keep(body.picture_url, draft.pictureUrl)]
    const result = await changeDraft(services, {
      id: draft.id,
      by: body.by,
      // Between reading and writing somebody else may have changed it.
      ifVersion: draft.version,
      content: {
        title: body.title ?? draft.title,
        text: body.text ?? draft.text,
        audience: body.audience === undefined ? draft.audience : toAudience(body.audience),
        isEmergency: body.emergency ?? draft.isEmergency,
        ...(sendAt && { sendAt }),
        ...(expiresAt && { expiresAt }),
        ...(linkUrl !== undefined && { linkUrl }),
        ...(pictureUrl !== undefined && { pictureUrl }),
        ...(draft.picture && { picture: draft.picture }),
      },
    })
    return result.outcome === 'changed' ? c.json(viewOf(c, services, result.announcement), 200) : refuse(c, result)
  })

  app.openapi(postReturn, async (c) => {
    const result = await returnDraft(services, { id: c.req.valid('param').id, ...c.req.valid('json') })
    if (result.outcome === 'empty') return problem(c, 422, 'comment: it says nothing.')
    return result.outcome === 'changed' ? c.json(viewOf(c, services, result.announcement), 200) : refuse(c, result)
  })

  app.openapi(postSupplement, async (c) => {
    const result = await supplementAnnouncement(services, { id: c.req.valid('param').id, by: c.req.valid('json').by })
    if (result.outcome === 'waiting') return problem(c, 409, `A draft for those who came later waits for approval: ${result.id}.`)
    if (result.outcome !== 'created') return refuse(c, result)
    const draft = await findAnnouncement(services, result.id)
    return draft === null ? problem(c, 404, NO_ANNOUNCEMENT) : c.json(viewOf(c, services, draft), 201)
  })
}

function refuse(c: Context, result: Exclude<ChangeDraftResult, { outcome: 'changed' }>) {
  switch (result.outcome) {
    case 'not_found':
      return problem(c, 404, NO_ANNOUNCEMENT)
    case 'unknown_staff':
      return problem(c, 403, 'by: there is no such member of staff.')
    case 'invalid':
      return problem(c, 422, result.reason)
    default:
      return problem(c, 409, explainRefusal(result))
  }
}
