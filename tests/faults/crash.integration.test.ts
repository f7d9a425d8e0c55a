import Database from 'better-sqlite3'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type ServiceProcess } from '../../src/commands/bench/service-process.ts'

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-crash-'))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

interface Posted {
  duplicate: boolean
  replies: { text: string }[]
}

const post = async (service: ServiceProcess, resident: string, id: string, text: string): Promise<Posted> => {
  const { status, text: body } = await service.call('POST', '/api/v1/messages', { id, conversation: resident, sender: { id: resident }, text })
  if (status !== 200) throw new Error(`${status} ${body}`)
  return JSON.parse(body) as Posted
}

/** Files requests until the service is gone; keeps the numbers that it was told. */
async function fileUntilCrash(service: ServiceProcess, resident: string, told: Map<string, string>): Promise<void> {
  for (let visit = 0; ; visit += 1) {
    for (const [step, text] of [`${visit + 1}号楼楼道灯坏了，我叫刘桂兰，电话13800138001`, '同意', '确认'].entries()) {
      const id = `${resident}-${visit}-${step}`
      const posted = await post(service, resident, id, text).catch(() => undefined)
      if (!posted) return
      const number = posted.replies.map((reply) => /SR-\d{8}-\d{4}/.exec(reply.text)?.[0]).find(Boolean)
      if (number && text === '确认') told.set(id, number)
    }
  }
}

describe('kill -9 with twenty conversations under way', () => {
  it('loses nothing that was confirmed and repeats nothing, three times over', async () => {
    const told = new Map<string, string>()
    for (let round = 0; round < 3; round += 1) {
      const service = await startService({ dataDirectory: directory })
      const before = told.size
      const visitors = Array.from({ length: 20 }, (_, index) => fileUntilCrash(service, `round${round}-resident${index}`, told))
      await service.until(async () => told.size >= before + 10)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
      await service.kill()
      await Promise.all(visitors)
    }
    expect(told.size).toBeGreaterThan(20)

    const service = await startService({ dataDirectory: directory })
    for (const [id, number] of [...told].slice(-20)) {
      const resident = id.split('-').slice(0, 2).join('-')
      const again = await post(service, resident, id, '确认')
      expect(again.duplicate).toBe(true)
      expect(again.replies.map((reply) => reply.text).join()).toContain(number)
    }
    expect(await service.stop()).toBe(0)

    const database = new Database(path.join(directory, 'linli.db'), { readonly: true })
    const numbers = (database.prepare('SELECT number FROM ServiceRequest').all() as { number: string }[]).map((row) => row.number)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const number of told.values()) expect(numbers).toContain(number)
    expect(new Set(told.values()).size).toBe(told.size)
    expect(database.prepare('SELECT count(*) AS undecided FROM InboundMessage WHERE decidedAt IS NULL').get()).toEqual({ undecided: 0 })
    expect(database.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
    database.close()
  }, 180_000)
})

describe('SIGTERM', () => {
  it('finishes the turn in hand, answers it, and ends within ten seconds', async () => {
    const service = await startService({ dataDirectory: path.join(directory, 'term') })
    const turns = Promise.allSettled(Array.from({ length: 10 }, (_, index) => post(service, `r${index}`, 'm1', '社区志愿者要占居民多少')))
    await new Promise((resolve) => setTimeout(resolve, 30))
    const startedAt = Date.now()
    const code = await service.stop()
    expect(code).toBe(0)
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    for (const turn of await turns) if (turn.status === 'fulfilled') expect(turn.value.replies.length).toBeGreaterThan(0)
  })
})
