import type { Area, Service } from '../../domain/services.ts'
import { cleanTyped } from '../../language/clean.ts'
import { explainPhoneFault, readPhone } from '../../language/values/phones.ts'

/** Longest values of a request that staff type, in characters. */
export const LONGEST_VALUES = { address: 200, name: 30, wantedTime: 60 } as const

/** A value that can't be kept, and why in one sentence that staff can read. */
export type WrongValue =
  | { outcome: 'wrong_phone'; hint: string }
  | { outcome: 'unknown_category'; category: string }
  | { outcome: 'unknown_area'; area: string }
  | { outcome: 'too_long'; field: keyof typeof LONGEST_VALUES | 'description'; longest: number }

/** What all that is read of a form or a body comes to: the value, or what is wrong with it. */
export type ReadValue<T> = { value: T } | WrongValue

/** A telephone as it is kept: digits only. */
export function readRequestPhone(typed: string): ReadValue<string> {
  const phone = readPhone(cleanTyped(typed))
  return phone === undefined ? { outcome: 'wrong_phone', hint: explainPhoneFault(typed) ?? '' } : { value: phone }
}

/** A text as it is kept, within its bound. */
export function readText(typed: string, field: 'address' | 'name' | 'wantedTime'): ReadValue<string> {
  const value = cleanTyped(typed)
  const longest = LONGEST_VALUES[field]
  return Array.from(value).length > longest ? { outcome: 'too_long', field, longest } : { value }
}

/** A service of the catalogue by its name or its code. */
export function readService(typed: string, catalogue: readonly Service[]): ReadValue<Service> {
  const category = cleanTyped(typed)
  const value = catalogue.find(({ name, code }) => name === category || code === category)
  return value === undefined ? { outcome: 'unknown_category', category } : { value }
}

/** An area by its code or its name. */
export function readArea(typed: string, areas: readonly Area[]): ReadValue<Area> {
  const area = cleanTyped(typed)
  const value = areas.find(({ code, name }) => code === area || name === area)
  return value === undefined ? { outcome: 'unknown_area', area } : { value }
}
