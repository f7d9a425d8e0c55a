import type { User } from 'grammy/types'
import { pino } from 'pino'
import { createTelegramChannel } from '../../src/channels/telegram/channel.ts'
import { FakeBotApi } from '../fakes/telegram/bot-api.ts'
import { describeChannelContract, type ContractStage, type Speaker } from './contract.ts'
import { alice, group, home, memoryOffsets, namesake, otherBot, TIMING } from './telegram-stage.ts'

describeChannelContract('Telegram', async (): Promise<ContractStage> => {
  const api = new FakeBotApi()
  await api.start()
  api.openChat(home)
  const channel = createTelegramChannel({ token: api.token, apiRoot: api.apiRoot, log: pino({ level: 'silent' }), now: () => new Date(), offsets: memoryOffsets(), timing: TIMING })
  const speakers: Record<Speaker, User> = { alice, namesake, otherBot, ourselves: api.me }
  return {
    channel,
    mention: `@${api.me.username}`,
    mentionOfNamesake: '@社区小助手',
    ids: { alice: '101', group: '-1001', stranger: '999' },
    say(who, where, text, options) {
      const entities = options?.mentions === 'namesake' ? [{ type: 'text_mention' as const, offset: 0, length: 6, user: namesake }] : undefined
      const update = api.say(speakers[who], where === 'private' ? home : group, entities === undefined ? text : { text, entities })
      return { again: () => api.deliver(update) }
    },
    sent: () => api.sent.map((sent) => ({ conversation: String(sent.chatId), text: sent.text })),
    start: (receive) => channel.start(receive),
    async close() {
      await channel.stop()
      await api.die()
    },
  }
})
