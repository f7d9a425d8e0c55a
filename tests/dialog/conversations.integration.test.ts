import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareKnowledge } from '../support/assistant.ts'
import { play } from '../support/conversations/play.ts'
import { loadConversations } from '../support/conversations/script.ts'

// Written from what residents may expect, by somebody who has not read the code. How one is written: conversations/README.md.
const THEMES = loadConversations(path.join(import.meta.dirname, 'conversations'))

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'linli-conversations-'))
let prepared: Awaited<ReturnType<typeof prepareKnowledge>>
beforeAll(async () => {
  prepared = await prepareKnowledge(directory)
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

describe.each(THEMES)('$theme', ({ conversations }) => {
  it.each(conversations)('$name', async (conversation) => {
    const wrong = await play(conversation, prepared)
    if (wrong !== null) expect.fail(wrong)
  })
})
