import { fromLocalIso } from '../../../domain/time.ts'

/** A time as the field for it posts it: undefined = none was given; null = it is no time. */
export function readInstant(local: string): Date | undefined | null {
  if (local === '') return undefined
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null
  const instant = fromLocalIso(local)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** Which version of a draft a post is about; undefined when it does not say. */
export function readVersion(form: URLSearchParams): number | undefined {
  const typed = form.get('version') ?? ''
  return /^\d{1,9}$/.test(typed) ? Number(typed) : undefined
}
