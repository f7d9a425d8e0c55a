import type { Intent } from '../../domain/understanding.ts'
import type { Gist } from '../reader/message-reader.ts'

/** Where one matter may end and another begin. */
const BREAK = /[,，。；;！!？?\n]+\s*(?:另外|顺便|还有|对了|再就是|再问|也想问)?[,，:：\s]*|(?<=.)(?:另外|顺便问|还有就是|对了)[,，:：\s]*/g
const MATTERS: ReadonlySet<Intent> = new Set<Intent>(['service_request', 'volunteer_signup', 'ask_policy', 'request_status', 'human_handoff'])
/** In a form what is no question may be part of the answer. */
const MATTERS_IN_FORM: ReadonlySet<Intent> = new Set<Intent>(['ask_policy', 'request_status', 'human_handoff'])
const SHORTEST = 3
const LONGEST_SPLIT = 120
const MOST_PARTS = 3
/** Each part must be a matter of its own by so much. */
const CLEAR = 0.6
/** Two troubles are two only where words say so: "灯坏了，屋里黑" is one. */
const NUMBER = /\d{5}/
const isQuestionLike = (part: string): boolean => /[?？]|[吗呢么不没]\s*$|多少|怎么|什么|哪|几/.test(part)
const LEADS_IN = /(?:另外|顺便|还有|对了|再就是|再问|也想问)[,，:：\s]*$/

/**
 * A message as the matters that it is about, each in its own words: "灯坏了，另外志愿者怎么报名" is two. What does not read as a matter by
 * itself stays with what stands before it.
 */
export function splitMatters(text: string, gistOf: (part: string) => Pick<Gist, 'intents' | 'probabilities'>, isInForm: boolean): string[] {
  if (text.length > LONGEST_SPLIT) return [text]
  const wanted = isInForm ? MATTERS_IN_FORM : MATTERS
  const matterOf = (part: string): Intent | undefined => {
    const { intents, probabilities } = gistOf(part)
    const [first] = intents
    return first !== undefined && MATTERS.has(first) && (probabilities.get(first) ?? 0) >= CLEAR ? first : undefined
  }
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(BREAK)) {
    if (parts.length === MOST_PARTS - 1) break
    const ends = match.index + (match[0].match(/^[？?。！!]+/)?.[0].length ?? 0)
    const [before, after] = [text.slice(from, ends).trim(), text.slice(match.index + match[0].length).trim()]
    if (before.length < SHORTEST || after.length < SHORTEST) continue
    const next = matterOf(after)
    const last = matterOf(before)
    if (next === undefined || !wanted.has(next) || (last === undefined && !isInForm)) continue
    if (!LEADS_IN.test(match[0]) && (next !== 'ask_policy' || !isQuestionLike(after) || NUMBER.test(after))) continue
    parts.push(before)
    from = match.index + match[0].length
  }
  return [...parts, parts.length === 0 ? text : text.slice(from).trim()]
}
