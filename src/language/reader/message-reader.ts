import { DANGERS, MOVE_NAMES, type Asked, type Danger, type MoveName } from '../../domain/messages/moves.ts'
import type { Area, Service } from '../../domain/services.ts'
import type { Span } from '../../domain/messages/talk.ts'
import type { FormId, Intent } from '../../domain/messages/understanding.ts'
import { normalize } from '../normalize.ts'
import { alignAddresses } from './align-addresses.ts'
import { leadOf, probabilitiesOf } from './calibrate.ts'
import { decode } from './classifiers/crf.ts'
import { hashNames } from './features.ts'
import { denseInput, explainTable, scoreDenseHead, scoreTable } from './classifiers/heads.ts'
import { INTENT_CLASSES, moveFeatures, spansOf, textFeatures, type Sounds } from './lessons.ts'
import { toProbabilities } from './classifiers/multinomial.ts'
import { placesOf, tagFeatures } from './tag-features.ts'
import { highest } from './classifiers/scores.ts'
import type { Calibration, ReaderWeights } from './weights-file.ts'

/** What a message is about, as probabilities that hold on messages that nobody has seen. */
export interface Gist {
  /** The likeliest first; all that it asks for. */
  intents: Intent[]
  probabilities: ReadonlyMap<Intent, number>
  /** 0..1; from .5 on the safety words are given. */
  danger: number
  isSurelyDanger: boolean
  /** Whether the first intent leads the second clearly. */
  isSure: boolean
}

/** An intent besides the first counts from this probability on. */
const ALSO = 0.28
/** Of a longer text the head and the end are read: a story tells its point last. */
const LONGEST_READ = { head: 600, end: 400 }
const readable = (text: string): string => (text.length <= LONGEST_READ.head + LONGEST_READ.end ? text : `${text.slice(0, LONGEST_READ.head)}\n${text.slice(-LONGEST_READ.end)}`)
/** The words of one kind of danger are given where it is this likely: what to do in a fire helps nobody in the water. */
const PLAIN_DANGER = 0.3
/** Longest text whose marks are looked for, in UTF-16 units: what is longer tells no particulars there. */
const LONGEST_TAGGED = 360
/** One message is asked for its marks several times while it is read. */
const MARKS_KEPT = 8

/** Questions to which a value is an answer; at any other time a message is read for itself. */
const OPEN_QUESTIONS: ReadonlySet<string> = new Set(['consent', 'name', 'phone', 'address', 'description', 'time', 'age', 'guardian_name', 'guardian_phone', 'community', 'skills', 'availability', 'summary', 'which_field'])

/** What was learnt, applied: one message is read in about a millisecond. The same message is always read the same. */
export class MessageReader {
  readonly weights: ReaderWeights
  readonly #sounds: Sounds
  readonly #services: readonly { service: Service; words: string[] }[]
  readonly #places: ReadonlySet<string>
  readonly #marks = new Map<string, readonly Span[]>()

  constructor(weights: ReaderWeights, { services, areas }: { services: readonly Service[]; areas: readonly Area[] }) {
    this.weights = weights
    this.#sounds = { syllables: weights.syllables, known: new Set(weights.syllables.names) }
    this.#services = services.map((service) => ({ service, words: [service.name, ...service.words].map(normalize) }))
    this.#places = placesOf(areas)
  }

  /** @param vector of the text, as the model gives it that the weights were learnt with; null = by words alone */
  gist(text: string, vector: Float32Array | null): Gist {
    const { dense, tables, calibration: both } = this.weights
    const usesVector = vector !== null && dense !== null
    const calibration = usesVector ? both.hybrid : both.lexical
    const sparse = scoreTable(tables.intents, hashNames(textFeatures(readable(text), this.#sounds)))
    const scores = probabilitiesOf({ sparse, dense: usesVector ? scoreDenseHead(dense.intents, denseInput(vector, [], 0)) : null }, calibration)
    const ranked = [...scores.keys()].sort((one, other) => scores[other]! - scores[one]!)
    const first = ranked[0]!
    const emergency = scores[INTENT_CLASSES.indexOf('emergency')]!
    return {
      intents: ranked.filter((one) => one === first || scores[one]! >= ALSO).map((one) => INTENT_CLASSES[one]!),
      probabilities: new Map(ranked.map((one) => [INTENT_CLASSES[one]!, scores[one]!])),
      danger: scaleDanger(emergency, calibration),
      isSurelyDanger: emergency >= calibration.sureDanger,
      isSure: leadOf(scores) >= calibration.margin,
    }
  }

  /** What spoke for an intent: stretches of the text with what each added. */
  explain(text: string, intent: Intent): { feature: string; weight: number }[] {
    return explainTable(this.weights.tables.intents, textFeatures(readable(text), this.#sounds), INTENT_CLASSES.indexOf(intent), 6)
  }

  /** Where in a text names, numbers, places and so on stand. */
  spans(text: string, context: { form: FormId; asked: Asked | null }): readonly Span[] {
    const asked = OPEN_QUESTIONS.has(context.asked ?? 'nothing') ? (context.asked ?? '') : ''
    const key = `${context.form} ${asked} ${text}`
    const known = this.#marks.get(key)
    if (known !== undefined) return known
    const read = normalize(text.slice(0, LONGEST_TAGGED))
    const marked = spansOf(decode(this.weights.tagger, tagFeatures(read, this.#sounds.syllables, { form: context.form, asked, places: this.#places })))
    const spans = alignAddresses(read, marked)
    const [oldest] = this.#marks.keys()
    if (oldest !== undefined && this.#marks.size >= MARKS_KEPT) this.#marks.delete(oldest)
    this.#marks.set(key, spans)
    return spans
  }

  /** What a message does that follows a question; `asked` is null when a form is open and it is not known what it asks. */
  moves(text: string, context: { asked: Asked | null; form: FormId | null }, spans: readonly Span[]): Map<MoveName, number> {
    const scores = toProbabilities(scoreTable(this.weights.tables.moves, hashNames(moveFeatures(readable(text), context, spans, this.#sounds))))
    return new Map([...scores.keys()].sort((one, other) => scores[other]! - scores[one]!).map((one) => [MOVE_NAMES[one]!, scores[one]!]))
  }

  /** Whether a service of the catalogue is about what is everybody's. */
  isPublicFault(name: string | undefined): boolean {
    return this.#services.some(({ service }) => service.name === name && service.publicFault === true)
  }

  /** The kind of a danger that there is; 'other' where the words tell of none plainly. */
  danger(text: string): Danger {
    const kinds = toProbabilities(scoreTable(this.weights.tables.dangers, hashNames(textFeatures(readable(text), this.#sounds))))
    const likeliest = highest(kinds)
    return kinds[likeliest]! < PLAIN_DANGER ? 'other' : DANGERS[likeliest]!
  }

  /**
   * The services of the catalogue that a text may be about, the likeliest first, with their probabilities. A service that nothing was learnt of
   * is found by its words.
   */
  categories(text: string): { service: Service; probability: number }[] {
    const { tables, categories } = this.weights
    const scores = scoreTable(tables.categories, hashNames(textFeatures(readable(text), this.#sounds)))
    const read = normalize(readable(text))
    const known = new Map(categories.map((name, one) => [name, scores[one]!]))
    const lowest = Math.min(...scores)
    const said = this.#services.map(({ service, words }) => {
      const hit = words.reduce((longest, word) => (word.length > longest && read.includes(word) ? word.length : longest), 0)
      return (known.get(service.name) ?? lowest) + (known.has(service.name) ? Math.min(hit, 4) * SAID_WORD : hit * UNKNOWN_WORD)
    })
    const probabilities = toProbabilities(Float64Array.from(said))
    return this.#services.map(({ service }, index) => ({ service, probability: probabilities[index]! })).sort((one, other) => other.probability - one.probability)
  }
}

/** What a word of the catalogue adds, by its characters: to a service that was learnt, and to one that is known by its words only. */
const SAID_WORD = 0.6
const UNKNOWN_WORD = 2

/** Log-odds from the point on where the safety words are given, so that .5 is that point. */
function scaleDanger(probability: number, { danger }: Calibration): number {
  const logit = (value: number) => Math.log(Math.max(1e-9, value) / Math.max(1e-9, 1 - value))
  return 1 / (1 + Math.exp(logit(danger) - logit(probability)))
}
