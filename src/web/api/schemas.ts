import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { problem } from '../problem.ts'

const LONGEST_IDENTIFIER = 200
const countCharacters = (text: string): number => Array.from(text).length

/**
 * Text of a bounded number of characters (code points, as JSON Schema counts them). NUL and halves of surrogate pairs can't be
 * kept by every database and are refused.
 */
export const boundedText = (min: number, max: number, description: string) =>
  z
    .string()
    .refine((text) => countCharacters(text) >= min && countCharacters(text) <= max, `must have ${min} to ${max} characters`)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not hold NUL or half a surrogate pair')
    .openapi({ description, minLength: min, maxLength: max, pattern: '^[^\\u0000]*$' })

export const identifier = (description: string) => boundedText(1, LONGEST_IDENTIFIER, description)

/** A whole number in a query, written in digits only: '', '1e3' and ' 5' are refused rather than read as numbers. */
export const wholeNumber = (options: { min: number; max: number; description: string }) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= options.min && value <= options.max, `must be ${options.min} to ${options.max}`)
    .openapi({ type: 'integer', minimum: options.min, maximum: options.max, description: options.description })

const LARGEST_PAGE = 200
const PAGE = 50

export const PageQuery = z.object({
  limit: wholeNumber({ min: 1, max: LARGEST_PAGE, description: `Rows of a page; ${PAGE} when absent` }).optional(),
  cursor: identifier('`next_cursor` of the page before').optional(),
})

/** What the store takes of a page's query. */
export const toPage = (query: z.infer<typeof PageQuery>): { limit: number; cursor?: string } => ({
  limit: query.limit ?? PAGE,
  ...(query.cursor !== undefined && { cursor: query.cursor }),
})

/** A list was asked for from a row that is none of it. */
export const unknownCursor = (c: Context) => problem(c, 422, 'cursor: it is none that a page of this list gave; leave it out to begin at the first page.')

export const NextCursor = z.string().nullable().openapi({ description: 'null on the last page' })
export const Instant = z.iso.datetime().openapi({ format: 'date-time', description: 'UTC' })
/** The same from a caller, who may write another offset than Z. */
export const InstantInput = z.iso.datetime({ offset: true }).openapi({ format: 'date-time' })
export const IdParameter = z.object({ id: identifier('').openapi({ description: 'Its id or its number' }) })

export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem')

const PROBLEMS = {
  400: 'The body is not JSON',
  401: 'The token is missing or wrong',
  403: 'Whoever is named in `by` may not do this',
  404: 'There is none',
  409: 'Its present state does not allow it',
  413: 'The body is too large',
  415: 'The body is not application/json',
  422: 'A value is missing, has the wrong type or is out of bounds',
  503: 'Busy, stopping, or without LINLI_API_TOKEN; when Retry-After is given the same request may be sent again',
} as const
type ProblemStatus = keyof typeof PROBLEMS

type ProblemAnswers<S extends ProblemStatus> = { [Status in S]: { description: string; content: { 'application/problem+json': { schema: typeof ProblemSchema } } } }

/** The problems an operation may answer with, for its declaration. */
export function problems<S extends ProblemStatus>(...statuses: S[]): ProblemAnswers<S> {
  const entries = statuses.map((status) => [status, { description: PROBLEMS[status], content: { 'application/problem+json': { schema: ProblemSchema } } }])
  return Object.fromEntries(entries) as ProblemAnswers<S>
}

/** Every operation with a body may answer with these. */
export const BODY_PROBLEMS = [400, 401, 413, 415, 422, 503] as const
/** Every operation without one. */
export const QUERY_PROBLEMS = [401, 422, 503] as const

export const jsonAnswer = <T extends z.ZodType>(schema: T, description: string) => ({ description, content: { 'application/json': { schema } } })
export const jsonBody = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
export const SECURITY = [{ token: [] }]
