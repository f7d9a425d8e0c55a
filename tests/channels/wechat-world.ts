import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import type { Channel } from '../../src/domain/messages/channel.ts'
import { createWechatChannel, type WechatOptions } from '../../src/channels/wechat/channel.ts'
import { type FakeWechat, OFFICIAL } from '../fakes/wechat/gateway.ts'
import { eventually, type ContractStage, type Speaker } from './contract.ts'

export const ROOM = { id: '1001@chatroom', topic: '阳光花园3栋', memberIdList: ['wxid_assistant', 'wxid_alice', 'wxid_namesake', 'gh_weather'] }
export const toRoom = { kind: 'group', externalId: ROOM.id } as const
export const toAlice = { kind: 'private', externalId: 'wxid_alice' } as const
export const TIMING = { firstBackoffMs: 50, longestBackoffMs: 500, random: () => 1 }

let folder = ''

/** A folder for the channels of a file of tests, and for wechaty, which keeps names under the home folder: a test must not read what an earlier one left. */
export function useWechatFolder(): void {
  const homeBefore = process.env['HOME']
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'linli-wechat-'))
    process.env['HOME'] = folder
  })
  afterAll(() => {
    if (homeBefore === undefined) delete process.env['HOME']
    else process.env['HOME'] = homeBefore
    rmSync(folder, { recursive: true, force: true })
  })
}

export function populate(wechat: FakeWechat): void {
  wechat.addContact({ id: 'wxid_alice', name: '张三' })
  wechat.addContact({ id: 'wxid_namesake', name: '社区小助手' })
  wechat.addContact({ id: 'gh_weather', name: '天气', type: OFFICIAL })
  wechat.addRoom({ ...ROOM })
}

export function build(more: Partial<WechatOptions>): Channel {
  return createWechatChannel({ stateDir: join(folder, 'state'), log: pino({ level: 'silent' }), now: () => new Date(), printQr: () => undefined, timing: TIMING, ...more })
}

/** Plays the contract's people on a fake account. */
export function stage(wechat: FakeWechat, channel: Channel, close: () => Promise<void>): ContractStage {
  const speakers: Record<Speaker, string> = { alice: 'wxid_alice', namesake: 'wxid_namesake', otherBot: 'gh_weather', ourselves: wechat.selfId }
  return {
    channel,
    mention: `@${wechat.name}`,
    mentionOfNamesake: `@${wechat.name}\u2005`,
    ids: { alice: 'wxid_alice', group: ROOM.id, stranger: 'wxid_stranger' },
    say(who, where, text, options) {
      const content = options?.mentions === 'namesake' ? { mentionIdList: ['wxid_namesake'] } : {}
      const id = wechat.say(speakers[who], where === 'private' ? 'private' : { roomId: ROOM.id }, text, content)
      return { again: () => wechat.deliver(id) }
    },
    sent: () => wechat.sent.map((sent) => ({ conversation: sent.conversationId, text: sent.text })),
    async start(receive) {
      await channel.start(receive)
      await eventually(() => wechat.puppet.listenerCount('message') > 0, 'the channel listens')
      wechat.login()
    },
    async close() {
      await channel.stop()
      await close()
    },
  }
}
