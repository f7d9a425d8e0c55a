import type { Intent, Understanding } from '../domain/understanding.ts'

/** What leads in another matter in the same message. */
const ANOTHER = /[,，。；;！!？?\s]*(?:另外|顺便(?:问(?:一?下)?)?|还有(?!多久|多少|几|没|什么|谁|啥|哪|人|一?点|些)(?:就是|一?[个件](?:事|问题))?|对了|再(?:问|就是)(?:一?下)?)[，,：:\s]*(?:我?(?:想|要)问(?:一?下)?[，,：:\s]*)?/g
const MATTERS: ReadonlySet<Intent> = new Set<Intent>(['service_request', 'volunteer_signup', 'ask_policy', 'request_status', 'human_handoff'])
/** In a form what is no question may be part of the answer. */
const MATTERS_IN_FORM: ReadonlySet<Intent> = new Set<Intent>(['ask_policy', 'request_status', 'human_handoff'])
const SHORTEST = 3
const MOST_PARTS = 3

/**
 * A message as the matters that it is about, each in its own words: "灯坏了，另外志愿者怎么报名" is two. What does not read as a matter by
 * itself, or tells more of the same one, stays with what stands before it.
 */
export function splitMatters(text: string, understand: (part: string) => Understanding, isInForm: boolean): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(ANOTHER)) {
    if (parts.length === MOST_PARTS - 1) break
    const [before, after] = [text.slice(from, match.index).trim(), text.slice(match.index + match[0].length).trim()]
    if (before.length < SHORTEST || after.length < SHORTEST || !areTwo(understand(before), understand(after), isInForm)) continue
    parts.push(before)
    from = match.index + match[0].length
  }
  return [...parts, parts.length === 0 ? text : text.slice(from).trim()]
}

function areTwo(before: Understanding, after: Understanding, isInForm: boolean): boolean {
  if (isInForm) return MATTERS_IN_FORM.has(after.intent)
  if (!MATTERS.has(before.intent) || !MATTERS.has(after.intent)) return false
  if (before.intent !== 'service_request' || after.intent !== 'service_request') return true
  return after.slots.category !== undefined && (after.slots.category !== before.slots.category || after.slots.address !== undefined)
}
