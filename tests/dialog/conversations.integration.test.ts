import path from 'node:path'
import { expect, it } from 'vitest'
import { play } from '../support/conversations/play.ts'
import { loadConversations } from '../support/conversations/script.ts'

// Written from what residents may expect, by somebody who has not read the code. How one is written: conversations/README.md.
const THEMES = loadConversations(path.join(import.meta.dirname, 'conversations'))
/** So many of a hundred end as they should today. Not all do: the others are printed, and are work to be done. Raise it with what is mended. */
const RIGHT_AT_LEAST = 88

it(`of all conversations at least ${RIGHT_AT_LEAST} in a hundred end with the right words and records`, { timeout: 900_000 }, async () => {
  const wrong: string[] = []
  let all = 0
  for (const { theme, conversations } of THEMES) {
    let right = 0
    for (const conversation of conversations) {
      const fault = await play(conversation)
      if (fault === null) right += 1
      else wrong.push(fault)
    }
    all += conversations.length
    process.stdout.write(`${theme}: ${right} of ${conversations.length}\n`)
  }
  const share = (100 * (all - wrong.length)) / all
  process.stdout.write(`Conversations that end right: ${all - wrong.length} of ${all} (${share.toFixed(1)} %)\n`)
  if (process.env['SHOW_CONVERSATIONS'] !== undefined) process.stdout.write(`${wrong.join('\n')}\n`)
  expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(RIGHT_AT_LEAST)
})
