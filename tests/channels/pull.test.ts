import { describe, expect, it } from 'vitest'
import { createPullChannel } from '../../src/channels/pull/channel.ts'
import type { OutgoingMessage } from '../../src/domain/messages/messages.ts'

const message = (to: string, text: string): OutgoingMessage => ({ key: text, conversation: { kind: 'private', externalId: to }, kind: 'notice', text, buttons: [] })

describe('a channel whose readers fetch', () => {
  it('says sent at once, and tells only those who listen to that conversation', async () => {
    const channel = createPullChannel('web', 'main')
    const heard: string[] = []
    channel.mailbox.subscribe('a', ({ key }) => heard.push(`a ${key}`))
    channel.mailbox.subscribe('b', ({ key }) => heard.push(`b ${key}`))
    expect(await channel.send(message('a', '已受理'))).toEqual({ outcome: 'sent' })
    expect(await channel.send(message('c', '没人听'))).toEqual({ outcome: 'sent' })
    expect(heard).toEqual(['a 已受理'])
  })

  it('tells nobody who has gone, and everybody else although one reader fails', async () => {
    const channel = createPullChannel('web', 'main')
    const heard: string[] = []
    const leave = channel.mailbox.subscribe('a', () => heard.push('gone'))
    channel.mailbox.subscribe('a', () => {
      throw new Error('the connection is closed')
    })
    channel.mailbox.subscribe('a', () => heard.push('there'))
    leave()
    leave()
    expect(await channel.send(message('a', 'x'))).toEqual({ outcome: 'sent' })
    expect(heard).toEqual(['there'])
  })

  it('lets a reader come back after the last one has left', async () => {
    const channel = createPullChannel('terminal', 'me')
    const heard: string[] = []
    const leave = channel.mailbox.subscribe('a', () => heard.push('first'))
    leave()
    const again = channel.mailbox.subscribe('a', () => heard.push('second'))
    leave()
    await channel.send(message('a', 'x'))
    again()
    await channel.send(message('a', 'y'))
    expect(heard).toEqual(['second'])
  })

  it('is online between start and stop', async () => {
    const channel = createPullChannel('http', 'api')
    expect(channel.status().state).toBe('stopped')
    await channel.start(async () => undefined)
    expect(channel.status().state).toBe('online')
    await channel.stop()
    expect(channel.status().state).toBe('stopped')
    expect(channel.capabilities).toMatchObject({ pulls: true, rate: { perSecond: Infinity } })
  })
})
