import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JPEG, makePng } from '../../support/picture-files.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../../support/assistant.ts'

let test: TestAssistant
beforeEach(async () => {
  test = await openTestAssistant()
})
afterEach(() => test.close())

const directory = () => path.join(test.directory, 'photos')
const files = (): string[] => (fs.existsSync(directory()) ? fs.readdirSync(directory()) : [])
const DAY_MS = 24 * 60 * 60_000
const wait = (ms: number): void => {
  test.clock.now = new Date(test.clock.now.getTime() + ms)
}
/** Somebody sends this photo, as a channel that keeps what comes with a message hands it over. */
async function send(bytes: Uint8Array, text = '', sender = 'resident-1'): Promise<void> {
  const attachments = await test.photos.takeAll([async () => bytes])
  await (await test.assistant.receive({ ...toMessage(text, { sender }, test.clock.now), attachments })).turn
  test.photos.release(attachments)
}

it('what no request followed is gone after a day, what an open form holds is not', async () => {
  await send(makePng(8, 8, { grey: 1 }))
  await send(makePng(8, 8, { grey: 2 }), '3号楼2单元楼道灯坏了', 'resident-2')
  await test.say('同意', { sender: 'resident-2' })
  wait(DAY_MS + 1)
  await test.photos.sweep()
  expect(files()).toHaveLength(1)
  for (const text of ['刘桂兰，13800138001', '确认']) await test.say(text, { sender: 'resident-2' })
  expect(await test.store.read.photo.count({ where: { request: { isNot: null } } })).toBe(1)
})

it('what a crash left behind goes after a day: half a file, and a file of a message that was never stored', async () => {
  const taken = await test.photos.take(JPEG)
  fs.writeFileSync(path.join(directory(), '.half.part'), 'x')
  fs.utimesSync(path.join(directory(), '.half.part'), test.clock.now, test.clock.now)
  await test.photos.sweep()
  expect(files()).toHaveLength(2)
  if (taken.outcome === 'taken') test.photos.release([{ kind: 'photo', caption: '', photo: taken.photo }])
  wait(DAY_MS + 1)
  await test.photos.sweep()
  expect(files()).toEqual([])
})

it('a photo that is being sent anew while its first sender deletes everything stays', async () => {
  await send(JPEG)
  const attachments = await test.photos.takeAll([async () => JPEG])
  for (const text of ['删除我的数据', '确认删除']) await test.say(text)
  expect(files()).toHaveLength(1)
  await (await test.assistant.receive({ ...toMessage('', { sender: 'resident-2' }, test.clock.now), attachments })).turn
  test.photos.release(attachments)
  await test.photos.sweep()
  expect(files()).toHaveLength(1)
  for (const text of ['删除我的数据', '确认删除']) await test.say(text, { sender: 'resident-2' })
  expect(files()).toEqual([])
})

it('what was erased before a crash is removed at the next sweep', async () => {
  await send(JPEG)
  await test.store.write(async (transaction) => {
    await transaction.photo.updateMany({ data: { goneAt: test.clock.now, personId: null, inboundId: null } })
  })
  await test.photos.clear()
  expect(files()).toEqual([])
  expect(await test.store.read.photo.count()).toBe(0)
})

it('a photo that can’t be written is asked for again, and the words that came with it count', async () => {
  fs.writeFileSync(directory(), 'no folder')
  const attachments = await test.photos.takeAll([async () => JPEG])
  const { turn } = await test.assistant.receive({ ...toMessage('3号楼2单元楼道灯坏了', {}, test.clock.now), attachments })
  expect((await turn).replies.map(({ text }) => text).join()).toMatch(/没有传过来[^]*您同意吗/)
})

it('a small file that would unpack into hundreds of megabytes is not kept; a long screenshot and a large photo are', async () => {
  // One colour, 30 million points of a byte each, in some 30 kB.
  expect(await test.photos.take(makePng(6_000, 5_000))).toEqual({ outcome: 'refused', problem: 'too_large' })
  expect((await test.photos.take(makePng(1_080, 16_000))).outcome).toBe('taken')
  expect(await test.photos.take(makePng(9_000, 8_000))).toEqual({ outcome: 'refused', problem: 'too_large' })
  expect(files()).toHaveLength(1)
})
