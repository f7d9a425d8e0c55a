import { parentPort, workerData } from 'node:worker_threads'
import type { Area, Service } from '../../../domain/services.ts'
import type { Talk } from '../../../domain/messages/talk.ts'
import { fitTagger } from './fit.ts'
import { judgeOthers } from './judge.ts'
import type { Sounds } from '../lessons.ts'
import { placesOf } from '../tag-features.ts'

/** What a thread takes over of a training, and from what. */
export interface TrainTask {
  task: 'tagger' | 'judgement'
  talk: Talk
  services: readonly Service[]
  areas: readonly Area[]
  sounds: Sounds
}

const { task, talk, services, areas, sounds } = workerData as TrainTask
parentPort?.postMessage(task === 'tagger' ? fitTagger(talk, sounds, placesOf(areas)) : judgeOthers(talk, services, areas, sounds))
