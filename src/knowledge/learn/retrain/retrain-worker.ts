import { parentPort, workerData } from 'node:worker_threads'
import type { TaughtMessage } from '../../../domain/messages/talk.ts'
import { Retraining, type TalkEffect } from '../../../language/reader/training/retrain.ts'
import { digestOf } from '../../../language/reader/training/train.ts'
import type { ReaderWeights } from '../../../language/reader/weights-file.ts'
import { loadTalk } from '../../documents/load.ts'
import { digestTalkFolder, keepTable, keyOfTable, packForKeeping, readKeptTable, type KeptTable } from './kept-tables.ts'

/** What the thread works with from its start to its end. */
export interface RetrainSetup {
  knowledgeDirectory: string
  keptDirectory: string
  weights: Pick<ReaderWeights, 'data' | 'trainedOn' | 'syllables' | 'calibration'>
}

/** What it is asked. */
export type RetrainJob = { type: 'learn' | 'prepare'; taught: readonly TaughtMessage[] } | { type: 'try_out'; taught: readonly TaughtMessage[]; added: TaughtMessage }

export interface Learnt {
  learnt: KeptTable
  /** Whether the folder's messages are those that the weights were trained from. */
  isFolderOfWeights: boolean
  /** Messages of the folder; 0 = there is none. */
  messages: number
  /** Why it could not be kept for the next start. */
  notKept: string | null
}

export type RetrainResult = { learnt: Learnt } | { effect: TalkEffect } | { isPrepared: true }
export type RetrainQuestion = { id: number; job: RetrainJob }
export type RetrainAnswer = { id: number } & (RetrainResult | { error: string })

interface Base {
  folder: string
  isOfWeights: boolean
  messages: number
  retraining: Retraining
}

const { knowledgeDirectory, keptDirectory, weights } = workerData as RetrainSetup
let base: Base | null = null

/** The folder's messages as they stand now; null where there are none. */
async function openBase(): Promise<Base | null> {
  const folder = await digestTalkFolder(knowledgeDirectory)
  if (folder === null) return null
  if (base?.folder === folder) return base
  const talk = await loadTalk(knowledgeDirectory)
  const retraining = new Retraining(talk, { syllables: weights.syllables, calibration: weights.calibration.lexical })
  base = { folder, isOfWeights: digestOf(talk) === weights.data, messages: talk.intents.length, retraining }
  return base
}

async function learn(taught: readonly TaughtMessage[]): Promise<Learnt> {
  const from = await openBase()
  if (from === null) return { learnt: 'as_in_weights', isFolderOfWeights: true, messages: 0, notKept: null }
  const about = { isFolderOfWeights: from.isOfWeights, messages: from.messages }
  const key = keyOfTable(from.folder, taught, weights)
  const kept = await readKeptTable(keptDirectory, key)
  if (kept !== null) return { learnt: kept, ...about, notKept: null }
  if (taught.length === 0 && from.isOfWeights) return { learnt: 'as_in_weights', ...about, notKept: await keep(key, new Uint8Array()) }
  const { packed, table } = packForKeeping(from.retraining.learn(taught))
  return { learnt: { table }, ...about, notKept: await keep(key, packed) }
}

const keep = (key: string, packed: Uint8Array): Promise<string | null> => keepTable(keptDirectory, key, packed).then(() => null, (error: unknown) => String(error))

async function prepare(taught: readonly TaughtMessage[]): Promise<{ isPrepared: true }> {
  const from = await openBase()
  from?.retraining.prepare(taught)
  return { isPrepared: true }
}

async function tryOut(added: TaughtMessage, taught: readonly TaughtMessage[]): Promise<TalkEffect> {
  const from = await openBase()
  if (from === null) throw new Error('There are no messages to learn from: the knowledge folder has no talk.')
  const { effect, learnt } = from.retraining.tryOut(added, taught)
  // Saved next, it counts at once.
  if (learnt !== null) await keep(keyOfTable(from.folder, [...taught, added], weights), packForKeeping(learnt).packed)
  return effect
}

async function answerTo(job: RetrainJob): Promise<RetrainResult> {
  switch (job.type) {
    case 'learn':
      return { learnt: await learn(job.taught) }
    case 'prepare':
      return prepare(job.taught)
    case 'try_out':
      return { effect: await tryOut(job.added, job.taught) }
  }
}

let last: Promise<unknown> = Promise.resolve()
parentPort?.on('message', ({ id, job }: RetrainQuestion) => {
  const answer = (value: RetrainAnswer, moved: ArrayBuffer[] = []) => parentPort?.postMessage(value, moved)
  last = last
    .then(() => answerTo(job))
    .then((value) => answer({ id, ...value }, 'learnt' in value ? buffersOf(value.learnt.learnt) : []))
    .catch((error: unknown) => answer({ id, error: error instanceof Error ? error.message : String(error) }))
})

/** Moved to the thread that asked, not copied. */
const buffersOf = (learnt: KeptTable): ArrayBuffer[] =>
  learnt === 'as_in_weights' ? [] : [...new Set(Object.values(learnt.table).flatMap((part: unknown) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : [])))]
