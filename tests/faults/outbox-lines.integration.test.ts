import { describe, expect, it } from 'vitest'
import { names, useOutboxStage, type OutboxStage } from '../outbox/stage.ts'
import { addGroup, addPeople } from '../outbox/world.ts'
import { EVERYTHING, expectOneLine, PERSONAL, type Expected } from './lines.ts'

const QUIET = 15 * 60_000
const stage = useOutboxStage()

interface Case extends Expected {
  title: string
  provoke: (stage: OutboxStage) => Promise<void>
}

/** Announces to `count` residents over a platform that is already being sent to. */
async function announceTo(count: number, channel: ReturnType<OutboxStage['channel']>): Promise<string> {
  await addPeople(stage.store, names(count))
  const outbox = await stage.start([channel])
  const id = await stage.announce({ text: EVERYTHING })
  await stage.wake(outbox)
  return id
}

const CASES: Case[] = [
  {
    title: 'T6: a platform that answers 429 again and again',
    fault: 'told-to-wait',
    tells: /sending goes on by itself/,
    times: 7,
    async provoke() {
      const channel = stage.channel({ rate: { perSecond: 10, burst: 1 } })
      channel.answer = (_, count) => (count % 5 === 0 ? { outcome: 'retry', reason: `429 ${EVERYTHING}`, afterMs: 2_000, pausesAccount: true } : { outcome: 'sent' })
      await announceTo(32, channel)
      await stage.time.advance(60_000)
    },
  },
  {
    title: 'T7: a network that is dead for ten minutes while the channel knows nothing of it',
    fault: 'nothing-gets-through',
    tells: /goes on by itself.*look at the network/,
    async provoke() {
      const channel = stage.channel({ rate: { perSecond: 10, burst: 1 } })
      let isDead = true
      channel.answer = () => (isDead ? { outcome: 'retry', reason: `no connection ${EVERYTHING}` } : { outcome: 'sent' })
      const id = await announceTo(20, channel)
      await stage.time.advance(10 * 60_000)
      isDead = false
      await stage.time.advance(60_000)
      expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 20 })
    },
  },
  {
    title: 'T8: time-outs after the platform took it',
    fault: 'arrival-unknown',
    tells: /not sent again by itself; decide among the deliveries/,
    times: 4,
    async provoke() {
      const channel = stage.channel({ rate: { perSecond: 10, burst: 1 } })
      channel.answer = (_, count) => (count % 5 === 0 ? { outcome: 'unknown', reason: `time-out ${EVERYTHING}` } : { outcome: 'sent' })
      await announceTo(20, channel)
      await stage.time.advance(10_000)
    },
  },
  {
    title: 'T9: recipients who blocked us, found out now and known before',
    fault: 'recipient-gone',
    tells: /left out until somebody writes from there again/,
    times: 10,
    async provoke() {
      const channel = stage.channel()
      channel.answer = ({ conversation }) => (/x-p[0-4]$/.test(conversation.externalId) ? { outcome: 'recipient_gone', reason: `403 Forbidden: bot was blocked by ${PERSONAL.name}` } : { outcome: 'sent' })
      await addPeople(stage.store, names(10))
      const outbox = await stage.start([channel])
      for (const text of [EVERYTHING, PERSONAL.text]) await stage.announce({ text })
      await stage.wake(outbox)
      await stage.time.advance(20_000)
      expect(channel.sent).toHaveLength(15)
    },
  },
  {
    title: 'T10: a group that has moved',
    fault: 'group-moved',
    tells: /new id is kept\. Nothing to do/,
    times: 1,
    async provoke() {
      await addGroup(stage.store, 'g')
      const channel = stage.channel()
      channel.answer = () => ({ outcome: 'sent', movedTo: 'new-id' })
      const outbox = await stage.start([channel])
      await stage.queue('c-g', EVERYTHING)
      await stage.wake(outbox)
    },
  },
  {
    title: 'a text that the platform finds too long',
    fault: 'message-refused',
    tells: /not tried again\. See why among the deliveries/,
    times: 3,
    async provoke() {
      const channel = stage.channel()
      channel.answer = ({ text }) => ({ outcome: 'rejected', reason: `400 Bad Request: message is too long: ${text}` })
      await announceTo(3, channel)
      expect(stage.log.faults()).toMatchObject([{ code: '400', channel: 'fake', account: 'a1', seq: 1 }])
    },
  },
  {
    title: 'a message that is put off until it is given up',
    fault: 'message-given-up',
    tells: /given up\. See why among the deliveries/,
    times: 1,
    async provoke() {
      const channel = stage.channel()
      channel.answer = () => ({ outcome: 'retry', reason: EVERYTHING })
      await announceTo(1, channel)
      await stage.time.advance(30 * 60_000)
    },
  },
  {
    title: 'T3: a crash while messages were under way',
    fault: 'sender-died',
    tells: /not sent again by themselves; decide among the deliveries/,
    times: 5,
    async provoke() {
      const channel = stage.channel()
      channel.answer = () => new Promise(() => undefined)
      await announceTo(5, channel)
      stage.crash()
      await stage.start([channel])
      await stage.time.advance(30_000)
      expect(stage.log.faults()).toMatchObject([{ messages: 5 }])
    },
  },
  {
    title: 'T2: a crash before anything left',
    fault: 'left-waiting',
    tells: /sent now, each once\. Nothing to do/,
    end: 'none',
    async provoke() {
      await addPeople(stage.store, ['a', 'b'])
      for (const id of ['a', 'b']) await stage.queue(`c-${id}`, EVERYTHING)
      await stage.start([stage.channel()])
      expect(await stage.statuses()).toEqual(['sent', 'sent'])
    },
  },
  {
    title: 'an account that has announced as much as it may in an hour',
    fault: 'limit-reached',
    tells: /go out by themselves.*replies are not held up\. Nothing to do/,
    async provoke() {
      const id = await announceTo(5, stage.channel({ announcementLimits: { perHour: 3 } }))
      await stage.time.advance(70 * 60_000)
      expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 5 })
    },
  },
  {
    title: 'T23: a platform that lets nobody write first',
    fault: 'window-closed',
    tells: /wait, and go out by themselves when the resident writes again\. Tell who must know/,
    async provoke() {
      const id = await announceTo(3, stage.channel({ proactiveWindowMs: 3_600_000 }))
      await stage.time.advance(30 * 60_000)
      for (const person of names(3)) await stage.hear(person)
      await stage.time.advance(2 * 60_000)
      expect(await stage.progressOf(id)).toMatchObject({ status: 'finished', sent: 3 })
    },
  },
  {
    title: 'an announcement for groups that are not bound any more',
    fault: 'group-not-bound',
    tells: /Bind the group again with a code/,
    times: 2,
    async provoke() {
      for (const id of ['g1', 'g2']) await addGroup(stage.store, id)
      const outbox = await stage.start([stage.channel()])
      await stage.announce({ text: EVERYTHING, audience: { roles: ['group'] } })
      await stage.store.write((transaction) => transaction.conversation.updateMany({ data: { boundAt: null } }))
      await stage.wake(outbox)
      expect(await stage.statuses()).toEqual(['failed', 'failed'])
    },
  },
  {
    title: 'a channel that throws',
    fault: 'channel-mistake',
    level: 'error',
    tells: /Report it with this line, and decide among the deliveries/,
    times: 2,
    async provoke() {
      const channel = stage.channel()
      channel.answer = () => Promise.reject(new TypeError(EVERYTHING))
      await announceTo(2, channel)
      expect(await stage.statuses()).toEqual(['unknown', 'unknown'])
    },
  },
]

describe('the outbox leaves one line', () => {
  it.each(CASES)('$title', async ({ provoke, ...expected }) => {
    await provoke(stage)
    await stage.time.advance(QUIET)
    expectOneLine(stage.log, expected)
  })
})
