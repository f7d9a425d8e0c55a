import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { PICTURE_TOO_LARGE } from '../../outbox/announcement-picture.ts'
import { loadAssets } from '../assets.ts'
import { addAnnouncementForm } from './announcements/announcement-form.tsx'
import { LONGEST_UPLOAD } from './announcements/announcement-picture.tsx'
import { addAnnouncements } from './announcements/announcements.tsx'
import { addAudit } from './staff/audit.tsx'
import { addChannels } from './channels/channels.tsx'
import { addDuty } from './duty/duty.tsx'
import { addDeliveryLog } from './channels/delivery-log.tsx'
import { addWebhooks } from './channels/webhooks.tsx'
import { requireSession, setPageHeaders } from './parts/guard.ts'
import { loadHtmx, serveHtmx } from './parts/htmx.ts'
import { addHeld } from './held.tsx'
import { addLogin, addLogout } from './staff/login.tsx'
import { addDocumentForm, DOCUMENT_POST, DOCUMENT_TOO_LARGE, LONGEST_DOCUMENT_POST } from './knowledge/library/add.tsx'
import { addDocumentPage } from './knowledge/library/document.tsx'
import { addLibrary } from './knowledge/library/list.tsx'
import { addTry } from './knowledge/library/try.tsx'
import { addMisread } from './knowledge/misread.tsx'
import { addOffice } from './office/office.tsx'
import { renderNotFound } from './parts/not-found.tsx'
import type { AdminEnv, AdminOptions, AdminServices } from './parts/options.ts'
import { addOwn } from './staff/own.tsx'
import { addPeople } from './staff/people.tsx'
import { addRequestDetail } from './requests/detail/request-detail.tsx'
import { addBulk } from './requests/bulk.tsx'
import { addNewRequest } from './requests/new-request.tsx'
import { addTemplates } from './requests/templates.tsx'
import { addRequests } from './requests/requests.tsx'
import { addStaffNotices } from './requests/staff-notices.tsx'
import { addEraseResident } from './people/erase-resident.tsx'
import { addResidents } from './people/residents.tsx'
import { addTags } from './people/tags.tsx'
import { addStatistics } from './statistics/statistics.tsx'
import { addToday } from './today.tsx'
import { addUnanswered } from './knowledge/unanswered.tsx'
import { addVolunteers } from './volunteers/volunteers.tsx'

/** Longest form, in bytes: an announcement of 4,000 characters, percent-encoded, and all areas ticked. */
const LONGEST_FORM = 256 * 1024

const ANNOUNCEMENT_POST = /^\/admin\/announcements(\/[^/]+\/edit)?$/
const mayHoldFile = (c: Context): boolean => (ANNOUNCEMENT_POST.test(c.req.path) || c.req.path === DOCUMENT_POST) && /^multipart\/form-data/i.test(c.req.header('content-type') ?? '')

/**
 * The staff's pages, to be mounted at `/admin` of a server that serves `/assets` too. Every page but the log-in needs a
 * session; every post a token of that session. Pages are plain forms, which htmx makes livelier where scripts run.
 */
export function createAdmin(options: AdminOptions): Hono {
  // Not spread: what staff change in the knowledge folder counts at the next page.
  const services: AdminServices = Object.defineProperties({ assets: loadAssets(), htmx: loadHtmx() } as AdminServices, Object.getOwnPropertyDescriptors(options))
  const app = new Hono<AdminEnv>()
  serveHtmx(app, services.htmx)
  app.use('*', setPageHeaders)
  const limitForm = bodyLimit({ maxSize: LONGEST_FORM, onError: (c) => c.text('写得太多了，请短一些再试。', 413) })
  const limitUpload = bodyLimit({ maxSize: LONGEST_UPLOAD, onError: (c) => c.text(PICTURE_TOO_LARGE, 413) })
  app.use('*', except(mayHoldFile, limitForm))
  app.use('/announcements', limitUpload)
  app.use('/announcements/:id/edit', limitUpload)
  app.use('/knowledge/new', bodyLimit({ maxSize: LONGEST_DOCUMENT_POST, onError: (c) => c.text(DOCUMENT_TOO_LARGE, 413) }))
  addLogin(app, services)
  app.use('*', requireSession(services))
  addLogout(app, services)
  addToday(app, services)
  addRequests(app, services)
  addNewRequest(app, services)
  addBulk(app, services)
  addTemplates(app, services)
  addRequestDetail(app, services)
  addStaffNotices(app, services)
  addHeld(app, services)
  addResidents(app, services)
  addEraseResident(app, services)
  addTags(app, services)
  addVolunteers(app, services)
  addAnnouncementForm(app, services)
  addAnnouncements(app, services)
  addStatistics(app, services)
  addUnanswered(app, services)
  addMisread(app, services)
  addLibrary(app, services)
  addDocumentForm(app, services)
  addTry(app, services)
  addDocumentPage(app, services)
  addDuty(app, services)
  addOffice(app, services)
  addChannels(app, services)
  addDeliveryLog(app, services)
  addWebhooks(app, services)
  addPeople(app, services)
  addAudit(app, services)
  addOwn(app, services)
  app.all('*', (c) => renderNotFound(c, services, '没有这一页。'))
  const mounted = new Hono()
  mounted.route('/', app)
  return mounted
}
