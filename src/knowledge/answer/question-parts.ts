import { plain } from '../../language/normalize.ts'
import { splitSubject } from './follow-up.ts'

const SEGMENT = /[^，,；;。！!？?\n]+[，,；;。！!？?\n]*/g
/** Shorter ones ("对吗", "要考试吗") ask about what was said before them. */
const SHORTEST_ASKING = 5
const MOST_PARTS = 3
/** Telling is no asking, and 几 tells as often as it asks. */
const ASKING = /什么|谁|哪|怎|多少|多大|多久|多长|多远|何时|(?<![好前这那头近十百隔了])几(?:成|级|公里|平|年|天|个月|次|户|所|项|条|岁|点|百|千|万|块|人|名|位)|百分之几|[吗呢？?]|有没有|(.)不\1|(?:不|没|没有)[,，。;；!！\s]*$/
const TELLING = /不知道|不晓得|不清楚|不管|谁家|随便|都不|也不/

const asks = (segment: string): boolean => ASKING.test(plain(segment)) && !TELLING.test(segment)

/** "又是谁监督" is asked of what the part before is about. */
const GOES_ON = /^(?:又|还|那|这|其|它|再)/

/**
 * The parts of a question that each ask for something: "一年拨多少钱，归谁管" has two. What is told before a part belongs to it, what is told
 * after the last one too. A question that asks once is one part: itself.
 */
export function splitAsking(question: string): string[] {
  const parts: string[] = []
  let told = ''
  for (const [segment] of question.matchAll(SEGMENT)) {
    told += segment
    if (!asks(segment)) continue
    const isTag = parts.length > 0 && [...segment.matchAll(/[\p{L}\p{N}]/gu)].length < SHORTEST_ASKING
    if (isTag) parts.push((parts.pop() ?? '') + told)
    else parts.push(told)
    told = ''
  }
  if (told !== '') parts.push((parts.pop() ?? '') + told)
  return parts.length > 1 && parts.length <= MOST_PARTS ? parts.map((part) => part.trim()).map((part, place) => (place > 0 && GOES_ON.test(part) ? `${splitSubject(parts[0] ?? '').subject}${part}` : part)) : [question]
}
