import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { takePicture } from '../../src/outbox/announcement-picture.ts'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { openPictures } from '../../src/store/pictures.ts'
import { JPEG } from '../support/picture-files.ts'
import { addPeople, addStaffMembers, openTestStore } from './world.ts'

const CHILD = path.join(path.dirname(fileURLToPath(import.meta.url)), 'picture-child.ts')
const RECIPIENTS = 300

it('kill -9 between pictures and their texts, three times: nobody sees either twice, and a picture that hangs keeps no text back', async () => {
  const world = await openTestStore()
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-picture-crash-'))
  const platform = path.join(directory, 'platform.txt')
  fs.writeFileSync(platform, '')
  const taken = () => fs.readFileSync(platform, 'utf8').split('\n').filter(Boolean)
  await addPeople(world.store, Array.from({ length: RECIPIENTS }, (_, index) => `p${index}`))
  await addStaffMembers(world.store, 'wang', 'li')
  const now = () => new Date()
  const pictures = openPictures({ directory: path.join(directory, 'pictures'), store: world.store, now })
  const services = { store: world.store, now, wakeOutbox: () => undefined, areas: [], pictures }
  const picture = await takePicture(pictures, JPEG)
  if (picture.outcome !== 'taken') throw new Error(picture.reason)
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {}, picture: picture.picture })
  if (created.outcome !== 'created') throw new Error(created.outcome)
  const { id } = created.announcement
  await changeAnnouncement(services, { id, action: 'approve', by: 'li' })

  // Each next process lives a minute later, so that the leases of the one before are over at once.
  const startChild = (run: number) => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, world.url, platform, String(run * 60_000)], { stdio: ['ignore', 'ignore', 'inherit'] })
    return { child, ended: new Promise((resolve) => child.once('exit', resolve)) }
  }
  for (let run = 0; run < 3; run += 1) {
    const before = taken().length
    const { child, ended } = startChild(run)
    while (taken().length < before + 90 + run * 37) await delay(2)
    child.kill('SIGKILL')
    await ended
  }
  const { child, ended } = startChild(3)
  const open = () => world.store.read.outboxMessage.count({ where: { announcementId: id, status: { in: ['queued', 'sending'] } } })
  while ((await open()) !== 0) await delay(50)
  child.kill('SIGKILL')
  await ended

  const lines = taken()
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
  fs.rmSync(directory, { recursive: true, force: true })
})
