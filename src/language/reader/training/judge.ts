import type { Area, Service } from '../../../domain/services.ts'
import type { Talk } from '../../../domain/messages/talk.ts'
import { decode } from '../classifiers/crf.ts'
import { fitCategories, fitMoves, fitTagger, tagLessons } from './fit.ts'
import { createRandom, shuffled } from '../classifiers/hash.ts'
import { scoreTable } from '../classifiers/heads.ts'
import { categoryLessons, MOVE_CLASSES, moveLessons, spansOf, type Sounds } from '../lessons.ts'
import { highest } from '../classifiers/scores.ts'
import { placesOf } from '../tag-features.ts'

/** How what is learnt besides the intents does on a part that was kept back. */
export interface Judgement {
  categories: number
  moves: { right: number; of: number; wrong: string[] }
  spans: Map<string, { gold: number; found: number; right: number }>
}

/** In which of the folds each of so many rows is. */
export function foldsOf(count: number, folds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(count)
  for (const [nth, index] of shuffled(count, createRandom(seed)).entries()) fold[index] = nth % folds
  return fold
}

const KEPT_BACK = 5

/** Categories, moves and marks, a fifth of each kept back. */
export function judgeOthers(talk: Talk, services: readonly Service[], areas: readonly Area[], sounds: Sounds): Judgement {
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

function judgeTagger(learnt: Talk, kept: Talk['spans'], areas: readonly Area[], sounds: Sounds): Judgement['spans'] {
  const places = placesOf(areas)
  const tagger = fitTagger(learnt, sounds, places)
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

