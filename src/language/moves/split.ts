import type { Intent } from '../../domain/messages/understanding.ts'
import type { Gist, MessageReader } from '../reader/message-reader.ts'

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
/** Each of two troubles is so surely of its own service. */
const CLEAR_SERVICE = 0.7
const ALSO = /^(?:[^,，。]{0,12})?(?:也|又|还)/
const LEADS_IN = /(?:另外|顺便|还有|对了|再就是|再问|也想问)[,，:：\s]*$/

export interface Splitting {
  gistOf: (part: string) => Pick<Gist, 'intents' | 'probabilities'>
  servicesOf: MessageReader['categories']
  isInForm: boolean
  /** What is the matter was asked: troubles of their own are wanted too. */
  tellsMatter: boolean
}

/** "灯坏了，还特别黑" is one trouble, the lamp and the rubbish are two. */
function areTwoServices(servicesOf: Splitting['servicesOf'], before: string, after: string, least: number): boolean {
  const [[one], [other]] = [servicesOf(before), servicesOf(after)]
  return one !== undefined && other !== undefined && one.service.name !== other.service.name && Math.min(one.probability, other.probability) >= least
}

/**
 * A message as the matters that it is about, each in its own words: "灯坏了，另外志愿者怎么报名" is two. What does not read as a matter by
 * itself stays with what stands before it.
 */
export function splitMatters(text: string, { gistOf, servicesOf, isInForm, tellsMatter }: Splitting): string[] {
  if (text.length > LONGEST_SPLIT) return [text]
  const wanted = isInForm && !tellsMatter ? MATTERS_IN_FORM : MATTERS
  const matterOf = (part: string): Intent | undefined => {
    const { intents, probabilities } = gistOf(part)
    const [first] = intents
    return first !== undefined && MATTERS.has(first) && (probabilities.get(first) ?? 0) >= CLEAR ? first : undefined
  }
  const isQuestion = gistOf(text).intents[0] === 'ask_policy'
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
    const areReports = last === 'service_request' && next === 'service_request'
    const isLedIn = LEADS_IN.test(match[0])
    const isOther = isLedIn || (next === 'ask_policy' && !isQuestion && isQuestionLike(after) && !NUMBER.test(after)) || (areReports && ALSO.test(after))
    if (!isOther || (areReports && !areTwoServices(servicesOf, before, after, isLedIn ? 0 : CLEAR_SERVICE))) continue
    parts.push(before)
    from = match.index + match[0].length
  }
  return [...parts, parts.length === 0 ? text : text.slice(from).trim()]
}
