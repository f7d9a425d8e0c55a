import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { JPEG, makePng, withExif } from '../support/picture-files.ts'
import { home, liu, openTelegramWorld, type TelegramWorld } from './telegram-world.ts'

let world: TelegramWorld
beforeEach(async () => {
  world = await openTelegramWorld()
})
afterEach(() => world.close())

/** A photo as Telegram hands it over: its reference, small and large. */
function photo(name: string, bytes: Uint8Array, size = bytes.length) {
  world.api.photos.set(name, bytes)
  return [{ file_id: `${name}-small`, file_unique_id: 's', width: 1, height: 1, file_size: 10 }, { file_id: name, file_unique_id: name, width: 9, height: 9, file_size: size }]
}
const answered = async (): Promise<string | undefined> => {
  await world.settled()
  return world.api.sent.at(-1)?.text
}
async function tell(content: Parameters<TelegramWorld['api']['say']>[2]): Promise<string | undefined> {
  world.api.say(liu, home, content)
  return answered()
}
const file = async (): Promise<void> => {
  for (const text of ['同意', '刘桂兰，13800138001', '确认']) await tell(text)
}
const requests = () => world.store.read.serviceRequest.findMany({ include: { photos: true, activities: { orderBy: { at: 'asc' } } } })
const files = (): Buffer[] => fs.readdirSync(path.join(world.assistant.directory, 'photos')).map((name) => fs.readFileSync(path.join(world.assistant.directory, 'photos', name)))

it('a photo with its words is fetched, cleaned and filed with them', async () => {
  await tell({ photo: photo('lamp', withExif(JPEG)), caption: '3栋2单元楼道灯坏了' })
  await file()
  const [request] = await requests()
  expect(request?.photos).toHaveLength(1)
  expect(files().map((bytes) => bytes.includes('GPS'))).toEqual([false])
  expect(files()[0]?.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
})

it('a photo sent as a file is one too; one of another format or too large is told so', async () => {
  world.api.photos.set('doc', makePng(9, 9))
  world.api.photos.set('heic', Buffer.from('\0\0\0\x18ftypheic'))
  const document = { file_unique_id: 'd', file_name: 'IMG_1.png', mime_type: 'image/png', file_size: 500 }
  expect(await tell({ document: { ...document, file_id: 'doc' } })).toContain('是什么事、在哪里')
  expect(await tell({ document: { ...document, file_id: 'heic', mime_type: 'image/heic' } })).toContain('打不开')
  expect(await tell({ document: { ...document, file_id: 'doc', file_size: 6_000_000 } })).toContain('每张最大 5 MB')
  await tell('3栋2单元楼道灯坏了')
  await file()
  expect((await requests())[0]?.photos).toHaveLength(1)
})

it('an album of five: one answer to its words, one sentence about the fifth, and four are filed', async () => {
  for (let index = 0; index < 5; index += 1) world.api.say(liu, home, { photo: photo(`p${index}`, makePng(8, 8, { grey: index })), media_group_id: 'a', ...(index === 2 && { caption: '3栋2单元楼道灯坏了' }) })
  await world.settled()
  expect(world.api.sent.map(({ text }) => text).filter((text) => text.includes('您同意吗'))).toHaveLength(1)
  expect(world.api.sent.map(({ text }) => text).filter((text) => text.includes('最多收 4 张'))).toHaveLength(1)
  await file()
  expect((await requests())[0]?.photos).toHaveLength(4)
})

it('an album without words after filing joins the request, whole', async () => {
  await tell('3栋2单元楼道灯坏了')
  await file()
  for (let index = 0; index < 3; index += 1) world.api.say(liu, home, { photo: photo(`q${index}`, makePng(8, 8, { grey: 20 + index })), media_group_id: 'b' })
  expect(await answered()).toContain('工作人员看得到')
  expect((await requests())[0]?.photos).toHaveLength(3)
})

it('who is in danger is answered before the photo is fetched, and it follows', async () => {
  world.api.fail('getFile', { kind: 'slow', ms: 500 })
  expect(await tell({ photo: photo('fire', JPEG), caption: '3栋2单元着火了' })).toContain('119')
  const end = Date.now() + 5_000
  while ((await requests())[0]?.photos.length !== 1 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  expect((await requests())[0]).toMatchObject({ kind: 'emergency', photos: [{}] })
})

it('a download that fails once is tried again; one that never comes is asked for again', async () => {
  world.api.fail('getFile', { kind: 'reset' })
  expect(await tell({ photo: photo('late', JPEG) })).toContain('是什么事、在哪里')
  expect(await tell({ photo: [{ file_id: 'gone', file_unique_id: 'g', width: 1, height: 1 }] })).toContain('没有传过来')
})
