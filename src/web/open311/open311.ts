import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { API_ACTOR } from '../../desk/actor.ts'
import type { OfficeServices } from '../../desk/office/save-office.ts'
import { fileForCaller } from '../../desk/requests/file-for-caller.ts'
import type { CatalogueServices } from '../../desk/services.ts'
import { describeLimit } from '../../forms/service-guide.ts'
import type { Store } from '../../store/engine/store.ts'
import { findPublicNumber, findPublicRequests, listPublicRequests } from '../../store/requests/public-requests.ts'
import { carriesToken, isSameSecret } from '../caller/bearer.ts'
import { callerOf } from '../caller/caller.ts'
import { createRateLimit, takeFromAll } from '../chat/rate-limit.ts'
import { isForm } from '../chat/refuse.tsx'
import { answer, answerErrors, inAllFormats, OPEN311, withoutSuffix } from './answer.ts'
import { toDefinitionValue, toDiscoveryValue, toServiceValue } from './catalogue.ts'
import { explainRefusal, readFiling, type Typed } from './filing.ts'
import { listOf, MOST_REQUESTS, readFilter, toRequestValue } from './reading.ts'

export interface Open311Services {
  store: Store
  desk: CatalogueServices
  office: Pick<OfficeServices, 'office'>
  now: () => Date
  /** Where other programs reach this service; absent = where they ask. */
  publicUrl?: string
  /** LINLI_API_TOKEN, which is the api_key; without it nothing can be filed. */
  apiToken?: string
}

const LARGEST_BODY_BYTES = 256 * 1024
/** What those may do who carry no key; a map of a town asks for a few pages. */
const ANONYMOUS = { address: { perMinute: 60, burst: 60 }, all: { perMinute: 1_200, burst: 600 } }

/** Open311's GeoReport v2: anybody reads what is public, programs with the key file. */
export function createOpen311(services: Open311Services): Hono {
  const app = new Hono()
  const { store, desk, now } = services
  const catalogue = noteChanges(services)
  const ofAddress = createRateLimit(ANONYMOUS.address, { name: 'open311:address', others: store.others })
  const ofAll = createRateLimit(ANONYMOUS.all, { name: 'open311:all', others: store.others })
  const isKnown = (c: Context) => services.apiToken !== undefined && carriesToken(c, services.apiToken)
  /** Null = go on. */
  const slowDown = (c: Context): Response | null => {
    const waitSeconds = isKnown(c) ? 0 : takeFromAll([{ limit: ofAddress, key: callerOf(c).counted }, { limit: ofAll, key: 'all' }], now())
    return waitSeconds === 0 ? null : answerErrors(c, 429, [`Too many requests: ask again in ${waitSeconds} s.`], { 'Retry-After': String(waitSeconds) })
  }
  app.get('*', async (c, next) => slowDown(c) ?? next())

  app.on('GET', ['/', ...inAllFormats('/discovery')], (c) => answer(c, 'discovery', toDiscoveryValue({ url: `${baseOf(c, services.publicUrl)}${OPEN311}`, changedAt: catalogue.changedAt(), office: services.office.office() })))

  app.on('GET', inAllFormats('/services'), (c) => answer(c, 'services', desk.catalogue.map(toServiceValue)))

  app.get('/services/:code', (c) => {
    const code = withoutSuffix(c.req.param('code'))
    const service = desk.catalogue.find((one) => one.code === code)
    return service === undefined ? answerErrors(c, 404, [`service_code: there is no service “${code}”.`]) : answer(c, 'service_definition', toDefinitionValue(service, services.office.office()))
  })

  app.on('GET', inAllFormats('/requests'), async (c) => {
    const query = c.req.queries()
    const numbers = listOf(query.service_request_id)
    // The specification has it override all else.
    if (numbers.length > MOST_REQUESTS) return answerErrors(c, 400, [`service_request_id: at most ${MOST_REQUESTS}.`])
    if (numbers.length > 0) return answer(c, 'service_requests', (await findPublicRequests(store, numbers, MOST_REQUESTS)).map(toRequestValue))
    const filter = readFilter(query, now())
    if ('problems' in filter) return answerErrors(c, 400, filter.problems)
    return answer(c, 'service_requests', (await listPublicRequests(store, filter, MOST_REQUESTS)).map(toRequestValue))
  })

  app.get('/requests/:id', async (c) => {
    const found = await findPublicRequests(store, [withoutSuffix(c.req.param('id'))], 1)
    return found.length === 0 ? answerErrors(c, 404, ['service_request_id was not found.']) : answer(c, 'service_requests', found.map(toRequestValue))
  })

  // Every request has its number at once, so no tokens are given out; the id that /api/v1 gives it is taken for one.
  app.get('/tokens/:token', async (c) => {
    const token = withoutSuffix(c.req.param('token'))
    const number = await findPublicNumber(store, token)
    return number === null ? answerErrors(c, 404, ['token was not found.']) : answer(c, 'service_requests', [{ service_request_id: number, token }])
  })

  const limitBody = bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: (c) => answerErrors(c, 400, [`A body may have at most ${LARGEST_BODY_BYTES} bytes.`], { Connection: 'close' }) })
  app.on('POST', inAllFormats('/requests'), limitBody, async (c) => {
    if (!isForm(c)) return answerErrors(c, 400, ['Content-Type: must be application/x-www-form-urlencoded.'])
    const typed = await readTyped(c)
    if (typed === null) return answerErrors(c, 400, ['The body could not be read.'])
    if (!isKnown(c) && !isKey(typed.api_key, services.apiToken)) {
      return slowDown(c) ?? answerErrors(c, 403, [typed.api_key === undefined ? 'api_key was not provided.' : 'api_key: this is not the key of this service.'])
    }
    if (Object.values(typed).some((value) => value?.includes('\ufffd'))) return answerErrors(c, 400, ['The body is not valid UTF-8.'])
    const read = readFiling(typed, desk)
    if (read.outcome === 'wrong') return answerErrors(c, read.status, read.problems)
    const result = await fileForCaller(desk, API_ACTOR, read.request)
    if (result.outcome !== 'filed') return answerErrors(c, 400, [explainRefusal(result)])
    const { number } = result.request
    const notice = `已登记，编号 ${number}，时限：${describeLimit(read.service)}。想在聊天里收到进展，请私下把“绑定 ${result.code}”发给邻里。`
    return answer(c, 'service_requests', [{ service_request_id: number, service_notice: notice, account_id: null }])
  })

  app.all('*', (c) => answerErrors(c, 404, [`There is nothing at this address; ${OPEN311}/discovery.xml says where to begin.`]))
  return app
}

const isKey = (given: string | undefined, expected: string | undefined): boolean => given !== undefined && expected !== undefined && isSameSecret(given, expected)

/** Fields of the form, and for programs that write them there, of the address; null when there is no form. */
async function readTyped(c: Context): Promise<Typed | null> {
  try {
    const body = await c.req.parseBody()
    return { ...c.req.query(), ...Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string')) }
  } catch {
    return null
  }
}

/** Since when this process knows the catalogue as it is: by this other programs see that they should read it again. */
function noteChanges({ desk, now }: Open311Services): { changedAt: () => Date } {
  let known = desk.catalogue
  let since = now()
  return {
    changedAt: () => {
      if (known !== desk.catalogue) [known, since] = [desk.catalogue, now()]
      return since
    },
  }
}

function baseOf(c: Context, publicUrl: string | undefined): string {
  const { isHttps, host } = callerOf(c)
  return publicUrl ?? `${isHttps ? 'https' : 'http'}://${host}`
}
