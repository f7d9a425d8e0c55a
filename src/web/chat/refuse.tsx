import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Assets } from '../assets.ts'
import { problem } from '../problem.ts'
import { renderMessagePage } from './page.tsx'
import { chatText } from './text.ts'

export const TYPE_COOKIE = 'linli_type'
export const isLargeType = (c: Context): boolean => getCookie(c, TYPE_COOKIE) === 'large'

export const isForm = (c: Context): boolean => /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(c.req.header('Content-Type') ?? '')
/** A plain form gets a page; the page's own script asks for JSON, with photos too. */
export const wantsPage = (c: Context): boolean => isForm(c) && !(c.req.header('Accept') ?? '').startsWith('application/json')

type Refusal = 403 | 413 | 422 | 429 | 503

/** Says why something from the page is not taken: in a page, or for its script. */
export const refuse = ({ assets }: { assets: Assets }, c: Context, status: Refusal, detail: string, headers: Record<string, string> = {}): Response | Promise<Response> =>
  wantsPage(c) ? c.html(renderMessagePage({ assets, isLarge: isLargeType(c), title: chatText.faultTitle, text: detail }), status, headers) : problem(c, status, detail, headers)
