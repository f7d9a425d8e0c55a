import type { IntentExample, Talk, TaughtMessage } from '../../../domain/messages/talk.ts'
import type { Intent } from '../../../domain/messages/understanding.ts'
import { sameMessageKey } from '../../compare/same-words.ts'
import { probabilitiesOf } from '../calibrate.ts'
import { hashNames } from '../features.ts'
import { fitIntentLessons } from './fit.ts'
import { hashName } from '../classifiers/hash.ts'
import { scoreTable } from '../classifiers/heads.ts'
import { INTENT_CLASSES, intentLessons, textFeatures, type IntentTalk, type Sounds, type TextLesson } from '../lessons.ts'
import { highest } from '../classifiers/scores.ts'
import type { Syllables } from '../syllables.ts'
import type { WeightTable } from '../classifiers/table.ts'
import { byMessage } from '../taught-reader.ts'
import type { Calibration } from '../weights-file.ts'

/** What a message may mean, and how likely. */
export interface Reading {
  intent: Intent
  probability: number
}

/** A message that was never learnt from and is read otherwise than before. */
export interface ChangedMessage {
  text: string
  right: Intent
  before: Intent
  after: Intent
}

/** What one more example does. */
export interface TalkEffect {
  /** How many messages were read that were never learnt from. */
  tried: number
  rightBefore: number
  rightAfter: number
  changed: ChangedMessage[]
  /** The two likeliest readings of the message itself, by what is learnt alone: so is read what is like it. */
  before: Reading[]
  after: Reading[]
}

/** Each message of staff counts as so many of the folder: it stands for what people here really say. */
const COPIES = 6
/** Where the folder holds none back, so many in a hundred of its messages are, for the try-out only. */
const HELD_BACK_FOR_ONCE = 10
/** What was learnt for the last try-outs: the next one begins where one of them ended. */
const MOST_REMEMBERED = 3

/** One message ready to be read. */
interface Tried extends Pick<IntentExample, 'text' | 'intent'> {
  features: Uint32Array
}

/** A message of the folder, ready to be learnt from. */
interface Known {
  key: string
  intent: Intent
  lesson: TextLesson
}

const isHeldBackForOnce = ({ key }: Known): boolean => hashName(key) % 100 < HELD_BACK_FOR_ONCE
const toTried = ({ intent, lesson: { text, features } }: Known): Tried => ({ text, intent, features })

/**
 * The folder's messages, made ready once, so that learning anew what messages are about takes seconds. All of it is computing without a pause: it belongs in a
 * thread of its own. Deterministic: the order in which staff added something changes nothing.
 */
export class Retraining {
  readonly #sounds: Sounds
  readonly #calibration: Calibration
  readonly #lessons: Known[]
  /** What messages with marks tell of intents: staff say nothing of these. */
  readonly #marked: readonly TextLesson[]
  readonly #heldBack: Tried[]
  #tried: { key: string; table: WeightTable }[] = []

  /** @param reader what the weights in use were learnt with */
  constructor(talk: IntentTalk & Pick<Talk, 'heldBack'>, reader: { syllables: Syllables; calibration: Calibration }) {
    this.#sounds = { syllables: reader.syllables, known: new Set(reader.syllables.names) }
    this.#calibration = reader.calibration
    const lessons = intentLessons(talk, this.#sounds)
    this.#lessons = talk.intents.map(({ text, intent }, index) => ({ key: sameMessageKey(text), intent, lesson: lessons[index]! }))
    this.#marked = lessons.slice(talk.intents.length)
    this.#heldBack = talk.heldBack.map(({ text, intent }) => ({ text, intent, features: this.#featuresOf(text) }))
  }

  /** What messages are about, learnt from the folder and from staff. */
  learn(taught: readonly TaughtMessage[]): WeightTable {
    return this.#isHeldBack ? this.#learnToTry(taught) : this.#learnFrom(this.#lessons, taught)
  }

  /** Learns what `tryOut` compares with, so that it need not then. */
  prepare(taught: readonly TaughtMessage[]): void {
    this.#learnToTry(taught)
  }

  /**
   * What adding a message would do. Both sides are learnt in the same way, so that what differs is due to the message.
   * @returns besides the effect what was learnt, where it is what would count then: null when messages were held back for once
   */
  tryOut(added: TaughtMessage, taught: readonly TaughtMessage[]): { effect: TalkEffect; learnt: WeightTable | null } {
    const [before, after] = [this.#learnToTry(taught), this.#learnToTry([...taught, added])]
    const effect = this.#compare(added, before, after, this.#isHeldBack ? this.#heldBack : this.#lessons.filter(isHeldBackForOnce).map(toTried))
    return { effect, learnt: this.#isHeldBack ? after : null }
  }

  get #isHeldBack(): boolean {
    return this.#heldBack.length > 0
  }

  #learnToTry(taught: readonly TaughtMessage[]): WeightTable {
    const key = JSON.stringify(inOrder(taught))
    const known = this.#tried.find((one) => one.key === key)
    if (known !== undefined) return known.table
    const table = this.#learnFrom(this.#isHeldBack ? this.#lessons : this.#lessons.filter((lesson) => !isHeldBackForOnce(lesson)), taught)
    this.#tried = [...this.#tried, { key, table }].slice(-MOST_REMEMBERED)
    return table
  }

  /** What staff say of a message goes before what the folder says of it. */
  #learnFrom(lessons: readonly Known[], taught: readonly TaughtMessage[]): WeightTable {
    const said = byMessage(taught)
    const kept = lessons.filter(({ key, intent }) => (said.get(key) ?? intent) === intent).map(({ lesson }) => lesson)
    const own = inOrder(taught).filter(({ text, intent }) => said.get(sameMessageKey(text)) === intent)
    const learnt = intentLessons({ intents: own.map(({ text, intent }): IntentExample => ({ text, intent, also: [], register: 'plain' })) }, this.#sounds)
    return fitIntentLessons([...kept, ...this.#marked, ...Array.from({ length: COPIES }, () => learnt).flat()])
  }

  #compare({ text }: TaughtMessage, before: WeightTable, after: WeightTable, tried: readonly Tried[]): TalkEffect {
    const effect: TalkEffect = { tried: tried.length, rightBefore: 0, rightAfter: 0, changed: [], before: this.#readings(text, before), after: this.#readings(text, after) }
    for (const one of tried) {
      const [was, is] = [this.#read(one.features, before), this.#read(one.features, after)]
      if (was === one.intent) effect.rightBefore += 1
      if (is === one.intent) effect.rightAfter += 1
      if (was !== is) effect.changed.push({ text: one.text, right: one.intent, before: was, after: is })
    }
    return effect
  }

  #featuresOf(text: string): Uint32Array {
    return hashNames(textFeatures(text, this.#sounds))
  }

  #probabilities(features: Uint32Array, table: WeightTable): Float64Array {
    return probabilitiesOf({ sparse: scoreTable(table, features), dense: null }, this.#calibration)
  }

  #read(features: Uint32Array, table: WeightTable): Intent {
    return INTENT_CLASSES[highest(this.#probabilities(features, table))]!
  }

  #readings(text: string, table: WeightTable): Reading[] {
    const probabilities = this.#probabilities(this.#featuresOf(text), table)
    const readings = INTENT_CLASSES.map((intent, one) => ({ intent, probability: probabilities[one]! }))
    return readings.sort((one, other) => other.probability - one.probability).slice(0, 2)
  }
}

/** The same order whatever the order of adding; each once. */
export const inOrder = (taught: readonly TaughtMessage[]): TaughtMessage[] => {
  const seen = new Map([...taught].map((one) => [JSON.stringify([one.text, one.intent]), one]))
  return [...seen.keys()].sort().map((key) => seen.get(key)!)
}
