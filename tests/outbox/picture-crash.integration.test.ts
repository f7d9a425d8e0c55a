import path from 'node:path'
import { expect, it } from 'vitest'
import { takePicture } from '../../src/outbox/announcement-picture.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { openPictures } from '../../src/store/pictures/pictures.ts'
import { JPEG } from '../support/picture-files.ts'
import { createFilePlatform, sendThroughKills } from './killed-sender.ts'
import { addPeople, addStaffMembers, openTestStore } from './world.ts'

const RECIPIENTS = 300

it('kill -9 between pictures and their texts, three times: nobody sees either twice, and a picture that hangs keeps no text back', async () => {
  const world = await openTestStore()
  const platform = createFilePlatform(world.directory)
  await addPeople(world.store, Array.from({ length: RECIPIENTS }, (_, index) => `p${index}`))
  await addStaffMembers(world.store, 'wang', 'li')
  const now = () => new Date()
  const pictures = openPictures({ directory: path.join(world.directory, 'pictures'), store: world.store, now })
  const services = { store: world.store, now, wakeOutbox: () => undefined, areas: [], pictures }
  const picture = await takePicture(pictures, JPEG)
  if (picture.outcome !== 'taken') throw new Error(picture.reason)
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {}, picture: picture.picture })
  if (created.outcome !== 'created') throw new Error(created.outcome)
  const { id } = created.announcement
  await changeAnnouncement(services, { id, action: 'approve', by: 'li' })

  const open = () => world.store.read.outboxMessage.count({ where: { announcementId: id, status: { in: ['queued', 'sending'] } } })
  await sendThroughKills({ child: 'picture-child.ts', url: world.url, platform, first: 90, isDone: async () => (await open()) === 0 })

  const lines = platform.taken()
  expect(new Set(lines).size).toBe(lines.length)
  const statusOf = (pictureOf: null | { not: null }, status: string) => world.store.read.outboxMessage.findMany({ where: { announcementId: id, pictureOf, status }, include: { conversation: true } })
  const [texts, pictureRows, lostPictures] = await Promise.all([statusOf(null, 'sent'), statusOf({ not: null }, 'sent'), statusOf({ not: null }, 'unknown')])
  const arrived = new Set(lines)
  for (const row of texts) expect(arrived).toContain(`${row.conversation.externalId} text`)
  for (const row of pictureRows) expect(arrived).toContain(`${row.conversation.externalId} picture`)
  expect(pictureRows.length + lostPictures.length).toBe(RECIPIENTS)
  expect(lostPictures.length).toBeGreaterThan(0)
  // Whoever's picture is in doubt has the text all the same.
  for (const row of lostPictures) expect(arrived).toContain(`${row.conversation.externalId} text`)
  const progress = (await findAnnouncement(services, id))?.progress
  expect(progress).toMatchObject({ total: RECIPIENTS, open: 0, failed: 0 })
  expect((progress?.sent ?? 0) + (progress?.unknown ?? 0)).toBe(RECIPIENTS)
  await world.close()
})
