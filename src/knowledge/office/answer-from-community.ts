import type { Logger } from 'pino'
import { OFFICE_DOCUMENT, type Answer, type Citation, type KnowledgeDocument } from '../../domain/answers.ts'
import { describeError } from '../../domain/faults.ts'
import { byCalendar, type WorkingDays } from '../../domain/office/office-hours.ts'
import type { Office, OfficePair } from '../../domain/office/office.ts'
import type { Service } from '../../domain/services.ts'
import { toLocalDay } from '../../domain/time.ts'
import { plain } from '../../language/normalize.ts'
import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import type { Answerer, AnswerOptions } from '../answer/answerer.ts'
import { shortTitle, sourceLine as clauseLine } from '../answer/extract/answer-text.ts'
import { isTold } from '../answer/bare/told.ts'
import { readOffTopic } from '../answer/off-topic/off-topic.ts'
import { completeQuestion, mayFollowUp } from '../answer/follow-up.ts'
import type { AnswerKnowledge } from '../documents/staff-knowledge.ts'
import { findSameWords } from '../find/knowledge-index.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'
import { competitionOf } from './margin.ts'
import { officeText, sourceLine } from './office-text.ts'
import { PairIndex } from './pairs.ts'
import { recognise, saysSomething, type Recognised } from './recognise.ts'
import { Subjects, type Mention } from './subjects.ts'
import { TopicIndex } from './topic-index.ts'
import { STAND_INS } from './wordings.ts'
import { toAnswer, writeAnswer } from './write-answer.ts'

export interface CommunityOptions {
  /** 一次性告知 of a service. */
  tellService: (service: Service, office: Pick<Office, 'address' | 'telephone'> | null) => string
  log: Logger
  now: () => Date
}

/** What is read as something else is taken for a question to the office only when that is so likely: odds of 12 to 1. */
const SURE_ODDS = 2.5
/** What names neither the office nor a day must at least speak of its hours. */
const OF_HOURS = /[上下]班|开门|关门|办公|午休/
const MOST_REMEMBERED = 64

/** Answers from what the community says of itself before the documents are asked; what it does not say they answer as ever. */
export function answerFromCommunity(answerer: Answerer, knowledge: AnswerKnowledge, options: CommunityOptions): Answerer {
  return new CommunityAnswerer(answerer, knowledge, options)
}

/** What is asked, and the question as it was understood: a follow-up is completed from the one before. */
type InContext = Recognised & { question: string }
const withQuestion = (question: string, found: Recognised | null): InContext | null => found && { ...found, question }

/** What is answered from at one moment. */
interface Held {
  office: Office | null
  services: readonly Service[]
  documents: readonly KnowledgeDocument[]
  subjects: Subjects
  pairs: readonly OfficePair[]
  calendar: WorkingDays
}

const holdOf = ({ office = null, services = [], documents, typed = [], deadlines }: AnswerKnowledge): Held => ({ calendar: byCalendar(deadlines?.calendar ?? []), office, services, documents, subjects: new Subjects(office, services), pairs: [...(office?.questions ?? []), ...typed] })

class CommunityAnswerer implements Answerer {
  readonly #documents: Answerer
  readonly #options: CommunityOptions
  readonly #topics = new TopicIndex()
  #held: Held
  #pairs: Promise<PairIndex> | null = null
  #recognised = new Map<string, Promise<Recognised | null>>()

  constructor(answerer: Answerer, knowledge: AnswerKnowledge, options: CommunityOptions) {
    this.#documents = answerer
    this.#options = options
    this.#held = holdOf(knowledge)
  }

  async answer(question: string, options: AnswerOptions = {}): Promise<Answer> {
    const own = await this.#answerSelf(question, options)
    if (own === null) return this.#documents.answer(question, options)
    const { answer, mentions } = own
    // A document that is named after what is asked about says more of it than the catalogue, which says the same of everything.
    const documented = this.#held.documents.filter(({ title }) => mentions.some(({ subject, said }) => subject === 'service' && said.length >= SHORTEST_NAMED && title.includes(said)))
    if (documented.length === 0 && this.#isSpokenOf(mentions)) return this.#decideBetween(answer, await this.#documents.answer(question, options))
    if (documented.length === 0) return addDocuments(answer, (await this.#isNearTypical(question, options)) ? await this.#documents.answer(question, options) : null)
    const written = await this.#documents.answer(question, options)
    const isOfThem = written.kind !== 'refusal' && documented.some(({ id }) => written.citations[0]?.document === id)
    return isOfThem ? joinAnswers(written, answer) : this.#decideBetween(answer, written)
  }

  /** Whether a paper that staff added speaks of a service or place that is named. */
  #isSpokenOf(mentions: readonly Mention[]): boolean {
    const named = mentions.filter(({ subject, said }) => (subject === 'service' || subject === 'place') && said.length >= SHORTEST_NAMED)
    return named.some(({ said }) => this.#papers().some(({ passages }) => passages.some(({ text }) => text.includes(said))))
  }

  #papers = (): KnowledgeDocument[] => this.#held.documents.filter((document) => !isTold(document))

  /** What a paper speaks of it answers first, and refuses where the community itself isn't surely asked. */
  #decideBetween(own: Answer, written: Answer): Answer {
    if (written.kind === 'refusal') return (own.ranked[0]?.score ?? 0) >= SURE_DOCUMENTS ? own : written
    return this.#papers().some(({ id }) => id === written.citations[0]?.document) ? joinAnswers(written, own) : addDocuments(own, written)
  }

  async asksCommunity(message: string, { previousQuestion, leastOdds = SURE_ODDS }: { previousQuestion?: string; leastOdds?: number } = {}): Promise<boolean> {
    if ((await this.#openPairs()).sameWords(message) !== null) return true
    const found = await this.#recogniseOfOffice(message, previousQuestion === undefined ? {} : { previousQuestion })
    if (found === null || found.topic.startsWith('service_') || found.odds < leastOdds) return false
    return found.mentions.length > 0 || found.day !== null || found.isNow || OF_HOURS.test(message)
  }

  rank: Answerer['rank'] = (question, limit, options) => this.#documents.rank(question, limit, options)
  ready = (): Promise<void> => this.#documents.ready()
  state: Answerer['state'] = () => this.#documents.state()
  passage: Answerer['passage'] = (documentId, clause) => this.#documents.passage(documentId, clause)
  workings: Answerer['workings'] = () => this.#documents.workings()

  async replace(knowledge: AnswerKnowledge): Promise<void> {
    const replaced = this.#documents.replace(knowledge)
    this.#held = holdOf(knowledge)
    this.#forget()
    await replaced
    // The documents' known questions, with which these are compared, are others now.
    this.#forget()
  }

  async useEmbedding(model: EmbeddingModel): Promise<boolean> {
    const isUsed = await this.#documents.useEmbedding(model)
    const embedding = this.workings().embedding
    if (isUsed && embedding !== null) {
      try {
        await this.#topics.useEmbedding((texts) => embedding.cache.embed(texts.map((text) => plain(text)), 'passage'))
      } catch (error) {
        this.#options.log.warn({ ...describeError(error) }, 'The ways of asking the office could not be embedded: they are recognised by words alone, a little worse')
      }
    }
    this.#forget()
    return isUsed
  }

  #forget(): void {
    this.#pairs = null
    this.#recognised = new Map()
  }

  /** Pairs first: what staff wrote for this very question is meant before what a file says in general. */
  async #answerSelf(question: string, options: AnswerOptions): Promise<{ answer: Answer; mentions: readonly Mention[] } | null> {
    const same = (await this.#openPairs()).sameWords(question)
    if (same !== null) return { answer: this.#tellPair(question, same, 1), mentions: [] }
    // What staff assigned to a clause is meant for that, whatever else it reads like.
    if (findSameWords(this.workings().knowledge, question)?.byStaff === true) return null
    const asked = await this.#recogniseOfOffice(question, options)
    const told = asked === null ? null : writeAnswer(asked.question, asked, { ...this.#held, ...this.#options, now: this.#options.now() })
    if (asked !== null && told !== null) return { answer: told, mentions: asked.mentions }
    const paired = await this.#answerFromPairs(question, options)
    return paired && { answer: paired, mentions: [] }
  }

  async #answerFromPairs(question: string, options: AnswerOptions): Promise<Answer | null> {
    const pairs = await this.#openPairs()
    if (pairs.isEmpty) return null
    const known = this.workings().knowledge.index.questions
    const vector = await this.#embed(plain(question), options)
    const found = pairs.find(question, {
      vector,
      words: competitionOf(known.nearByWords(tokenizeQuestion(question))),
      meaning: vector === null ? null : competitionOf(known.nearByMeaning(vector)),
      weigh: (term) => known.termWeight(term),
    })
    return found === null ? null : this.#tellPair(question, found.pair, Math.round(found.nearness * 10_000) / 10_000)
  }

  #tellPair(question: string, pair: OfficePair, score: number): Answer {
    const { office, documents } = this.#held
    const isExample = office?.example === true && office.questions.includes(pair)
    const document = pair.clause === undefined ? undefined : documents.find(({ id }) => id === pair.clause?.document)
    const passage = document?.passages.find(({ clause }) => clause === pair.clause?.number)
    const seeClause = document === undefined || passage === undefined ? '' : `${officeText.seeClause(shortTitle(document), passage.clause)}\n`
    const answer = toAnswer(question, { text: `${pair.answer}\n${seeClause}${sourceLine(pair.changed ?? office?.changed ?? '', isExample)}`, document: OFFICE_DOCUMENT, clause: 'questions', quote: pair.answer, score })
    if (document === undefined || passage === undefined) return answer
    const cited: Citation = { document: document.id, clause: passage.clause, quote: firstSentence(passage.text) }
    return { ...answer, citations: [...answer.citations, cited], details: `${clauseLine(document, passage.clause)}\n${passage.text}` }
  }

  /** Whose fault it is, how a case is judged and where a neighbour lives is for nobody here; those whom the office names may be asked for. */
  async #recogniseOfOffice(question: string, options: AnswerOptions): Promise<InContext | null> {
    const asked = await this.#recogniseInContext(question, options)
    return asked === null || asked.topic.startsWith('duty_') || readOffTopic(question) === null ? asked : null
  }

  /** The question by itself, or as it goes on from the one before: "那周六呢", "要带什么". */
  async #recogniseInContext(question: string, options: AnswerOptions): Promise<InContext | null> {
    const alone = withQuestion(question, await this.#recognise(question, options))
    const { previousQuestion: previous } = options
    if (previous === undefined || previous.trim() === '' || !mayFollowUp(question) || (alone?.mentions.length ?? 0) > 0) return alone
    const readings = this.#held.subjects.read(question, this.#today())
    const onlyDay = readings.find(({ text, day }) => day !== null && !saysSomething({ text: text.replace(STAND_INS.day, ''), mentions: [], day: null, isNow: false }))
    if (onlyDay !== undefined) return this.#sameOfDay(previous, onlyDay.day, options)
    const said = readings.some(({ mentions }) => mentions.length > 0) ? [] : this.#held.subjects.read(previous, this.#today()).flatMap(({ mentions }) => mentions.map((mention) => mention.said))
    const completed = [...new Set([...said.slice(0, MOST_GONE_ON_FROM).map((named) => `${named}${question}`), ...completeQuestion(question, previous).slice(1).map((one) => one.question)])]
    let best: InContext | null = null
    for (const text of completed) {
      const found = withQuestion(text, await this.#recognise(text, options))
      if (found !== null && found.odds > (best?.odds ?? 0)) best = found
    }
    return best ?? alone
  }

  /** "那周六呢": what was asked before, of another day. */
  async #sameOfDay(previous: string, day: string | null, options: AnswerOptions): Promise<InContext | null> {
    const before = withQuestion(previous, await this.#recognise(previous, options))
    const isOfHours = before?.topic.endsWith('_hours') === true || before?.topic.endsWith('_open') === true
    return before !== null && isOfHours ? { ...before, day, isNow: false } : null
  }

  #recognise(text: string, options: AnswerOptions): Promise<Recognised | null> {
    const { office, services, subjects } = this.#held
    if (office === null && services.length === 0) return Promise.resolve(null)
    const embed = options.lexicalOnly === true || !this.#topics.hasVectors || this.workings().embedding === null ? null : (asked: string) => this.#embed(asked, options)
    const key = `${embed === null ? 'words' : 'meaning'} ${this.#today()} ${text}`
    const known = this.#recognised.get(key)
    if (known !== undefined) return known
    const found = recognise(text, { office, services, subjects, topics: this.#topics, known: this.workings().knowledge.index.questions, embed, today: this.#today() })
    if (this.#recognised.size >= MOST_REMEMBERED) this.#recognised.clear()
    this.#recognised.set(key, found)
    return found
  }

  /** Whether the documents are known to be asked nearly this: then their answer stands below the community's own. */
  async #isNearTypical(question: string, options: AnswerOptions): Promise<boolean> {
    const known = this.workings().knowledge.index.questions
    if (competitionOf(known.nearByWords(tokenizeQuestion(question))).typical >= NEAR_TYPICAL.words) return true
    const vector = await this.#embed(plain(question), options)
    return vector !== null && competitionOf(known.nearByMeaning(vector)).typical >= NEAR_TYPICAL.meaning
  }

  async #embed(text: string, { lexicalOnly }: AnswerOptions): Promise<Float32Array | null> {
    const embedding = this.workings().embedding
    if (lexicalOnly === true || embedding === null) return null
    try {
      const [vector] = await embedding.model.embed([text], 'passage')
      return vector ?? null
    } catch {
      // The answerer of the documents, which is asked next, speaks of a model that fails.
      return null
    }
  }

  #openPairs(): Promise<PairIndex> {
    const { pairs } = this.#held
    const embedding = this.workings().embedding
    this.#pairs ??= PairIndex.build(pairs, embedding === null ? null : (texts) => embedding.cache.embed(texts, 'passage')).catch(() => PairIndex.build(pairs, null))
    return this.#pairs
  }

  #today(): string {
    return toLocalDay(this.#options.now())
  }
}

const MOST_GONE_ON_FROM = 2
/** So near is a typical question that asks the same. */
const NEAR_TYPICAL = { words: 0.7, meaning: 0.92 }
const SURE_DOCUMENTS = 0.9
/** A single character stands in many a title. */
const SHORTEST_NAMED = 2

/** The community's answer, and below it what the documents say to the same question where they surely do. */
function addDocuments(own: Answer, documents: Answer | null): Answer {
  const isSure = documents?.kind === 'answer' && (documents.ranked[0]?.score ?? 0) >= SURE_DOCUMENTS
  if (documents === null || !isSure || own.details !== '') return own
  return joinAnswers(own, documents)
}

/** What the one says, and below it what the other does. */
function joinAnswers(first: Answer, second: Answer): Answer {
  const [ranked, citations] = [[...first.ranked, ...second.ranked].slice(0, MOST_RANKED), [...first.citations, ...second.citations]]
  return { ...first, text: `${first.text}\n\n${second.text}`, citations, ranked, details: first.details === '' ? second.details : first.details }
}
const MOST_RANKED = 10

const firstSentence = (text: string): string => (/^[^。！？]{1,200}[。！？]?/u.exec(text.trim())?.[0] ?? text.slice(0, 200))
