import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError } from '../domain/errors.ts'

/** An answer that says what was wrong, RFC 9457. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  /** Where the input was wrong: JSON pointers into the body, or names of parameters. */
  errors?: { pointer: string; detail: string }[]
}

const TITLES: Record<number, string> = {
  400: 'The request could not be read',
  401: 'A valid token is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'This method is not supported here',
  409: 'Not possible in the present state',
  413: 'The body is too large',
  415: 'The body must be application/json',
  422: 'The input is wrong',
  429: 'Too many requests',
  500: 'Something failed on our side',
  503: 'Not available at the moment',
}

export const PROBLEM_TYPE = 'application/problem+json'
export const PROBLEM_HEADERS = { 'Content-Type': PROBLEM_TYPE } as const

/** How long a caller should wait before the same request may succeed, in seconds. */
export const RETRY_AFTER_SECONDS = 2

export function describeProblem(status: number, detail?: string, errors?: Problem['errors']): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'The request failed', status, ...(detail && { detail }), ...(errors && { errors }) }
}

/** A problem as an answer; `headers` are added to the content type. */
export function problem<S extends ContentfulStatusCode>(c: Context, status: S, detail?: string, headers: Record<string, string> = {}) {
  return c.json(describeProblem(status, detail), status, { ...headers, ...PROBLEM_HEADERS })
}

/** What a fault looks like from outside: its status and a sentence that gives nothing of the inside away. */
export function explainFault(error: unknown): { status: ContentfulStatusCode; detail: string; headers: Record<string, string>; isExpected: boolean } {
  if (error instanceof HTTPException) return { status: error.status, detail: error.message, headers: {}, isExpected: true }
  if (error instanceof AppError && error.retryable) {
    const detail = error.code === 'stopping' ? error.message : 'The service is busy and could not write; send the same request again.'
    return { status: 503, detail, headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) }, isExpected: error.code === 'stopping' }
  }
  return { status: 500, detail: 'The fault was logged. Please tell whoever runs this service.', headers: {}, isExpected: false }
}
