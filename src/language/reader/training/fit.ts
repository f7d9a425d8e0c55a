import type { Service } from '../../../domain/services.ts'
import type { Talk } from '../../../domain/messages/talk.ts'
import { normalize } from '../../normalize.ts'
import type { Tagger } from '../classifiers/crf.ts'
import { hashName } from '../classifiers/hash.ts'
import { denseInput, trainDenseHead, trainSparse, type DenseHead } from '../classifiers/heads.ts'
import { categoryLessons, DANGER_CLASSES, dangerLessons, INTENT_CLASSES, intentLessons, isAllowed, isStart, LABEL_COUNT, labelsOf, type IntentTalk, MOVE_CLASSES, moveLessons, type Sounds, type TextLesson } from '../lessons.ts'
import type { WeightTable } from '../classifiers/table.ts'
import { columnsOf, knownColumns, toTable } from '../classifiers/table.ts'
import { trainCrf, type TaggedRow } from '../classifiers/train-crf.ts'
import { tagFeatures } from '../tag-features.ts'
import { VARIED_BY, variedOf } from './vary.ts'

const SPARSE = { rounds: 8, rate: 0.3, seed: 1, least: 0.5 }
const INTENTS = { ...SPARSE, rounds: 10, least: 0.55, rare: 3 }
const MOVES = { ...SPARSE, rounds: 6, rare: 3, least: 0.9 }
const DENSE = { hidden: 64, rounds: 10, rate: 2e-3, dropout: 0.3, seed: 7 }
/** Rounds of what varies what was written, and of what was, in turns: that has the last word. */
const TAGGER = { rounds: 8, rate: 0.08, seed: 1 }
const LEAST_TAG_WEIGHT = 0.13
/** What is seen less often among the marks, those of other names included, is left out. */
const RARE_TAG_FEATURE = 5

/** From lessons that `intentLessons` made. With a few more of them hardly anything else changes: each has its turn by its words. */
export const fitIntentLessons = (lessons: readonly TextLesson[]): WeightTable => trainSparse(lessons, INTENT_CLASSES, { ...INTENTS, turns: turnsOf(lessons) })
export const fitIntents = (talk: IntentTalk, sounds: Sounds): WeightTable => fitIntentLessons(intentLessons(talk, sounds))

function turnsOf(lessons: readonly TextLesson[]): Uint32Array {
  const copies = new Map<string, number>()
  return Uint32Array.from(lessons, ({ text }) => {
    const copy = copies.get(text) ?? 0
    copies.set(text, copy + 1)
    return hashName(`${copy} ${text}`)
  })
}

export const fitDangers = (talk: Pick<Talk, 'intents'>, sounds: Sounds): WeightTable => trainSparse(dangerLessons(talk, sounds), DANGER_CLASSES, SPARSE)
export const fitMoves = (talk: Talk, sounds: Sounds): WeightTable => trainSparse(moveLessons(talk, sounds), MOVE_CLASSES, MOVES)
export const fitCategories = (talk: Pick<Talk, 'intents'>, services: readonly Service[], sounds: Sounds): WeightTable =>
  trainSparse(categoryLessons(talk, services, sounds), services.map(({ name }) => name), SPARSE)

/** The vector of a text; undefined where there is none. */
export type VectorOf = (text: string) => Float32Array | undefined

/** From what was written for its intent alone; null where there are no vectors. */
export function fitDenseIntents({ intents }: Pick<Talk, 'intents'>, sounds: Sounds, vectorOf: VectorOf): DenseHead | null {
  const lessons = intentLessons({ intents }, sounds).flatMap((lesson) => {
    const vector = vectorOf(lesson.text)
    return vector === undefined ? [] : [{ ...lesson, vector }]
  })
  if (lessons.length === 0) return null
  return trainDenseHead(lessons.map(({ vector }) => denseInput(vector, [], 0)), lessons, INTENT_CLASSES, DENSE)
}

/** What is said while a sign-up is open. */
const VOLUNTEER_QUESTIONS: ReadonlySet<string> = new Set(['guardian_name', 'guardian_phone', 'age', 'skills', 'availability'])

export interface TagLesson {
  text: string
  features: Uint32Array[]
  labels: Uint8Array
}

export function tagLessons(talk: Pick<Talk, 'spans' | 'moves'>, sounds: Sounds, places: ReadonlySet<string>): TagLesson[] {
  const lesson = (text: string, spans: Talk['spans'][number]['spans'], form: string, asked: string): TagLesson => ({
    text,
    features: tagFeatures(normalize(text), sounds.syllables, { form, asked, places }),
    labels: labelsOf(text, spans),
  })
  return [
    ...talk.spans.map(({ text, spans, form }) => lesson(text, spans, form, '')),
    ...talk.moves.map(({ text, spans, asked, form }) => lesson(text, spans, form ?? (VOLUNTEER_QUESTIONS.has(asked) ? 'volunteer_signup' : 'service_request'), asked)),
  ]
}

export function fitTagger(talk: Pick<Talk, 'spans' | 'moves'>, sounds: Sounds, places: ReadonlySet<string>): Tagger {
  const sets = [variedOf(talk, VARIED_BY), talk].map((one) => tagLessons(one, sounds, places))
  const columns = columnsOf(sets.flat().flatMap(({ features }) => features), RARE_TAG_FEATURE)
  const toRow = ({ features, labels }: TagLesson): TaggedRow => {
    const known: number[] = []
    const starts = Uint32Array.of(0, ...features.map((place) => known.push(...knownColumns(columns, place))))
    return { columns: Uint32Array.from(known), starts, labels }
  }
  const { emissions, transitions, starts } = trainCrf(sets.map((lessons) => lessons.map(toRow)), { ...TAGGER, labels: LABEL_COUNT, features: columns.hashes.length, isAllowed, isStart })
  return { emissions: toTable(columns, emissions, LABEL_COUNT, LEAST_TAG_WEIGHT), transitions, starts }
}
