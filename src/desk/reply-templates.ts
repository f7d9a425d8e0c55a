import { LONGEST_NOTE } from '../domain/requests/requests.ts'
import { cleanTyped } from '../language/clean.ts'
import { removeReplyTemplate, writeReplyTemplate } from '../store/staff/reply-templates.ts'
import type { Actor } from './actor.ts'
import type { DeskServices } from './services.ts'

export const LONGEST_TEMPLATE_TITLE = 30

export type TemplateResult = { outcome: 'saved' | 'title_taken' | 'not_found' | 'empty' } | { outcome: 'too_long'; field: 'title' | 'text'; longest: number }

/** Writes what staff often say to residents, for all of them; `id` null = a new one. */
export async function saveTemplate({ store, now }: Pick<DeskServices, 'store' | 'now'>, actor: Actor, input: { id: string | null; title: string; text: string }): Promise<TemplateResult> {
  const title = cleanTyped(input.title).replaceAll('\n', ' ')
  const text = cleanTyped(input.text)
  if (title === '' || text === '') return { outcome: 'empty' }
  if (Array.from(title).length > LONGEST_TEMPLATE_TITLE) return { outcome: 'too_long', field: 'title', longest: LONGEST_TEMPLATE_TITLE }
  if (Array.from(text).length > LONGEST_NOTE) return { outcome: 'too_long', field: 'text', longest: LONGEST_NOTE }
  return writeReplyTemplate(store, { id: input.id, title, text, by: actor.user, now: now() })
}

export const removeTemplate = ({ store, now }: Pick<DeskServices, 'store' | 'now'>, actor: Actor, id: string): Promise<{ outcome: 'removed' | 'not_found' }> => removeReplyTemplate(store, { id, by: actor.user, now: now() })
