import { normalize } from '../../language/normalize.ts'
import { readAskedKinds } from '../find/questions/asked-kind.ts'

const LEAD = /^(?:那么|那|还有|另外|然后|再问一下|再问|哦|嗯|好的|好)[,，、\s]*/
const ENDING = /[?？!！。.,，\s]+$/
const LONGEST_FOLLOW_UP = 14
const POINTS_BACK = /^(?:它|他们|她们|这个|这些|那个|那些|这事|这里面|其中|上面)/
const MORE = /^(?:那)?(?:还有|其他的?|别的)(?:什么|啥|哪些)?(?:吗|没|没有|呢|不)?$/
const TAIL = /(?:呢|呐|嘞)$/

/** What a follow-up adds to the question before it, or null when the question stands by itself. */
export function readFollowUp(question: string): string | null {
  const text = normalize(question).replace(ENDING, '').trim()
  if (MORE.test(text)) return '还有哪些'
  const bare = text.replace(LEAD, '')
  const isShort = bare.length <= LONGEST_FOLLOW_UP
  const hasLead = bare.length < text.length
  if (isShort && TAIL.test(bare)) return bare.replace(TAIL, '').trim() || null
  if (isShort && hasLead && bare.length > 0) return bare
  if (isShort && POINTS_BACK.test(bare)) return bare.replace(POINTS_BACK, '') || null
  return bare.length > 0 && bare.length <= 4 ? bare : null
}

export interface CompletedQuestion {
  question: string
  /** What the kind of thing asked should be read from first. */
  asked: string
}

/**
 * The ways in which a question can be understood by itself; the first is the safest. A short follow-up ("那面积呢？") is put behind the
 * question of the turn before, and in the place of what it changes there. A question that is none is the only one.
 */
export function completeQuestion(question: string, previous: string | undefined): [CompletedQuestion, ...CompletedQuestion[]] {
  const added = previous === undefined || previous.trim() === '' ? null : readFollowUp(question)
  if (added === null || previous === undefined) return [{ question, asked: question }]
  const replaced = replaceLike(added, previous) ?? replaceObject(added, previous) ?? replacePart(added, previous)
  return [joinQuestions(`${added}？`, previous), ...(replaced === null ? [] : [{ question: `${replaced}？`, asked: `${added}？` }])]
}

/** Whether a question is so short that it may go on from the turn before although nothing in it says so. */
export const mayFollowUp = (question: string): boolean => normalize(question).replace(ENDING, '').trim().length <= LONGEST_FOLLOW_UP

/** A short question behind the one of the turn before, whatever it looks like. */
export const joinQuestions = (question: string, previous: string): CompletedQuestion => ({ question: `${previous.trim().replace(ENDING, '')}，${question}`, asked: question })

/** Words of which one takes the place of another: levels, places, people, years. */
const LIKE: readonly RegExp[] = [
  /城镇|城市|城里|农村|乡下|村里|屯子|街道|乡镇|镇上|县里|县城|社区|地区|林场/,
  /老年人|老人|残疾人|未成年人|孩子|儿童|妇女|军人|党员|大学生|困难户|流动人口/,
  /\d{4}年|今年|明年|去年/,
  /[\u4e00-\u9fff]{1,3}(?:林业局|县|区|镇|乡)(?![\u4e00-\u9fff]{0,1}(?:里|级))/,
]

/** "农村呢" after a question about 城市: the word of the same sort is replaced; null when there is none. */
function replaceLike(added: string, previous: string): string | null {
  const words = added.replace(/(?:的|那边|这边|方面)$/, '')
  const like = LIKE.find((pattern) => pattern.exec(words)?.[0].length === words.length && pattern.test(previous))
  return like === undefined ? null : previous.trim().replace(ENDING, '').replace(like, words)
}

const ASKING = /多少|多大|多久|多长|多远|几|谁|怎么|怎样|如何|咋|哪|什么|啥|何时/
/** What stands before the asking word and belongs to it. */
const BEFORE_ASKING = /(?:(?:每年|每个月|一个月|一年|一般|到底|一共|总共|都)*(?:需要|应该|可以|要|得|能|该|应|需|是|有|归|由|给|占|在|按|到)[^,，]{0,4}|(?:每年|每个月|一个月|一年|一般|到底|一共|总共|都)[^,，]{0,2})$/
const POLAR = /(.)不\1|有没有|(?:能|可以|要|给|会|让|用|有|是|得|算|收|管)(?=[^,，]{1,10}(?:吗|不|没)$)/

/** What a question is about, and what it wants to know of it. */
export function splitSubject(question: string): { subject: string; asking: string } {
  const text = question.trim().replace(ENDING, '')
  const word = ASKING.exec(text)
  const polar = POLAR.exec(text)
  const at = word === null ? (polar?.index ?? text.length) : word.index - (BEFORE_ASKING.exec(text.slice(0, word.index))?.[0].length ?? 0)
  return { subject: text.slice(0, at), asking: text.slice(at) }
}

/** "健身的呢" after "社区有心理咨询吗": what there is changes, not whose it is. */
function replaceObject(added: string, previous: string): string | null {
  const { subject, asking } = splitSubject(previous)
  const [, verb, tail] = /^(有没有|有|给|能|搞|管|办|教|让)[^,，]{2,10}?([吗没不])$/.exec(asking) ?? []
  if (verb === undefined || tail === undefined || subject.length > SHORT_SUBJECT || readAskedKinds(added).length > 0 || ASKING.test(added)) return null
  return `${subject}${verb}${added.replace(/(?:的|方面)$/, '')}${tail}`
}

/** 社区, 我们这儿: everything is asked of them. */
const SHORT_SUBJECT = 4

/** What is added takes the place of what was asked ("面积", "谁管"), or else of what it was asked about ("村里的"). */
function replacePart(added: string, previous: string): string | null {
  const { subject, asking } = splitSubject(previous)
  if (subject.length < 2 || asking === '') return null
  if (readAskedKinds(added).length > 0 || ASKING.test(added)) return `${subject}${added}`
  const head = added.endsWith('的') ? subject.slice(subject.lastIndexOf('的') + 1) : ''
  return `${added}${head === subject ? '' : head}${asking}`
}
