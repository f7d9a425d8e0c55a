import type { EmbeddingModel } from '../../model/embedding/embedding.ts'
import { sentenceWindows, splitSentences } from './words/windows.ts'
import type { Span } from './words/windows.ts'
import type { VectorIndex } from './vectors/vector-index.ts'

/** Vectors of sentences and windows that are kept: 2 KB each, so 41 MB, and a minute or two of one processor the first time. */
const MOST_KEPT = 20_000
/** A passage of more sentences is kept by its first ones; the others count as the passage itself does. */
const MOST_SENTENCES = 40
/** Sentences embedded for one question where they are not kept: about 4 ms each. */
const MOST_AT_ONCE = 8
/** Sentences' vectors that are remembered from earlier questions: 16 MB. */
const MOST_REMEMBERED = 8_000

/** No window is thought farther from a question than its passage by more than this. */
const FARTHEST_WINDOW = 0.2

/** How a passage's windows are kept: each window, or each sentence, from which windows of two are put together. */
interface Kept {
  isWhole: boolean
  /** Positions in the index of vectors. */
  positions: number[]
}

export interface PlannedWindows {
  texts: string[]
  /** By text: the passage that it belongs to. */
  owners: number[]
  /** By passage; null = embedded when a question comes near it. */
  kept: (Kept | null)[]
}

/**
 * Which windows of a corpus are embedded beforehand. Passages that somebody wrote questions for come first, with every window of one and two
 * sentences; of the others every sentence, under what stands over it, in their order, as long as there is room.
 * @param first the position that the first of these vectors gets
 * @param over by passage: its document's title and its headings
 */
export function planWindows(texts: readonly string[], hasQuestions: (passage: number) => boolean, first: number, most = MOST_KEPT, over: readonly string[] = []): PlannedWindows {
  const planned: PlannedWindows = { texts: [], owners: [], kept: texts.map(() => null) }
  const order = [...texts.keys()].sort((left, right) => Number(hasQuestions(right)) - Number(hasQuestions(left)) || left - right)
  for (const passage of order) {
    const text = texts[passage] ?? ''
    const isWhole = hasQuestions(passage)
    const sentences = splitSentences(text).slice(0, MOST_SENTENCES)
    const spans = isWhole ? sentenceWindows(splitSentences(text)) : sentences
    if (planned.texts.length + spans.length > most) break
    planned.kept[passage] = { isWhole, positions: spans.map((_, place) => first + planned.texts.length + place) }
    for (const { start, end } of spans) {
      planned.texts.push(isWhole ? text.slice(start, end) : underHeading(over[passage], text.slice(start, end)))
      planned.owners.push(passage)
    }
  }
  return planned
}

/** A sentence says what it is about by what stands over it: 处五百元罚款 in rules for dogs is another thing than in rules for fireworks. */
const underHeading = (over: string | undefined, sentence: string): string => (over === undefined || over === '' ? sentence : `${over}\n${sentence}`)

/**
 * How near the windows of passages are to a question's meaning, from 5 clauses to 56,000: from kept vectors, else from sentences that
 * `prepare` embedded for this question, else as near as the passage as a whole.
 */
export class WindowVectors {
  readonly #texts: readonly string[]
  readonly #vectors: VectorIndex
  readonly #kept: readonly (Kept | null)[]
  readonly #model: Pick<EmbeddingModel, 'embed'> | null
  readonly #over: readonly string[]
  /** Sentences' vectors by their text, those used last at the end. */
  readonly #remembered = new Map<string, Float32Array>()
  readonly #prepared = new WeakMap<Float32Array, Map<number, Sentences>>()

  /** @param vectors those of whole passages first, then what `planWindows` wanted */
  constructor(texts: readonly string[], vectors: VectorIndex, kept: PlannedWindows['kept'], model: Pick<EmbeddingModel, 'embed'> | null, over: readonly string[] = []) {
    this.#over = over
    this.#texts = texts
    this.#vectors = vectors
    this.#kept = kept
    this.#model = model
    this.isComplete = kept.every((one) => one !== null)
  }

  /** Whether every passage's windows are kept: then nothing needs to be prepared. */
  readonly isComplete: boolean

  /** Cosines of a passage's windows, in the order of `sentenceWindows`. */
  cosines(passage: number, question: Float32Array): number[] {
    const count = splitSentences(this.#texts[passage] ?? '').length
    return this.#keptCosines(passage, question, count) ?? combine(this.#prepared.get(question)?.get(passage) ?? [], question, this.#vectors.cosine(question, passage), count)
  }

  /** The cosine of the nearest window that is kept; without any, the passage's own. The same whatever was asked before. */
  nearest(passage: number, question: Float32Array): number {
    const whole = this.#vectors.cosine(question, passage)
    const cosines = this.#keptCosines(passage, question)
    return cosines === null ? whole : Math.max(whole - FARTHEST_WINDOW, ...cosines)
  }

  /** @param count of sentences, where there may be more than are kept */
  #keptCosines(passage: number, question: Float32Array, count?: number): number[] | null {
    const kept = this.#kept[passage]
    if (kept == null) return null
    if (kept.isWhole) return kept.positions.map((position) => this.#vectors.cosine(question, position))
    const sentences = kept.positions.map((position) => this.#vectors.vector(position))
    return combine(sentences, question, this.#vectors.cosine(question, passage), count ?? sentences.length)
  }

  /**
   * Embeds sentences of passages whose windows are not kept, in the order of the passages, for this question; of a passage those first that
   * share most with the question.
   * @param nearness by passage: how near each window is by its words, in the order of `sentenceWindows`
   */
  async prepare(question: Float32Array, passages: readonly number[], nearness: (passage: number) => readonly number[]): Promise<void> {
    if (this.#model === null) return
    const prepared = new Map<number, Sentences>()
    let left = MOST_AT_ONCE
    for (const passage of passages) {
      if (this.#kept[passage] !== null) continue
      const text = this.#texts[passage] ?? ''
      const spans = splitSentences(text)
      const words = nearness(passage)
      const chosen = [...spans.keys()].sort((one, other) => (words[other] ?? 0) - (words[one] ?? 0) || one - other).slice(0, left)
      left -= chosen.length
      prepared.set(passage, await this.#embed(spans, chosen, passage, this.#model))
      if (left === 0) break
    }
    this.#prepared.set(question, prepared)
  }

  async #embed(spans: readonly Span[], chosen: readonly number[], passage: number, model: Pick<EmbeddingModel, 'embed'>): Promise<Sentences> {
    const sentences: (Float32Array | undefined)[] = new Array<undefined>(spans.length)
    for (const place of chosen) {
      const { start, end } = spans[place] ?? { start: 0, end: 0 }
      const sentence = underHeading(this.#over[passage], (this.#texts[passage] ?? '').slice(start, end))
      const known = this.#remembered.get(sentence) ?? (await model.embed([sentence], 'passage'))[0]
      if (known === undefined) continue
      sentences[place] = known
      this.#remembered.delete(sentence)
      this.#remembered.set(sentence, known)
      const [oldest] = this.#remembered.keys()
      if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest)
    }
    return sentences
  }
}

/** Sentences' vectors in text order; undefined = not embedded. */
type Sentences = readonly (Float32Array | undefined)[]

/** A window of two sentences has the direction of their sum; a sentence without a vector is as near as the farther of the whole passage and the known ones. */
function combine(sentences: Sentences, question: Float32Array, whole: number, count: number): number[] {
  const known = Array.from({ length: count }, (_, place) => (sentences[place] === undefined ? undefined : dot(sentences[place], question)))
  const unknown = Math.min(whole, ...known.filter((cosine) => cosine !== undefined))
  const singles = known.map((cosine) => cosine ?? unknown)
  const pairs = Array.from({ length: Math.max(0, count - 1) }, (_, place) => {
    const [one, other] = [sentences[place], sentences[place + 1]]
    const sum = (singles[place] ?? 0) + (singles[place + 1] ?? 0)
    return one === undefined || other === undefined ? sum / 2 : sum / Math.sqrt(Math.max(1e-6, 2 + 2 * dot(one, other)))
  })
  return [...singles, ...pairs]
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!
  return sum
}
