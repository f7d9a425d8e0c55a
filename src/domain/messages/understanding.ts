import { z } from 'zod'

export const INTENTS = ['ask_policy', 'service_request', 'volunteer_signup', 'request_status', 'announcement_admin', 'rate_feedback', 'emergency', 'human_handoff', 'cancel', 'smalltalk', 'other'] as const
export const Intent = z.enum(INTENTS)
export type Intent = z.infer<typeof Intent>

export const FORM_IDS = ['service_request', 'volunteer_signup'] as const
export const FormId = z.enum(FORM_IDS)
export type FormId = z.infer<typeof FormId>

/** What a message says, by kind; absent = not said. */
export interface Slots {
  name?: string
  /** Digits only. */
  phone?: string
  address?: string
  community?: string
  /** A Chinese name of the service catalogue. */
  category?: string
  description?: string
  /** ISO 8601 local time, as long as what was said: `2026-11-24` or `2026-11-24T15:00`. */
  time?: string
  skills?: string[]
  availability?: string
  age?: number
  /** Whom a minor's sign-up names as parent or guardian; not among the keys that the command line prints. */
  guardian?: { name?: string; phone?: string }
  /** For whom somebody else reports; nor is it among those keys. */
  forWhom?: { name?: string; phone?: string; relation?: string }
  /** Somebody who signs up together with the speaker ("我俩都报名…"); nor are they among those keys. */
  companion?: Companion
  /** Another telephone than the one said to be theirs; nor is it among those keys. */
  otherPhone?: string
}

/** The second of two who sign up in one message, with what is said of them alone. */
export interface Companion {
  name: string
  age?: number
  phone?: string
  skills?: string[]
}

export interface Understanding {
  intent: Intent
  slots: Slots
}
