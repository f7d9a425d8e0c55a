import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Area, Service } from '../../../domain/services.ts'
import type { Talk } from '../../../domain/messages/talk.ts'
import { calibrate, probabilitiesOf, type Unseen } from '../calibrate.ts'
import type { Tagger } from '../classifiers/crf.ts'
import { hashNames } from '../features.ts'
import { fitCategories, fitDangers, fitDenseIntents, fitIntents, fitMoves, type VectorOf } from './fit.ts'
import { foldsOf, type Judgement } from './judge.ts'
import { denseInput, scoreDenseHead, scoreTable } from '../classifiers/heads.ts'
import { INTENT_CLASSES, textFeatures, type Sounds } from '../lessons.ts'
import { makeSyllables } from './make-syllables.ts'
import { highest } from '../classifiers/scores.ts'
import type { TrainTask } from './train-worker.ts'
import type { ReaderWeights } from '../weights-file.ts'

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
  tables: Judgement
}

const FOLDS = 2

/** What the data are, so that weights and data are known to belong together. */
export const digestOf = ({ intents, spans, moves }: Talk): string => createHash('sha256').update(JSON.stringify([intents, spans, moves])).digest('hex').slice(0, 16)

/** Learns everything, judged on what each fold did not see; the marks in a thread of their own. Deterministic. */
export async function trainReader({ talk, services, areas, vectors, now, onStep }: Training): Promise<Trained> {
  const syllables = makeSyllables()
  const sounds: Sounds = { syllables, known: new Set(syllables.names) }
  const inThread = <T>(task: TrainTask['task']): Promise<T> => runThread({ task, talk, services, areas, sounds })
  const marks = inThread<Tagger>('tagger')
  const judged = inThread<Judgement>('judgement')
  const vectorOf: VectorOf = (text) => vectors?.of(text)
  const unseen = crossValidate(talk, sounds, vectorOf, onStep)
  const lexical = calibrate(unseen, false)
  const hybrid = vectors === null ? lexical : calibrate(unseen, true)
  onStep('all of it')
  const dense = fitDenseIntents(talk, sounds, vectorOf)
  const weights: ReaderWeights = {
    trainedOn: now.toISOString().slice(0, 10),
    data: digestOf(talk),
    figures: {},
    syllables,
    categories: services.map(({ name }) => name),
    calibration: { lexical, hybrid },
    tables: { intents: fitIntents(talk, sounds), dangers: fitDangers(talk, sounds), moves: fitMoves(talk, sounds), categories: fitCategories(talk, services, sounds) },
    tagger: await marks,
    dense: dense === null || vectors === null ? null : { model: vectors.model, intents: dense },
  }
  onStep('moves, categories and marks, a fifth kept back')
  const tables = await judged
  return { weights: { ...weights, figures: figuresOf(unseen, lexical, hybrid, tables) }, unseen, tables }
}

function runThread<T>(workerData: TrainTask): Promise<T> {
  return new Promise((resolve, reject) => {
    new Worker(new URL('./train-worker.mjs', import.meta.url), { workerData }).once('message', resolve).once('error', reject)
  })
}

function crossValidate(talk: Talk, sounds: Sounds, vectorOf: VectorOf, onStep: (step: string) => void): Unseen[] {
  const fold = foldsOf(talk.intents.length, FOLDS, 11)
  const unseen: Unseen[] = []
  for (let kept = 0; kept < FOLDS; kept += 1) {
    onStep(`intents, fold ${kept + 1} of ${FOLDS}`)
    const learnt = { intents: talk.intents.filter((_, index) => fold[index] !== kept), spans: talk.spans, moves: talk.moves }
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

function figuresOf(unseen: readonly Unseen[], lexical: ReaderWeights['calibration']['lexical'], hybrid: ReaderWeights['calibration']['hybrid'], tables: Trained['tables']): Record<string, number> {
  const right = (calibration: typeof lexical) => unseen.filter((one) => INTENT_CLASSES[highest(probabilitiesOf(one, calibration))] === one.intent).length / Math.max(1, unseen.length)
  const round = (value: number) => Math.round(value * 1000) / 1000
  return { messages: unseen.length, intentsByWords: round(right(lexical)), intentsWithModel: round(right(hybrid)), categories: round(tables.categories), moves: round(tables.moves.right / Math.max(1, tables.moves.of)) }
}
