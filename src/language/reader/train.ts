import { createHash } from 'node:crypto'
import type { Area, Service } from '../../domain/services.ts'
import type { Talk } from '../../domain/talk.ts'
import { calibrate, probabilitiesOf, type Unseen } from './calibrate.ts'
import { decode } from './crf.ts'
import { hashNames } from './features.ts'
import { fitCategories, fitDangers, fitDenseIntents, fitIntents, fitMoves, fitTagger, placesOf, tagLessons, type VectorOf } from './fit.ts'
import { createRandom, shuffled } from './hash.ts'
import { denseInput, scoreDenseHead, scoreTable } from './heads.ts'
import { categoryLessons, INTENT_CLASSES, MOVE_CLASSES, moveLessons, spansOf, textFeatures, type Sounds } from './lessons.ts'
import { makeSyllables } from './make-syllables.ts'
import { highest } from './scores.ts'
import type { ReaderWeights } from './weights-file.ts'

export interface Training {
  talk: Talk
  services: readonly Service[]
  areas: readonly Area[]
  /** Sentences' vectors and the id of the model that they are of; null = words only. */
  vectors: { model: string; of: VectorOf } | null
  now: Date
  onStep: (step: string) => void
}

export interface Trained {
  weights: ReaderWeights
  /** How messages were read that were kept from training, fold by fold. */
  unseen: Unseen[]
  tables: { categories: number; moves: { right: number; of: number; wrong: string[] }; spans: Map<string, { gold: number; found: number; right: number }> }
}

const FOLDS = 2

/** What the data are, so that weights and data are known to belong together. */
export const digestOf = ({ intents, spans, moves }: Talk): string => createHash('sha256').update(JSON.stringify([intents, spans, moves])).digest('hex').slice(0, 16)

/** Learns everything, judged on what each fold did not see. Deterministic. */
export function trainReader({ talk, services, areas, vectors, now, onStep }: Training): Trained {
  const syllables = makeSyllables()
  const sounds: Sounds = { syllables, known: new Set(syllables.names) }
  const vectorOf: VectorOf = (text) => vectors?.of(text)
  const unseen = crossValidate(talk, sounds, vectorOf, onStep)
  const lexical = calibrate(unseen, false)
  const hybrid = vectors === null ? lexical : calibrate(unseen, true)
  onStep('moves, categories and marks, a fifth kept back')
  const tables = judgeOthers(talk, services, areas, sounds)
  onStep('all of it')
  const dense = fitDenseIntents(talk, sounds, vectorOf)
  const weights: ReaderWeights = {
    trainedOn: now.toISOString().slice(0, 10),
    data: digestOf(talk),
    figures: figuresOf(unseen, lexical, hybrid, tables),
    syllables,
    categories: services.map(({ name }) => name),
    calibration: { lexical, hybrid },
    tables: { intents: fitIntents(talk, sounds), dangers: fitDangers(talk, sounds), moves: fitMoves(talk, sounds), categories: fitCategories(talk, services, sounds) },
    tagger: fitTagger(tagLessons(talk, sounds, placesOf(areas))),
    dense: dense === null || vectors === null ? null : { model: vectors.model, intents: dense },
  }
  return { weights, unseen, tables }
}

function foldsOf(count: number, folds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(count)
  for (const [nth, index] of shuffled(count, createRandom(seed)).entries()) fold[index] = nth % folds
  return fold
}

function crossValidate(talk: Talk, sounds: Sounds, vectorOf: VectorOf, onStep: (step: string) => void): Unseen[] {
  const fold = foldsOf(talk.intents.length, FOLDS, 11)
  const unseen: Unseen[] = []
  for (let kept = 0; kept < FOLDS; kept += 1) {
    onStep(`intents, fold ${kept + 1} of ${FOLDS}`)
    const learnt = { intents: talk.intents.filter((_, index) => fold[index] !== kept), spans: talk.spans }
    const table = fitIntents(learnt, sounds)
    const dense = fitDenseIntents(learnt, sounds, vectorOf)
    for (const [index, { text, intent, also, register }] of talk.intents.entries()) {
      if (fold[index] !== kept) continue
      const vector = vectorOf(text)
      unseen.push({
        text, intent, also, register,
        sparse: scoreTable(table, hashNames(textFeatures(text, sounds))),
        dense: dense === null || vector === undefined ? null : scoreDenseHead(dense, denseInput(vector, [], 0)),
      })
    }
  }
  return unseen
}

const KEPT_BACK = 5

function judgeOthers(talk: Talk, services: readonly Service[], areas: readonly Area[], sounds: Sounds): Trained['tables'] {
  const split = <T>(all: readonly T[], seed: number): { learnt: T[]; kept: T[] } => {
    const fold = foldsOf(all.length, KEPT_BACK, seed)
    return { learnt: all.filter((_, index) => fold[index] !== 0), kept: all.filter((_, index) => fold[index] === 0) }
  }
  const intents = split(talk.intents, 12)
  const names = services.map(({ name }) => name)
  const categories = fitCategories({ intents: intents.learnt }, services, sounds)
  const categorised = categoryLessons({ intents: intents.kept }, services, sounds).filter(({ importance }) => importance === 1)
  const rightCategories = categorised.filter(({ features, targets }) => targets.has(names[highest(scoreTable(categories, features))]!)).length
  const moves = split(talk.moves, 13)
  const moveTable = fitMoves({ ...talk, moves: moves.learnt }, sounds)
  const said = moveLessons({ ...talk, intents: [], moves: moves.kept }, sounds).filter(({ importance }) => importance === 1)
  const wrong: string[] = []
  for (const { text, asked, features, targets } of said) {
    const got = MOVE_CLASSES[highest(scoreTable(moveTable, features))]!
    if (!targets.has(got)) wrong.push(`${asked ?? 'form'}: ${[...targets.keys()].join('+')} read as ${got}: ${text}`)
  }
  const spans = split(talk.spans, 14)
  return { categories: rightCategories / Math.max(1, categorised.length), moves: { right: said.length - wrong.length, of: said.length, wrong }, spans: judgeTagger({ ...talk, spans: spans.learnt }, spans.kept, areas, sounds) }
}

function judgeTagger(learnt: Talk, kept: Talk['spans'], areas: readonly Area[], sounds: Sounds): Trained['tables']['spans'] {
  const places = placesOf(areas)
  const tagger = fitTagger(tagLessons(learnt, sounds, places))
  const by = new Map<string, { gold: number; found: number; right: number }>()
  const count = (kind: string) => by.get(kind) ?? by.set(kind, { gold: 0, found: 0, right: 0 }).get(kind)!
  const lessons = tagLessons({ spans: kept, moves: [] }, sounds, places)
  for (const [index, { features }] of lessons.entries()) {
    const gold = kept[index]!.spans
    const found = spansOf(decode(tagger, features))
    for (const { kind } of gold) count(kind).gold += 1
    for (const span of found) {
      const one = count(span.kind)
      one.found += 1
      if (gold.some((other) => other.kind === span.kind && other.start === span.start && other.end === span.end)) one.right += 1
    }
  }
  return by
}

function figuresOf(unseen: readonly Unseen[], lexical: ReaderWeights['calibration']['lexical'], hybrid: ReaderWeights['calibration']['hybrid'], tables: Trained['tables']): Record<string, number> {
  const right = (calibration: typeof lexical) => unseen.filter((one) => INTENT_CLASSES[highest(probabilitiesOf(one, calibration))] === one.intent).length / Math.max(1, unseen.length)
  const round = (value: number) => Math.round(value * 1000) / 1000
  return { messages: unseen.length, intentsByWords: round(right(lexical)), intentsWithModel: round(right(hybrid)), categories: round(tables.categories), moves: round(tables.moves.right / Math.max(1, tables.moves.of)) }
}
