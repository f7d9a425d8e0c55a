import { Api } from 'grammy'
import type { Chat } from 'grammy/types'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPhotoSender } from '../../src/channels/telegram/photos.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { JPEG } from '../support/picture-files.ts'

const HOMES: Chat.PrivateChat[] = [101, 102, 103].map((id) => ({ id, type: 'private', first_name: `居民${id}` }))

let bot: FakeBotApi
beforeEach(async () => {
  bot = new FakeBotApi()
  await bot.start()
  for (const home of HOMES) bot.openChat(home)
})
afterEach(() => bot.die())

it('a picture goes up once, also when all who are to get it are sent to in the same moment', async () => {
  const api = new Api(bot.token, { apiRoot: bot.apiRoot })
  const send = createPhotoSender(api, api)
  const picture = { name: 'a.jpg', type: 'image/jpeg', bytes: Uint8Array.from(JPEG), size: JPEG.length } as const
  await Promise.all(HOMES.map(({ id }) => send(id, picture, {})))
  expect(bot.sent.map(({ chatId }) => chatId).sort()).toEqual([101, 102, 103])
  expect(bot.sent.filter(({ photo }) => photo?.wasUploaded)).toHaveLength(1)
})
