import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect } from 'vitest'
import type { TurnResult } from '../../src/domain/messages/outcome.ts'
import { openTestAssistant, toMessage, type TestAssistant } from '../support/assistant.ts'

const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const REPORT = '迎宾小区3号楼2单元楼道灯坏了，我叫王芳，电话13800138001'

interface Said {
  id: string
  sentAt: Date
  text: string
  group?: string
  versions: number
}

/** An assistant for each test of a file, and what a resident says to it and puts right. */
export function useEdits() {
  let test: TestAssistant
  beforeEach(async () => {
    test = await openTestAssistant()
  })
  afterEach(() => test.close())

  const wait = (ms: number): void => { test.clock.now = new Date(test.clock.now.getTime() + ms) }

  /** Says something, and gives it so that it can be put right. */
  async function say(text: string, group?: string): Promise<Said & { turn: TurnResult }> {
    wait(SECOND_MS)
    const id = randomUUID()
    const sentAt = test.clock.now
    const { turn } = await test.assistant.receive(toMessage(text, { id, ...(group !== undefined && { group }) }, sentAt))
    return { id, sentAt, text, ...(group !== undefined && { group }), versions: 0, turn: await turn }
  }

  /** A new version of what was said, as a platform hands it over; `arrivesAfterMs` later than it was written. */
  async function edit(said: Said, text: string, options: { arrivesAfterMs?: number; isAddressed?: boolean } = {}): Promise<TurnResult & { text: string }> {
    said.versions += 1
    wait(SECOND_MS)
    const editedAt = test.clock.now
    wait(options.arrivesAfterMs ?? 0)
    const message = toMessage(text, { id: `${said.id}:${said.versions}`, sentAt: editedAt, isAddressed: options.isAddressed ?? true, ...(said.group !== undefined && { group: said.group }) }, editedAt)
    const { turn } = await test.assistant.receive({ ...message, edits: said.id, firstSentAt: said.sentAt })
    const result = await turn
    return { ...result, text: result.replies.map((reply) => reply.text).join('\n') }
  }

  const requests = () => test.store.read.serviceRequest.findMany({ orderBy: { number: 'asc' }, include: { activities: { orderBy: { at: 'asc' } } } })
  const notes = async (): Promise<string[]> => (await requests()).flatMap((request) => request.activities.map((activity) => activity.note)).filter((note) => note !== '')

  /** A report from its first words to its number. */
  async function report(): Promise<Said & { number: string }> {
    const said = await say(REPORT)
    await say('同意')
    const { turn } = await say('确认')
    const number = /SR-\d{8}-\d{4}/.exec(turn.replies[0]?.text ?? '')?.[0] ?? ''
    expect(number).not.toBe('')
    return { ...said, number }
  }

  return { assistant: () => test, wait, say, edit, requests, notes, report }
}
