import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { PICTURE_TYPES } from '../../domain/pictures/pictures.ts'
import { findPhotoOfRequest } from '../../store/requests/photos.ts'
import { answerPhoto } from '../photos.ts'
import { problem } from '../problem.ts'
import type { ApiServices } from './api.ts'
import { identifier, IdParameter, problems, QUERY_PROBLEMS, SECURITY } from './schemas.ts'

const getPhoto = createRoute({
  method: 'get',
  path: '/requests/{id}/photos/{photo}',
  summary: 'One photo of a request, as a JPEG or a PNG',
  security: SECURITY,
  request: { params: IdParameter.extend({ photo: identifier('Its id') }) },
  responses: {
    200: { description: 'The photo', content: Object.fromEntries(PICTURE_TYPES.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }])) },
    ...problems(404, ...QUERY_PROBLEMS),
  },
})

export function addRequestPhotoRoutes(app: OpenAPIHono, services: Pick<ApiServices, 'store' | 'photos'>): void {
  app.openapi(getPhoto, async (c) => {
    const { id, photo } = c.req.valid('param')
    return (await answerPhoto(c, services.photos, await findPhotoOfRequest(services.store, id, photo))) ?? problem(c, 404, 'This request has no photo with this id.')
  })
}
