import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Office } from '../../domain/office/office.ts'
import { cleanTyped } from '../../language/clean.ts'
import type { Store } from '../../store/engine/store.ts'
import { findByPhoneEnd } from '../../store/requests/public-requests.ts'
import { findByNumber } from '../../store/requests/request-board.ts'
import type { Assets } from '../assets.ts'
import { callerOf } from '../caller/caller.ts'
import { STATUS_PAGE } from '../chat/page.tsx'
import { createRateLimit, takeFromAll } from '../chat/rate-limit.ts'
import { isLargeType } from '../chat/refuse.tsx'
import { formatWait } from '../wait.ts'
import { renderStatusPage, type StatusPageOptions } from './page.tsx'
import { statusText } from './text.ts'

export interface StatusServices {
  store: Store
  assets: Assets
  office: () => Office | null
  now: () => Date
}

const LARGEST_BODY_BYTES = 4 * 1024

/** Whole buildings share one address. */
const LOOKS = { address: { perMinute: 10, burst: 30 }, all: { perMinute: 600, burst: 300 } }
/** There are ten thousand endings of a telephone: of one number an address may guess five, then five an hour; all addresses together twenty. */
const GUESSES = { address: { perMinute: 5 / 60, burst: 5 }, all: { perMinute: 20 / 60, burst: 20 } }

const LookInput = z.object({
  number: z.string().max(200).transform((typed) => cleanTyped(typed, { longest: 40 })).pipe(z.string().min(1)),
  last_four: z.string().max(200).transform((typed) => typed.normalize('NFKC').replaceAll(/\s/g, '')).pipe(z.string().regex(/^\d{4}$/)),
})

/** The page where a resident looks up what has become of a request, by its number and the end of the telephone that stands in it. */
export function addStatusPage(app: Hono, services: StatusServices): void {
  const { store, now } = services
  const open = (name: string, bound: { perMinute: number; burst: number }) => createRateLimit(bound, { name, others: store.others })
  const looks = { address: open('status:address', LOOKS.address), all: open('status:all', LOOKS.all) }
  const guesses = { address: open('status-guess:address', GUESSES.address), all: open('status-guess:all', GUESSES.all) }
  const page = (c: Context, shown: Partial<Pick<StatusPageOptions, 'number' | 'problem' | 'found'>>) =>
    renderStatusPage({ assets: services.assets, isLarge: isLargeType(c), office: services.office(), now: now(), number: '', ...shown })

  app.get(STATUS_PAGE, (c) => c.html(page(c, { number: cleanTyped(c.req.query('number') ?? '', { longest: 40 }) })))

  const limitBody = bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: (c) => c.html(page(c, { problem: statusText.missing }), 413, { Connection: 'close' }) })
  app.post(STATUS_PAGE, limitBody, async (c) => {
    const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}))
    const number = typeof body.number === 'string' ? cleanTyped(body.number, { longest: 40 }) : ''
    const { counted } = callerOf(c)
    const tooOften = (waitSeconds: number) => c.html(page(c, { number, problem: statusText.tooOften(formatWait(waitSeconds * 1000)) }), 429, { 'Retry-After': String(waitSeconds) })
    const waitSeconds = takeFromAll([{ limit: looks.address, key: counted }, { limit: looks.all, key: 'all' }], now())
    if (waitSeconds > 0) return tooOften(waitSeconds)
    const input = LookInput.safeParse(body)
    if (!input.success) return c.html(page(c, { number, problem: statusText.missing }), 422)
    const request = await findByNumber(store, input.data.number)
    const found = request && (await findByPhoneEnd(store, request.id, input.data.last_four))
    // Only what was wrong counts. Asked after the look and not before, so that many at once are no way round.
    const key = request?.number ?? input.data.number
    const guessing = [{ limit: guesses.address, key: `${counted} ${key}` }, { limit: guesses.all, key }]
    const waitToGuess = Math.max(...guessing.map(({ limit, key: of }) => limit.wait(of, now())))
    if (waitToGuess > 0) return tooOften(waitToGuess)
    if (found === null) {
      takeFromAll(guessing, now())
      return c.html(page(c, { number, problem: statusText.notFound }), 404)
    }
    return c.html(page(c, { number: found.request.number, found }))
  })
}
