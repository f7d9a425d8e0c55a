import { expect } from 'vitest'
import type { TestAssistant } from './assistant.ts'

/**
 * Plays a conversation that is written as it is read:
 *   居民：what is said
 *   邻里：… what the reply holds … in this order   (！ before it: what it must not hold)
 *   过了30分钟
 *   登记：类别|事情|地址|姓名|电话   (what the resident's requests are then, all of them in order; - = nothing)
 * Each conversation is another resident's.
 */
export async function play(test: TestAssistant, sender: string, transcript: string): Promise<void> {
  let said = ''
  let filed = 0
  for (const line of transcript.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, who = '', words = ''] = /^(居民|邻里|邻里不说|登记)：(.*)$/.exec(line) ?? []
    const minutes = /^过了(\d+)分钟$/.exec(line)?.[1]
    if (minutes !== undefined) test.clock.now = new Date(test.clock.now.getTime() + Number(minutes) * 60_000)
    else if (who === '居民') {
      test.clock.now = new Date(test.clock.now.getTime() + 2_000)
      said = (await test.say(words, { sender })).text
    } else if (who === '邻里') expect(said, line).toMatch(new RegExp(words.split('…').filter((part) => part !== '').map(escape).join('[\\s\\S]*')))
    else if (who === '邻里不说') for (const part of words.split('…').filter((one) => one !== '')) expect(said, line).not.toContain(part)
    else if (who === '登记') {
      const request = (await ownRequests(test, sender))[filed]
      filed += 1
      expect(request === undefined ? '（没有登记）' : [request.category, request.description, request.address ?? '-', request.requesterName ?? '-', request.requesterPhone ?? '-'].join('|'), line).toBe(words)
    } else throw new Error(`A transcript's line that nobody says: ${line}`)
  }
  expect(await ownRequests(test, sender)).toHaveLength(filed)
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const ownRequests = (test: TestAssistant, sender: string) => test.store.read.serviceRequest.findMany({ where: { requester: { identities: { some: { externalId: sender } } } }, orderBy: { number: 'asc' } })
