import type { FormId, Intent, Slots } from '../../../src/domain/messages/understanding.ts'

/** A message as a resident might write it, and what a careful reader takes from it. */
export interface Labelled {
  text: string
  intent: Intent
  /** Only what is checked; `description` is compared loosely (it must hold these words). */
  slots: Slots
  form?: FormId
}

export const label = (intent: Intent, text: string, slots: Slots = {}, form?: FormId): Labelled => ({ text, intent, slots, ...(form !== undefined && { form }) })

/** Tuesday, 24 November 2026, 10:30 in Shanghai: what 明天 counts from. */
export const NOW = new Date('2026-11-24T10:30:00+08:00')
