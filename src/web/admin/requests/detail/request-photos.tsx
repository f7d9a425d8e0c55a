import type { Hono } from 'hono'
import { findPhotoOfRequest } from '../../../../store/requests/photos.ts'
import type { RequestRecord } from '../../../../store/requests/requests.ts'
import { answerPhoto } from '../../../photos.ts'
import { renderNotFound } from '../../parts/not-found.tsx'
import type { AdminEnv, AdminServices } from '../../parts/options.ts'
import { Time } from '../../parts/parts.tsx'

/** What the resident sent of it, small; each opens whole. */
export const Photos = ({ request, now }: { request: RequestRecord; now: Date }) =>
  request.photos.length === 0 ? null : (
    <ul class="photos" aria-label="居民发来的照片">
      {request.photos.map(({ id, createdAt }, index) => (
        <li>
          <a href={photoAddress(request.number, id)} target="_blank" rel="noopener">
            <img src={photoAddress(request.number, id)} alt={`照片 ${index + 1}，点开看大图`} loading="lazy" />
          </a>
          <Time at={createdAt} now={now} />
        </li>
      ))}
    </ul>
  )

const photoAddress = (number: string, id: string): string => `/admin/requests/${number}/photos/${id}`

/** The photos of requests, for staff who are logged in. */
export function addRequestPhotos(app: Hono<AdminEnv>, options: AdminServices): void {
  app.get('/requests/:id/photos/:photo', async (c) => {
    const name = await findPhotoOfRequest(options.store, c.req.param('id'), c.req.param('photo'))
    return (await answerPhoto(c, options.photos, name)) ?? renderNotFound(c, options, '没有这张照片，可能居民已经删除了。')
  })
}
