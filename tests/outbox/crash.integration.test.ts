import { expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { createFilePlatform, sendThroughKills } from './killed-sender.ts'
import { addPeople, addStaffMembers, openTestStore } from './world.ts'

const RECIPIENTS = 1_500

it('kill -9 in the middle of sending, three times: nobody gets an announcement twice, and everybody is accounted for', async () => {
  const world = await openTestStore()
  const platform = createFilePlatform(world.directory)
  await addPeople(world.store, Array.from({ length: RECIPIENTS }, (_, index) => `p${index}`))
  await addStaffMembers(world.store, 'wang', 'li')
  const services = { store: world.store, now: () => new Date(), wakeOutbox: () => undefined, areas: [] }
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {} })
  if (created.outcome !== 'created') throw new Error(created.outcome)
  const { id } = created.announcement
  await changeAnnouncement(services, { id, action: 'approve', by: 'li' })

  const progress = async () => (await findAnnouncement(services, id))?.progress
  await sendThroughKills({ child: 'crash-child.ts', url: world.url, platform, first: 100, isDone: async () => (await progress())?.open === 0 })

  const messages = platform.taken()
  const counts = await progress()
  const sent = await world.store.read.outboxMessage.findMany({ where: { status: 'sent' }, include: { conversation: true } })
  expect(new Set(messages).size).toBe(messages.length)
  expect(counts?.unknown).toBeGreaterThan(0)
  expect((counts?.sent ?? 0) + (counts?.unknown ?? 0)).toBe(RECIPIENTS)
  const arrived = new Set(messages)
  expect(sent.filter((row) => !arrived.has(row.conversation.externalId))).toEqual([])
  await world.close()
})
