import { z } from '@hono/zod-openapi'
import { ACTIVITY_KINDS, REQUEST_KINDS, REQUEST_LEVELS, REQUEST_STATUSES, type ActivityKind, type RequestKind, type RequestLevel, type RequestStatus } from '../../domain/requests/requests.ts'
import type { RequestRecord } from '../../store/requests/requests.ts'
import { photoPath } from '../photos.ts'
import { Instant } from './schemas.ts'

const LineSchema = z
  .object({
    at: Instant,
    kind: z.enum(ACTIVITY_KINDS).openapi({ description: 'What the line is; an internal one never leaves the desk' }),
    status: z.enum(REQUEST_STATUSES).openapi({ description: 'The status from this line on' }),
    note: z.string(),
    by: z.string().openapi({ description: 'A staff user, api, 居民, 系统 or 志愿者' }),
  })
  .openapi('RequestLine')

export const RequestSchema = z
  .object({
    id: z.string(),
    number: z.string(),
    kind: z.enum(REQUEST_KINDS),
    service_code: z.string().nullable(),
    category: z.string(),
    status: z.enum(REQUEST_STATUSES),
    description: z.string(),
    address: z.string().nullable(),
    area: z.string().nullable(),
    requester: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    assignee: z.string().nullable().openapi({ description: 'The staff user who has it; null = nobody' }),
    channel: z.string().openapi({ description: 'Where it was filed: a channel, phone or visit; empty = not known' }),
    photos: z.array(z.object({ id: z.string(), url: z.string().openapi({ description: 'Its address at this service, asked for with the token' }) })),
    merged_into: z.string().nullable().openapi({ description: 'Number of the request that it went into' }),
    followers: z.number().int().openapi({ description: 'How many others are told what becomes of it' }),
    wanted_time: z.string().nullable().openapi({ description: 'When somebody should come: local ISO 8601, or words' }),
    level: z.enum(REQUEST_LEVELS).openapi({ description: 'Who is answerable for it' }),
    waiting_since: Instant.nullable().openapi({ description: 'Since when the resident is asked for something' }),
    rating: z.object({ score: z.number().int(), comment: z.string() }).nullable(),
    created_at: Instant,
    updated_at: Instant,
    due_at: Instant.nullable(),
    history: z.array(LineSchema),
  })
  .openapi('ServiceRequest')

export const toLineJson = ({ at, kind, status, note, by }: RequestRecord['activities'][number]): z.infer<typeof LineSchema> => ({ at: at.toISOString(), kind: kind as ActivityKind, status: status as RequestStatus, note, by })

/** A request on the wire, and in an export. */
export function toRequestJson(row: RequestRecord): z.infer<typeof RequestSchema> {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as RequestKind,
    service_code: row.serviceCode,
    category: row.category,
    status: row.status as RequestStatus,
    description: row.description,
    address: row.address,
    area: row.areaCode,
    requester: { name: row.requesterName, phone: row.requesterPhone },
    assignee: row.assignee?.user ?? null,
    channel: row.channel,
    photos: row.photos.map(({ id }) => ({ id, url: photoPath(row.id, id) })),
    merged_into: row.mergedInto?.number ?? null,
    followers: row.followers.length,
    wanted_time: row.wantedTime,
    level: row.level as RequestLevel,
    waiting_since: row.waitingSince?.toISOString() ?? null,
    rating: row.ratingScore === null ? null : { score: row.ratingScore, comment: row.ratingComment ?? '' },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    due_at: row.dueAt?.toISOString() ?? null,
    history: row.activities.map(toLineJson),
  }
}
