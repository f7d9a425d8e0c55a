import { z } from 'zod'
import type { Deadlines } from '../../domain/requests/deadlines.ts'
import { LIMIT_KINDS, type Area, type AreaLevel, type Service } from '../../domain/services.ts'
import { addProblem, parseYaml } from './load-file.ts'
import type { Located, SourceFile } from './load-file.ts'

const Text = z.string().trim().min(1).max(200)

/** Texts of which none may stand twice. */
const Texts = z.array(Text).superRefine((texts, context) => {
  for (const [index, text] of texts.entries()) {
    if (texts.indexOf(text) !== index) context.addIssue({ code: 'custom', path: [index], message: `“${text}”写了两次 / stands twice` })
  }
})

const ServiceEntry = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/, { error: '只能用小写字母、数字和 _ / only lower-case letters, digits and _' }),
  name: Text.max(30),
  words: Texts.min(1),
  materials: Texts,
  steps: Texts.min(1),
  place: Text,
  limitKind: z.enum(LIMIT_KINDS).default('ordinary'),
  limitWorkingDays: z.number().int().min(1).max(365).nullable(),
  fee: Text,
  needsPersonalData: z.boolean(),
  publicFault: z.boolean().optional(),
  kind: z.enum(['service', 'help']),
  helpers: z.array(z.strictObject({ asked: Texts.optional(), can: Texts.min(1), anybody: z.boolean() })).min(1).optional(),
})

/** From the top down; an area lies in one of a higher level. */
const LEVELS = ['prefecture', 'county', 'town', 'community', 'grid'] as const satisfies readonly AreaLevel[]

const AreaEntry = z.strictObject({
  code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, { error: '只能用字母、数字、- 和 _ / only letters, digits, - and _' }),
  name: Text.max(40),
  level: z.enum(LEVELS),
  parent: z.string().nullable(),
  words: Texts,
})

/** The service catalogue, in the file's order; problems are added to `source`. What has no limit of its own gets that of its kind. */
export function readServices(source: SourceFile, limits: Deadlines['limits']): Service[] {
  if (source.text === '') return []
  const parsed = parseYaml(source, z.array(ServiceEntry).min(1))
  if (parsed === null) return []
  reportTwice(source, parsed, 'code', (service) => service.code)
  reportTwice(source, parsed, 'name', (service) => service.name)
  return parsed.value.map((service) => ({ ...service, limitWorkingDays: service.limitWorkingDays ?? limits[service.limitKind], isLimitExample: service.limitWorkingDays === null }))
}

/** The area tree as a list, in the file's order; problems are added to `source`. */
export function readAreas(source: SourceFile): Area[] {
  if (source.text === '') return []
  const parsed = parseYaml(source, z.array(AreaEntry).min(1))
  if (parsed === null) return []
  reportTwice(source, parsed, 'code', (area) => area.code)
  reportTwice(source, parsed, 'name', (area) => `${area.parent ?? ''} ${area.name}`)
  const areas = new Map(parsed.value.map((area) => [area.code, area]))
  for (const [index, area] of parsed.value.entries()) {
    const wrong = describeParentProblem(area, areas)
    if (wrong !== null) addProblem(source, parsed.lineOf([index, 'parent']), `parent: ${wrong}`)
  }
  return parsed.value
}

function describeParentProblem(area: Area, areas: ReadonlyMap<string, Area>): string | null {
  if (area.parent === null) return area.level === LEVELS[0] ? null : `“${area.name}”没有写上级 / only a prefecture has no parent`
  const parent = areas.get(area.parent)
  if (parent === undefined) return `没有“${area.parent}”这个地方 / no area has this code`
  if (isInCircle(area, areas)) return `“${area.name}”的上级绕回了自己 / its parents run in a circle`
  if (LEVELS.indexOf(parent.level) >= LEVELS.indexOf(area.level)) return `“${parent.name}”不比“${area.name}”高一级 / its parent is not of a higher level`
  return null
}

function isInCircle(area: Area, areas: ReadonlyMap<string, Area>): boolean {
  const seen = new Set<string>()
  for (let next: Area | undefined = area; next !== undefined; next = next.parent === null ? undefined : areas.get(next.parent)) {
    if (seen.has(next.code)) return next.code === area.code
    seen.add(next.code)
  }
  return false
}

function reportTwice<T extends { name: string }>(source: SourceFile, parsed: Located<T[]>, field: string, keyOf: (entry: T) => string): void {
  const seen = new Map<string, number>()
  for (const [index, entry] of parsed.value.entries()) {
    const key = keyOf(entry)
    const line = parsed.lineOf([index, field])
    const earlier = seen.get(key)
    if (earlier === undefined) seen.set(key, line)
    else addProblem(source, line, `${field}: “${key.trim()}”重复，第 ${earlier} 行已有 / already on line ${earlier}`)
  }
}
