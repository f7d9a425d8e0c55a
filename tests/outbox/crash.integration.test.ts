import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { changeAnnouncement, createAnnouncement, findAnnouncement } from '../../src/outbox/announcements.ts'
import { addPeople, addStaffMembers, openTestStore } from './world.ts'

const CHILD = path.join(path.dirname(fileURLToPath(import.meta.url)), 'crash-child.ts')
const RECIPIENTS = 1_500

it('kill -9 in the middle of sending, three times: nobody gets an announcement twice, and everybody is accounted for', async () => {
  const world = await openTestStore()
  const platform = path.join(world.directory, 'platform.txt')
  fs.writeFileSync(platform, '')
  const taken = () => fs.readFileSync(platform, 'utf8').split('\n').filter(Boolean)
  await addPeople(world.store, Array.from({ length: RECIPIENTS }, (_, index) => `p${index}`))
  await addStaffMembers(world.store, 'wang', 'li')
  const services = { store: world.store, now: () => new Date(), wakeOutbox: () => undefined, areas: [] }
  const created = await createAnnouncement(services, { by: 'wang', text: '明天停水', audience: {} })
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
    while (taken().length < before + 100 + run * 37) await delay(2)
    child.kill('SIGKILL')
    await ended
  }
  const { child, ended } = startChild(3)
  const progress = async () => (await findAnnouncement(services, id))?.progress
  while ((await progress())?.open !== 0) await delay(50)
  child.kill('SIGKILL')
  await ended

  const messages = taken()
  const counts = await progress()
  const sent = await world.store.read.outboxMessage.findMany({ where: { status: 'sent' }, include: { conversation: true } })
  expect(new Set(messages).size).toBe(messages.length)
  expect(counts?.unknown).toBeGreaterThan(0)
  expect((counts?.sent ?? 0) + (counts?.unknown ?? 0)).toBe(RECIPIENTS)
  const arrived = new Set(messages)
  expect(sent.filter((row) => !arrived.has(row.conversation.externalId))).toEqual([])
  await world.close()
})
