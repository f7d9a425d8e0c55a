import { isDeepStrictEqual } from 'node:util'
import type { KnowledgeDocument } from '../../domain/answers.ts'
import { DATED_FACTS, Office, type DatedFact } from '../../domain/office/office.ts'
import { toLocalDay } from '../../domain/time.ts'
import { describeClauseProblem } from '../../knowledge/documents/load-office.ts'
import { cleanTyped } from '../../language/clean.ts'
import { addAudit } from '../../store/staff/audit.ts'
import type { Store } from '../../store/engine/store.ts'
import type { Actor } from '../actor.ts'

export interface OfficeServices {
  store: Store
  now: () => Date
  /** The office as it answers now; null = nobody has written anything. */
  office: () => Office | null
  documents: () => readonly KnowledgeDocument[]
  /** Keeps it where it is read from, and resolves when it answers. Throws when it can't be kept. */
  keepOffice: (office: Office) => Promise<void>
}

/** What is wrong at one place of the input. */
export interface OfficeProblem {
  path: readonly (string | number)[]
  message: string
}

export type SaveOfficeResult =
  | { outcome: 'saved' | 'unchanged'; office: Office }
  | { outcome: 'invalid'; problems: OfficeProblem[] }
  /** A colleague saved something in the meantime. */
  | { outcome: 'stale'; office: Office | null }
  | { outcome: 'not_writable'; reason: string }

/**
 * Saves what the office says of itself; it answers from the next question on. What was changed gets the day of today.
 * @param basedOn what the form showed, by `versionOf`; absent = whatever there is now
 */
export async function saveOffice(services: OfficeServices, actor: Actor, input: unknown, basedOn?: string): Promise<SaveOfficeResult> {
  const before = services.office()
  if (basedOn !== undefined && basedOn !== versionOf(before)) return { outcome: 'stale', office: before }
  const parsed = Office.safeParse(cleanAll(input))
  if (!parsed.success) return { outcome: 'invalid', problems: parsed.error.issues.flatMap(toProblems) }
  const missing = parsed.data.questions.flatMap(({ clause }, index) => {
    // One whose words are noted is followed, or points nowhere; only a number that was just typed can be wrong.
    const wrong = clause === undefined || clause.print !== undefined ? null : describeClauseProblem(clause, services.documents())
    return wrong === null ? [] : [{ path: ['questions', index, 'clause'], message: wrong }]
  })
  if (missing.length > 0) return { outcome: 'invalid', problems: missing }
  const office = withDates(parsed.data, before, toLocalDay(services.now()))
  if (isDeepStrictEqual(office, before)) return { outcome: 'unchanged', office }
  try {
    await services.keepOffice(office)
  } catch (error) {
    return { outcome: 'not_writable', reason: error instanceof Error ? error.message : String(error) }
  }
  const detail = changedParts(office, before).join('、')
  await services.store.write((transaction) => addAudit(transaction, { at: services.now(), actor: actor.user, action: 'change_office', subject: office.name, detail }))
  return { outcome: 'saved', office }
}

/** Tells one state of the office from another. */
export function versionOf(office: Office | null): string {
  const text = JSON.stringify(office)
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(36)
}

function cleanAll(input: unknown): unknown {
  if (typeof input === 'string') return cleanTyped(input)
  if (Array.isArray(input)) return input.map(cleanAll)
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, cleanAll(value)]))
}

type Issue = NonNullable<ReturnType<typeof Office.safeParse>['error']>['issues'][number]

function toProblems(issue: Issue): OfficeProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: [...path, key], message: '不认识这一项 / unknown key' })) : [{ path, message: issue.message }]
}

/** An entry of a list that stands there as it did keeps its day; another one gets today's, unless somebody wrote a new one. */
function withDates(office: Office, before: Office | null, today: string): Office {
  const dates: Partial<Record<DatedFact, string>> = { ...office.dates }
  for (const fact of DATED_FACTS) {
    if (before !== null && !isDeepStrictEqual(office[fact], before[fact]) && office.dates?.[fact] === before.dates?.[fact]) dates[fact] = today
  }
  const dated = <T extends { changed?: string }>(entries: readonly T[], known: readonly T[] = []): T[] =>
    entries.map((entry) => {
      const { changed, ...own } = entry
      const same = known.find(({ changed: _changed, ...other }) => isDeepStrictEqual(other, own))
      if (same !== undefined) return changed === undefined ? same : entry
      return before === null ? entry : { ...entry, changed: today }
    })
  return {
    ...office,
    people: dated(office.people, before?.people),
    places: dated(office.places, before?.places),
    questions: dated(office.questions, before?.questions),
    ...(Object.keys(dates).length > 0 && { dates }),
  }
}

const PARTS: Record<keyof Office, string> = {
  example: '示例', name: '名称', telephone: '电话', address: '地址', hours: '上班时间', holidays: '节假日', closed: '特殊日子', people: '谁管什么', places: '活动场所', questions: '问答', changed: '日期', dates: '日期',
}

function changedParts(office: Office, before: Office | null): string[] {
  const keys = Object.keys(PARTS) as (keyof Office)[]
  return [...new Set(keys.filter((key) => !isDeepStrictEqual(office[key], before?.[key])).map((key) => PARTS[key]))].filter((part, _place, all) => part !== '日期' || all.length === 1)
}
