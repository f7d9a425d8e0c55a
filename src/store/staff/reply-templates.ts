import { randomUUID } from 'node:crypto'
import type { Store } from '../engine/store.ts'
import type { ReplyTemplate } from '../generated/client.ts'

/** What staff often write to residents. */
export const listReplyTemplates = (store: Store): Promise<ReplyTemplate[]> => store.read.replyTemplate.findMany({ orderBy: { title: 'asc' } })

/** Writes one, or writes it anew; `id` null = a new one. */
export function writeReplyTemplate(store: Store, template: { id: string | null; title: string; text: string; by: string; now: Date }): Promise<{ outcome: 'saved' | 'title_taken' | 'not_found' }> {
  const { id, title, text, by, now } = template
  return store.write(async (transaction) => {
    const namesake = await transaction.replyTemplate.findUnique({ where: { title }, select: { id: true } })
    if (namesake !== null && namesake.id !== id) return { outcome: 'title_taken' }
    const values = { title, text, by, updatedAt: now }
    if (id === null) await transaction.replyTemplate.createMany({ data: [{ id: randomUUID(), ...values }] })
    else if ((await transaction.replyTemplate.updateMany({ where: { id }, data: values })).count === 0) return { outcome: 'not_found' }
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'write_template', subject: title, detail: '' }] })
    return { outcome: 'saved' }
  })
}

export function removeReplyTemplate(store: Store, { id, by, now }: { id: string; by: string; now: Date }): Promise<{ outcome: 'removed' | 'not_found' }> {
  return store.write(async (transaction) => {
    const known = await transaction.replyTemplate.findUnique({ where: { id }, select: { title: true } })
    if (known === null) return { outcome: 'not_found' }
    await transaction.replyTemplate.deleteMany({ where: { id } })
    await transaction.auditEntry.createMany({ data: [{ at: now, actor: by, action: 'remove_template', subject: known.title, detail: '' }] })
    return { outcome: 'removed' }
  })
}
