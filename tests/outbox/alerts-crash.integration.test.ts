import { spawn } from 'node:child_process'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { addStaffWithLogins, fileEmergency, setDuty } from '../support/duty.ts'
import { createFilePlatform } from './killed-sender.ts'
import { addPeople, openTestStore } from './world.ts'

const FILED_AT = '2026-11-24T02:00:00Z'

it('kill -9 three times in the middle: person on duty, again, deputy, all, each once and none before its time', async () => {
  const world = await openTestStore()
  const platform = createFilePlatform(world.directory)
  await addPeople(world.store, ['liu'])
  await addStaffWithLogins(world.store, 'wang', ['telegram', 'wechat'])
  await addStaffWithLogins(world.store, 'li', ['telegram'])
  await addStaffWithLogins(world.store, 'zhao', ['wechat'])
  await setDuty(world.store, '2026-11-24', 'wang', 'li')
  await fileEmergency(world.store, new Date(FILED_AT))
  const realStart = String(Date.now())
  const startChild = () => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'alert-child.ts'), world.url, platform.file, realStart, FILED_AT], { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    return async () => {
      child.kill('SIGKILL')
      await ended
    }
  }
  // Killed as soon as the first, the second and the third step have left.
  for (const lines of [2, 4, 6]) {
    const kill = startChild()
    while (platform.taken().length < lines) await delay(5)
    await delay(40)
    await kill()
  }
  const kill = startChild()
  while (platform.taken().length < 10) await delay(20)
  await delay(1_500)
  await kill()

  const told = platform.taken().map((line) => ({ at: Number(line.split(' ')[0]), to: line.split(' ')[1] }))
  const wang = ['x-wang-telegram', 'x-wang-wechat']
  expect(told.slice(0, 2).map(({ to }) => to).sort()).toEqual(wang)
  expect(told.slice(2, 4).map(({ to }) => to).sort()).toEqual(wang)
  expect(told.slice(4, 6).map(({ to }) => to).sort()).toEqual(['x-li-telegram', 'x-liu'])
  expect(told.slice(6).map(({ to }) => to).sort()).toEqual(['x-li-telegram', ...wang, 'x-zhao-wechat'])
  for (const [index, { at }] of told.entries()) expect(at, `line ${index}`).toBeGreaterThanOrEqual([0, 60, 180, 360][index < 2 ? 0 : index < 4 ? 1 : index < 6 ? 2 : 3] ?? 0)
  expect(await world.store.read.alertNotice.count()).toBe(9)
  await world.close()
})
