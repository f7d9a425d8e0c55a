import { dot } from '../../model/vectors.ts'
import { readAskedKinds, type AskedKind } from '../find/questions/asked-kind.ts'
import { tokenizeQuestion } from '../find/words/tokens.ts'
import { Bm25Index } from '../find/words/bm25.ts'
import { Subjects } from './subjects.ts'
import { AROUND, TOPICS, waysOfAsking, type Topic } from './wordings.ts'

/** How near a question with stand-ins is to the ways of asking for one topic. */
export interface TopicNearness {
  topic: Topic
  /** Share of the best score that its words could have, of the nearest wording. */
  words: number
  /** Cosine of the nearest wording; null without vectors. */
  meaning: number | null
  /** Whether it wants the same kind of thing as the nearest wording. */
  sameKind: boolean
  /** Share of the question's words that the topic's wordings have, or that only stand around a question; each by how rare it is. */
  explained: number
  /** Weight of those that neither have. */
  strange: number
  /** Whether it is one of the wordings itself. */
  isSame: boolean
}

interface Wording {
  topic: Topic
  text: string
}

/** Read as questions are, so that 你们 and 社区 are the same in both. */
const OF_ANY_COMMUNITY = new Subjects(null, [])
const ALL: readonly Wording[] = TOPICS.flatMap((topic) => waysOfAsking(topic).flatMap((text) => OF_ANY_COMMUNITY.read(text, '2026-12-01').slice(0, 1).map((reading) => ({ topic, text: reading.text }))))
const textsOf = (topic: Topic): string[] => ALL.flatMap((wording) => (wording.topic === topic ? [wording.text] : []))

/** Letters and digits alone. */
const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '')

/** The ways of asking, by words and by vectors. Made once: what is a community's own has a stand-in. */
export class TopicIndex {
  readonly #words = Bm25Index.build(ALL.map(({ text }) => tokenizeQuestion(text)))
  readonly #kinds: readonly (readonly AskedKind[])[] = ALL.map(({ text }) => readAskedKinds(text))
  readonly #around = new Set(AROUND.flatMap(tokenizeQuestion))
  readonly #terms = new Map<Topic, ReadonlySet<number>>(TOPICS.map((topic) => [topic, new Set(textsOf(topic).flatMap(tokenizeQuestion))]))
  readonly #bare = new Map<Topic, ReadonlySet<string>>(TOPICS.map((topic) => [topic, new Set(textsOf(topic).map(bare))]))
  #vectors: readonly Float32Array[] | null = null

  /** Brings the vectors; `embed` keeps them between starts. */
  async useEmbedding(embed: (texts: readonly string[]) => Promise<Float32Array[]>): Promise<void> {
    this.#vectors = await embed(ALL.map(({ text }) => text))
  }

  get hasVectors(): boolean {
    return this.#vectors !== null
  }

  /** By topic, for the topics allowed. */
  near(text: string, vector: Float32Array | null, weigh: (term: number) => number, allowed: (topic: Topic) => boolean): TopicNearness[] {
    const terms = tokenizeQuestion(text)
    const { scores, ideal } = this.#words.search(terms)
    const kinds = readAskedKinds(text)
    const said = bare(text)
    const found = new Map<Topic, TopicNearness & { by: number }>()
    for (const [position, { topic }] of ALL.entries()) {
      if (!allowed(topic)) continue
      const words = (scores[position] ?? 0) / ideal
      const own = vector === null ? undefined : this.#vectors?.[position]
      const meaning = vector === null || own === undefined ? null : dot(vector, own)
      const by = meaning ?? words
      const best = found.get(topic)
      if (best !== undefined && best.by >= by && best.words >= words) continue
      const nearest = best === undefined || by > best.by ? { by, meaning, sameKind: sharesKind(kinds, this.#kinds[position] ?? []) } : best
      found.set(topic, { topic, explained: 0, strange: 0, isSame: this.#bare.get(topic)?.has(said) === true, ...nearest, words: Math.max(words, best?.words ?? 0) })
    }
    return [...found.values()].map(({ by: _by, ...near }) => ({ ...near, ...this.#explain(terms, near.topic, weigh) }))
  }

  #explain(terms: readonly number[], topic: Topic, weigh: (term: number) => number): Pick<TopicNearness, 'explained' | 'strange'> {
    const own = this.#terms.get(topic)
    let all = 1e-6
    let strange = 0
    for (const term of new Set(terms)) {
      const weight = weigh(term)
      all += weight
      if (own?.has(term) !== true && !this.#around.has(term)) strange += weight
    }
    return { explained: 1 - strange / all, strange }
  }
}

const sharesKind = (left: readonly AskedKind[], right: readonly AskedKind[]): boolean =>
  left[0] === undefined || right[0] === undefined ? left[0] === right[0] : left.includes(right[0]) || right.includes(left[0])
