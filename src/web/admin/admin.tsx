import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { PICTURE_TOO_LARGE } from '../../outbox/announcement-picture.ts'
import { loadAssets } from '../assets.ts'
import { addAnnouncementForm } from './announcement-form.tsx'
import { LONGEST_UPLOAD } from './announcement-picture.tsx'
import { addAnnouncements } from './announcements.tsx'
import { addAudit } from './audit.tsx'
import { addChannels } from './channels.tsx'
import { addDeliveryLog } from './delivery-log.tsx'
import { requireSession, setPageHeaders } from './guard.ts'
import { loadHtmx, serveHtmx } from './htmx.ts'
import { addLogin, addLogout } from './login.tsx'
import { addMisread } from './misread.tsx'
import { renderNotFound } from './not-found.tsx'
import type { AdminEnv, AdminOptions } from './options.ts'
import { addOwn } from './own.tsx'
import { addPeople } from './people.tsx'
import { addRequestDetail } from './request-detail.tsx'
import { addRequests } from './requests.tsx'
import { addResidents } from './residents.tsx'
import { addTags } from './tags.tsx'
import { addToday } from './today.tsx'
import { addUnanswered } from './unanswered.tsx'
import { addVolunteers } from './volunteers.tsx'

/** Longest form, in bytes: an announcement of 4,000 characters, percent-encoded, and all areas ticked. */
const LONGEST_FORM = 256 * 1024

const mayHoldPicture = (c: Context): boolean => c.req.path === '/admin/announcements' && /^multipart\/form-data/i.test(c.req.header('content-type') ?? '')

/**
 * The staff's pages, to be mounted at `/admin` of a server that serves `/assets` too. Every page but the log-in needs a
 * session; every post a token of that session. Pages are plain forms, which htmx makes livelier where scripts run.
 */
export function createAdmin(options: AdminOptions): Hono {
  const services = { ...options, assets: loadAssets(), htmx: loadHtmx() }
  const app = new Hono<AdminEnv>()
  serveHtmx(app, services.htmx)
  app.use('*', setPageHeaders)
  const limitForm = bodyLimit({ maxSize: LONGEST_FORM, onError: (c) => c.text('写得太多了，请短一些再试。', 413) })
  const limitUpload = bodyLimit({ maxSize: LONGEST_UPLOAD, onError: (c) => c.text(PICTURE_TOO_LARGE, 413) })
  app.use('*', except(mayHoldPicture, limitForm))
  app.use('/announcements', limitUpload)
  addLogin(app, services)
  app.use('*', requireSession(services))
  addLogout(app, services)
  addToday(app, services)
  addRequests(app, services)
  addRequestDetail(app, services)
  addResidents(app, services)
  addTags(app, services)
  addVolunteers(app, services)
  addAnnouncementForm(app, services)
  addAnnouncements(app, services)
  addUnanswered(app, services)
  addMisread(app, services)
  addChannels(app, services)
  addDeliveryLog(app, services)
  addPeople(app, services)
  addAudit(app, services)
  addOwn(app, services)
  app.all('*', (c) => renderNotFound(c, services, '没有这一页。'))
  const mounted = new Hono()
  mounted.route('/', app)
  return mounted
}
