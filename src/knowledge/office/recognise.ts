import type { Office } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { plain } from '../../language/normalize.ts'
import { holdsAny } from '../../language/patterns.ts'
import { readAskedKinds } from '../find/questions/asked-kind.ts'
import type { QuestionIndex } from '../find/questions/question-index.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'
import { competitionOf, oddsOf, type Judged } from './margin.ts'
import type { Mention, NamedQuestion, Subjects } from './subjects.ts'
import type { TopicIndex } from './topic-index.ts'
import { STAND_INS, subjectOf, type SubjectClass, type Topic } from './wordings.ts'

/** What a question asks of the community, as far as it could be read. */
export interface Recognised {
  topic: Topic
  /** Those that it is asked of: positions in office.places, office.people or the catalogue; [] for the office itself. */
  which: readonly number[]
  mentions: readonly Mention[]
  day: string | null
  isNow: boolean
  /** Log-odds that it asks this; above 0. */
  odds: number
}

export interface RecogniseOptions {
  office: Office | null
  services: readonly Service[]
  subjects: Subjects
  topics: TopicIndex
  /** What the documents are known to be asked. */
  known: QuestionIndex
  /** null by words alone. */
  embed: ((text: string) => Promise<Float32Array | null>) | null
  today: string
  /** Known questions to look past, when measuring. */
  leftOut?: ReadonlySet<number>
}

/** What is asked of the office is short; longer messages tell something else besides. */
const LONGEST = 60
/** Below this share of words that the topic's questions have, nothing else is looked at: a policy question costs no vector. */
const LEAST_EXPLAINED = 0.3
/** What one is entitled to, and for how long: the catalogue says how a thing is done, not who gets how much. */
const ENTITLEMENT: readonly RegExp[] = [
  /条件|资格|标准|优惠|多大|几岁|多少岁|岁|补贴|有效|复查|怎么算|取消|罚|贷款|租金|有什么用|用处|六十|帮扶|资质|鉴定|什么人|哪些人|谁能|谁可以|几级|分几/,
  /个月|每[人月年]|一[次年天期平顿]|平方?米|领多少|给多少|能领|补多少|住满|为什么|不给|丢了(?!.*补)|几[点号月]|截止|开始|电话/,
  /(?:什么时候|哪天)(?:能|可以)?(?:发|取|拿|领)|到账|审到|好没|下来没|材料我都|手续我都|齐了/,
]
/** 我住3号楼 asks nothing. */
const ASKS_WHO = /谁|哪|找|管|负责|网格|联系|电话|什么/
/** What may be named beside that which is asked of: the office's own place, the building's grid worker. */
const BESIDES: Record<SubjectClass, readonly SubjectClass[]> = { office: [], place: ['office'], building: ['office', 'duty'], duty: ['office', 'building'], matter: ['office'], service: ['office'] }
/** How it is done is asked of what has papers: 弃管楼怎么办 asks what is to become of it. */
const DONE_WITH_PAPERS = /证|申请|办理|流程|手续|登记|步骤|介绍信|盖章/
const ASKS_OF_SERVICE = /材料|手续|流程|步骤|费用|清单|哪|什么|几|多久|多长|多少|谁|怎么|吗|不[,]*$|(.)不\1/
const PLACEHOLDER = /[[\]【】]/

/** One topic that a reading of a question may ask, with what it is judged by. */
export interface ReadingView {
  reading: NamedQuestion
  judged: Judged
}

/** One part of several must be this likely by itself. */
const SURE_PART = 2
const MOST_PARTS = 3

/** The likeliest reading of a question as one that the office's facts or the catalogue answer; null when it is likelier something else. */
export async function recognise(question: string, options: RecogniseOptions): Promise<Recognised | null> {
  const whole = await recogniseWhole(question, options)
  const parts = question.split(/[,，。?？!！;；\s]+/u).filter((part) => part !== '')
  if (whole !== null || parts.length < 2 || parts.length > MOST_PARTS || question.length > LONGEST) return whole
  return recogniseParts(parts, options)
}

/** "我是2号楼的，网格员是哪位": one part asks, and the others only say of what. */
async function recogniseParts(parts: readonly string[], options: RecogniseOptions): Promise<Recognised | null> {
  const read = await Promise.all(parts.map((part) => recogniseWhole(part, options)))
  const asking = read.flatMap((found, place) => (found !== null && found.odds >= SURE_PART ? [{ found, place }] : []))
  const [one] = asking
  if (one === undefined || asking.length > 1 || parts.some((part, place) => place !== one.place && (readAskedKinds(part).length > 0 || TELLS.test(part)))) return null
  const named = parts.flatMap((part, place) => (place === one.place ? [] : (options.subjects.read(part, options.today)[0]?.mentions ?? [])))
  const day = one.found.day ?? options.subjects.read(parts.join('，'), options.today)[0]?.day ?? null
  return { ...one.found, day, mentions: [...one.found.mentions, ...named] }
}

/** A trouble, or somebody to be sent: more than a question. */
const TELLS = /坏|漏|堵|停[水电]|没[水电]|来人|来一趟|让他|让她|叫他|叫她|帮我|救/

async function recogniseWhole(question: string, options: RecogniseOptions): Promise<Recognised | null> {
  let best: Recognised | null = null
  for (const { reading, judged } of await viewReadings(question, options)) {
    const odds = oddsOf(judged)
    if (odds <= 0 || odds <= (best?.odds ?? 0)) continue
    const { topic } = judged.near
    const subject = subjectOf(topic)
    const which = subject === 'office' ? [] : [...new Set(reading.mentions.filter((mention) => mention.subject === subject).flatMap((mention) => mention.which))]
    best = { topic, which, mentions: reading.mentions, day: reading.day, isNow: reading.isNow, odds }
  }
  return best
}

/** Every topic that the question may ask, in every way in which it may be read; [] when it is too long, or hardly of the office's words. */
export async function viewReadings(question: string, options: RecogniseOptions): Promise<ReadingView[]> {
  if (question.length > LONGEST || PLACEHOLDER.test(question)) return []
  const { subjects, topics, known, embed, today, leftOut } = options
  const weigh = (term: number): number => known.termWeight(term)
  const asked = plain(question)
  const isEntitlement = holdsAny(asked, ENTITLEMENT)
  const readings = subjects.read(question, today).filter(saysSomething)
  const mayAsk = ({ mentions, text }: NamedQuestion) => (topic: Topic) => {
    const subject = subjectOf(topic)
    if (subject === 'office') return true
    if (!mentions.some((mention) => mention.subject === subject && mention.which.length > 0)) return false
    if (subject === 'building') return ASKS_WHO.test(asked)
    return subject !== 'service' || (!isEntitlement && ASKS_OF_SERVICE.test(text) && (topic !== 'service_steps' || DONE_WITH_PAPERS.test(asked)))
  }
  const isWorthIt = readings.some((reading) => topics.near(reading.text, null, weigh, mayAsk(reading)).some(({ explained }) => explained >= LEAST_EXPLAINED))
  if (!isWorthIt) return []

  const words = competitionOf(known.nearByWords(tokenizeQuestion(question), leftOut))
  const whole = embed === null ? null : await embed(asked)
  const meaning = whole === null ? null : competitionOf(known.nearByMeaning(whole, leftOut))
  const views: ReadingView[] = []
  for (const reading of readings) {
    const vector = whole === null || embed === null ? null : reading.text === asked ? whole : await embed(reading.text)
    for (const near of topics.near(reading.text, vector, weigh, mayAsk(reading))) {
      const subject = subjectOf(near.topic)
      const others = new Set(reading.mentions.map((mention) => mention.subject).filter((other) => other !== subject && !BESIDES[subject].includes(other))).size
      views.push({ reading, judged: { near, others, words, meaning } })
    }
  }
  return views
}

/** What is said to be polite, and asks nothing. */
const SAYS_NOTHING = /你好|您好|请问|麻烦|同志|大姐|大哥|谢谢|那个|这个|咱们|我们|你们|[的了呢吧啊呀嘛哈我咱个\s\p{P}]/gu

/** Whether anything is said of what is named: "社区", "5号楼" and "居住证" ask nothing. */
export function saysSomething({ text, mentions }: NamedQuestion): boolean {
  const rest = Object.values(STAND_INS).reduce((left, said) => left.replaceAll(said, ''), text)
  return rest.replaceAll(SAYS_NOTHING, '') !== '' || text.includes(STAND_INS.day) || new Set(mentions.map(({ subject }) => subject)).size > 1
}
